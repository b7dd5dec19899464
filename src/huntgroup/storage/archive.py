"""Calls as the desk looks for them: by what was heard, by team, feeling, lead score, outcome and day."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import RowMapping, text

from huntgroup.storage.base import Database
from huntgroup.storage.heard import words_of

MOST_WORDS = 8


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked for; None is "any".

    `text` is words that were all heard in the call, each at least as a beginning; or a call's id, or a caller's number.
    `sentiment`: negative, neutral, positive. `outcome` is a resolution, or `running`. `since` and `before` bound the
    begin. `after` is the `next` of the page before.
    """

    text: str | None = None
    team: str | None = None
    sentiment: str | None = None
    lead_at_least: int | None = None
    outcome: str | None = None
    since: datetime | None = None
    before: datetime | None = None
    after: str | None = None
    limit: int = 50


class PgArchive:
    """Reads the calls of a database for people. Every method raises `StoreUnavailable`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def find(self, wanted: Wanted) -> dict[str, Any]:
        """Return `calls`, newest first, and `next`: what to ask for to go on, null at the end."""
        sql, values = search_of(wanted)
        async with self._db.session() as session:
            await session.execute(_OWN_PLAN)
            rows = (await session.execute(text(sql), values)).mappings().all()
        shown = [_shown(row) for row in rows[: wanted.limit]]
        more = len(rows) > wanted.limit
        return {"calls": shown, "next": _cursor(shown[-1]) if more else None}

    async def teams(self) -> list[str]:
        """Return the names of the teams that ever had a call."""
        async with self._db.session() as session:
            return list((await session.execute(_TEAMS)).scalars())

    async def teams_of(self, call_ids: list[str]) -> dict[str, str]:
        """Return the team of each call, for those of the ids that belong to one."""
        async with self._db.session() as session:
            rows = await session.execute(_TEAMS_OF, {"call_ids": call_ids})
            return {row.call_id: row.team for row in rows}


# Summaries are looked up for the page alone, after it is chosen.
_FIND = """
    with page as (
        select calls.call_id, started_at from {sources}
        where {where}
        order by started_at desc, calls.call_id desc
        limit :limit
    )
    select calls.call_id, team, line, caller, calls.started_at, duration_ms, end_reason, sentiment_score, sentiment,
           lead_score, resolution, analytics.body ->> 'summary' as summary,
           cast(analytics.body -> 'metrics' ->> 'handoffs' as integer) as handoffs
    from page join huntgroup.calls using (call_id) left join huntgroup.analytics using (call_id)
    order by calls.started_at desc, calls.call_id desc
"""
# Skips from team to team by the index instead of reading every call.
_TEAMS = text(
    """
    with recursive found as (
        (select team from huntgroup.calls order by team limit 1)
        union all
        select (select team from huntgroup.calls where calls.team > found.team order by team limit 1)
        from found where found.team is not null
    )
    select team from found where team is not null
    """
)
_TEAMS_OF = text("select call_id, team from huntgroup.calls where call_id = any(cast(:call_ids as text[]))")
# Words have no positions where they are kept: what the parser takes for a phrase has to be all of its words.
_QUERY = "cast(replace(cast(to_tsquery('simple', :words) as text), '<->', '&') as tsquery)"
_HEARD = f"words @@ {_QUERY}"
# One set of ids, each part of it by an index of its own.
_EXACT = """calls.call_id in (
    select call_id from huntgroup.calls where call_id = :exact
    union all select call_id from huntgroup.calls where caller = :exact
    {heard}
)"""
_OR_HEARD = "union all select call_id from huntgroup.call_words where {heard}"
# How many calls have a word differs by four orders: a plan for all of them is a bad one for most.
_OWN_PLAN = text("set local plan_cache_mode = force_custom_plan")


def search_of(wanted: Wanted) -> tuple[str, dict[str, Any]]:
    """Return the statement of a search and its values; it reads one call more than is wanted."""
    values: dict[str, Any] = {"limit": wanted.limit + 1}
    sources, conditions = ["huntgroup.calls"], ["true"]
    if wanted.text is not None and wanted.text.strip():
        _by_text(wanted.text.strip(), sources, conditions, values)
    judged = _judged(wanted, values)
    if judged:
        sources.append("join huntgroup.analytics using (call_id)")
    conditions += [*judged, *_when_and_whose(wanted, values)]
    return _FIND.format(sources=" ".join(sources), where=" and ".join(conditions)), values


def _by_text(wanted: str, sources: list[str], conditions: list[str], values: dict[str, Any]) -> None:
    """Add what a text asks for. An id or a number is one piece; several words are looked for as words only."""
    words = words_of(wanted)[:MOST_WORDS]
    values |= {"words": " & ".join(f"{word}:*" for word in words)} if words else {}
    if words and len(wanted.split()) > 1:
        sources.append("join huntgroup.call_words using (call_id)")
        conditions.append(_HEARD)
        return
    values["exact"] = wanted
    conditions.append(_EXACT.format(heard=_OR_HEARD.format(heard=_HEARD) if words else ""))


def _judged(wanted: Wanted, values: dict[str, Any]) -> list[str]:
    """Return the conditions on what was concluded from a call; no text of anybody's is part of the SQL."""
    resolution = None if wanted.outcome == "running" else wanted.outcome
    return _given(
        values,
        sentiment=("sentiment = :sentiment", wanted.sentiment),
        lead=("lead_score >= :lead", wanted.lead_at_least),
        outcome=("resolution = :outcome", resolution),
    )


def _when_and_whose(wanted: Wanted, values: dict[str, Any]) -> list[str]:
    found = _given(
        values,
        team=("team = :team", wanted.team),
        since=("started_at >= :since", wanted.since),
        before=("started_at < :before", wanted.before),
    )
    if wanted.outcome == "running":
        found.append("ended_at is null")
    if wanted.after is not None:
        started_at, _, call_id = wanted.after.partition(" ")
        found.append("(started_at, calls.call_id) < (:after_at, :after_id)")
        values |= {"after_at": datetime.fromisoformat(started_at), "after_id": call_id}
    return found


def _given(values: dict[str, Any], **conditions: tuple[str, Any]) -> list[str]:
    """Return the conditions whose value is given, and put those values among the statement's."""
    given = {name: pair for name, pair in conditions.items() if pair[1] is not None}
    values |= {name: value for name, (_, value) in given.items()}
    return [condition for condition, _ in given.values()]


def _shown(row: RowMapping) -> dict[str, Any]:
    return {**row, "started_at": row["started_at"].isoformat()}


def _cursor(call: dict[str, Any]) -> str:
    return f"{call['started_at']} {call['call_id']}"
