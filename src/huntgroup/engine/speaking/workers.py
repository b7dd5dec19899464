"""Child processes that turn sentences into sound, fed from one queue."""

from __future__ import annotations

import asyncio
import contextlib
import json
import struct
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from huntgroup.engine.speaking.trouble import SpeechLost

PICO_COMMAND = (sys.executable, "-I", str(Path(__file__).with_name("pico_worker.py")))
_PATIENCE_S = 15.0
_TRIES = 2

Job = tuple[bytes, "asyncio.Future[bytes]"]


class SpeechWorkers:
    """Use as an async context manager. `render` answers one request; a dead child is started again."""

    def __init__(
        self,
        command: Sequence[str] = PICO_COMMAND,
        *,
        count: int = 1,
        patience_s: float = _PATIENCE_S,
    ) -> None:
        self._command = command
        self._count = count
        self._patience_s = patience_s
        self._jobs: asyncio.Queue[Job] = asyncio.Queue()
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self._tasks = [asyncio.create_task(self._work(), name=f"speech-{n}") for n in range(self._count)]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        while not self._jobs.empty():
            self._jobs.get_nowait()[1].cancel()

    async def render(self, request: Mapping[str, Any]) -> bytes:
        """Return the sound of one request; raises `SpeechLost`. Cancelling drops it if it has not begun."""
        if not self._tasks:
            raise SpeechLost("the speech workers are closed")
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._jobs.put_nowait((json.dumps(dict(request)).encode(), answer))
        return await answer

    async def _work(self) -> None:
        child = await self._start()
        try:
            while True:
                payload, answer = await self._jobs.get()
                if not answer.done():
                    child = await self._serve(child, payload, answer)
        finally:
            _kill(child)
            with contextlib.suppress(ProcessLookupError):
                await asyncio.shield(child.wait())

    async def _serve(self, child: Process, payload: bytes, answer: asyncio.Future[bytes]) -> Process:
        try:
            for _ in range(_TRIES):
                try:
                    async with asyncio.timeout(self._patience_s):
                        sound = await _exchange(child, payload)
                except (OSError, EOFError, TimeoutError):
                    _kill(child)
                    child = await self._start()
                    continue
                _settle(answer, sound)
                return child
            _settle(answer, SpeechLost("the speech worker does not answer"))
            return child
        finally:
            answer.cancel()

    async def _start(self) -> Process:
        return await asyncio.create_subprocess_exec(*self._command, stdin=PIPE, stdout=PIPE)


async def _exchange(child: Process, payload: bytes) -> bytes | SpeechLost:
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(struct.pack(">I", len(payload)) + payload)
    await child.stdin.drain()
    (size,) = struct.unpack(">I", await child.stdout.readexactly(4))
    answer = await child.stdout.readexactly(size)
    return answer[1:] if answer[:1] == b"\0" else SpeechLost(f"the speech worker failed: {answer[1:].decode()}")


def _settle(answer: asyncio.Future[bytes], result: bytes | SpeechLost) -> None:
    if answer.done():
        return
    if isinstance(result, SpeechLost):
        answer.set_exception(result)
    else:
        answer.set_result(result)


def _kill(child: Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        child.kill()
