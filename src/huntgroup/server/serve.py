"""Running an application on a socket, in this process, until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
import signal
import socket
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, TypeVar

import uvicorn
from fastapi import FastAPI
from uvicorn.loops.auto import auto_loop_factory

from huntgroup.domain.errors import SettingsError
from huntgroup.server.addresses import Address
from huntgroup.server.draining import drain
from huntgroup.server.frontdesk import FrontDesk
from huntgroup.server.sockets import ShortWayProtocol

# The largest message of any socket here is a Realtime audio append, 15 MiB of sound in base64.
_MAX_MESSAGE_BYTES = 21 * 1024 * 1024
_STOP_TIMEOUT_S = 5
_ResultT = TypeVar("_ResultT")


def run(main: Coroutine[Any, Any, _ResultT]) -> _ResultT:
    """Run a program that serves calls, on the fastest event loop that is installed."""
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        return runner.run(main)


@asynccontextmanager
async def running(app: FastAPI, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[Address]:
    """Serve `app` inside the block; leaving it ends open sockets and returns when all is closed.

    Raises `SettingsError` when the port cannot be bound.
    """
    listener = _bind(host, port)
    server = _QuietServer(_config(app))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        while not server.started:
            if task.done():
                await task
            await asyncio.sleep(0.005)
        yield Address(host, listener.getsockname()[1])
    finally:
        server.should_exit = True
        with contextlib.suppress(asyncio.CancelledError):
            await task
        listener.close()


@dataclass(frozen=True, slots=True)
class Signals:
    """What a process was told: the first signal sets `stop`, every later one `hurry`."""

    stop: asyncio.Event = field(default_factory=asyncio.Event)
    hurry: asyncio.Event = field(default_factory=asyncio.Event)

    def told(self) -> None:
        (self.hurry if self.stop.is_set() else self.stop).set()


@contextlib.contextmanager
def on_signals() -> Iterator[Signals]:
    """Take SIGINT and SIGTERM inside the block, which should hold all that must not be broken off, closing included."""
    loop, signals, names = asyncio.get_running_loop(), Signals(), (signal.SIGINT, signal.SIGTERM)
    with contextlib.suppress(NotImplementedError, RuntimeError):
        for name in names:
            loop.add_signal_handler(name, signals.told)
    try:
        yield signals
    finally:
        with contextlib.suppress(NotImplementedError, RuntimeError):
            for name in names:
                loop.remove_signal_handler(name)


async def serve(
    app: FastAPI,
    host: str,
    port: int,
    ready: asyncio.Future[Address] | None = None,
    signals: Signals | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM, then drain; a second signal ends that too.

    `ready` gets the bound address as soon as calls can come. `signals` are those of a caller who closes more after
    this; without, signals are taken here until the server is closed.
    """
    desk: FrontDesk = app.state.desk
    with on_signals() if signals is None else contextlib.nullcontext(signals) as told:
        async with running(app, host, port) as address:
            _forget_the_start()
            if ready is not None and not ready.done():
                ready.set_result(address)
            await told.stop.wait()
            await drain(desk, desk.house.settings.drain_seconds, told.hurry)


def _forget_the_start() -> None:
    """Take what was made so far out of the collector's rounds: with half a million objects each full one is a pause."""
    gc.collect()
    gc.freeze()


class _QuietServer(uvicorn.Server):
    """A server that leaves the process's signals to whoever runs it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.should_exit = True


def _config(app: FastAPI) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        ws=ShortWayProtocol,
        ws_max_size=_MAX_MESSAGE_BYTES,
        # µ-law and base64 do not shrink, and the attempt costs more than the socket.
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=_STOP_TIMEOUT_S,
        server_header=False,
        proxy_headers=False,
    )


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=256)
    except OSError as error:
        reason = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
        raise SettingsError(f"HUNTGROUP_PORT={port} on {host} {reason}") from None
    listener.setblocking(False)
    return listener
