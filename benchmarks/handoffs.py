"""The gap of a handoff at the ear, in four rows: the same session or a fresh one, the context copied or empty.

Calls are held by a scripted model that answers at once, so that the gap is ours alone; by the same model a network's
round trip away; and by sessions and voices of the offline engine, with a mind that does nothing but hand over. All on
the machine's own clock, over a loopback line with real frames of 20 ms, so that a gap comes in steps of 20 ms.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from typing import Any

from rich.table import Table

from benchmarks.handoff_models import Answering, EngineModel, FastModel
from huntgroup.analytics.metrics import percentile
from huntgroup.calls.session import CallSession, Surroundings
from huntgroup.calls.succession.standbys import Allowance
from huntgroup.domain.clock import SystemClock
from huntgroup.domain.facts import Fact, HandoffCommitted, HandoffHeard, StandbyFailed
from huntgroup.engine.speaking import Speakers
from huntgroup.teams import SilencePolicy, Team, VoiceAgent, handoff
from huntgroup.testing.loopback_line import LoopbackLine

ROWS = (
    ("reuse", "copied", "keep", "full"),
    ("reuse", "empty", "keep", "facts_only"),
    ("fresh", "copied", "switch", "full"),
    ("fresh", "empty", "switch", "facts_only"),
)
ONE_HANDOFF_LIMIT_S = 20.0
STAGGER_S = 0.13


@dataclass
class Gaps:
    """What one row came to."""

    gaps_ms: list[int] = field(default_factory=list)
    voices: list[str] = field(default_factory=list)
    standbys_failed: int = 0
    transactions_ms: list[float] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        return {
            "n": len(self.gaps_ms),
            "p50": percentile(self.gaps_ms, 50),
            "p99": percentile(self.gaps_ms, 99),
            "max": max(self.gaps_ms, default=None),
            "asked p50": _tenths(self.transactions_ms, 50),
            "asked p99": _tenths(self.transactions_ms, 99),
            "new voice": self.voices.count("switch"),
            "failed": self.standbys_failed,
        }


async def handoff_gaps(*, count: int, on_engine: int, at_once: int, tell: Callable[[str], None]) -> dict[str, Any]:
    """Return p50 and p99 per row over `count` handoffs on the scripted model, `on_engine` on the offline engine."""
    figures: dict[str, Any] = {}
    async with AsyncExitStack() as stack:
        voice = await stack.enter_async_context(Speakers.open(workers=2))
        kinds: list[tuple[str, int, int, Callable[[], Answering]]] = [
            ("scripted model", count, at_once, FastModel),
            ("scripted model, 50 ms away", count, at_once, lambda: FastModel(50)),
            ("offline engine", on_engine, 1, lambda: EngineModel(voice)),
        ]
        for name, wanted, calls, make in kinds:
            for session, context, voice_policy, policy in ROWS:
                row = await _row(_team(voice_policy, policy), make, wanted, calls)
                figures[f"{name}, {session} session, {context} context"] = row.figures()
                tell(f"{name}, {session} session, {context} context: done")
    return figures


def handoff_table(figures: dict[str, Any]) -> Table:
    """Return the figures as a table, one row per kind of handoff.

    `asked` is the time from the transfer's tool call to the request for the receiver's reply, `new voice` how
    many were heard in another voice, `failed` how many standbys were not there.
    """
    table = Table(title="Handoff: gap at the ear, and until the receiver is asked, ms", title_justify="left", box=None)
    table.add_column("model, session, context", no_wrap=True)
    for name in next(iter(figures.values())):
        table.add_column(name, justify="right")
    for row, values in figures.items():
        table.add_row(
            row.replace(" session", "").replace(" context", ""),
            *("–" if value is None else str(value) for value in values.values()),
        )
    return table


def _tenths(values: list[float], share: int) -> float | None:
    found = percentile([round(value * 10) for value in values], share)
    return None if found is None else found / 10


def _team(voice: Any, policy: str) -> Team:
    agents = [VoiceAgent(name=name, instructions=f"You are {name}.", voice=own) for name, own in _VOICES.items()]
    ways = [("one", "two"), ("two", "one")]
    edges = [handoff(frm=a, to=b, description="Over.", policy=policy, voice=voice) for a, b in ways]
    silence = SilencePolicy(reprompt_ms=10**9)
    team = Team(name="bench", first="one", agents=agents, edges=edges, silence=silence, hop_limit=10**6)
    return replace(team, loop_limit=10**6)


_VOICES = {"one": "pico-amy", "two": "pico-tom"}


async def _row(team: Team, make: Callable[[], Answering], wanted: int, calls: int) -> Gaps:
    gaps = Gaps()
    per_call = -(-wanted // calls)
    models = [make() for _ in range(calls)]
    shares = [min(per_call, wanted - at * per_call) for at in range(calls)]
    calls_at = enumerate(zip(models, shares, strict=True))
    # Started one after the other: calls in step would measure how they wait for each other.
    await asyncio.gather(*(_call(team, model, share, gaps, at * STAGGER_S) for at, (model, share) in calls_at))
    gaps.transactions_ms = [ms for model in models for ms in model.transactions_ms]
    return gaps


async def _call(team: Team, model: Answering, wanted: int, gaps: Gaps, after_s: float) -> None:
    """Hold one call in which the caller asks `wanted` times to be handed over."""
    await asyncio.sleep(after_s)
    clock = SystemClock()
    line = LoopbackLine(clock)
    heard: asyncio.Queue[HandoffHeard] = asyncio.Queue()

    def listen(fact: Fact) -> None:
        match fact:
            case HandoffHeard():
                heard.put_nowait(fact)
            case HandoffCommitted():
                gaps.voices.append(fact.voice)
            case StandbyFailed():
                gaps.standbys_failed += 1
            case _:
                pass

    around = Surroundings(model=model, clock=clock, listeners=(listen,), standbys=Allowance(1_000))
    running = asyncio.create_task(CallSession(around, team, line).run())
    await _quiet(line)
    for _ in range(wanted):
        model.caller_asks(line.now_ms())
        fact = await asyncio.wait_for(heard.get(), ONE_HANDOFF_LIMIT_S)
        gaps.gaps_ms.append(fact.gap_ms)
        await _quiet(line)
    line.caller_hangs_up()
    await running


async def _quiet(line: LoopbackLine) -> None:
    """Wait until the agent has spoken and been quiet for 100 ms."""
    quiet_ms, before = 0, -1
    while quiet_ms < 100 or not line.heard:
        await asyncio.sleep(0.02)
        quiet_ms = quiet_ms + 20 if len(line.heard) == before else 0
        before = len(line.heard)
