"""One model session of a call follows another: what belonged to the old one is settled, the new one told and asked.

The mouth, the ledger and the tools belong to the call and go on. What is sent and never answered, what waits for a
verdict, the server's items and its audio time belong to a session.
"""

from collections.abc import Callable
from dataclasses import dataclass

from huntgroup.calls.dispatch.replies import Replies
from huntgroup.calls.handoffs.consults import ConsultDesk
from huntgroup.calls.model import config
from huntgroup.calls.model.exchange import ActiveResponse
from huntgroup.calls.model.responses import ResponseQueue
from huntgroup.calls.model.updates import SessionUpdates, Update
from huntgroup.calls.sound.mouth import Mouth
from huntgroup.calls.sound.utterance import Spoken
from huntgroup.calls.state.asks import Ask
from huntgroup.calls.state.conversation import CallerTurn, Conversation
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.state.reasons import Reason
from huntgroup.calls.succession.announcer import is_of_house
from huntgroup.calls.succession.seeding import LEFT_OUT, message, seed_items
from huntgroup.calls.succession.switchboard import Connection, Switchboard
from huntgroup.calls.tools.tools import ToolDesk
from huntgroup.calls.turns.callersound import CallerSound
from huntgroup.calls.turns.floor import Floor
from huntgroup.media.formats import FRAME_MS, AudioFormat
from huntgroup.wire.realtime import Item, MessageItem, SessionConfig

GO_ON = (
    "The connection to you broke while you were speaking. The caller heard only what stands above. "
    "Say what is missing, without a greeting and without starting over."
)
LOOK_BACK_MS = 600
MODEL_LOST = "model_lost"


@dataclass(frozen=True)
class Succeeded:
    """What a new session was given: how many items, and whether they and the caller's sound are all there was."""

    items: int
    whole: bool


class Succession:
    """Settles what belongs to the session that is over (`detach`) and puts another in its place (`attach`).

    `pending_keys` says how many keys of the caller are not passed on yet. `on_broken_off` is told of a response that
    ends unfinished, `on_configuration` of the update that configures a session which was not configured ahead,
    `on_unheard` of each turn of the caller whose words are lost, `on_heard_again` of each that is a turn once more.
    """

    def __init__(
        self,
        live: LiveCall,
        switchboard: Switchboard,
        sound: AudioFormat,
        *,
        mouth: Mouth,
        responses: ResponseQueue,
        replies: Replies,
        tools: ToolDesk,
        updates: SessionUpdates,
        consults: ConsultDesk,
        conversation: Conversation,
        caller: CallerSound,
        floor: Floor,
        on_broken_off: Callable[[str], None],
        pending_keys: Callable[[], int],
        on_configuration: Callable[[Update], None],
        on_unheard: Callable[[CallerTurn], None],
        on_heard_again: Callable[[CallerTurn], None],
    ) -> None:
        self._live = live
        self._switchboard = switchboard
        self._sound = sound
        self._mouth = mouth
        self._responses = responses
        self._replies = replies
        self._tools = tools
        self._updates = updates
        self._consults = consults
        self._conversation = conversation
        self._caller = caller
        self._floor = floor
        self._on_broken_off = on_broken_off
        self._pending_keys = pending_keys
        self._on_configuration = on_configuration
        self._on_unheard = on_unheard
        self._on_heard_again = on_heard_again
        self._owed: Ask | None = None
        self._broke_off: str | None = None
        self._foreign: set[str] = set()
        self._listen_from_ms = 0

    @property
    def owes(self) -> bool:
        """Whether something that was asked of the session before is to be asked again."""
        return self._owed is not None

    def owe_nothing(self) -> None:
        """Forget what was asked of the session before: it was the giver's to say, and the receiver answers the rest."""
        self._owed = self._broke_off = None

    def knows(self, item_id: str) -> bool:
        """Whether the present session has made this spoken item, and not one before it, or the house."""
        return item_id not in self._foreign and not is_of_house(item_id)

    def detach(self) -> bool:
        """The session is over: nothing is sent any more. True when somebody waits for an answer or is speaking."""
        # Whose turn it is was open: no word of it comes from here any more, and what was put off must be done first.
        self._floor.abandon()
        now_ms = self._live.line.now_ms()
        lost = self._responses.suspend()
        if lost is not None:
            goes_on = self._broken_off(lost)
            self._owed = None if goes_on or lost.dead else lost.ask
            self._on_broken_off(lost.response_id)
        self._foreign.update(self._mouth.said.item_ids())
        self._mouth.break_off()
        self._updates.abandon(MODEL_LOST)
        unheard_ms = self._conversation.unheard_from_ms(now_ms)
        self._listen_from_ms = self._heard_until_ms(now_ms) if unheard_ms is None else unheard_ms
        self._caller.wait(self._listen_from_ms)
        waited_for = lost is not None and not lost.dead
        return waited_for or unheard_ms is not None or self._responses.busy or self._tools.busy

    def attach(self, connection: Connection) -> Succeeded:
        """Put the call through to a session that is open: configure, seed, feed and ask it, without waiting."""
        now_ms = self._live.line.now_ms()
        unheard_ms = self._conversation.unheard_from_ms(now_ms)
        lost, again = self._conversation.restart(self._listen_from_ms)
        for turn in lost:
            self._on_unheard(turn)
        for turn in again:
            self._on_heard_again(turn)
        self._live.items.restart()
        self._live.profile = connection.profile
        self._switchboard.put_through(connection)
        wanted = self.configuration(connection)
        ahead = connection.configured == wanted
        self._updates.restart(wanted if ahead else None)
        if not ahead:
            self._on_configuration(self._updates.send(wanted))
        seeds = self._seeds()
        for item in seeds:
            self._create(item)
        self._consults.ask_again()
        whole = self._caller.restart(self._listen_from_ms)
        self._ask(heard_again=unheard_ms is not None)
        complete = not lost and _text(seeds[:1]) != LEFT_OUT
        return Succeeded(len(seeds), whole and complete)

    def replace(self, connection: Connection) -> Succeeded:
        """Put the call through from one living session to another that was configured ahead."""
        self.detach()
        return self.attach(connection)

    def configuration(self, connection: Connection) -> SessionConfig:
        """Return what a session must be configured with for the agent that has the call."""
        live = self._live
        voice = config.voice_now(live.log.facts, live.team, connection.profile)
        return config.session_config(live, live.toolset, connection.profile, self._sound, voice=voice)

    def spoken(self, spoken: Spoken) -> None:
        """Words that an earlier session made, or the house, were heard: the present one is to know of them."""
        if spoken.heard_text and not self.knows(spoken.utterance.item_id) and self._switchboard.connected:
            self._create(message("assistant", spoken.heard_text.strip()))

    def _seeds(self) -> list[Item]:
        return seed_items(
            self._live.log.facts,
            self._live.team,
            running=self._tools.open_calls,
            pending_keys=self._pending_keys(),
        )

    def _broken_off(self, lost: ActiveResponse) -> bool:
        """Settle a response that had begun; True when the agent goes on by itself once its tools have answered."""
        if not lost.response_id:
            return False
        gone_on_with = not lost.dead and self._mouth.said.has_spoken(lost.response_id)
        self._broke_off = lost.response_id if gone_on_with else None
        return self._replies.broken_off(lost.response_id)

    def _ask(self, *, heard_again: bool) -> None:
        """Ask for what is owed, unless the caller's words come again: then the turn asks for itself."""
        owed, self._owed = self._owed, None
        again = self._asked_again(owed) if owed is not None else None
        broke_off, self._broke_off = self._broke_off, None
        plain = again is not None and again.instructions is None
        if again is None or (plain and heard_again):
            self._responses.reconnect()
        elif plain and broke_off is not None:
            self._responses.reconnect()
            self._live.tasks.spawn(self._go_on(again, broke_off, self._live.turn), "go on")
        else:
            self._responses.reconnect(again)

    async def _go_on(self, ask: Ask, broke_off: str, turn: int) -> None:
        """Once all that there is of a broken reply was heard, ask for the rest; a caller who speaks ends that."""
        while self._mouth.said.is_pending(broke_off):
            self._mouth.catch_up()
            await self._live.clock.sleep_ms(FRAME_MS)
        if self._live.turn == turn and self._live.ending is None and not self._responses.busy:
            self._create(message("system", GO_ON))
            self._responses.ask(ask)

    def _asked_again(self, ask: Ask) -> Ask | None:
        """Return what to ask instead; None for what only made sense then.

        That is also a handoff that was rolled back, and the question of an approval that was answered.
        """
        if ask.reason is Reason.HANDOFF and ask.agent != self._live.owner:
            return None
        if self._live.approvals.is_over(ask.approval_of):
            return None
        return ask.again(Reason.RESUME, self._live.owner)

    def _heard_until_ms(self, now_ms: int) -> int:
        """Speech is noticed a little after it began, and what was understood is not to be heard twice."""
        return max(0, now_ms - LOOK_BACK_MS, self._conversation.last_end_ms)

    def _create(self, item: Item) -> None:
        self._live.model.send(self._live.items.create(item, "seed"))


def _text(items: list[Item]) -> str | None:
    """Return the words of the first item, if it is words."""
    first = items[0] if items else None
    return str(first.content[0].text) if isinstance(first, MessageItem) else None
