"""One piece of desk work: a transaction, the practice, and what time it is there."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from huntgroup.domain.errors import DataMissing, TellModel
from huntgroup.storage.base import Database, once
from huntgroup.teams import CallContext, ToolContext
from huntgroup.verticals.healthcare.tables import Practice

VERIFIED = "verified_patient"
Answer = dict[str, Any]


class Refused(TellModel):
    """The desk cannot do it. `answer` is what the tool returns; work that was begun is rolled back."""

    def __init__(self, code: str, message: str, **data: Any) -> None:
        super().__init__(message)
        self.code = code
        self.answer: Answer = {"ok": False, "error": code, "message": message, **data}


def done(message: str, **data: Any) -> Answer:
    """Return a tool's answer: `message` is spoken, `data` is for the model."""
    return {"ok": True, "message": message, **data}


@dataclass(frozen=True)
class Desk:
    """The open transaction and the practice's own present; `now` is in the practice's time zone."""

    session: AsyncSession
    practice: Practice
    zone: ZoneInfo
    now: datetime
    call: CallContext

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def patient_id(self) -> int:
        """The verified patient. Raises `ClaimMissing` when nobody is; identity never comes from an argument."""
        return int(self.call.claims.subject(VERIFIED))


async def open_desk(session: AsyncSession, call: CallContext) -> Desk:
    """Raises `DataMissing` when the schema has no practice."""
    practice = await session.scalar(select(Practice).order_by(Practice.id).limit(1))
    if practice is None:
        raise DataMissing("schema healthcare_voice has no practice: run `huntgroup db seed`")
    zone = ZoneInfo(practice.timezone)
    return Desk(session, practice, zone, call.clock.utc_now().astimezone(zone), call)


async def at_desk(ctx: ToolContext, work: Callable[[Desk], Awaitable[Answer]]) -> Answer:
    """Do `work` in one transaction and return its answer, or the refusal."""
    try:
        async with ctx.context.need(Database).session() as session:
            return await work(await open_desk(session, ctx.context))
    except Refused as refusal:
        return refusal.answer


async def at_desk_once(ctx: ToolContext, work: Callable[[Desk], Awaitable[Answer]]) -> Answer:
    """Like `at_desk` for writes: the same tool call, however often it comes, is done once and answered alike.

    A refusal is rolled back and not kept, so that a retry may succeed.
    """
    call = ctx.context

    async def in_session(session: AsyncSession) -> Answer:
        return await work(await open_desk(session, call))

    try:
        key = call.idempotency_key(ctx.tool_call_id)
        return await once(call.need(Database), key, in_session, call_id=call.call_id)
    except Refused as refusal:
        return refusal.answer
