"""Memory of a server of its own, idle and with one call on it. Linux only: read from /proc."""

import asyncio
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from huntgroup.testing.phone_caller import PhoneCaller

_START_TIMEOUT_S = 120.0


async def memory_of_one_call(folder: Path, *, tell: Callable[[str], None]) -> dict[str, Any]:
    """Resident memory in MB of the server's process and of its helpers (voices, PostgreSQL), idle and in a call."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    changes = {"HUNTGROUP_PORT": str(port), "HUNTGROUP_DATA_DIR": str(folder / "memory"), "HUNTGROUP_MODEL": "offline"}
    tell("starting a server to weigh")
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "huntgroup", "serve", env={**os.environ, **changes}, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        await _ready(url)
        idle = _resident_mb(server.pid)
        async with PhoneCaller(url, "healthcare") as phone:
            await phone.wait_for_agent()
            await phone.wait(1_000)
            talking = _resident_mb(server.pid)
        return {
            "server idle, MB": idle[0],
            "server with one call, MB": talking[0],
            "its helpers with one call, MB": talking[1],
        }
    finally:
        server.terminate()
        await server.wait()


async def _ready(url: str) -> None:
    async with asyncio.timeout(_START_TIMEOUT_S), httpx.AsyncClient(trust_env=False) as client:
        while True:
            try:
                if (await client.get(f"{url}/readyz")).is_success:
                    return
            except httpx.HTTPError:
                pass
            await asyncio.sleep(0.2)


def _resident_mb(pid: int) -> tuple[int, int]:
    """Resident memory of a process, and of everything below it together."""
    return _own_mb(pid), sum(sum(_resident_mb(child)) for child in _children(pid))


def _own_mb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    except FileNotFoundError:
        return 0
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS")), 0)


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found.extend(int(child) for child in task.read_text("utf-8").split())
        except FileNotFoundError:
            continue
    return found
