"""The load generator: a process with all callers of one run.

`python -m benchmarks.media.load '{"port": …, "model": …, "calls": …, "seconds": …}'` prints lines of JSON: `one` when
the first call stands, `all` when all do, `begin` and `end` around the measured time, `result` at last. After each but
the last it waits for a line of its parent, who weighs the server meanwhile.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from benchmarks.media.callers import Caller, Crowd
from benchmarks.media.figures import Log, figures_of
from benchmarks.media.sockets import ClientSocket, dial

CONNECT_TIMEOUT_S = 30.0
WARM_UP_S = 5.0


class Control:
    """The generator's line to the scripted model."""

    def __init__(self, socket: ClientSocket) -> None:
        self._socket = socket
        self._news = asyncio.Event()
        self.sessions = 0
        self.logs: list[dict[str, Any]] | None = None
        socket.on_frame = self._take

    def say(self, command: str) -> None:
        self._socket.send(command.encode())

    async def until(self, sessions: int) -> None:
        """Return when the model has that many sessions."""
        async with asyncio.timeout(CONNECT_TIMEOUT_S):
            while self.sessions < sessions:
                self._news.clear()
                await self._news.wait()

    async def stopped(self) -> list[dict[str, Any]]:
        """End the conversations; returns the model's logs, one per session."""
        self.say("stop")
        async with asyncio.timeout(60):
            while self.logs is None:
                self._news.clear()
                await self._news.wait()
        return self.logs

    def _take(self, data: bytes) -> None:
        news = json.loads(data)
        self.sessions = news.get("sessions", self.sessions)
        self.logs = news.get("logs", self.logs)
        self._news.set()


async def told(stage: str, **more: Any) -> None:
    """Tell the parent, and wait until it has looked."""
    print(json.dumps({"stage": stage, **more}), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)


async def run(port: int, model: str, calls: int, seconds: float) -> dict[str, Any]:
    """All of one run; returns the figures."""
    crowd = Crowd()
    control = Control(await dial(f"{model}/control"))
    sending = asyncio.create_task(crowd.run())
    for number in range(calls):
        # One after the other, so that the model's sessions are in the order of the callers.
        caller = Caller(number)
        await caller.dial("127.0.0.1", port, "bench")
        crowd.add(caller)
        await control.until(number + 1)
        if number == 0:
            await asyncio.sleep(1.0)
            await told("one")
    await told("all")
    control.say("go")
    await asyncio.sleep(WARM_UP_S)
    first = [caller.frames for caller in crowd.callers]
    crowd.is_measured = True
    await told("begin")
    await asyncio.sleep(seconds)
    await told("end")
    last = [caller.frames for caller in crowd.callers]
    logs = await control.stopped()
    sending.cancel()
    for caller in crowd.callers:
        caller.hang_up()
    pairs = [
        Log(caller, log, range(a // 50 + 1, b // 50 - 1))
        for caller, log, a, b in zip(crowd.callers, logs, first, last, strict=True)
    ]
    return figures_of(pairs, late_ms=crowd.late_ms)


async def main() -> None:
    """Run what the command line says."""
    given = json.loads(sys.argv[1])
    result = await run(given["port"], given["model"], given["calls"], given["seconds"])
    print(json.dumps({"stage": "result", **result}), flush=True)


if __name__ == "__main__":
    import uvloop

    uvloop.run(main())
