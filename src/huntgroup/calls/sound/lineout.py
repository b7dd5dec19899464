"""The agents' sound on its way to the ear: in the line's format, with marks, and able to stop and go on."""

from collections.abc import Callable

from huntgroup.calls.ports import Line
from huntgroup.calls.sound.utterance import Utterance
from huntgroup.media.formats import FRAME_MS, AudioFormat
from huntgroup.media.playout import PlayoutLedger
from huntgroup.media.transcode import Transcoder
from huntgroup.media.unheard import Piece, Unheard

MARK_EVERY_MS = 200.0
STOP_LIMIT_MS = 500


class LineOut:
    """Gives sound to a line and keeps the ledger.

    `stop` silences the line; `on_stopped` is told once it is certain what was heard. Sound that comes after `stop`
    waits behind what was not heard, until `go_on` plays all of it or `drop` forgets it.
    """

    def __init__(self, line: Line, model_format: AudioFormat, on_stopped: Callable[[], None]) -> None:
        self._line = line
        self._on_stopped = on_stopped
        self._transcoder = Transcoder(model_format, line.format)
        self._unheard: Unheard[Utterance] = Unheard(line.format.sample_bytes)
        self._waiting: list[Piece[Utterance]] = []
        self._stopped_ms = 0
        self.stopped = False
        self.ledger = PlayoutLedger()

    @property
    def certain(self) -> bool:
        """Whether it is known how much was heard before the last stop."""
        return self.ledger.is_stopped

    @property
    def playing(self) -> bool:
        """Whether something was given that is not heard to its end, be it stopped or not."""
        if self.stopped and self.certain:
            return bool(self._waiting)
        return not self.ledger.is_idle(self._line.now_ms())

    def send(self, utterance: Utterance, audio: bytes, ms: float) -> None:
        """Take `ms` of sound in the model's format."""
        self._put(Piece(utterance, self._transcoder.push(audio), ms))

    def finish(self, utterance: Utterance) -> None:
        """An utterance has all of its sound."""
        self._put(Piece(utterance, self._transcoder.flush(), 0.0, last=True))

    def marked(self, name: str) -> bool:
        """Handle the echo of a mark; True when it says that something more was heard."""
        was_certain = self.certain
        heard = self.ledger.on_mark(name, self._line.now_ms())
        if self.certain and not was_certain:
            self._settle_stop()
        return heard

    def stop(self) -> None:
        """Silence the line now."""
        if self.stopped:
            return
        self.stopped = True
        self._stopped_ms = self._line.now_ms()
        self._line.mark(self.ledger.stop(self._stopped_ms))
        self._line.clear()

    def give_up_waiting(self) -> None:
        """Go by the clock when the line does not say where a stop took effect; cheap, for every frame."""
        if not self.certain and self._line.now_ms() - self._stopped_ms > STOP_LIMIT_MS:
            self.give_up()

    def give_up(self) -> None:
        """Go by the clock now."""
        if not self.certain:
            self.ledger.give_up()
            self._settle_stop()

    def go_on(self) -> None:
        """Play what was not heard, and let sound through again; only once it is certain what was heard."""
        waiting, self._waiting = self._waiting, []
        self.stopped = False
        for piece in waiting:
            piece.owner.unmarked_ms = 0.0
            self._put(piece)

    def drop(self) -> None:
        """Forget what was not heard, and let other sound through."""
        self._transcoder.reset()
        self._waiting.clear()
        self.stopped = False

    def follow(self) -> bytes:
        """The line audio that sounded since the last call, by the ledger; shorter than the time when it was quiet."""
        return self._unheard.follow(self.ledger.position(self._line.now_ms()), self.ledger.settled)

    def _settle_stop(self) -> None:
        self._waiting[:0] = self._unheard.take_from(self.ledger.settled)
        self._on_stopped()

    def _put(self, piece: Piece[Utterance]) -> None:
        utterance = piece.owner
        if self.ledger.is_cut(utterance.item_id, content_index=utterance.content_index):
            return
        if self.stopped:
            self._waiting.append(piece)
            return
        begins = bool(piece.ms) and self.ledger.is_idle(self._line.now_ms())
        if begins and piece.ms > FRAME_MS:
            first, piece = piece.split(FRAME_MS, self._line.format.sample_bytes)
            self._play(first)
            self._mark(utterance)
        self._play(piece)
        # Only a mark tells when the far end begins to play, so the first frame always gets one.
        if begins or piece.last or utterance.unmarked_ms >= MARK_EVERY_MS:
            self._mark(utterance)

    def _play(self, piece: Piece[Utterance]) -> None:
        utterance = piece.owner
        if piece.ms:
            self.ledger.queued(
                utterance.item_id,
                piece.ms,
                now_ms=self._line.now_ms(),
                response_id=utterance.response_id,
                content_index=utterance.content_index,
            )
        self._unheard.add(self.ledger.sent - piece.ms, piece)
        self._line.play(piece.audio)
        utterance.unmarked_ms += piece.ms

    def _mark(self, utterance: Utterance) -> None:
        utterance.unmarked_ms = 0.0
        self._line.mark(self.ledger.mark_name(utterance.item_id))
