"""What counts as a turn: how long a voice lasts, whether it is our own sound come back, and what its words say."""

from huntgroup.calls.sound.mouth import Mouth
from huntgroup.calls.state.conversation import CallerTurn
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.telemetry.tracing import Span
from huntgroup.calls.turns.bids import NEAR_LEAST_MS, NEAR_STOP_MS, Bid, asks
from huntgroup.media.echo import EchoJudge
from huntgroup.media.formats import AudioFormat
from huntgroup.media.transcode import Transcoder
from huntgroup.media.voiced import VoiceMeter
from huntgroup.teams import VoiceAgent
from huntgroup.teams.backchannels import words_of

# A server waits after the last sound before it says that a turn is over, and counts from before the first one.
HANGOVER_MS = 900
LOOK_EVERY_MS = 100
# While nobody bids for the floor nothing is judged, and frames are taken in some at a time.
FRAMES_AT_ONCE = 5
SAID_LATELY = 3


class TurnJudge:
    """Judges bids for the floor, by the team's policy. `frame` must be called at every frame of the line."""

    def __init__(self, live: LiveCall, mouth: Mouth) -> None:
        self._live = live
        self._policy = live.team.barge_in
        self._mouth = mouth
        self._meter = VoiceMeter()
        self._decoder = Transcoder(live.line.format, AudioFormat("audio/pcm", live.line.format.rate_hz))
        self._echo = EchoJudge(live.line.format)
        self._next_look_ms = 0
        self._waiting: list[tuple[bytes, int]] = []

    def frame(self, audio: bytes, now_ms: int, *, at_once: bool) -> None:
        """Take a frame of the caller in the line's format; `at_once` while a bid is open."""
        self._waiting.append((audio, now_ms))
        if at_once or len(self._waiting) >= FRAMES_AT_ONCE or not self._mouth.certain:
            self._take_in()

    def _take_in(self) -> None:
        """Measure what waits, and pair it with what sounded meanwhile."""
        frames, self._waiting = self._waiting, []
        if not frames:
            return
        fmt = self._live.line.format
        for audio, end_ms in frames:
            self._meter.push(self._decoder.push(audio), end_ms, int(fmt.duration_ms(len(audio))))
        played = self._mouth.listen()
        self._echo.push(b"".join(audio for audio, _ in frames), played, goes_on=self._mouth.audible)

    def bid(self, turn: CallerTurn, span: Span) -> Bid:
        """Return a bid for the floor that begins with this turn, over what the agent just says."""
        self._take_in()
        bid = Bid(turn, self._has_asked(), span)
        if self._policy.echo:
            bid.look(self._echo.judge(LOOK_EVERY_MS))
        return bid

    def look_is_due(self, now_ms: int) -> bool:
        """Whether it is time for open bids to `look` at the sound again; no, until the next time, once it said so."""
        if not self._policy.echo or now_ms < self._next_look_ms:
            return False
        self._next_look_ms = now_ms + LOOK_EVERY_MS
        return True

    def look(self, bid: Bid) -> None:
        """Take one more look at whose sound it is."""
        bid.look(self._echo.judge(LOOK_EVERY_MS))

    def silences(self, bid: Bid) -> bool:
        """Whether the agent should fall silent, for the voice has lasted long enough to be a bid in earnest."""
        patience_ms = self._policy.patience_ms
        return self._lasts(bid, min(patience_ms, NEAR_STOP_MS) if bid.echoes else patience_ms)

    def is_certain(self, bid: Bid) -> bool:
        """Whether the voice has lasted so long that it is a turn, whatever is said."""
        return self._lasts(bid, self._policy.certain_ms)

    def reason_to_ignore(self, bid: Bid, text: str) -> str | None:
        """Why the words are no turn; None when they are."""
        words, said = words_of(text), words_of(self._mouth.said.said_lately(SAID_LATELY))
        if bid.is_echo or bid.reads_as_echo(words, said):
            return "echo"
        if bid.echoes:
            # Our own words stand before and between the caller's, who may have said nothing but "uh-huh" over them.
            words = [word for word in words if word not in said]
            text = " ".join(words)
        if not self._mouth.audible:
            return None
        if not words:
            return "noise"
        asked = bid.asked or self._has_asked()
        return "backchannel" if not asked and self._policy.passes_over(text, self._languages()) else None

    def _lasts(self, bid: Bid, ms: int) -> bool:
        """Whether the bid's voice has lasted so long: by its level, or by the server's word when it is too soft."""
        if bid.echoes:
            return bid.near_ms >= max(ms, NEAR_LEAST_MS)
        since_ms = bid.turn.start_ms
        return self._meter.voiced_ms(since_ms) >= ms or self._live.line.now_ms() - since_ms >= ms + HANGOVER_MS

    def _has_asked(self) -> bool:
        """Whether the agent has just asked something."""
        return asks(*self._mouth.said.last_heard())

    def _languages(self) -> tuple[str, ...]:
        agent = self._live.agent
        return agent.languages if isinstance(agent, VoiceAgent) else ("en",)
