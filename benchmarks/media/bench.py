"""One run: a model, a server under test and a load generator, each a process of its own; returns all figures."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.media.contenders import Contender
from benchmarks.media.weigh import Weight, weigh

ROOT = Path(__file__).parents[2]
START_TIMEOUT_S = 90.0
STOP_TIMEOUT_S = 20.0
STAGE_TIMEOUT_S = 180.0


@dataclass(frozen=True)
class Setting:
    """What one run is made of."""

    audio: str
    calls: int
    seconds: float


async def run(contender: Contender, setting: Setting) -> dict[str, Any]:
    """Figures of one run. Raises `RuntimeError` with the reason when the server cannot be measured."""
    async with model_running() as model, server_running(contender, setting.audio, model) as (port, pid):
        return await _measured(setting, port, pid, model)


@asynccontextmanager
async def model_running(script: str = "long") -> AsyncIterator[str]:
    """The scripted model as a process; gives its address."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.media.model", script, **_pipes(), cwd=ROOT
    )
    try:
        assert process.stdout is not None
        port = json.loads(await asyncio.wait_for(process.stdout.readline(), START_TIMEOUT_S))["port"]
        yield f"ws://127.0.0.1:{port}"
    finally:
        await _stopped(process)


@asynccontextmanager
async def server_running(contender: Contender, audio: str, model: str) -> AsyncIterator[tuple[int, int]]:
    """A server under test as a process; gives its port and process id when it takes connections."""
    port = _free_port()
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}", "OPENAI_API_KEY": "none"}
    process = await asyncio.create_subprocess_exec(
        contender.python,
        *("-m", contender.module, "--port", str(port), "--model", f"{model}/v1/realtime", "--audio", audio),
        *contender.arguments,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env=environment,
        cwd=ROOT,
    )
    complaints = asyncio.create_task(_last_words(process))
    try:
        await _takes_connections(process, port, complaints)
        yield port, process.pid
    finally:
        await _stopped(process)
        await complaints


async def _measured(setting: Setting, port: int, pid: int, model: str) -> dict[str, Any]:
    given = {"port": port, "model": model, "calls": setting.calls, "seconds": setting.seconds}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.media.load", json.dumps(given), **_pipes(), cwd=ROOT
    )
    weights: dict[str, Weight] = {}
    moments: dict[str, float] = {}
    try:
        while True:
            stage = await _next_stage(process)
            if stage["stage"] == "result":
                return {**stage, **_of_proc(setting, weights, moments)}
            weights[stage["stage"]] = await asyncio.to_thread(weigh, pid)
            moments[stage["stage"]] = time.monotonic()
            assert process.stdin is not None
            process.stdin.write(b"\n")
    finally:
        await _stopped(process)


def _of_proc(setting: Setting, weights: dict[str, Weight], moments: dict[str, float]) -> dict[str, Any]:
    passed_s = moments["end"] - moments["begin"]
    cpu_s = weights["end"].cpu_s - weights["begin"].cpu_s
    grown = weights["end"].memory_bytes - weights["one"].memory_bytes
    return {
        "cpu_ms_per_call_s": round(1000 * cpu_s / passed_s / setting.calls, 3),
        "system_share": round((weights["end"].system_s - weights["begin"].system_s) / cpu_s, 3) if cpu_s else None,
        "core_share": round(cpu_s / passed_s, 3),
        "memory_kb_per_call": round(grown / 1024 / max(1, setting.calls - 1), 1) if setting.calls > 1 else None,
        "load_average": round(os.getloadavg()[0], 2),
    }


async def _next_stage(process: asyncio.subprocess.Process) -> dict[str, Any]:
    assert process.stdout is not None
    line = await asyncio.wait_for(process.stdout.readline(), STAGE_TIMEOUT_S)
    if not line:
        raise RuntimeError("the callers could not go on: " + await _rest(process))
    return dict(json.loads(line))


async def _rest(process: asyncio.subprocess.Process) -> str:
    said = await process.stderr.read() if process.stderr is not None else b""
    return said.decode(errors="replace").strip()[-300:]


async def _takes_connections(process: asyncio.subprocess.Process, port: int, complaints: asyncio.Task[str]) -> None:
    async with asyncio.timeout(START_TIMEOUT_S):
        while True:
            if process.returncode is not None:
                raise RuntimeError(f"did not start: {(await complaints)[-300:]}")
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                return
            await asyncio.sleep(0.1)


async def _last_words(process: asyncio.subprocess.Process) -> str:
    """Read what a server complains about, so that it never waits; keeps the end."""
    assert process.stderr is not None
    kept = ""
    while line := await process.stderr.readline():
        kept = (kept + line.decode(errors="replace"))[-2000:]
    if os.environ.get("BENCH_SHOW"):
        print(kept, file=sys.stderr)
    return kept


async def _stopped(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(signal.SIGTERM)
    try:
        await asyncio.wait_for(process.wait(), STOP_TIMEOUT_S)
    except TimeoutError:
        process.kill()
        await process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def _pipes() -> dict[str, Any]:
    pipe = asyncio.subprocess.PIPE
    return {"stdin": pipe, "stdout": pipe, "stderr": pipe if not os.environ.get("BENCH_SHOW") else None}
