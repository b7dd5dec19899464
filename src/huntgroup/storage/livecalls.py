"""Live calls of other processes on the same database: who has which, and what happens in them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text

from huntgroup.domain.clock import Clock
from huntgroup.domain.facts import (
    AgentSpoke,
    ApprovalAsked,
    CallerSpoke,
    Fact,
    HandoffCommitted,
    SupervisorJoined,
    SupervisorSpoke,
    ToolCalled,
    decode_any,
)
from huntgroup.storage.base import Database

MOST = 200

_ELSEWHERE = text(
    """
    select call_id, calls.team, caller, started_at from huntgroup.call_leases join huntgroup.calls using (call_id)
    where owner <> :owner and until > clock_timestamp() and ended_at is null
    order by started_at limit :most
    """
)
_OWNER = text(
    """
    select owner from huntgroup.call_leases join huntgroup.calls using (call_id)
    where call_id = :call_id and until > clock_timestamp() and ended_at is null
    """
)
# Of each call the last words, the last agent, the last coming or going of a supervisor, and approvals that wait.
_LATEST = text(
    """
    select distinct on (call_id, topic) call_id, cast(body as text) as body from (
        select call_id, seq, body, case
            when type in ('CallerSpoke', 'AgentSpoke', 'SupervisorSpoke') then 'words'
            when type in ('SupervisorJoined', 'SupervisorLeft') then 'supervisor'
            when type = 'HandoffCommitted' then 'agent'
            when type = 'ToolCalled' then 'called ' || (body ->> 'tool_call_id')
            else body ->> 'tool_call_id' end as topic
        from huntgroup.facts
        where call_id = any(cast(:call_ids as text[])) and (
            type in ('HandoffCommitted', 'SupervisorJoined', 'SupervisorLeft')
            or type in ('CallerSpoke', 'AgentSpoke', 'SupervisorSpoke')
                and coalesce(body ->> 'heard_text', body ->> 'text') <> ''
            or type in ('ApprovalAsked', 'ApprovalGiven')
            or type = 'ToolCalled' and body ->> 'tool_call_id' in (
                select asked.body ->> 'tool_call_id' from huntgroup.facts as asked
                where asked.call_id = facts.call_id and asked.type = 'ApprovalAsked'))
    ) as told
    order by call_id, topic, seq desc
    """
)
_SINCE = text(
    "select cast(body as text) from huntgroup.facts where call_id = :call_id and seq > :seq order by seq limit 1000"
)


class PgLiveCalls:
    """What the process named `owner` sees of the others' calls. Every method raises `StoreUnavailable`."""

    def __init__(self, db: Database, owner: str, clock: Clock) -> None:
        self._db = db
        self._owner = owner
        self._clock = clock

    async def elsewhere(self) -> list[dict[str, Any]]:
        """Return the live calls of other processes at a glance, the longest first; see `calls.overview.glance`."""
        async with self._db.session() as session:
            calls = (await session.execute(_ELSEWHERE, {"owner": self._owner, "most": MOST})).mappings().all()
            rows = await session.execute(_LATEST, {"call_ids": [call["call_id"] for call in calls]})
            latest: dict[str, list[Fact]] = {}
            for row in rows:
                latest.setdefault(row.call_id, []).append(decode_any(row.body))
        return [self._glance(dict(call), latest.get(call["call_id"], [])) for call in calls]

    async def owner_of(self, call_id: str) -> str | None:
        """Return the process that holds a call; None for one that is over, or that nobody holds."""
        async with self._db.session() as session:
            owner: str | None = (await session.execute(_OWNER, {"call_id": call_id})).scalar()
            return owner

    async def since(self, call_id: str, seq: int) -> list[Fact]:
        """Return the stored facts of a call behind the number `seq`, at most a thousand."""
        async with self._db.session() as session:
            rows = await session.execute(_SINCE, {"call_id": call_id, "seq": seq})
            return [decode_any(body) for body in rows.scalars()]

    def _glance(self, call: dict[str, Any], latest: Sequence[Fact]) -> dict[str, Any]:
        started: datetime = call["started_at"]
        glance: dict[str, Any] = {
            "call_id": call["call_id"],
            "team": call["team"],
            "caller": call["caller"],
            "agent": None,
            "supervisor": None,
            "for_ms": int((self._clock.utc_now() - started).total_seconds() * 1000),
            "last": None,
            "approvals": [],
            "elsewhere": True,
        }
        arguments = {fact.tool_call_id: fact.arguments for fact in latest if isinstance(fact, ToolCalled)}
        for fact in latest:
            _tell(glance, fact)
            if isinstance(fact, ApprovalAsked):
                asked = {"tool_call_id": fact.tool_call_id, "tool": fact.tool, "agent": fact.agent}
                told = {"arguments": arguments.get(fact.tool_call_id, {}), "approver": fact.approver}
                glance["approvals"].append({**asked, **told})
        return glance


def _tell(glance: dict[str, Any], fact: Fact) -> None:
    match fact:
        case CallerSpoke():
            glance["last"] = {"speaker": "caller", "text": fact.text}
        case SupervisorSpoke():
            glance["last"] = {"speaker": "supervisor", "text": fact.text}
        case AgentSpoke():
            glance["last"] = {"speaker": fact.agent or "", "text": fact.heard_text}
            glance["agent"] = glance["agent"] or fact.agent
        case HandoffCommitted():
            glance["agent"] = fact.to_agent
        case SupervisorJoined():
            glance["supervisor"] = fact.by
        case _:
            pass
