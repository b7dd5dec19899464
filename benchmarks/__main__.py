"""`python -m benchmarks [KIND …] [--conversations N] [--at-once N] [--realtime] [--json F]`.

`media …`, `soak …` and `desk …` are benchmarks of their own, with options of their own.
"""

import argparse
import asyncio
import json
import os
import platform
import sys
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.browser.bench import browser_figures
from benchmarks.console import console
from benchmarks.conversations import Conversations, held
from benchmarks.desk import main as desk
from benchmarks.guardrails import guardrail_figures
from benchmarks.handoffs import handoff_gaps, handoff_table
from benchmarks.meaning.train import train
from benchmarks.media.__main__ import main as media
from benchmarks.memory import memory_of_one_call
from benchmarks.soak.__main__ import main as soak
from benchmarks.survival.kill import killed
from benchmarks.survival.outage import outage
from benchmarks.words import words_and_slots
from huntgroup.analytics.metrics import percentile

KINDS = ("latency", "handoff", "words", "memory", "handoffs", "guardrails")
SURVIVAL = ("kill", "outage")
"""Asked for by name only: they start and kill servers of their own."""
BROWSER = "browser"
"""By name only, too: it needs Chromium."""
MEANING = "meaning"
"""By name only: it trains the judges of meaning anew and writes their file."""
BY_NAME = (*SURVIVAL, BROWSER, MEANING)


def main() -> None:
    if sys.argv[1:2] == ["media"]:
        media(sys.argv[2:])
        return
    if sys.argv[1:2] == ["soak"]:
        soak(sys.argv[2:])
        return
    if sys.argv[1:2] == ["desk"]:
        desk(sys.argv[2:])
        return
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "kinds",
        nargs="*",
        help=f"which figures: {', '.join(KINDS)} (all of these by default), {', '.join(BY_NAME)}",
    )
    parser.add_argument("--conversations", type=int, default=12)
    parser.add_argument("--at-once", type=int, default=1, help="conversations at the same time")
    parser.add_argument(
        "--voices", default="", help="callers' voices in turn, by commas; the scenarios' own by default"
    )
    parser.add_argument("--handoffs", type=int, default=200, help="handoffs per row on the scripted model")
    parser.add_argument("--engine-handoffs", type=int, default=20, help="handoffs per row on the offline engine")
    parser.add_argument("--realtime", action="store_true", help="play speech at its real speed")
    parser.add_argument("--calls", type=int, default=50, help="live calls at the kill or the outage")
    parser.add_argument("--seconds", type=float, default=30.0, help="how long the database is away")
    parser.add_argument("--browser-calls", type=int, default=10, help="calls from the page to the first sound")
    parser.add_argument("--browser-handoffs", type=int, default=12, help="handoffs at the ear of the page")
    parser.add_argument("--browser-seconds", type=float, default=30.0, help="how long the CPU of a call is weighed")
    parser.add_argument("--counts-only", action="store_true", help="guardrails: tell no text that was judged wrongly")
    parser.add_argument("--json", type=Path, default=None, help="where to write the figures")
    given = parser.parse_args()
    unknown = set(given.kinds) - set(KINDS) - set(BY_NAME)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory(prefix="huntgroup-bench-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)  # root runs PostgreSQL as nobody, who must pass through
        asyncio.run(_measure(given, tuple(given.kinds) or KINDS, Path(folder)))


async def _measure(given: argparse.Namespace, kinds: tuple[str, ...], folder: Path) -> None:
    out = console()
    figures: dict[str, Any] = {"machine": {"cores": os.cpu_count(), "python": platform.python_version()}}
    if set(kinds) & {"latency", "handoff", "words"}:
        conversations = await held(
            folder,
            count=given.conversations,
            at_once=given.at_once,
            hurry=not given.realtime,
            voices=[v for v in given.voices.split(",") if v],
            tell=out.print,
        )
        figures |= _figures_of(conversations, kinds)
    if "memory" in kinds:
        figures["memory"] = await memory_of_one_call(folder, tell=out.print)
    gaps: dict[str, Any] = {}
    if "handoffs" in kinds:
        gaps = await handoff_gaps(count=given.handoffs, on_engine=given.engine_handoffs, at_once=5, tell=out.print)
        out.print(handoff_table(gaps))
    if "guardrails" in kinds:
        figures["guardrails"] = guardrail_figures(tell=out.print, counts_only=given.counts_only)
    if MEANING in kinds:
        figures["meaning"] = train(tell=out.print)
    if "kill" in kinds:
        figures["kill -9"] = (await killed(folder / "kill", calls=given.calls, tell=out.print)).figures()
    if "outage" in kinds:
        gone = await outage(folder / "outage", calls=given.calls, seconds=given.seconds, tell=out.print)
        figures["database away"] = gone.figures()
    if BROWSER in kinds:
        figures |= await browser_figures(
            folder,
            calls=given.browser_calls,
            handoffs=given.browser_handoffs,
            seconds=given.browser_seconds,
            tell=out.print,
        )
    _tell(out, figures)
    figures["handoffs"] = gaps
    if given.json is not None:
        given.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
        out.print(f"written to {given.json}")


def _figures_of(conversations: Conversations, kinds: tuple[str, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "conversations": {
            "held": len(conversations.played),
            "as_expected": sum(not played.problems for played in conversations.played),
            "at_once": conversations.at_once,
        }
    }
    if "latency" in kinds:
        found["end of caller's speech to first agent sound, ms"] = _spread(conversations.waits_ms())
    if "handoff" in kinds:
        found["handoff gap at the ear, ms"] = _spread(conversations.gaps_ms())
    if "words" in kinds:
        found["words"] = words_and_slots(conversations.played)
    return found


def _spread(values: list[int]) -> dict[str, Any]:
    return {
        "count": len(values),
        "p50": percentile(values, 50),
        "p95": percentile(values, 95),
        "max": max(values, default=None),
    }


def _tell(out: Console, figures: dict[str, Any]) -> None:
    table = Table(title="Figures", title_justify="left", box=None)
    table.add_column("what")
    table.add_column("figure", justify="right")
    for subject, values in figures.items():
        for name, value in values.items():
            table.add_row(f"{subject}: {name}", str(value))
    out.print(table)


if __name__ == "__main__":
    main()
