"""What a supervisor says, in writing: a model session of its own listens, and is asked for nothing."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from huntgroup.calls.model.config import listening_config
from huntgroup.calls.ports import RealtimeModel
from huntgroup.calls.state.deadline import limited
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.succession.switchboard import Connection
from huntgroup.domain import facts
from huntgroup.domain.errors import ModelUnavailable
from huntgroup.domain.ids import new_id
from huntgroup.media.formats import FRAME_MS
from huntgroup.wire import realtime as rt

DIAL_LIMIT_MS = 5_000
AGAIN_MS = 2_000
MOST_WAITING_MS = 15_000
POLL_MS = 20
NOT_TRANSCRIBED = "supervisor_not_transcribed"


@dataclass
class Words:
    """One stretch of a supervisor's speech, in ms of the line's clock; `end_ms` is None while it lasts."""

    item_id: str
    start_ms: int
    end_ms: int | None = None
    text: str = ""


class Scribe:
    """Writes down what it is given to `hear`. `on_words` gets each stretch once, in order of the transcripts.

    A session that cannot be opened or is lost is tried again; what was said meanwhile waits, the last
    `MOST_WAITING_MS` of it. Words that were being understood when a session broke are told as "".
    """

    def __init__(self, live: LiveCall, model: RealtimeModel, on_words: Callable[[Words], None]) -> None:
        self._live = live
        self._model = model
        self._on_words = on_words
        self._waiting: deque[tuple[int, bytes]] = deque(maxlen=MOST_WAITING_MS // FRAME_MS)
        self._open: dict[str, Words] = {}
        self._connection: Connection | None = None
        self._origin_ms: int | None = None
        self._is_closed = False
        self._told = 0
        self._task = live.tasks.spawn(self._run(), "a supervisor's words")

    @property
    def busy(self) -> bool:
        """Whether words are being said or understood."""
        return bool(self._open)

    def hear(self, pcm16: bytes) -> None:
        """Take the next 20 ms of the supervisor, PCM16 at 24 kHz."""
        now_ms = self._live.line.now_ms()
        if self._is_closed:
            return
        if self._connection is None:
            self._waiting.append((now_ms, pcm16))
        else:
            self._feed(self._connection, now_ms, pcm16)

    async def finish(self, limit_ms: int) -> None:
        """Let the last words be understood; whoever still speaks has ended. What waits for a session waits on."""
        least = self._told + 1 if self._waiting else 0
        committed = False
        for _ in range(limit_ms // POLL_MS):
            if not self.busy and self._told >= least:
                return
            committed = committed or self._commit()
            await self._live.clock.sleep_ms(POLL_MS)
        if self._told < least:
            self._report(NOT_TRANSCRIBED)

    def close(self) -> None:
        """Listen no more."""
        self._is_closed = True
        self._drop()
        self._task.cancel()

    def _commit(self) -> bool:
        """End what is being said at the server, which hears no silence after it; False when nothing is."""
        if self._connection is None or all(words.end_ms is not None for words in self._open.values()):
            return False
        self._connection.send(rt.InputAudioBufferCommit())
        return True

    async def _run(self) -> None:
        if not self._model.profile.supports_transcription:
            self._is_closed = True
            self._waiting.clear()
            self._report(NOT_TRANSCRIBED)
            return
        told = False
        while not self._is_closed:
            try:
                await self._session()
            except ModelUnavailable as error:
                if not told:
                    self._report(error.reason[:200])
                told = True
            await self._live.clock.sleep_ms(AGAIN_MS)

    async def _session(self) -> None:
        """Hold one session to its end. Raises `ModelUnavailable`."""
        connection = Connection(self._model, self._take, lambda connection, reason: None)
        connection.task = self._live.tasks.spawn(connection.run(), "listening session")
        try:
            await limited(_opened(connection), DIAL_LIMIT_MS, self._live.clock)
            config = listening_config(self._live.team, connection.profile)
            await connection.configure(config, DIAL_LIMIT_MS, self._live.clock)
            self._listen(connection)
            await connection.task
        except TimeoutError:
            raise ModelUnavailable("timeout") from None
        finally:
            self._drop()
            connection.task.cancel()

    def _listen(self, connection: Connection) -> None:
        self._connection, self._origin_ms = connection, None
        while self._waiting:
            self._feed(connection, *self._waiting.popleft())

    def _feed(self, connection: Connection, end_ms: int, pcm16: bytes) -> None:
        if self._origin_ms is None:
            self._origin_ms = max(0, end_ms - FRAME_MS)
        connection.send(rt.InputAudioBufferAppend(audio=pcm16))

    def _drop(self) -> None:
        """There is no session: what it had not understood is lost."""
        self._connection = None
        for words in list(self._open.values()):
            self._tell(words)

    def _take(self, connection: Connection, event: rt.ServerEvent) -> None:
        connection.overheard(event)
        match event:
            case rt.InputAudioBufferSpeechStarted():
                self._open[event.item_id] = Words(event.item_id, self._at(event.audio_start_ms))
            case rt.InputAudioBufferSpeechStopped() if event.item_id in self._open:
                self._open[event.item_id].end_ms = self._at(event.audio_end_ms)
            case rt.ConversationItemInputAudioTranscriptionCompleted():
                self._understood(event.item_id, event.transcript)
            case rt.ConversationItemInputAudioTranscriptionFailed():
                self._understood(event.item_id, "")
            case _:
                pass

    def _understood(self, item_id: str, text: str) -> None:
        words = self._open.get(item_id) or Words(item_id, self._live.line.now_ms())
        words.text = text.strip()
        self._tell(words)

    def _tell(self, words: Words) -> None:
        self._open.pop(words.item_id, None)
        words.item_id = words.item_id or new_id("sup")
        if words.end_ms is None:
            words.end_ms = max(words.start_ms, self._live.line.now_ms())
        self._told += 1
        self._on_words(words)

    def _at(self, audio_ms: int) -> int:
        return (self._origin_ms or 0) + audio_ms

    def _report(self, code: str) -> None:
        self._live.log.add(facts.ModelError, code=code, detail="supervisor's words")


async def _opened(connection: Connection) -> None:
    await connection.opened
