"""A handoff is a transaction: propose, prepare, apply in one pipeline, then commit or roll back.

At every moment one agent owns the call. The receiver's first sound is held back until the server has accepted its
instructions and tools; an error for the update, or silence past the deadline, gives the call back to the giver.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from huntgroup.calls import hooks, takeover
from huntgroup.calls.gap import GapMeter
from huntgroup.calls.live import LiveCall
from huntgroup.calls.mouth import Mouth
from huntgroup.calls.moves import Move, Proposal, admit, returns_after
from huntgroup.calls.responses import Ask, ResponseQueue
from huntgroup.calls.toolrun import Answer, Invocation, refusal
from huntgroup.calls.tools import ToolDesk
from huntgroup.calls.toolset import Return, Toolset, resolve
from huntgroup.calls.updates import SessionUpdates, Update, UpdateRejected, within
from huntgroup.domain import facts
from huntgroup.domain.errors import ClaimMissing, HandoffRefused, TellModel, ToolFailed, ToolTimedOut
from huntgroup.domain.ids import new_id
from huntgroup.wire.realtime import (
    ContentPart,
    ConversationItemCreate,
    ConversationItemDelete,
    MessageItem,
    SessionConfig,
)

logger = logging.getLogger(__name__)


class HandoffDesk:
    """Moves the call between agents.

    It is told of complete responses with transfers (`propose`) and of new responses; `item_ids` returns the items of
    the model's conversation, oldest first.
    """

    def __init__(
        self,
        live: LiveCall,
        mouth: Mouth,
        responses: ResponseQueue,
        tools: ToolDesk,
        updates: SessionUpdates,
        gap: GapMeter,
        item_ids: Callable[[], list[str]],
    ) -> None:
        self._live = live
        self._mouth = mouth
        self._responses = responses
        self._tools = tools
        self._updates = updates
        self._item_ids = item_ids
        self._running: Move | None = None
        self._gap = gap

    @property
    def busy(self) -> bool:
        return self._running is not None

    def propose(self, calls: list[Invocation]) -> None:
        """Take the transfers of one complete response: the first that may happen wins, the others are ignored."""
        winner: Move | None = None
        for call in calls:
            if winner is None and self._running is None:
                winner = self._admit(call)
            else:
                self._refuse(
                    call,
                    HandoffRefused("ignored", "another transfer of the same reply is under way"),
                )
        if winner is not None:
            self._begin(winner)

    def response_created(self, response_id: str, ask: Ask) -> None:
        """Hold back a receiver's sound until the move is committed."""
        move = self._running
        if move is not None and ask.reason == "handoff":
            move.response_id = response_id
            self._mouth.hold(response_id)
        else:
            self._gap.response_created(response_id, ask)

    # -- propose ------------------------------------------------------------------------------------------------

    def _admit(self, call: Invocation) -> Move | None:
        try:
            proposal = admit(self._live, call)
        except TellModel as error:
            self._refuse(call, error)
            return None
        return self._move(proposal, call)

    def _move(self, proposal: Proposal, call: Invocation) -> Move:
        edge = proposal.edge
        move = Move(
            edge=edge,
            back=proposal.back,
            call=call,
            payload=proposal.payload,
            returns=returns_after(self._live, proposal),
            span=self._live.tracer.handoff(self._live.owner, edge.frm if proposal.back else edge.to),
            started_ms=self._live.line.now_ms(),
            ask=Ask(reason="handoff", agent=edge.frm if proposal.back else edge.to),
        )
        self._note(facts.HandoffProposed, move, tool_call_id=call.tool_call_id)
        return move

    def _note(self, fact_type: type[facts.FactBase], move: Move, **fields: Any) -> None:
        self._live.log.add(fact_type, from_agent=move.frm, to_agent=move.to, **fields)

    def _refuse(self, call: Invocation, error: TellModel) -> None:
        reason = ", ".join(error.needs) if isinstance(error, ClaimMissing) else error.code
        action = self._live.toolset.actions.get(call.name)
        target = action.edge.frm if isinstance(action, Return) else getattr(action, "to", call.name[:64])
        self._live.log.add(
            facts.HandoffRefused,
            owned_by=call.agent,
            from_agent=call.agent,
            to_agent=target,
            tool_call_id=call.tool_call_id,
            reason=reason,
        )
        self._tools.answered(call, refusal(error))

    # -- prepare and apply ----------------------------------------------------------------------------------------

    def _begin(self, move: Move) -> None:
        self._running = move
        self._responses.hold()
        if move.edge.opener == "bridge" and move.edge.phrase and not move.back:
            self._bridge(move.edge.phrase)
        self._live.tasks.spawn(self._transact(move), f"handoff to {move.to}")

    def _bridge(self, phrase: str) -> None:
        say = Ask(
            reason="bridge",
            agent=self._live.owner,
            instructions=f'Say exactly: "{phrase}"',
            tools=False,
        )
        self._responses.release(first=say)
        self._responses.hold()

    async def _transact(self, move: Move) -> None:
        try:
            async with asyncio.timeout(move.edge.deadline_ms / 1000):
                toolset = await self._prepare(move)
        except TimeoutError:
            self._abandon(move, ToolTimedOut(f"{move.to} cannot take the call now; carry on yourself"))
            return
        except TellModel as error:
            self._abandon(move, error)
            return
        update = self._apply(move, toolset)
        try:
            await within(update, move.edge.deadline_ms, self._live.clock)
        except (UpdateRejected, TimeoutError) as error:
            self._updates.give_up(update)
            self._roll_back(move, str(error) or "deadline", restore=isinstance(error, TimeoutError))

    async def _prepare(self, move: Move) -> Toolset:
        """Resolve the receiver before anything is sent; its own code may fail, and then the giver goes on."""
        context = self._live.run_context()
        visible = takeover.seen_by(self._live.team.agent(move.to), move.payload)
        told = takeover.return_text(move.edge, visible) if move.back else takeover.takeover_text(move.edge, visible)
        if move.back and move.edge.policy != "full":
            told = f"{told}\n{takeover.so_far(self._live.log.facts)}"
        try:
            if move.edge.sdk is not None and not move.back:
                arguments = move.call.arguments if move.call is not None else ""
                await move.edge.sdk.on_invoke_handoff(context, arguments)
            return await resolve(self._live.team, move.to, context, move.returns, told)
        except Exception as error:
            logger.warning("handoff to %s could not be prepared: %s", move.to, type(error).__name__)
            raise ToolFailed(f"{move.to} cannot take the call now; carry on yourself") from error

    def _apply(self, move: Move, toolset: Toolset) -> Update:
        """Send the changed fields, the tool's answer and the request for a response, in this order, without waiting.

        The commit happens in the moment of acceptance, before any later event of the model is looked at.
        """
        update = self._updates.send(
            SessionConfig(instructions=toolset.instructions, tools=list(toolset.specs)),
            on_accepted=lambda: self._commit(move, toolset),
        )
        if move.call is not None:
            self._tools.answered(move.call, Answer('{"ok": true, "status": "transferred"}', True), go_on=False)
        keep = frozenset({move.call.item_id} if move.call is not None else ())
        move.hidden = takeover.hidden_items(move.edge.policy, self._item_ids(), keep) if not move.back else []
        for item_id in move.hidden:
            self._live.model.send(ConversationItemDelete(event_id=new_id("del"), item_id=item_id))
        self._responses.release(first=move.ask)
        return update

    # -- commit or roll back --------------------------------------------------------------------------------------

    def _commit(self, move: Move, toolset: Toolset) -> None:
        live = self._live
        source, target = live.agent, live.team.agent(move.to)
        live.owner, live.toolset, live.returns = move.to, toolset, move.returns
        live.hops += 0 if move.back else 1
        self._running = None
        self._gap.begin(move)
        self._responses.hand_over(move.to)
        move.committed = True
        if move.back:
            live.log.add(
                facts.HandoffReturned,
                from_agent=move.frm,
                to_agent=move.to,
                result=move.payload,
            )
        self._note(
            facts.HandoffCommitted,
            move,
            tool_call_id=move.call.tool_call_id if move.call is not None else None,
            brief=move.payload,
            opener=move.edge.opener,
            voice=move.edge.voice,
            apply_ms=live.line.now_ms() - move.started_ms,
        )
        if move.response_id is not None:
            self._mouth.release(move.response_id)
        self._live.tasks.spawn(_tell_hooks(live, source, target), "handoff hooks")

    def _roll_back(self, move: Move, reason: str, *, restore: bool) -> None:
        """Give the call back to the giver, who says so and carries on; nothing of the receiver is ever heard."""
        self._running = None
        self._responses.kill(move.ask)
        if move.response_id is not None:
            self._mouth.bury(move.response_id)
        if restore:
            giver = self._live.toolset
            self._updates.send(SessionConfig(instructions=giver.instructions, tools=list(giver.specs)))
        self._note(facts.HandoffRolledBack, move, reason=reason)
        move.span.set(reason=reason).end("error")
        self._tell_giver(move)
        self._responses.release(first=Ask(reason="rollback", agent=move.frm))

    def _tell_giver(self, move: Move) -> None:
        """Tell the model of the failed transfer, and again what was taken out of its memory for the receiver."""
        note = f"The transfer to {move.to} did not work. Say so in a few words and carry on with the caller yourself."
        if move.hidden:
            note = f"{note}\n{takeover.so_far(self._live.log.facts)}"
        part = ContentPart(type="input_text", text=note)
        self._live.model.send(
            ConversationItemCreate(event_id=new_id("note"), item=MessageItem(role="system", content=[part]))
        )

    def _abandon(self, move: Move, error: TellModel) -> None:
        """Nothing was sent yet: answer the tool call with the reason, and the giver goes on."""
        self._running = None
        self._note(facts.HandoffRolledBack, move, reason=error.code)
        move.span.set(reason=error.code).end("error")
        if move.call is not None:
            self._tools.answered(move.call, refusal(error))
        self._responses.release()

    def settle(self) -> None:
        """The call is over: a move that is not committed is rolled back in the record."""
        move, self._running = self._running, None
        if move is not None and not move.committed:
            self._note(facts.HandoffRolledBack, move, reason="call_ended")


async def _tell_hooks(live: LiveCall, source: Any, target: Any) -> None:
    context = live.run_context()
    await hooks.handed_off(context, source, target)
    await hooks.agent_ended(context, source, "")
    await hooks.agent_started(context, target)
