"""A handoff in another voice: the receiver is put in place on a session of its own that was opened ahead."""

import asyncio
from collections.abc import Callable

from huntgroup.calls.handoffs.moves import Move
from huntgroup.calls.handoffs.placing import Keep, Plan
from huntgroup.calls.model import config
from huntgroup.calls.model.responses import ResponseQueue
from huntgroup.calls.model.updates import Update
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.succession.standbys import Standbys
from huntgroup.calls.succession.succession import Succession
from huntgroup.calls.succession.switchboard import Connection, Switchboard
from huntgroup.calls.tools.tools import ToolDesk
from huntgroup.domain import facts
from huntgroup.domain.errors import ModelUnavailable
from huntgroup.domain.ids import new_id
from huntgroup.media.formats import AudioFormat

LAST_WORDS_MS = 600
POLL_MS = 20
VERDICT_MS = 2_000


class Switch:
    """Cuts the call over to a standby session with the receiver's voice; the giver's session is closed.

    All that can fail happens in `ready`, while the giver still has the call: a standby that is not there, is lost or
    refuses the receiver's configuration leaves the voice as it is, and the fact and the trace say so. `on_connected` is
    told of the session that the call was cut over to.
    """

    def __init__(
        self,
        live: LiveCall,
        keep: Keep,
        switchboard: Switchboard,
        succession: Callable[[], Succession],
        standbys: Standbys,
        responses: ResponseQueue,
        tools: ToolDesk,
        sound: AudioFormat,
        *,
        unheard: Callable[[], bool],
        on_connected: Callable[[Connection], None],
    ) -> None:
        self._live = live
        self._keep = keep
        self._switchboard = switchboard
        self._succession = succession
        self._standbys = standbys
        self._responses = responses
        self._tools = tools
        self._sound = sound
        self._unheard = unheard
        self._on_connected = on_connected
        self._taken: dict[str, Connection] = {}

    async def ready(self, move: Move, plan: Plan) -> None:
        """Take the receiver's standby and configure it with all that it is told; without one the voice stays."""
        live = self._live
        voice = config.voice_of(live.team, move.to, live.profile)
        if voice == config.voice_now(live.log.facts, live.team, live.profile):
            move.voice = "keep"
            return
        try:
            connection = self._standbys.take(move.to)
        except ModelUnavailable as error:
            self._fall_back(move, error.reason)
            return
        try:
            wanted = config.session_config(live, plan.toolset, connection.profile, self._sound, voice=voice)
            await connection.configure(wanted, VERDICT_MS, live.clock)
            await self._last_words()
        except ModelUnavailable as error:
            self._switchboard.hang_up(connection)
            self._fall_back(move, error.reason)
        except asyncio.CancelledError:
            self._switchboard.hang_up(connection)
            raise
        else:
            self._taken[move.ask.ask_id] = connection

    def apply(self, move: Move, plan: Plan, on_accepted: Callable[[], None]) -> Update:
        """Cut over between two events: commit, seed, feed and ask the receiver's session, and close the giver's."""
        connection = self._taken.pop(move.ask.ask_id, None)
        if connection is not None and connection.lost is not None:
            self._fall_back(move, connection.lost)
            connection = None
        if connection is None:
            return self._keep.apply(move, plan, on_accepted)
        if move.call is not None:
            self._tools.answered(move.call, move.answer, go_on=False)
        succession = self._succession()
        succession.detach()
        succession.owe_nothing()
        on_accepted()
        self._responses.release(first=move.ask)
        succession.attach(connection)
        self._on_connected(connection)
        return _accepted(plan)

    def undo(self, move: Move, *, rejected: bool) -> None:
        """Only a move that fell back can be undone: a cut-over is decided when it happens."""
        self._keep.undo(move, rejected=rejected)

    def settled(self, move: Move) -> None:
        """The giver's session was closed at the cut-over."""

    async def _last_words(self) -> None:
        """Let the giver's reply end, and the caller's words be understood, so that they are told and not heard again.

        The transcript of the turn that asked for the transfer may still be on its way.
        """
        for _ in range(LAST_WORDS_MS // POLL_MS):
            if not (self._responses.writing or self._unheard()):
                return
            await self._live.clock.sleep_ms(POLL_MS)

    def _fall_back(self, move: Move, reason: str) -> None:
        move.voice = "keep"
        move.span.set(standby=reason)
        self._live.log.add(facts.StandbyFailed, to_agent=move.to, reason=reason[:80])


def _accepted(plan: Plan) -> Update:
    accepted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    accepted.set_result(None)
    return Update(new_id("upd"), plan.toolset.instructions, accepted, None)
