"""A call of the offline engine by WebRTC, as a vendor holds it: sound to a browser, events to everybody attached."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, cast

from huntgroup.calls.ports import LineAudio, LineEnded, LineMark
from huntgroup.domain.clock import Clock
from huntgroup.domain.errors import ModelLost
from huntgroup.domain.ids import new_id
from huntgroup.engine.session import EngineSession
from huntgroup.engine.session.defaults import input_config, output_config
from huntgroup.engine.session.formats import audio_format
from huntgroup.lines.webrtc import WebRtcLine
from huntgroup.media.formats import PCM16_24K, AudioFormat
from huntgroup.media.playout import PlayoutLedger
from huntgroup.media.transcode import Transcoder
from huntgroup.rtc import Network, Peer
from huntgroup.server.attached import Ear
from huntgroup.wire import realtime as rt

CHANNEL = "oai-events"
_CONNECT_MS = 15_000
_MOST_BEFORE_OPEN = 2_000
_END = "end "


class RealtimeCall:
    """One session with a browser's sound below it. Its events go to the browser's channel and to all who attach."""

    def __init__(self, session: EngineSession, clock: Clock) -> None:
        self.call_id = new_id("rtc")
        self._session = session
        self._line = WebRtcLine(clock, return_ms=_CONNECT_MS)
        self._ledger = PlayoutLedger()
        self._peer: Peer | None = None
        self._before_open: list[str] = []
        self._ears: set[Ear] = set()
        self._unstarted: deque[str] = deque()
        self._last_played = ""
        self._silenced: set[str] = set()
        self._in: Transcoder | None = None
        self._out: Transcoder | None = None
        self.is_over = False

    async def answer(self, offer: str, ice_servers: Sequence[Mapping[str, Any]]) -> str:
        """Answer the browser's offer. Raises `OfferRefused`; `run` or `abandon` must follow."""
        peer = self._peer = Peer(self, Network(ice_servers), channel=CHANNEL)
        self._line.attach(peer)
        return await peer.answer(offer)

    def attach(self) -> Ear:
        """Hear all events from now on, the session as it is first."""
        ear = Ear()
        ear.put(_encoded(rt.SessionCreated(event_id=new_id("event"), session=self._session.config)))
        self._ears.add(ear)
        return ear

    def detach(self, ear: Ear) -> None:
        self._ears.discard(ear)

    def take(self, data: str | bytes) -> None:
        """Carry out an event of the browser or of one who is attached."""
        try:
            event = rt.decode_client(data)
        except rt.MalformedEvent as malformed:
            self._session.reject(malformed)
            return
        if isinstance(event, rt.OutputAudioBufferClear):
            self._silence()
        else:
            self._send(event)

    def hang_up(self) -> None:
        """End the call."""
        self._line.say_goodbye()

    async def abandon(self) -> None:
        """Release everything of a call that does not come about."""
        await self._session.close()
        await self._line.close()

    async def run(self) -> None:
        """Hold the call until the browser is gone or the session over."""
        tasks = [asyncio.create_task(work, name="realtime call") for work in (self._hear(), self._speak())]
        pump = asyncio.create_task(self._line.pump(), name="realtime call's line")
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.is_over = True
            for task in (*tasks, pump):
                task.cancel()
            await asyncio.gather(*tasks, pump, return_exceptions=True)
            await self._session.close()
            for ear in self._ears:
                ear.put(None)
            await self._line.close()

    # -- sound ----------------------------------------------------------------------------------------------------

    async def _hear(self) -> None:
        while not isinstance(event := await self._line.receive(), LineEnded):
            if isinstance(event, LineAudio):
                self._in = _between(self._in, PCM16_24K, self._heard_format)
                self._send(rt.InputAudioBufferAppend(audio=self._in.push(event.audio)))
            elif isinstance(event, LineMark) and event.name.startswith(_END):
                self._stopped(event.name.removeprefix(_END))
            elif isinstance(event, LineMark):
                self._ledger.on_mark(event.name, self._line.now_ms())

    async def _speak(self) -> None:
        with contextlib.suppress(ModelLost):
            while True:
                event = await self._session.receive()
                if isinstance(event, rt.ResponseOutputAudioDelta):
                    self._play(event)
                    continue
                self._publish(_encoded(event))
                if isinstance(event, rt.InputAudioBufferSpeechStarted) and self._yields:
                    self._silence()
                elif isinstance(event, rt.ResponseOutputAudioDone):
                    self._line.mark(_END + event.response_id)

    def _play(self, event: rt.ResponseOutputAudioDelta) -> None:
        source = self._spoken_format
        self._out = _between(self._out, source, PCM16_24K)
        ids = {"response_id": event.response_id, "content_index": event.content_index}
        ms, now_ms = source.duration_ms(len(event.delta)), self._line.now_ms()
        is_idle = self._ledger.is_idle(now_ms)
        if not self._ledger.queued(event.item_id, ms, now_ms=now_ms, **ids):  # type: ignore[arg-type]
            return
        if event.response_id != self._last_played:
            self._last_played = event.response_id
            self._unstarted.append(event.response_id)
        if is_idle:
            self._start_next()
        self._line.play(self._out.push(event.delta))
        self._line.mark(self._ledger.mark_name(event.item_id))

    def _start_next(self) -> None:
        if self._unstarted:
            self._tell(rt.OutputAudioBufferStarted(response_id=self._unstarted.popleft()))

    def _stopped(self, response_id: str) -> None:
        """A reply was heard to its end, and the one that waits behind it begins."""
        if response_id in self._silenced:
            return
        self._tell(rt.OutputAudioBufferStopped(response_id=response_id))
        self._start_next()

    @property
    def _yields(self) -> bool:
        """Whether the session lets a caller interrupt."""
        detection = input_config(self._session.config).turn_detection
        return isinstance(detection, rt.TurnDetection) and detection.interrupt_response is not False

    @property
    def _heard_format(self) -> AudioFormat:
        return audio_format(cast("rt.AudioFormatSpec", input_config(self._session.config).format))

    @property
    def _spoken_format(self) -> AudioFormat:
        return audio_format(cast("rt.AudioFormatSpec", output_config(self._session.config).format))

    def _silence(self) -> None:
        """Drop what is not heard, and let the session remember only what was."""
        cuts = self._ledger.interrupt(self._line.now_ms())
        self._line.clear()
        for cut in cuts:
            self._send(
                rt.ConversationItemTruncate(
                    item_id=cut.item_id, content_index=cut.content_index, audio_end_ms=cut.heard_ms
                )
            )
        self._unstarted.clear()
        for response_id in dict.fromkeys(cut.response_id for cut in cuts):
            self._silenced.add(response_id)
            self._tell(rt.OutputAudioBufferCleared(response_id=response_id))

    # -- events ---------------------------------------------------------------------------------------------------

    def _send(self, event: rt.ClientEvent) -> None:
        with contextlib.suppress(ModelLost):
            self._session.send(event)

    def _tell(
        self, event: rt.OutputAudioBufferStarted | rt.OutputAudioBufferStopped | rt.OutputAudioBufferCleared
    ) -> None:
        event.event_id = new_id("event")
        self._publish(_encoded(event))

    def _publish(self, text: str) -> None:
        for ear in tuple(self._ears):
            ear.put(text)
        if self._peer is not None and self._peer.can_say:
            self._peer.say(text)
        elif len(self._before_open) < _MOST_BEFORE_OPEN:
            self._before_open.append(text)

    def peer_opened(self, peer: Peer) -> None:
        """The browser is told what happened before its channel was open."""
        waiting, self._before_open = self._before_open, []
        for text in waiting:
            peer.say(text)

    def peer_pressed(self, peer: Peer, key: str) -> None:
        """Keys are told by a vendor for calls by telephone only."""

    def peer_said(self, peer: Peer, message: str | bytes) -> None:
        """An event of the browser."""
        self.take(message)

    def peer_gone(self, peer: Peer) -> None:
        """The browser is gone, and with it the call."""
        self.hang_up()


def _between(present: Transcoder | None, src: AudioFormat, dst: AudioFormat) -> Transcoder:
    return present if present is not None and (present.src, present.dst) == (src, dst) else Transcoder(src, dst)


def _encoded(event: rt.ServerEvent) -> str:
    return rt.encode(event).decode()
