"""Running guardrails on one text: a verdict in every case, within a deadline, and at once where nothing waits."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from inspect import CORO_CREATED, getcoroutinestate, isawaitable, iscoroutine
from typing import Any, Literal

from agents import InputGuardrail, OutputGuardrail
from agents.realtime import RealtimeAgent

from huntgroup.calls.state.deadline import LimitPassed, limited
from huntgroup.calls.state.live import LiveCall
from huntgroup.domain import facts
from huntgroup.teams.guard import policy_of

logger = logging.getLogger(__name__)
Guardrail = InputGuardrail[Any] | OutputGuardrail[Any]
Outcome = Literal["passed", "tripped", "failed"]


@dataclass(frozen=True)
class Verdict:
    """What the guardrails of one check said together; `guardrail` names the one that stops, "" when none does."""

    guardrail: str
    outcome: Outcome

    @property
    def stops(self) -> bool:
        return self.outcome != "passed"


PASSED = Verdict("", "passed")


@dataclass(frozen=True, kw_only=True)
class Check:
    """One text for the guardrails of one agent. `withholds`: something waits for the verdict (see `GuardPolicy`)."""

    stage: Literal["input", "output"]
    agent: RealtimeAgent[Any]
    guardrails: Sequence[Guardrail]
    text: str
    withholds: bool
    response_id: str | None = None


class Checker:
    """Runs checks. Guardrails that are plain functions are run in place; one that waits gets a task of the call."""

    def __init__(self, live: LiveCall) -> None:
        self._live = live

    def run(self, check: Check, done: Callable[[Verdict], None]) -> None:
        """Call `done` once, now or later: with the first that stops, in the order of the list, or with `PASSED`."""
        waiting: list[tuple[Guardrail, Awaitable[Any]]] = []
        for guardrail in check.guardrails:
            found = self._begin(check, guardrail)
            if isinstance(found, Verdict) and found.stops:
                _close(waiting)
                done(found)
                return
            if not isinstance(found, Verdict):
                waiting.append((guardrail, found))
        if waiting:
            task = self._live.tasks.spawn(self._wait(check, waiting, done), f"{check.stage} guardrails")
            # A task that is cancelled before its first step leaves what it was given.
            task.add_done_callback(lambda _: _close(waiting))
        else:
            done(PASSED)

    def failed(self, check: Check, guardrail: str, reason: str) -> Verdict:
        """Record that a guardrail gave no verdict; returns what its policy makes of that."""
        closed = policy_of(check.agent, guardrail).closed(withholds=check.withholds)
        self._live.log.add(
            facts.GuardrailFailed,
            owned_by=check.agent.name,
            guardrail=guardrail,
            stage=check.stage,
            reason=reason,
            policy="fail_closed" if closed else "fail_open",
            response_id=check.response_id or "",
            text=check.text if check.stage == "output" else "",
        )
        return Verdict(guardrail, "failed") if closed else PASSED

    def _begin(self, check: Check, guardrail: Guardrail) -> Verdict | Awaitable[Any]:
        context: Any = self._live.run_context()
        agent: Any = check.agent
        try:
            result: Any = guardrail.guardrail_function(context, agent, check.text)
        except Exception as error:
            return self._raised(check, guardrail, error)
        if isawaitable(result):
            return result
        return self._judged(check, guardrail, result, self._live.tracer.guardrail(_name(guardrail), check.response_id))

    async def _wait(
        self, check: Check, waiting: list[tuple[Guardrail, Awaitable[Any]]], done: Callable[[Verdict], None]
    ) -> None:
        if len(waiting) == 1:
            done(await self._one(check, *waiting[0]))
            return
        tasks = [asyncio.ensure_future(self._one(check, guardrail, result)) for guardrail, result in waiting]
        try:
            for task in asyncio.as_completed(tasks):
                verdict = await task
                if verdict.stops:
                    done(verdict)
                    return
            done(PASSED)
        finally:
            for running in tasks:
                running.cancel()

    async def _one(self, check: Check, guardrail: Guardrail, result: Awaitable[Any]) -> Verdict:
        span = self._live.tracer.guardrail(_name(guardrail), check.response_id)
        deadline_ms = policy_of(check.agent, _name(guardrail)).deadline_ms
        work = asyncio.ensure_future(result)
        try:
            # Most have their verdict after one step, and need no clock.
            await asyncio.sleep(0)
            found = work.result() if work.done() else await limited(work, deadline_ms, self._live.clock)
        except LimitPassed:
            span.end("error")
            return self.failed(check, _name(guardrail), "timed_out")
        except Exception as error:
            span.end("error")
            return self._raised(check, guardrail, error)
        finally:
            work.cancel()
        return self._judged(check, guardrail, found, span)

    def _judged(self, check: Check, guardrail: Guardrail, result: Any, span: Any) -> Verdict:
        try:
            tripped = bool(result.tripwire_triggered)
        except Exception as error:
            span.end("error")
            return self._raised(check, guardrail, error)
        span.set(triggered=tripped, stage=check.stage).end()
        return Verdict(_name(guardrail), "tripped") if tripped else PASSED

    def _raised(self, check: Check, guardrail: Guardrail, error: Exception) -> Verdict:
        # The exception's text may quote the caller, so only its kind is logged.
        logger.warning("the guardrail %s raised %s", _name(guardrail), type(error).__name__)
        return self.failed(check, _name(guardrail), "raised")


def _name(guardrail: Guardrail) -> str:
    return guardrail.get_name()


def _close(waiting: list[tuple[Guardrail, Awaitable[Any]]]) -> None:
    """Nobody waits for these any more: a coroutine that was never begun would complain."""
    for _, result in waiting:
        if not iscoroutine(result):
            cancel = getattr(result, "cancel", None)
            if cancel is not None:
                cancel()
        elif getcoroutinestate(result) == CORO_CREATED:
            result.close()
