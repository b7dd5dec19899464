"""Debian's coturn on this machine's loopback, with a login that is kept or one that ends with time."""

import asyncio
import os
import shutil
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

TURNSERVER = os.environ.get("HUNTGROUP_TURNSERVER") or shutil.which("turnserver")
SECRET, USER, PASSWORD = "a-shared-secret", "huntgroup", "a-password"


@asynccontextmanager
async def turnserver(folder: Path, *, by_secret: bool = False) -> AsyncIterator[str]:
    """A server at the address that is given; peers on this machine may be relayed to."""
    assert TURNSERVER is not None
    port = _free_port()
    login = ["--use-auth-secret", f"--static-auth-secret={SECRET}"] if by_secret else ["--lt-cred-mech"]
    login += [] if by_secret else [f"--user={USER}:{PASSWORD}"]
    process = await asyncio.create_subprocess_exec(
        TURNSERVER, "-n", "--no-tls", "--no-dtls", "--no-cli", "--realm=test", "--allow-loopback-peers", *login,
        f"--listening-port={port}", "--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1",
        "--min-port=42000", "--max-port=42999", f"--userdb={folder}/turn.db", f"--pidfile={folder}/turn.pid",
        "--log-file=stdout", stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        await _listening(port)
        yield f"turn:127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGKILL)
        await process.wait()


async def _listening(port: int) -> None:
    async with asyncio.timeout(20):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
