"""How long the desk's search takes over many calls. `python -m benchmarks desk [--calls N]`.

The calls are made up in the database itself; each has a dozen utterances and as many other facts, and words that all
calls have, that some have, and that one has.
"""

import argparse
import asyncio
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from rich.table import Table
from sqlalchemy import text

from benchmarks.console import console
from huntgroup.analytics.metrics import percentile
from huntgroup.migrations.upgrade import upgrade
from huntgroup.storage.archive import PgArchive, Wanted
from huntgroup.storage.base import Database
from huntgroup.storage.embedded import EmbeddedPostgres

SEARCHES = {
    "no word": Wanted(),
    "two words of every call": Wanted(text="appointment please"),
    "two words of every call, three filters": Wanted(
        text="appointment please", team="clinic", sentiment="negative", lead_at_least=60
    ),
    "two words of every call, all filters": Wanted(
        text="appointment please", team="salon", sentiment="negative", lead_at_least=60, outcome="escalated",
        since=datetime(2026, 1, 1, tzinfo=UTC), before=datetime(2027, 1, 1, tzinfo=UTC),
    ),
    "two words of every call, filters that nothing meets": Wanted(
        text="appointment please", sentiment="negative", lead_at_least=100, outcome="partially"
    ),
    "a word of every tenth call": Wanted(text="word7"),
    "two words that no call has both": Wanted(text="word3 word4"),
    "a word of one call": Wanted(text="unique17123"),
    "a beginning": Wanted(text="appoi ple", outcome="resolved"),
    "filters alone, the 100th page": Wanted(team="clinic", sentiment="positive", after="2026-06-01T00:00:00+00:00 x"),
    "a caller's number": Wanted(text="+15550017123"),
}  # fmt: skip

_CALLS = """
    insert into huntgroup.calls (call_id, team, line, caller, model, started_at, ended_at, duration_ms, end_reason)
    select 'call_' || n, (array['clinic', 'salon', 'broker'])[1 + n % 3], 'twilio', '+1555' || lpad(n::text, 7, '0'),
           'offline/engine', timestamptz '2026-01-01' + n * interval '25 minutes',
           timestamptz '2026-01-01' + n * interval '25 minutes' + interval '3 minutes', 180000, 'goodbye'
    from generate_series(1, :calls) n
"""
_FACTS = """
    insert into huntgroup.facts (call_id, seq, type, t_ms, agent, body)
    select 'call_' || n, k, (array['CallerSpoke', 'ToolCalled', 'AgentSpoke', 'UsageReported'])[1 + k % 4], k * 5000,
           'front_desk',
           case when k % 2 = 1 then jsonb_build_object('tool', 'lookup', 'arguments', repeat('x', 200))
           else jsonb_build_object(
               case when k % 4 = 0 then 'text' else 'heard_text' end,
               'please word' || (n % 10) || ' my appointment with doctor chen about topic' || (n * k % 997)
               || ' is on ' || (array['monday', 'tuesday', 'friday'])[1 + k % 3] || ' at ' || (k % 12)
               || case when k = 4 then ' unique' || n else '' end)
           end
    from generate_series(1, :calls) n, generate_series(0, 23) k
"""
_WORDS = """
    insert into huntgroup.call_words (call_id, words)
    select call_id, strip(to_tsvector('simple', string_agg(coalesce(body ->> 'text', body ->> 'heard_text'), ' ')))
    from huntgroup.facts where type in ('CallerSpoke', 'AgentSpoke') group by call_id
"""
_ANALYTICS = """
    insert into huntgroup.analytics (call_id, sentiment_score, lead_score, resolution, body)
    select 'call_' || n, 0, n * 7 % 100,
           (array['resolved', 'resolved', 'resolved', 'unresolved', 'escalated', 'abandoned'])[1 + n % 6],
           jsonb_build_object('sentiment_label', (array['negative', 'neutral', 'positive', 'neutral'])[1 + n % 4],
               'summary', repeat('A caller asked for an appointment. ', 8),
               'metrics', jsonb_build_object('handoffs', 2),
               'topics', jsonb_build_array('booking', 'doctor'))
    from generate_series(1, :calls) n
"""


def main(arguments: list[str]) -> None:
    """Measure every search and print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks desk", description=__doc__)
    parser.add_argument("--calls", type=int, default=20_000)
    parser.add_argument("--times", type=int, default=20, help="how often each search is asked")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="huntgroup-bench-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)  # root runs PostgreSQL as nobody, who must pass through
        server = EmbeddedPostgres(Path(folder) / "postgres")
        server.start()
        try:
            asyncio.run(_measure(server.url, given.calls, given.times))
        finally:
            server.stop()


async def _measure(url: str, calls: int, times: int) -> None:
    await upgrade(url)
    db = Database(url, command_timeout_s=600)
    await _fill(db, calls)
    table = Table(title=f"the desk's search over {calls:,} calls, ms")
    for heading in ("search", "found on the page", "p50", "p99"):
        table.add_column(heading)
    for name, wanted in SEARCHES.items():
        found, took_ms = await _timed(PgArchive(db), wanted, times)
        table.add_row(name, str(found), f"{percentile(took_ms, 50)}", f"{percentile(took_ms, 99)}")
    console().print(table)
    await db.close()


async def _fill(db: Database, calls: int) -> None:
    async with db.session() as session:
        for statement in (_CALLS, _FACTS, _WORDS, _ANALYTICS):
            await session.execute(text(statement), {"calls": calls} if ":calls" in statement else {})
    async with db.session() as session:
        await session.execute(text("analyze"))


async def _timed(archive: PgArchive, wanted: Wanted, times: int) -> tuple[int, list[int]]:
    found = 0
    took_ms = []
    for _ in range(times):
        began = time.perf_counter()
        found = len((await archive.find(wanted))["calls"])
        took_ms.append(round((time.perf_counter() - began) * 1000))
    return found, took_ms
