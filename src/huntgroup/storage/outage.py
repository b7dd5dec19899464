"""Tells an outage of the database from an error in what it was asked."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from huntgroup.domain.errors import StoreUnavailable

_OUTAGE_STATES = ("08", "53", "57P", "58")
"""SQLSTATE prefixes: connection lost, out of resources, shut down by the operator, system error."""


@asynccontextmanager
async def outages_while_connecting() -> AsyncIterator[None]:
    """As `outages_while_working`; besides, every error of the operating system is an outage here."""
    try:
        async with outages_while_working():
            yield
    except OSError as error:
        raise _unavailable(error) from error


@asynccontextmanager
async def outages_while_working() -> AsyncIterator[None]:
    """Raise `StoreUnavailable` in place of an error that says the database does not answer; pass all others."""
    try:
        yield
    except (DBAPIError, PoolTimeout, ConnectionError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        if not _is_outage(error):
            raise
        raise _unavailable(error) from error


def without_values(context: ExceptionContext) -> None:
    """Take the detail, which quotes the row's values, off the driver's error: error texts hold no personal data."""
    error: BaseException | None = context.original_exception
    while error is not None:
        if isinstance(error, asyncpg.PostgresError):
            error.detail = None
        error = error.__cause__


def late_is_away(context: ExceptionContext) -> None:
    """Raise `StoreUnavailable` for a statement that is not answered in time; its connection is used no more."""
    if isinstance(context.original_exception, TimeoutError):
        context.is_disconnect = True
        raise _unavailable(context.original_exception)


def _is_outage(error: Exception) -> bool:
    if isinstance(error, DBAPIError):
        state = str(getattr(error.orig, "sqlstate", None) or "")
        return error.connection_invalidated or state.startswith(_OUTAGE_STATES)
    if isinstance(error, asyncpg.PostgresError):
        return str(error.sqlstate or "").startswith(_OUTAGE_STATES)
    return True


def _unavailable(error: Exception) -> StoreUnavailable:
    """The message names the kind of error only: the driver's own text may hold addresses or data."""
    return StoreUnavailable(f"the database does not answer ({type(error).__name__})")
