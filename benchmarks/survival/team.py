"""The team on the line, and the model that plays it: everything is asked for by keys, so that no ear is needed.

1 verifies the caller, 2 gives the call to the back office, 3 and any digits after it book something there, 5 gives the
call back. A booking takes its time inside its transaction and after it, so that a process can die in the middle of one,
done or not. The booking of `HELD` stays in its transaction for as long as somebody has locked the table `gate`. A model
that is told that the outcome is unknown books again, as careless models do.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from pydantic import Field
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from huntgroup.calls.processes.resumption import HERE, PHRASE
from huntgroup.domain.ids import new_id
from huntgroup.storage.base import Database, once
from huntgroup.teams import Brief, Team, ToolContext, VoiceAgent, handoff, tool
from huntgroup.wire import realtime as rt

NAME = "survival"
HELD = "3000"
GATE = "create table gate ()"
TABLE = "create table bookings (call_id text not null, what text not null, at timestamptz not null default now())"
BOOKING_S = 0.8
"""Half of it before the commit, half of it after: both are moments to die in."""


class Wish(Brief):
    """What the caller wants."""

    wish: str = Field(default="", description="What the caller wants.")


class Outcome(Brief):
    """What came of it."""

    outcome: str = Field(default="", description="What came of it.")


@tool(effect="read")
async def verify(ctx: ToolContext) -> dict[str, object]:
    """Verify the caller. Grants: verified"""
    ctx.context.claims.grant("verified", "caller")
    return {"ok": True, "message": "You are verified."}


@tool(effect="write", requires=("verified",), timeout_ms=30_000, patience_ms=20_000)
async def book(ctx: ToolContext, what: str) -> dict[str, object]:
    """Book something."""
    call = ctx.context

    async def work(session: AsyncSession) -> dict[str, object]:
        await session.execute(
            text("insert into bookings (call_id, what) values (:call_id, :what)"),
            {"call_id": call.call_id, "what": what},
        )
        if what == HELD:
            await session.execute(text("lock table gate in share mode"))
        await session.execute(text("select pg_sleep(:s)"), {"s": BOOKING_S / 2})
        return {"ok": True, "message": f"Booked {what}."}

    key = call.idempotency_key(ctx.tool_call_id)
    done = await once(call.need(Database), key, work, call_id=call.call_id)
    await call.clock.sleep_ms(int(BOOKING_S * 500))
    return done


def team() -> Team:
    front = VoiceAgent(name="front", instructions="You are the front.", opener="Hello. What is it?", tools=[verify])
    back = VoiceAgent(name="back", instructions="You are the back office.", tools=[book])
    edge = handoff(frm="front", to="back", description="To the back office.", brief=Wish, returns=Outcome)
    return Team(name=NAME, first="front", agents=[front, back], edges=[edge])


def model(items: Sequence[rt.Item]) -> rt.Item | str:
    """What the scripted model does next."""
    said = [item for item in items if not _is_apology(item)]
    last = said[-1] if said else None
    if isinstance(last, rt.FunctionCallOutputItem):
        return _after(last, items)
    if isinstance(last, rt.MessageItem) and last.role == "user":
        return _asked(str(last.content[0].text))
    return "Please go on."


def _is_apology(item: rt.Item) -> bool:
    """After words that only fill a gap the model goes on with what came before them."""
    return isinstance(item, rt.MessageItem) and str(item.content[0].transcript).startswith((PHRASE, HERE))


def _asked(keys: str) -> rt.Item | str:
    match keys[:1]:
        case "1":
            return _call("verify", {})
        case "2":
            return _call("transfer_to_back", {"wish": "a booking"})
        case "3":
            return _call("book", {"what": keys})
        case "5":
            return _call("return_to_front", {"outcome": "done"})
    return f"You pressed {' '.join(keys)}."


def _after(output: rt.FunctionCallOutputItem, items: Sequence[rt.Item]) -> rt.Item | str:
    body = json.loads(output.output)
    if body.get("error") == "outcome_unknown":
        calls = (item for item in items if isinstance(item, rt.FunctionCallItem) and item.call_id == output.call_id)
        lost = next(calls, None)
        if lost is not None:
            return _call(lost.name, json.loads(lost.arguments))
    return str(body.get("message", "Done."))


def _call(name: str, arguments: dict[str, str]) -> rt.Item:
    return rt.FunctionCallItem(id=new_id("item"), name=name, arguments=json.dumps(arguments), call_id=new_id("fc"))
