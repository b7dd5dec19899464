"""The tool desk: takes tool calls out of responses, answers each exactly once, and lets the agent go on."""

from collections.abc import Awaitable, Callable

from agents import FunctionTool

from huntgroup.calls.model.responses import ResponseQueue
from huntgroup.calls.sound.mouth import Mouth
from huntgroup.calls.state.acting import acting_for
from huntgroup.calls.state.asks import Ask
from huntgroup.calls.state.invocation import Answer, Invocation, interrupted, refusal
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.state.toolset import Toolset
from huntgroup.calls.telemetry.tracing import Span
from huntgroup.calls.tools.authorise import refuse_foreign
from huntgroup.calls.tools.consent import seek_approval
from huntgroup.calls.tools.fillers import Fillers
from huntgroup.calls.tools.late import LateResults
from huntgroup.calls.tools.toolnotes import note_answer, note_call
from huntgroup.calls.tools.toolrun import find, run_tool
from huntgroup.domain.errors import Retracted, TellModel, UnknownTool
from huntgroup.teams import Late, VoiceTool, effect_of
from huntgroup.teams.tool import DEFAULT_PATIENCE_MS
from huntgroup.wire.realtime import FunctionCallOutputItem

POLL_MS = 50
Work = Callable[[Invocation], Awaitable[Answer]]


class ToolDesk:
    """Answers tool calls of one call.

    `answered` sends an answer once per call id. When all calls of a response are answered the agent that owns the call
    is asked to speak, unless the call has changed hands since: then the tool says what becomes of it (`late`). An
    agent that has said its last words before a tool ended the call is not asked again. A call is judged by the tools
    that its agent had when it was made, and once more when it is run. `cleared` returns when guardrails have judged all
    of a response: tools that write or end the call wait for it, and none of a retracted response begins.
    """

    def __init__(
        self,
        live: LiveCall,
        mouth: Mouth,
        responses: ResponseQueue,
        cleared: Callable[[str], Awaitable[None]],
    ) -> None:
        self._live = live
        self._cleared = cleared
        self._mouth = mouth
        self._responses = responses
        self._fillers = Fillers(live, mouth, responses)
        self._open: dict[str, Invocation] = {}
        self._toolsets: dict[str, Toolset] = {}
        self._seen: set[str] = set()
        self._writing: set[str] = set()
        self._interrupted: set[str] = set()
        self._retracted: set[str] = set()
        self._callers: dict[str, str] = {}
        self._late = LateResults(live, responses)
        self._frozen = False
        self._results: list[tuple[Invocation, Answer, int, Span]] = []

    @property
    def busy(self) -> bool:
        """Whether a tool call is not answered yet."""
        return bool(self._open)

    @property
    def open_calls(self) -> frozenset[str]:
        """Ids of the calls that are not answered yet."""
        return frozenset(self._open)

    def called_in(self, response_id: str) -> bool:
        """Whether tools were called in a response and the agent has not gone on after them."""
        return response_id in self._callers

    def accept(self, call: Invocation) -> bool:
        """Note a tool call; False when its id was seen before."""
        if call.tool_call_id in self._seen:
            return False
        self._seen.add(call.tool_call_id)
        self._open[call.tool_call_id] = call
        self._toolsets[call.tool_call_id] = self._live.toolset
        self._writing.add(call.response_id)
        self._note(call)
        return True

    def start(self, call: Invocation) -> None:
        """Run an accepted call of a function tool as a task."""
        self._live.tasks.spawn(self._serve(call, self._use_tool), f"tool {call.name[:64]}")

    def start_work(self, call: Invocation, work: Work) -> None:
        """Answer an accepted call by other work than a function tool."""
        self._live.tasks.spawn(self._serve(call, work), f"work {call.name[:64]}")

    def response_done(self, response_id: str, *, cancelled: bool) -> None:
        """Note that the response is complete: now its calls may be all that there are."""
        self._writing.discard(response_id)
        if cancelled:
            self._interrupted.add(response_id)
        self._go_on(response_id)

    def cut_short(self, response_id: str) -> None:
        """Note that the caller spoke over the words of a response, even if it was complete."""
        self._interrupted.add(response_id)

    def retract(self, response_id: str) -> None:
        """Let no tool of a response begin any more, and nobody be asked to speak about those that did."""
        self._retracted.add(response_id)
        self._callers.pop(response_id, None)

    def answered(
        self,
        call: Invocation,
        answer: Answer,
        *,
        duration_ms: int = 0,
        go_on: bool = True,
        send: bool = True,
    ) -> None:
        """Send the answer of a call and record it; a second answer for the same id is dropped.

        `send` is False when the call is in the model's conversation no more.
        """
        if self._open.pop(call.tool_call_id, None) is None:
            return
        self._toolsets.pop(call.tool_call_id, None)
        if send:
            item = FunctionCallOutputItem(call_id=call.tool_call_id, output=answer.output)
            self._live.model.send(self._live.items.create(item, "out"))
        note_answer(self._live, call, answer, duration_ms)
        if go_on:
            self._go_on(call.response_id)

    def freeze(self) -> None:
        """A handoff is being applied: results wait, for nobody knows yet whose they are to be."""
        self._frozen = True

    def thaw(self) -> None:
        """It is decided who has the call: results go to it, or are late."""
        self._frozen = False
        results, self._results = self._results, []
        for result in results:
            self._deliver(*result)

    def _deliver(self, call: Invocation, answer: Answer, duration_ms: int, span: Span) -> None:
        if self._frozen:
            self._results.append((call, answer, duration_ms, span))
            return
        if call.agent == self._live.owner or call.tool_call_id not in self._open:
            self.answered(call, answer, duration_ms=duration_ms)
            return
        known, rule = self._live.items.has_call(call.tool_call_id), self._late_rule(call)
        span.set(late=rule)
        told = self._late.take(call, answer, rule)
        self.answered(call, told, duration_ms=duration_ms, go_on=False, send=known)

    def _late_rule(self, call: Invocation) -> Late:
        action = self._toolsets[call.tool_call_id].actions.get(call.name)
        return action.late if isinstance(action, VoiceTool) else "deliver"

    def settle(self) -> None:
        """Record an answer for every open call; the model is gone or about to be."""
        for call in list(self._open.values()):
            del self._open[call.tool_call_id]
            note_answer(self._live, call, Answer('{"ok": false, "error": "call_ended"}', False, "call_ended"), 0)

    def abandon(self) -> None:
        """Leave open calls open in the record: another process has the call, or will have it."""
        self._open.clear()

    async def _serve(self, call: Invocation, work: Work) -> None:
        started_ms = self._live.line.now_ms()
        span = self._live.tracer.tool(call.name[:64], call.agent, call.tool_call_id)
        try:
            with span.active(), acting_for(call.agent):
                answer = await work(call)
        except TellModel as error:
            answer = refusal(error)
        span.set(ok=answer.ok, error=answer.error).end("ok" if answer.error is None else "error")
        self._deliver(call, answer, self._live.line.now_ms() - started_ms, span)

    async def allowed(self, call: Invocation) -> None:
        """Return when guardrails have judged all of a call's reply and let it stand; raises `Retracted` otherwise."""
        await self._cleared(call.response_id)
        self._check_retracted(call)

    def _check_retracted(self, call: Invocation) -> None:
        if call.response_id in self._retracted:
            raise Retracted("A rule stopped this reply; this was not done.")

    async def _use_tool(self, call: Invocation) -> Answer:
        tool = self._find(call)
        effect = effect_of(tool)
        if effect == "terminal" and not await self._heard(call.response_id):
            return interrupted()
        if effect != "read":
            await self._cleared(call.response_id)
        self._check_retracted(call)
        await seek_approval(self._live, tool, call)
        self._check_retracted(call)
        patience_ms = tool.patience_ms if isinstance(tool, VoiceTool) else DEFAULT_PATIENCE_MS
        with self._fillers.watch(call.name, call.tool_call_id, patience_ms):
            return await run_tool(self._live, tool, call)

    def _find(self, call: Invocation) -> FunctionTool:
        """Return the tool that a call names. Raises `NotAuthorised` when it is a colleague's, or `UnknownTool`."""
        try:
            return find(self._toolsets[call.tool_call_id], call.name)
        except UnknownTool:
            refuse_foreign(self._live.team, call.name)
            raise

    def patiently(self, work: Work) -> Work:
        """Return `work` with a filler for when it is slow."""

        async def watched(call: Invocation) -> Answer:
            with self._fillers.watch(call.name, call.tool_call_id, DEFAULT_PATIENCE_MS):
                return await work(call)

        return watched

    async def _heard(self, response_id: str) -> bool:
        """Wait until all words of a response were heard; False when the caller interrupted them."""
        while response_id in self._writing or self._mouth.said.is_pending(response_id):
            if response_id in self._interrupted:
                return False
            self._mouth.catch_up()
            await self._live.clock.sleep_ms(POLL_MS)
        return response_id not in self._interrupted

    def _go_on(self, response_id: str) -> None:
        waiting = any(call.response_id == response_id for call in self._open.values())
        if waiting or response_id in self._writing or response_id not in self._callers:
            return
        owner = self._callers.pop(response_id)
        if owner != self._live.owner:
            return
        ending = self._live.ending is not None
        if not (ending and self._mouth.said.has_spoken(response_id)):
            self._responses.ask(Ask(reason="tool", agent=owner, tools=not ending))

    def _note(self, call: Invocation) -> None:
        self._callers.setdefault(call.response_id, call.agent)
        note_call(self._live, self._live.toolset, call)
