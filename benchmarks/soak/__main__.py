"""`./run bench soak [--calls 10000] [--at-once 20] [--json FILE]`: short calls through one real server process.

Calls come over Twilio's wire to the real application, with the real client to a scripted Realtime model, PostgreSQL,
facts, guardrails and traces. After each thousand calls, when none is going on, what is alive in the process is counted.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table

from benchmarks.console import console
from benchmarks.media.bench import model_running, server_running
from benchmarks.media.contenders import OURS
from benchmarks.media.weigh import weigh
from benchmarks.soak.calls import Callers
from benchmarks.soak.slopes import FIGURES, Checkpoint, growing, slopes

SETTLE_TIMEOUT_S = 120.0


def options(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="./run bench soak", description=__doc__)
    parser.add_argument("--calls", type=int, default=10_000)
    parser.add_argument("--at-once", type=int, default=20)
    parser.add_argument("--every", type=int, default=1_000, help="calls between two checkpoints")
    parser.add_argument("--json", type=Path, default=None)
    return parser.parse_args(arguments)


async def soak(given: argparse.Namespace, out: Console) -> tuple[list[Checkpoint], Counter[str]]:
    """Place the calls; returns the checkpoints and how the calls ended."""
    checkpoints: list[Checkpoint] = []
    async with model_running("short") as model, server_running(OURS, "pcmu", model) as (port, pid):
        callers = Callers("127.0.0.1", port)
        while (placed := callers.ends.total()) < given.calls:
            began = time.monotonic()
            await callers.place(min(given.every, given.calls - placed), at_once=given.at_once)
            census = await _census(port)
            census["memory_kb"] = weigh(pid).memory_bytes // 1024
            checkpoints.append(Checkpoint(callers.ends.total(), census))
            rate = given.every / (time.monotonic() - began)
            shown = ", ".join(f"{name} {census[name]}" for name in FIGURES)
            out.print(f"{callers.ends.total()} calls ({rate:.0f}/s): {shown}")
        return checkpoints, callers.ends


async def _census(port: int) -> dict[str, Any]:
    async with httpx.AsyncClient(trust_env=False, timeout=SETTLE_TIMEOUT_S) as client:
        answer = await client.get(f"http://127.0.0.1:{port}/bench/census")
    return dict(answer.raise_for_status().json())


def main(arguments: list[str] | None = None) -> None:
    """Run, print and write."""
    given = options([] if arguments is None else arguments)
    out = console()
    checkpoints, ends = asyncio.run(soak(given, out))
    found, grows = slopes(checkpoints), growing(checkpoints)
    table = Table(title="Growth per 1,000 calls, after the first checkpoint", title_justify="left", box=None)
    table.add_column("what")
    table.add_column("slope", justify="right")
    for name, slope in {**found, **{f"objects of {name}": slope for name, slope in grows.items()}}.items():
        table.add_row(name, f"{slope:g}")
    out.print(table)
    out.print(f"ends: {dict(ends)}; load {os.getloadavg()[0]:.1f}", markup=False)
    if given.json is not None:
        rows = [{"calls": one.calls, **one.census} for one in checkpoints]
        given.json.write_text(
            json.dumps({"slopes": found, "grows": grows, "checkpoints": rows}, indent=2) + "\n", "utf-8"
        )


if __name__ == "__main__":
    import sys

    main(sys.argv[1:])
