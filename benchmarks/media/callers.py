"""Simulated Twilio callers: a frame each way per 20 ms, marks echoed when what is before them was played."""

from __future__ import annotations

import asyncio
import html
import re
import time
from collections import deque
from urllib.parse import urlsplit

import msgspec

from benchmarks.media.sockets import ClientSocket, dial
from benchmarks.media.tags import FRAME_MS, PCMU, Ear, Track

STRETCH_FRAMES = 50
SLOTS = 20
_MEDIA = b'{"event":"media","sequenceNumber":"%d","media":{"track":"inbound","chunk":"%d","timestamp":"%d","payload":"'
_URL = re.compile(r'<Stream url="([^"]+)"')
_REDIRECT = re.compile(r"<Redirect[^>]*>([^<]+)</Redirect>")
_PARAMETER = re.compile(r'<Parameter name="([^"]+)" value="([^"]*)"')


class _Body(msgspec.Struct, gc=False):
    payload: str = ""
    name: str = ""


class _FromServer(msgspec.Struct, gc=False):
    event: str
    media: _Body | None = None
    mark: _Body | None = None


_decode = msgspec.json.Decoder(_FromServer).decode


class Caller:
    """One call. `tick` sends its next frame; `over` is done when the server has closed the stream."""

    def __init__(self, number: int) -> None:
        self.stream_sid = f"MZ{number:032x}"
        self.call_sid = f"CA{number:032x}"
        self.ear = Ear(PCMU)
        self.sent = Track()
        self.clears: list[float] = []
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._tail = b'"},"streamSid":"' + self.stream_sid.encode() + b'"}'
        self._socket: ClientSocket | None = None
        self._afterwards = ""
        self._sequence = 1
        self._frames = 0
        self._plays_until = 0.0
        self._marks: deque[tuple[str, asyncio.TimerHandle]] = deque()

    async def dial(self, host: str, port: int, team: str) -> None:
        """Ask the webhook, connect the stream that it names, and start it."""
        document = await _post(host, port, f"/twilio/voice/{team}", self.call_sid)
        found = _URL.search(document)
        if found is None:
            raise ConnectionError(f"no stream: {document[:200]}")
        redirect = _REDIRECT.search(document)
        self._afterwards = html.unescape(redirect.group(1)) if redirect is not None else ""
        url = urlsplit(html.unescape(found.group(1)))
        self._socket = await dial(f"ws://{host}:{port}{url.path}")
        self._socket.on_frame = self._take
        self._socket.on_closed = self._closed
        self._socket.send(b'{"event":"connected","protocol":"Call","version":"1.0.0"}')
        self._socket.send(self._start({name: html.unescape(value) for name, value in _PARAMETER.findall(document)}))

    def tick(self) -> None:
        """The caller's next 20 ms."""
        if self._socket is None or not self._socket.is_open:
            return
        stretch = self._frames // STRETCH_FRAMES
        number, self._frames = self._frames, self._frames + 1
        self._sequence += 1
        head = _MEDIA % (self._sequence, number + 1, number * FRAME_MS)
        self.sent.note(stretch, time.monotonic())
        self._socket.send(head + PCMU.frame(stretch) + self._tail)

    def hang_up(self) -> None:
        """Put the phone down."""
        if self._socket is not None and self._socket.is_open:
            self._sequence += 1
            stop = {"accountSid": "AC" + "0" * 32, "callSid": self.call_sid}
            self._say({"event": "stop", "sequenceNumber": str(self._sequence), "stop": stop})
            self._socket.close()

    def lose(self) -> None:
        """The network fails: the socket is gone without a word."""
        if self._socket is not None:
            self._socket.abort()

    async def follow(self, host: str, port: int) -> str:
        """What the carrier does when the stream is over: go on where the first document said. Returns the answer."""
        url = urlsplit(self._afterwards)
        return await _post(host, port, f"{url.path}?{url.query}", self.call_sid)

    @property
    def frames(self) -> int:
        """How many frames were sent."""
        return self._frames

    def _start(self, parameters: dict[str, str]) -> bytes:
        start = {
            "accountSid": "AC" + "0" * 32,
            "streamSid": self.stream_sid,
            "callSid": self.call_sid,
            "tracks": ["inbound"],
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": parameters,
        }
        return msgspec.json.encode(
            {"event": "start", "sequenceNumber": "1", "start": start, "streamSid": self.stream_sid}
        )

    def _take(self, data: bytes) -> None:
        now = time.monotonic()
        message = _decode(data)
        if message.event == "media" and message.media is not None:
            size = self.ear.hear(message.media.payload, now)
            self._plays_until = max(now, self._plays_until) + size / 8000
        elif message.event == "mark" and message.mark is not None:
            wait = max(0.0, self._plays_until - now)
            timer = asyncio.get_running_loop().call_later(wait, self._played)
            self._marks.append((message.mark.name, timer))
        elif message.event == "clear":
            self.clears.append(now)
            self._plays_until = now
            while self._marks:
                self._marks[0][1].cancel()
                self._played()

    def _played(self) -> None:
        if self._marks:
            name, _ = self._marks.popleft()
            self._sequence += 1
            self._say({"event": "mark", "sequenceNumber": str(self._sequence), "mark": {"name": name}})

    def _say(self, message: dict[str, object]) -> None:
        if self._socket is not None:
            self._socket.send(msgspec.json.encode({**message, "streamSid": self.stream_sid}))

    def _closed(self) -> None:
        for _, timer in self._marks:
            timer.cancel()
        if not self.over.done():
            self.over.set_result(None)


class Crowd:
    """Callers who send their frames spread evenly over each 20 ms."""

    def __init__(self) -> None:
        self.callers: list[Caller] = []
        self.late_ms: list[float] = []
        self.is_measured = False
        self._slots: list[list[Caller]] = [[] for _ in range(SLOTS)]

    def add(self, caller: Caller) -> None:
        """From here on this caller sends."""
        self._slots[len(self.callers) % SLOTS].append(caller)
        self.callers.append(caller)

    def remove(self, caller: Caller) -> None:
        """This caller sends no more."""
        self.callers.remove(caller)
        for slot in self._slots:
            if caller in slot:
                slot.remove(caller)

    async def run(self) -> None:
        """Send until cancelled; notes how late this machine lets it be."""
        due, slot = time.monotonic(), 0
        while True:
            due = max(due + FRAME_MS / 1000 / SLOTS, time.monotonic() - 0.2)
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            if self.is_measured:
                self.late_ms.append(1000 * (time.monotonic() - due))
            for caller in self._slots[slot]:
                caller.tick()
            slot = (slot + 1) % SLOTS


async def _post(host: str, port: int, path: str, call_sid: str) -> str:
    body = f"CallSid={call_sid}&From=%2B12025550143&To=%2B12025550100&CallStatus=ringing".encode()
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(
        f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
        + body
    )
    answer = await reader.read()
    writer.close()
    return answer.decode()
