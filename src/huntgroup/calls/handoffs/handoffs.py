"""A handoff is a transaction: propose, prepare, apply in one pipeline, then commit or roll back.

At every moment one agent owns the call. The receiver's first sound is held back, and its tools do not run, until the
server has accepted its instructions and tools; an error for the update, or silence past the deadline, gives the call
back to the giver. How a receiver is put in place is a `Placing`, one per voice policy.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from huntgroup.calls.handoffs import takeover
from huntgroup.calls.handoffs.gap import GapMeter
from huntgroup.calls.handoffs.giving import Giver
from huntgroup.calls.handoffs.handoffgate import Gate
from huntgroup.calls.handoffs.moves import Move, Proposal, begin_move
from huntgroup.calls.handoffs.placing import Placing, Plan
from huntgroup.calls.handoffs.preparing import prepare
from huntgroup.calls.handoffs.savings import ContextMeter
from huntgroup.calls.handoffs.undoing import Undoing
from huntgroup.calls.model.responses import ResponseQueue
from huntgroup.calls.model.standing import Standing
from huntgroup.calls.model.updates import UpdateRejected, within
from huntgroup.calls.sound.mouth import Mouth
from huntgroup.calls.state.asks import Ask
from huntgroup.calls.state.deadline import limited
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.tools import hooks
from huntgroup.calls.tools.toolrun import Invocation
from huntgroup.calls.tools.tools import ToolDesk
from huntgroup.domain import facts
from huntgroup.domain.errors import HandoffRefused, TellModel, ToolTimedOut
from huntgroup.wire.realtime import Usage


class HandoffDesk:
    """Moves the call between agents.

    It is told of complete responses with transfers (`propose`), of new responses, and of what they make; `undoing` of
    dead ones. `placings` has one way to put a receiver in place per voice policy.
    """

    def __init__(
        self,
        live: LiveCall,
        mouth: Mouth,
        responses: ResponseQueue,
        tools: ToolDesk,
        standing: Standing,
        gap: GapMeter,
        placings: Mapping[str, Placing],
    ) -> None:
        self._live = live
        self._mouth = mouth
        self._responses = responses
        self._tools = tools
        self._gate = Gate(live, tools, standing)
        self._giver = Giver(live, mouth, responses, tools)
        self._gap = gap
        self._placings = placings
        self._meter = ContextMeter(live)
        self._running: Move | None = None
        self.undoing = Undoing(live, mouth, responses)

    @property
    def busy(self) -> bool:
        return self._running is not None

    def propose(self, calls: list[Invocation]) -> None:
        """Take the transfers of one complete response: the first that may happen wins, the others are ignored."""
        winner: Move | None = None
        for call in calls:
            if winner is None and self._running is None:
                proposal = self._gate.for_call(call)
                winner = self._move(proposal, call) if proposal is not None else None
            else:
                self._gate.refuse(call, HandoffRefused("ignored", "another transfer of the same reply is under way"))
        if winner is not None:
            self._begin(winner)

    def transfer(self, to: str, brief: Mapping[str, Any], by: str) -> Move:
        """Hand the call over without a tool call; returns the move under way.

        Raises `HandoffRefused`, `ClaimMissing` or `BadArguments` when it may not happen, `TeamError` when there is no
        such agent; then nothing has happened.
        """
        proposal = self._gate.for_us(to, brief, by, running=self._running is not None)
        move = self._move(proposal, None)
        self._begin(move)
        return move

    def response_created(self, response_id: str, ask: Ask) -> None:
        """Hold back a receiver's sound until the move is committed."""
        move = self._running
        if move is not None and ask.ask_id == move.ask.ask_id:
            move.response_id = response_id
            self._mouth.hold(response_id)
        else:
            self._gap.response_created(response_id, ask)

    def used(self, response_id: str, usage: Usage) -> None:
        """Take what a response in the conversation took; that of an undecided receiver counts from the commit."""
        if self._running is not None and self._running.response_id == response_id:
            self._running.usage = usage
        else:
            self._meter.used(response_id, usage)

    def park(self, response_id: str, consequence: Callable[[], None]) -> bool:
        """Keep what follows from a response of an undecided receiver until the commit; False when it is decided.

        After a rollback it never happens.
        """
        move = self._running
        if move is None or move.response_id != response_id:
            return False
        move.parked.append(consequence)
        return True

    # -- propose ------------------------------------------------------------------------------------------------

    def _move(self, proposal: Proposal, call: Invocation | None) -> Move:
        move = begin_move(self._live, proposal, call)
        move.span.set(by=move.by)
        self._note(facts.HandoffProposed, move, tool_call_id=move.tool_call_id, by=move.by)
        return move

    def _note(self, fact_type: type[facts.FactBase], move: Move, **fields: Any) -> None:
        self._live.log.add(fact_type, from_agent=move.frm, to_agent=move.to, **fields)

    # -- prepare and apply ----------------------------------------------------------------------------------------

    def _begin(self, move: Move) -> None:
        self._running = move
        self._responses.hold()
        self._live.tasks.spawn(self._transact(move), f"handoff to {move.to}")

    async def _transact(self, move: Move) -> None:
        placing = self._placings[move.voice]
        if move.call is None:
            await self._giver.let_finish(move)
        try:
            plan = await self._ready(move, placing)
        except TimeoutError:
            self._abandon(move, ToolTimedOut(f"{move.to} cannot take the call now; carry on yourself"))
        except TellModel as error:
            self._abandon(move, error)
        else:
            await self._apply(move, placing, plan)

    async def _ready(self, move: Move, placing: Placing) -> Plan:
        """Make the receiver ready; nothing is sent. Raises `TimeoutError` or `TellModel` when it may not or cannot."""
        await self._giver.allowed(move)
        self._giver.bridge(move)
        plan = await limited(prepare(self._live, move, placing), move.edge.deadline_ms, self._live.clock)
        await self._giver.allowed(move)
        return plan

    async def _apply(self, move: Move, placing: Placing, plan: Plan) -> None:
        self._tools.freeze()
        self._have_it_begin(move)
        update = placing.apply(move, plan, lambda: self._commit(move, plan))
        try:
            await within(update, move.edge.deadline_ms, self._live.clock)
            placing.settled(move)
        except (UpdateRejected, TimeoutError) as error:
            update.give_up()
            placing.undo(move, rejected=isinstance(error, UpdateRejected))
            self._roll_back(move, str(error) or "deadline")

    def _have_it_begin(self, move: Move) -> None:
        """Have the receiver of a transfer by hand speak first when there is nothing to answer, or nobody would."""
        if move.call is None and not self._responses.owes:
            words = takeover.begin_words(move.edge, move.to, back=move.back)
            move.ask = replace(move.ask, instructions=words, tools=False)

    # -- commit or roll back --------------------------------------------------------------------------------------

    def _commit(self, move: Move, plan: Plan) -> None:
        live = self._live
        source, target = live.agent, live.team.agent(move.to)
        live.owner, live.toolset, live.returns = move.to, plan.toolset, move.returns
        live.redaction = plan.redaction
        live.hops += 0 if move.back else 1
        self._running = None
        self._gap.begin(move)
        self._responses.hand_over(move.to)
        self._tell(move)
        self._meter.committed(move, plan.toolset)
        if move.usage is not None and move.response_id is not None:
            self._meter.used(move.response_id, move.usage)
        if move.response_id is not None:
            self._mouth.release(move.response_id)
        for consequence in move.parked:
            consequence()
        self._tools.thaw()
        if not self.busy:
            self._responses.release()
        live.tasks.spawn(hooks.changed_hands(live.run_context(), source, target), "handoff hooks")
        move.decide(True)

    def _tell(self, move: Move) -> None:
        """Record a commit."""
        if move.back:
            self._note(facts.HandoffReturned, move, result=move.payload)
        self._note(
            facts.HandoffCommitted,
            move,
            tool_call_id=move.tool_call_id,
            brief=move.payload,
            opener=move.edge.opener,
            voice=move.voice,
            apply_ms=self._live.line.now_ms() - move.started_ms,
        )

    def _roll_back(self, move: Move, reason: str) -> None:
        """Give the call back to the giver, who says so and carries on; nothing of the receiver is ever heard."""
        self._undone(move, reason)
        self.undoing.undo(move)
        self._responses.release(first=Ask(reason="rollback", agent=move.frm))

    def _undone(self, move: Move, reason: str) -> None:
        self._running = None
        self._note(facts.HandoffRolledBack, move, reason=reason)
        move.span.set(reason=reason).end("error")
        self._tools.thaw()
        move.decide(False)

    def _abandon(self, move: Move, error: TellModel) -> None:
        """Nothing was sent yet: answer the tool call with the reason, and the giver goes on."""
        self._undone(move, error.code)
        self._giver.carries_on(move, error)
        self._responses.release()

    def settle(self, reason: str = "call_ended") -> None:
        """The call or its model is gone: an undecided move is rolled back in the record, and nothing is sent."""
        if self._running is not None:
            self._undone(self._running, reason)
