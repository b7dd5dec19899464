"""A server of the Realtime protocol over WebSocket whose answers are a function of the conversation.

It outlives the processes that call through it, which is what tests of their death need. It hears nothing: callers reach
it by keys, which arrive as text.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Sequence
from types import TracebackType

from msgspec import UNSET
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from huntgroup.testing import scripted_events as make
from huntgroup.wire import realtime as rt

Part = tuple[rt.Item, bytes]
Script = Callable[[Sequence[rt.Item]], rt.Item | str]
"""What the model does next, from its conversation: words to say, or a tool call."""
_APPEND = '{"type":"input_audio_buffer.append"'
_EXACTLY = re.compile(r'Say exactly: "(.*)"', re.DOTALL)


class RealtimeServer:
    """`async with RealtimeServer(script) as server`: serves at `server.url` until the block ends.

    Each reply has `sound_ms` of sound. `sessions` counts all sessions that were ever opened.
    """

    def __init__(self, script: Script, *, sound_ms: int = 300) -> None:
        self.sessions = 0
        self._script = script
        self._sound_ms = sound_ms
        self._server: Server | None = None

    async def __aenter__(self) -> RealtimeServer:
        self._server = await serve(self._session, "127.0.0.1", 0, compression=None, max_size=2**24)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    @property
    def url(self) -> str:
        """Where it serves, as `HUNTGROUP_REALTIME_URL` wants it."""
        if self._server is None:
            raise RuntimeError("not serving: use `async with`")
        port = next(iter(self._server.sockets)).getsockname()[1]
        return f"ws://127.0.0.1:{port}/v1/realtime"

    async def _session(self, socket: ServerConnection) -> None:
        self.sessions += 1
        with contextlib.suppress(ConnectionClosed):
            await _Session(socket, self._script, self._sound_ms).run()


class _Session:
    def __init__(self, socket: ServerConnection, script: Script, sound_ms: int) -> None:
        self._socket = socket
        self._script = script
        self._sound_ms = sound_ms
        self._config = rt.EffectiveSession(id="sess_scripted", object="realtime.session", model="scripted")
        self._items: list[rt.Item] = []

    async def run(self) -> None:
        await self._say(rt.SessionCreated(session=self._config))
        async for data in self._socket:
            text = data if isinstance(data, str) else data.decode()
            if not text.startswith(_APPEND):
                await self._take(rt.decode_client(text))

    async def _take(self, event: rt.ClientEvent) -> None:
        answers = make.usual_answer(self._config, event)
        self._items += [answer.item for answer in answers if isinstance(answer, rt.ConversationItemDone)]
        await self._say(*answers)
        if isinstance(event, rt.ResponseCreate):
            await self._respond(event.response if isinstance(event.response, rt.ResponseConfig) else None)

    async def _respond(self, asked: rt.ResponseConfig | None) -> None:
        instructions = asked.instructions if asked is not None and isinstance(asked.instructions, str) else ""
        exactly = _EXACTLY.search(instructions)
        act = exactly.group(1) if exactly is not None else self._script(self._items)
        part = make.spoken(act, self._sound()) if isinstance(act, str) else (act, b"")
        metadata = asked.metadata if asked is not None and isinstance(asked.metadata, dict) else None
        self._items.append(part[0])
        await self._say(*make.response([part], metadata=metadata))

    def _sound(self) -> bytes:
        """Something that is not silence, in the format that the session asked for."""
        audio = self._config.audio
        output = audio.output if audio is not UNSET and audio is not None else None
        spec = output.format if output is not None and output is not UNSET else None
        passed_through = isinstance(spec, rt.AudioFormatSpec) and spec.type == "audio/pcmu"
        return b"\x20" * (8 * self._sound_ms) if passed_through else b"\x10\x10" * (24 * self._sound_ms)

    async def _say(self, *events: rt.ServerEvent) -> None:
        for event in events:
            await self._socket.send(rt.encode(event), text=True)
