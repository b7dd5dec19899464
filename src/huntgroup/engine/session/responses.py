"""The responses of a session: one at a time in the conversation, any number beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from huntgroup.engine.session.plan import Plan
from huntgroup.engine.session.refusal import Refused
from huntgroup.engine.session.thinking import Faculties, Thinking
from huntgroup.engine.session.writer import Emit, ResponseWriter
from huntgroup.wire.realtime import RateLimit, RateLimitsUpdated

MAX_BESIDE = 16
"""Out-of-band responses at a time; more are refused, so that a client cannot pile up work."""

_REQUESTS, _TOKENS = 10_000, 10_000_000


@dataclass(eq=False)
class _Running:
    writer: ResponseWriter
    task: asyncio.Task[None]


class Responses:
    """Starts, follows and cancels responses. `on_done` is told each response once, right after `response.done`."""

    def __init__(self, faculties: Faculties, emit: Emit, on_done: Callable[[ResponseWriter], None]) -> None:
        self._use = faculties
        self._emit = emit
        self._on_done = on_done
        self._running: dict[str, _Running] = {}
        self._active: str | None = None

    @property
    def active(self) -> str | None:
        """The id of the response that is writing to the conversation."""
        return self._active

    def refuse_second(self) -> None:
        """Raise when a response is writing to the conversation."""
        if self._active is not None:
            text = (
                f"Conversation already has an active response in progress: {self._active}. "
                "Wait until the response is finished before creating a new one."
            )
            raise Refused("conversation_already_has_active_response", text)

    def start(self, plan: Plan) -> None:
        """Announce a response and make it in a task of its own. Raises Refused."""
        if plan.out_of_band:
            self._refuse_too_many()
        else:
            self.refuse_second()
            self._active = plan.id
        writer = ResponseWriter(plan, self._emit, None if plan.out_of_band else self._use.conversation)
        writer.begin()
        task = asyncio.create_task(self._make(writer), name=f"response {plan.id}")
        self._running[plan.id] = _Running(writer, task)

    def cancel(self, response_id: str | None, reason: str) -> None:
        """End a response now; without an id, the active one. Refused when it is not running."""
        running = self._running.get(response_id or self._active or "")
        if running is None:
            raise Refused("response_cancel_not_active", "Cancellation failed: no active response found")
        running.writer.finish("cancelled", reason)
        running.task.cancel()
        self._ended(running.writer)

    def interrupt(self) -> bool:
        """The caller speaks: cancel the active response. Returns whether there was one."""
        if self._active is None:
            return False
        self.cancel(self._active, "turn_detected")
        return True

    async def close(self) -> None:
        """Stop all work without further events."""
        tasks = [running.task for running in self._running.values()]
        self._running.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _make(self, writer: ResponseWriter) -> None:
        await Thinking(self._use, writer).run()
        self._ended(writer)

    def _ended(self, writer: ResponseWriter) -> None:
        if self._running.pop(writer.plan.id, None) is None:
            return
        if self._active == writer.plan.id:
            self._active = None
        self._emit(RateLimitsUpdated(rate_limits=_limits(writer.tokens_used())))
        self._on_done(writer)

    def _refuse_too_many(self) -> None:
        beside = len(self._running) - (self._active is not None)
        if beside >= MAX_BESIDE:
            raise Refused("rate_limit_exceeded", f"More than {MAX_BESIDE} responses out of band at a time.")


def _limits(used: int) -> list[RateLimit]:
    """Nobody is limited offline; clients still read the event, so it shows room for more."""
    return [
        RateLimit(name="requests", limit=_REQUESTS, remaining=_REQUESTS - 1, reset_seconds=0.0),
        RateLimit(name="tokens", limit=_TOKENS, remaining=_TOKENS - used, reset_seconds=0.0),
    ]
