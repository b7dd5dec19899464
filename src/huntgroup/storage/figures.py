"""The figures of each day, from facts and analytics, for the desk's charts."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import TextClause, text

from huntgroup.domain.money import Bill
from huntgroup.domain.prices import priced_as
from huntgroup.storage.base import Database

RESOLUTIONS = ("resolved", "partially", "unresolved", "escalated", "abandoned")

# Days are UTC's. The first is `:since`, and every day to `:until` has a row.
_CHOSEN = """
    with chosen as (
        select call_id, model, cast(started_at at time zone 'UTC' as date) as day from huntgroup.calls
        where started_at >= cast(:since as date) at time zone 'UTC'
          and started_at < (cast(:until as date) + 1) at time zone 'UTC'
          and (cast(:team as text) is null or team = :team)
    )
"""


def _with_chosen(query: str) -> TextClause:
    return text("\n".join((_CHOSEN, query)))


_CALLS = _with_chosen(
    """
    select day, count(*) as calls, avg(sentiment_score) as sentiment, avg(lead_score) as lead_score,
           percentile_disc(0.5) within group (order by cast(body -> 'metrics' ->> 'first_sound_ms' as integer))
               as first_sound_p50_ms,
           coalesce(sum(cast(body -> 'metrics' ->> 'interruptions' as integer)), 0) as interruptions,
           count(*) filter (where resolution = 'resolved') as resolved,
           count(*) filter (where resolution = 'partially') as partially,
           count(*) filter (where resolution = 'unresolved') as unresolved,
           count(*) filter (where resolution = 'escalated') as escalated,
           count(*) filter (where resolution = 'abandoned') as abandoned
    from chosen left join huntgroup.analytics using (call_id) group by day
    """
)
_GAPS = _with_chosen(
    """
    select day, count(*) filter (where type = 'HandoffCommitted') as handoffs,
           percentile_disc(0.5) within group (order by cast(body ->> 'gap_ms' as integer)) as gap_p50_ms,
           percentile_disc(0.99) within group (order by cast(body ->> 'gap_ms' as integer)) as gap_p99_ms
    from chosen join huntgroup.facts using (call_id)
    where type in ('HandoffCommitted', 'HandoffHeard') group by day
    """
)
# The same reckoning as `domain.money.bill_of`, for sums.
_MONEY = _with_chosen(
    """
    , used as (
        select day, model,
               cast(body ->> 'input_tokens' as integer) as read,
               cast(body ->> 'input_audio_tokens' as integer) as heard,
               cast(body ->> 'cached_tokens' as integer) as cached,
               cast(body ->> 'output_tokens' as integer) as made,
               cast(body ->> 'output_audio_tokens' as integer) as spoken
        from chosen join huntgroup.facts using (call_id) where type = 'UsageReported'
    ), parts as (
        select *, greatest(0, read - heard) as words, least(greatest(0, read - heard), cached) as words_cached from used
    )
    select day, model, sum(words - words_cached) as text_in, sum(words_cached) as text_cached,
           sum(heard - least(heard, cached - words_cached)) as audio_in,
           sum(least(heard, cached - words_cached)) as audio_cached,
           sum(greatest(0, made - spoken)) as text_out, sum(spoken) as audio_out
    from parts group by day, model
    """
)
_DAYS = text("select cast(generate_series(cast(:since as date), cast(:until as date), '1 day') as date) as day")


class PgFigures:
    """Adds calls up by day. Raises `StoreUnavailable`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def by_day(self, since: date, until: date, *, team: str | None = None) -> list[dict[str, Any]]:
        """Return one row for each day, `until` included. What no call of a day has is null.

        `usd` is by list price, and `priced_as` names the models whose prices those are.
        """
        values = {"since": since, "until": until, "team": team}
        async with self._db.session() as session:

            async def rows(statement: TextClause) -> list[dict[str, Any]]:
                return [dict(row) for row in (await session.execute(statement, values)).mappings()]

            days = [row["day"] for row in await rows(_DAYS)]
            calls, gaps, money = await rows(_CALLS), await rows(_GAPS), await rows(_MONEY)
        found: dict[date, dict[str, Any]] = {day: _nothing(day) for day in days}
        for row in (*calls, *gaps):
            found[row["day"]] |= {name: _plain(value) for name, value in row.items() if name != "day"}
        for row in money:
            _charge(found[row["day"]], row)
        return list(found.values())


def _nothing(day: date) -> dict[str, Any]:
    counts = dict.fromkeys(("calls", "handoffs", "interruptions", *RESOLUTIONS), 0)
    means = dict.fromkeys(("gap_p50_ms", "gap_p99_ms", "first_sound_p50_ms", "sentiment", "lead_score"))
    return {"day": day.isoformat(), **counts, **means, "usd": 0.0, "tokens": 0, "cached_tokens": 0, "priced_as": []}


def _charge(day: dict[str, Any], row: Mapping[str, Any]) -> None:
    bill = Bill(**{name: int(row[name]) for name in Bill.__slots__})
    model = row["model"].rpartition("/")[2]
    day["usd"] = round(day["usd"] + bill.usd(model), 6)
    day["tokens"] += bill.read + bill.made
    day["cached_tokens"] += bill.cached
    day["priced_as"] = sorted({*day["priced_as"], priced_as(model)})


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int) else round(float(value), 3)
