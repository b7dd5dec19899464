"""How a receiver is put in place: the one step of a handoff that differs between voice policies."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from huntgroup.calls.handoffs import takeover
from huntgroup.calls.handoffs.moves import Move
from huntgroup.calls.handoffs.trimming import Trimmer
from huntgroup.calls.model.responses import ResponseQueue
from huntgroup.calls.model.standing import Standing
from huntgroup.calls.model.updates import SessionUpdates, Update
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.state.redaction import Redaction
from huntgroup.calls.state.toolset import Toolset
from huntgroup.calls.tools.tools import ToolDesk
from huntgroup.wire.realtime import SessionConfig


@dataclass(frozen=True, kw_only=True)
class Plan:
    """All that was resolved for a move before anything is sent; `redaction` says what the receiver may see."""

    toolset: Toolset
    redaction: Redaction


class Placing(Protocol):
    """A way to put the receiver of a move in place.

    The desk calls `ready`, then `apply`, and waits for the verdict that `apply` returns, at most the edge's deadline.
    When it fails or stays away the desk calls `undo` and the giver goes on; when it comes, the commit has happened in
    its very moment, by `on_accepted`, and the desk calls `settled`.
    """

    async def ready(self, move: Move, plan: Plan) -> None:
        """Make ready what takes time, before anything is sent. Raises `TellModel`; then the giver keeps the call."""
        ...

    def apply(self, move: Move, plan: Plan, on_accepted: Callable[[], None]) -> Update:
        """Send all of the move at once, its tool call's answer and the receiver's first ask included; never waits.

        Must call `on_accepted` exactly once, when the receiver is in place, before any later event is looked at, and
        never after `give_up` of the update that is returned.
        """
        ...

    def undo(self, move: Move, *, rejected: bool) -> None:
        """The verdict was no (`rejected`) or did not come: put the giver back in place, without waiting."""
        ...

    def settled(self, move: Move) -> None:
        """The move is committed: let go of what only the giver needed."""
        ...


class Keep:
    """The same session goes on with the receiver's instructions and tools, in the same voice."""

    def __init__(
        self, live: LiveCall, responses: ResponseQueue, tools: ToolDesk, updates: SessionUpdates, standing: Standing
    ) -> None:
        self._live = live
        self._responses = responses
        self._tools = tools
        self._updates = updates
        self._standing = standing

    async def ready(self, move: Move, plan: Plan) -> None:
        """Nothing takes time here."""

    def apply(self, move: Move, plan: Plan, on_accepted: Callable[[], None]) -> Update:
        """Send the changed fields, the tool's answer and the request for a response, in this order."""
        config = SessionConfig(instructions=plan.toolset.instructions, tools=list(plan.toolset.specs))
        update = self._updates.send(config, on_accepted)
        self._trim(move, plan)
        for whisper in self._live.whispers.open:
            self._live.model.send(self._live.items.note(whisper))
        if move.call is not None:
            self._tools.answered(move.call, move.answer, go_on=False)
        else:
            move.note = self._live.items.note(takeover.moved_text(move.frm, move.to))
            self._live.model.send(move.note)
        self._responses.let_through(move.ask)
        return update

    def undo(self, move: Move, *, rejected: bool) -> None:
        """After a silence the server may yet take the receiver's instructions; after a refusal it never will."""
        if not rejected:
            self._standing.restore()

    def settled(self, move: Move) -> None:
        """Nothing was only the giver's."""

    def _trim(self, move: Move, plan: Plan) -> None:
        """Make of the conversation what the receiver may have; all in one burst, in the order of the conversation."""
        book = self._live.items
        trimmer = Trimmer(book, self._live.log.facts, plan.redaction, move.to)
        move.trim = trimmer.trim(move.policy, move.known, move.call.item_id if move.call is not None else None)
        for item_id in move.trim.deleted:
            self._live.model.send(book.delete(item_id))
        for item_id, item in move.trim.rewritten.items():
            for event in book.replace(item_id, item):
                self._live.model.send(event)
