"""`./run bench media [--calls 25,50,100] [--seconds S] [--only huntgroup,relay] [--audio pcmu,pcm16] [--json FILE]`.

Each server under test in its turn, in the same world: simulated Twilio callers on one side, a scripted Realtime model
on the other. `--quick` is the relay and huntgroup at 25 calls, in under a minute.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.console import console
from benchmarks.media.bench import Setting, run
from benchmarks.media.contenders import ALL, Contender, make_ready
from benchmarks.media.table import aims, tables
from benchmarks.media.verdicts import medians


def options(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="./run bench media", description=__doc__)
    parser.add_argument("--calls", default="25,50,100", help="numbers of calls at once")
    parser.add_argument("--seconds", type=float, default=10.0, help="how long each run is measured")
    parser.add_argument("--only", default="", help="by commas: " + ", ".join(one.name for one in ALL))
    parser.add_argument("--audio", default="pcmu,pcm16", help="pcmu (passed through), pcm16 (converted)")
    parser.add_argument("--repeat", type=int, default=1, help="rounds; medians are told")
    parser.add_argument("--quick", action="store_true", help="relay and huntgroup at 25 calls")
    parser.add_argument("--json", type=Path, default=None, help="where to write the figures of every run")
    given = parser.parse_args(arguments)
    if given.quick:
        given.calls, given.seconds, given.only = "25", min(given.seconds, 8.0), given.only or "relay,huntgroup"
    unknown = set(filter(None, given.only.split(","))) - {one.name for one in ALL}
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    return given


async def measure(given: argparse.Namespace, out: Console) -> list[dict[str, Any]]:
    """Every run; contenders take turns within a setting, so that a busy machine troubles all of them alike."""
    chosen = [one for one in ALL if not given.only or one.name in given.only.split(",")]
    ready = [one for one in chosen if _is_ready(one, out)]
    rows: list[dict[str, Any]] = []
    for _ in range(given.repeat):
        for audio in given.audio.split(","):
            for calls in map(int, given.calls.split(",")):
                setting = Setting(audio, calls, given.seconds)
                rows += [await _row(one, setting, out) for one in ready if audio in one.audio]
    return rows


async def _row(contender: Contender, setting: Setting, out: Console) -> dict[str, Any]:
    head = {"server": contender.name, "audio": setting.audio, "calls": setting.calls}
    began = time.monotonic()
    try:
        figures = await run(contender, setting)
    except (RuntimeError, OSError, TimeoutError) as error:
        out.print(
            f"{contender.name}, {setting.calls} calls, {setting.audio}: {type(error).__name__} {error}", markup=False
        )
        return {**head, "error": f"{type(error).__name__} {error}"}
    said = f"{figures['cpu_ms_per_call_s']} ms of CPU per call-second, load {figures['load_average']}"
    out.print(f"{contender.name}, {setting.calls} calls, {setting.audio}: {said} ({time.monotonic() - began:.0f} s)")
    return {**head, **figures}


def _is_ready(contender: Contender, out: Console) -> bool:
    try:
        make_ready(contender)
    except RuntimeError as error:
        out.print(f"{contender.name} {error}", markup=False)
        return False
    return True


def main(arguments: list[str] | None = None) -> None:
    """Measure, print, and write."""
    given = options([] if arguments is None else arguments)
    out = console()
    rows = asyncio.run(measure(given, out))
    machine = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
    }
    if given.json is not None:
        given.json.write_text(json.dumps({"machine": machine, "runs": rows}, indent=2) + "\n", "utf-8")
    told = medians(rows)
    for table in (*tables(told), aims(told)):
        out.print(table)


if __name__ == "__main__":
    import sys

    main(sys.argv[1:])
