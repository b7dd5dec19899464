"""Calls as the desk looks for them: by what was heard, by team, feeling, lead score, outcome and day."""

import re
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import RowMapping, text

from huntgroup.storage.base import Database
from huntgroup.storage.tables import HEARD_WORDS, IS_SPEECH

MOST_WORDS = 8
_WORD = re.compile(r"\w+")


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


_FIND = """
    select calls.call_id, team, line, caller, started_at, duration_ms, end_reason, sentiment_score,
           analytics.body ->> 'sentiment_label' as sentiment, lead_score, resolution,
           analytics.body ->> 'summary' as summary,
           cast(analytics.body -> 'metrics' ->> 'handoffs' as integer) as handoffs
    from huntgroup.calls left join huntgroup.analytics using (call_id)
    where {where}
    order by started_at desc, call_id desc
    limit :limit
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
# Only our own constants and numbers are put together here; the colons of a cast are none of a parameter.
_INDEXED = HEARD_WORDS.replace("::", r"\:\:")
_HEARD = "select call_id from huntgroup.facts where {speech} and {indexed} @@ to_tsquery('simple', :word{n})"
# One set of ids, each part of it by an index of its own.
_FOUND = """calls.call_id in (
    select call_id from huntgroup.calls where call_id = :exact
    union all select call_id from huntgroup.calls where caller = :exact
    {heard}
)"""


def search_of(wanted: Wanted) -> tuple[str, dict[str, Any]]:
    """Return the statement of a search and its values; it reads one call more than is wanted."""
    conditions, values = _conditions(wanted)
    return _FIND.format(where=" and ".join(conditions)), {**values, "limit": wanted.limit + 1}


def _conditions(wanted: Wanted) -> tuple[list[str], dict[str, Any]]:
    """Return the conditions in SQL and their values; no text of anybody's is part of the SQL."""
    values: dict[str, Any] = {}
    conditions = ["true", *_by_text(wanted.text, values)]
    plain = {
        "team = :team": ("team", wanted.team),
        "analytics.body ->> 'sentiment_label' = :sentiment": ("sentiment", wanted.sentiment),
        "lead_score >= :lead": ("lead", wanted.lead_at_least),
        "started_at >= :since": ("since", wanted.since),
        "started_at < :before": ("before", wanted.before),
    }
    for condition, (name, value) in plain.items():
        if value is not None:
            conditions.append(condition)
            values[name] = value
    if wanted.outcome == "running":
        conditions.append("ended_at is null")
    elif wanted.outcome is not None:
        conditions.append("resolution = :outcome")
        values["outcome"] = wanted.outcome
    if wanted.after is not None:
        started_at, _, call_id = wanted.after.partition(" ")
        conditions.append("(started_at, calls.call_id) < (:after_at, :after_id)")
        values |= {"after_at": datetime.fromisoformat(started_at), "after_id": call_id}
    return conditions, values


def _by_text(wanted: str | None, values: dict[str, Any]) -> list[str]:
    if wanted is None or not wanted.strip():
        return []
    values["exact"] = wanted.strip()
    words = _WORD.findall(wanted)[:MOST_WORDS]
    for number, word in enumerate(words):
        values[f"word{number}"] = f"{word}:*"
    heard = " intersect ".join(
        _HEARD.format(speech=IS_SPEECH, indexed=_INDEXED, n=number) for number in range(len(words))
    )
    return [_FOUND.format(heard=f"union all ({heard})" if heard else "")]


def _shown(row: RowMapping) -> dict[str, Any]:
    return {**row, "started_at": row["started_at"].isoformat()}


def _cursor(call: dict[str, Any]) -> str:
    return f"{call['started_at']} {call['call_id']}"
