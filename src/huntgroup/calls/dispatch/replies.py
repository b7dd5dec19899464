"""Responses from created to done: who owns each, which tools it calls, what it cost, what comes after it."""

from collections.abc import Callable
from functools import partial
from typing import Literal

from huntgroup.calls.handoffs.consults import ConsultDesk, specialist_of
from huntgroup.calls.handoffs.handoffs import HandoffDesk
from huntgroup.calls.model.exchange import ActiveResponse
from huntgroup.calls.model.failures import Failures
from huntgroup.calls.model.responses import ResponseQueue
from huntgroup.calls.sound.mouth import Mouth
from huntgroup.calls.state.asks import Ask, words_ordered
from huntgroup.calls.state.invocation import Invocation, interrupted
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.telemetry.tracing import Span
from huntgroup.calls.tools.tools import ToolDesk
from huntgroup.domain import facts
from huntgroup.domain.ids import new_id
from huntgroup.teams import Consult
from huntgroup.wire import realtime as rt


class Replies:
    """Follows every response of a call and hands its tool calls to the desks.

    `on_settled` is told when a response is over and its consequences are drawn; `on_stalled` of a response that the
    server stopped in the middle of, be it dead or not; `on_failing` when the model fails again and again. `closing` is
    to be set at the call's end: no tool or transfer begins any more, and what was called stays open for the tool desk
    to settle.
    """

    def __init__(
        self,
        live: LiveCall,
        *,
        mouth: Mouth,
        responses: ResponseQueue,
        tools: ToolDesk,
        handoffs: HandoffDesk,
        consults: ConsultDesk,
        on_settled: Callable[[], None],
        on_stalled: Callable[[ActiveResponse], None],
        on_failing: Callable[[], None],
    ) -> None:
        self._live = live
        self._mouth = mouth
        self._responses = responses
        self._tools = tools
        self._handoffs = handoffs
        self._consults = consults
        self._on_settled = on_settled
        self._on_stalled = on_stalled
        self._spans: dict[str, Span] = {}
        self._owners: dict[str, str] = {}
        self._turns: dict[str, int] = {}
        self._ordered: dict[str, str | None] = {}
        self._transfers: dict[str, list[Invocation]] = {}
        self._failures = Failures(live, responses, on_failing)
        self.closing = False

    def owner_of(self, response_id: str) -> str | None:
        """Return the agent for whom a response was asked; it stays the owner whoever has the call since.

        None for a response that never began: nobody knows for whom it speaks.
        """
        return self._owners.get(response_id)

    def turn_of(self, response_id: str) -> int:
        """Return the caller's turn to which a response answers, however late it is heard or cut."""
        return self._turns.get(response_id, self._live.turn)

    def ordered_of(self, response_id: str) -> str | None:
        """Return the words that a response was told to say; None when they are the agent's own."""
        return self._ordered.get(response_id)

    def created(self, event: rt.ResponseCreated) -> None:
        active = self._responses.created(event.response)
        if active is None:
            return
        if active.dead:
            self._mouth.bury(active.response_id)
            self._handoffs.undoing.response_created(active.response_id, active.ask)
            return
        self._owners[active.response_id] = active.ask.agent
        self._turns[active.response_id] = self._live.turn
        self._ordered[active.response_id] = words_ordered(active.ask.instructions)
        span = self._live.tracer.response(active.response_id, active.ask.agent, active.ask.reason)
        self._spans[active.response_id] = span
        if active.ask.filler_for is not None:
            tool, tool_call_id = active.ask.filler_for
            self._live.log.add(facts.FillerSpoken, owned_by=active.ask.agent, tool=tool, tool_call_id=tool_call_id)
        self._handoffs.response_created(active.response_id, active.ask)

    def item_added(self, response_id: str, item: rt.Item) -> None:
        """Note to which response an item belongs."""
        if isinstance(item.id, str):
            self._live.items.made_by(item.id, response_id)

    def item_done(self, event: rt.ResponseOutputItemDone) -> None:
        self._take(event.response_id, event.item)

    def done(self, event: rt.ResponseDone) -> None:
        """Draw the consequences of a whole response; transfers are proposed only now, so that one can win."""
        response = event.response
        if self._consults.response_done(response):
            self._usage(response, specialist_of(response))
            return
        ended = self._responses.done(response)
        if ended is not None:
            self._usage(response, ended.ask.agent)
            if response.usage is not None:
                self._handoffs.used(ended.response_id, response.usage)
            if ended.dead or not self._handoffs.park(ended.response_id, partial(self._conclude, ended, response)):
                self._conclude(ended, response)
        self._responses.proceed()
        self._on_settled()

    def broken_off(self, response_id: str) -> bool:
        """A response will never be done; True when its tool calls make the agent go on anyway."""
        self._end_span(response_id, "failed")
        for call in self._transfers.pop(response_id, []):
            self._tools.answered(call, interrupted(), go_on=False)
        goes_on = self._tools.called_in(response_id)
        self._tools.response_done(response_id, cancelled=False)
        return goes_on

    def _conclude(self, ended: ActiveResponse, response: rt.Response) -> None:
        status = response.status or "completed"
        self._end_span(ended.response_id, status)
        if ended.dead:
            self._drop(ended.response_id)
            return
        transfers = self._transfers.pop(ended.response_id, [])
        for item in response.output or []:
            self._take(ended.response_id, item)
        transfers = [*transfers, *self._transfers.pop(ended.response_id, [])]
        crossed = status == "cancelled" or self._responses.server.was_cut(ended.response_id)
        self._tools.response_done(ended.response_id, cancelled=crossed)
        if crossed:
            self._void(transfers)
        elif transfers and not self.closing:
            self._handoffs.propose(transfers)
        self._failures.judge(status, response, ended.ask, cut=crossed)

    def _drop(self, response_id: str) -> None:
        """A dead response is over: nothing comes of what it called."""
        self._handoffs.undoing.response_done(response_id)
        self._void(self._transfers.pop(response_id, []))
        self._tools.response_done(response_id, cancelled=True)

    def _void(self, transfers: list[Invocation]) -> None:
        """The caller spoke over the reply that asked for these transfers: they do not happen."""
        for call in transfers:
            self._tools.answered(call, interrupted(), go_on=False)

    def _take(self, response_id: str, item: rt.Item) -> None:
        """Take a finished item, from its own event or from the finished response, whichever tells it first."""
        if isinstance(item, rt.FunctionCallItem) and item.status != "incomplete":
            self._call(response_id, item)
        elif isinstance(item, rt.MessageItem) and isinstance(item.id, str):
            self._mouth.close(item.id)

    def _call(self, response_id: str, item: rt.FunctionCallItem) -> None:
        cut = self._responses.server.was_cut(response_id)
        counts = cut or self._mouth.said.takes_more(response_id)
        if self.closing or response_id not in self._owners or not counts:
            return
        if self._handoffs.park(response_id, partial(self._call, response_id, item)):
            return
        item_id = item.id if isinstance(item.id, str) else ""
        # The same item is told twice, so a call without an id of its own goes by the item's.
        call_id = item.call_id if isinstance(item.call_id, str) else item_id or new_id("call")
        turn = self.turn_of(response_id)
        call = Invocation(item.name, call_id, item.arguments, self._owners[response_id], response_id, item_id, turn)
        if not self._tools.accept(call):
            return
        if cut:
            self._tools.answered(call, interrupted(), go_on=False)
            return
        action = self._live.toolset.actions.get(item.name)
        if item.name in self._live.toolset.transfers:
            self._transfers.setdefault(response_id, []).append(call)
        elif isinstance(action, Consult):
            self._tools.start_work(call, self._tools.patiently(partial(self._consults.serve, action)))
        else:
            self._tools.start(call)

    def refused(self, code: str, ask: Ask) -> None:
        """The server will not answer a request."""
        self._failures.refused(code, ask)

    def stuck(self, ask: Ask) -> None:
        """A response that nobody here knows is in the way of this request, which waits."""
        self._failures.stuck(ask)

    def gave_up(self, code: str, lost: ActiveResponse) -> None:
        """The server answered a request with nothing, or stopped in the middle; what is dead is not asked for again."""
        goes_on = lost.dead
        if lost.response_id:
            self._on_stalled(lost)
        if lost.dead:
            self._end_span(lost.response_id, "cancelled")
            self._drop(lost.response_id)
        elif lost.response_id:
            goes_on = self.broken_off(lost.response_id)
        # Only now, for the session may be given up over it, and the next is told what there is.
        self._failures.note(code, lost.ask)
        if not goes_on:
            self._failures.retry(lost.ask)
        self._responses.proceed()

    def _usage(self, response: rt.Response, agent: str | None) -> None:
        usage = response.usage
        if usage is None:
            return
        read, made = usage.input_token_details, usage.output_token_details
        self._live.log.add(
            facts.UsageReported,
            owned_by=agent,
            response_id=response.id or "",
            input_tokens=usage.input_tokens or 0,
            output_tokens=usage.output_tokens or 0,
            cached_tokens=(read.cached_tokens or 0) if read is not None else 0,
            input_audio_tokens=(read.audio_tokens or 0) if read is not None else 0,
            output_audio_tokens=(made.audio_tokens or 0) if made is not None else 0,
        )

    def _end_span(self, response_id: str, status: str) -> None:
        span = self._spans.pop(response_id, None)
        if span is not None:
            span.set(status=status).end(_span_status(status))


def _span_status(status: str) -> Literal["ok", "error", "cancelled"]:
    if status == "completed":
        return "ok"
    return "cancelled" if status == "cancelled" else "error"
