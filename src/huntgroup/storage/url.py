"""PostgreSQL addresses: the forms people write, turned into the one that the driver reads."""

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from huntgroup.domain.errors import SettingsError

DRIVER = "postgresql+asyncpg"
_DRIVERS = ("postgres", "postgresql", DRIVER)


def normalise(url: str | URL) -> URL:
    """Return the address for asyncpg.

    `postgres://` and `postgresql://` are accepted, and libpq's `sslmode` is passed on under the driver's name for it.
    Raises `SettingsError`, which never repeats the address: it may hold a password.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise SettingsError("the database address is no URL such as postgresql://user:password@host/name") from None
    if parsed.drivername not in _DRIVERS:
        raise SettingsError(f"the database must be PostgreSQL, not {parsed.drivername!r}")
    query = dict(parsed.query)
    if "sslmode" in query:
        query["ssl"] = query.pop("sslmode")
    return parsed.set(drivername=DRIVER, query=query)
