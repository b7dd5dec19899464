"""A caller on a page, who types, speaks and comes back with the same token to whichever process answers."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from benchmarks.survival.team import NAME
from huntgroup.domain.ids import new_id
from tests.rtc.browser import Browser

PAUSE_S = 0.3
LIMIT_S = 40.0
ANSWER_LIMIT_S = 20.0
NOBODY = (OSError, httpx.TransportError, WebSocketException, TimeoutError)


@dataclass
class WebCaller:
    """One call from a page. `urls` are the processes behind one address, asked in turn until one takes the call.

    What was typed is held until it is on record, and sent again on the next line, as the pages do.
    """

    urls: list[str]
    team: str = NAME
    token: str = ""
    call_id: str = ""
    told: list[dict[str, Any]] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    _held: dict[str, str] = field(default_factory=dict)
    _browser: Browser | None = None
    _socket: Any = None
    _reading: asyncio.Task[None] | None = None

    async def announce(self) -> None:
        async with httpx.AsyncClient(base_url=self.urls[0]) as http:
            told = (await http.post("/web/calls", json={"team": self.team})).json()
        self.call_id, self.token = told["call_id"], told["token"]

    async def offer(self, url: str, sdp: str) -> httpx.Response:
        async with httpx.AsyncClient(base_url=url, timeout=ANSWER_LIMIT_S) as http:
            return await http.post("/webrtc/offer", json={"token": self.token, "sdp": sdp, "type": "offer"})

    async def speak(self) -> None:
        """Be in the call by voice, as soon as a process takes it."""
        await self.leave()
        await self._until_taken(self._voice)
        await self._say_again()

    async def write(self) -> None:
        """Be in the call in writing, as soon as a process takes it."""
        await self.leave()
        await self._until_taken(self._chat)
        await self._say_again()

    async def send(self, **message: str) -> None:
        """Send a live message on whatever is open."""
        if self._browser is not None:
            self._browser.channel.send(json.dumps(message))
        else:
            await self._socket.send(json.dumps(message))

    async def say(self, words: str, answer: str) -> None:
        """Write a turn and wait for its answer."""
        await self.types(words)
        await self.hears(answer)

    async def types(self, words: str) -> None:
        """Write a turn."""
        words_id = new_id("words").removeprefix("words_")
        self._held[words_id] = words
        await self.send(type="say", text=words, id=words_id)

    @property
    def held(self) -> list[str]:
        """What was typed and is not known to be on record, oldest first."""
        self._forget_kept()
        return list(self._held.values())

    def _forget_kept(self) -> None:
        kept = {one["id"] for one in self._messages() if one["type"] == "kept"}
        self._held = {words_id: words for words_id, words in self._held.items() if words_id not in kept}

    async def _say_again(self) -> None:
        for words_id, words in list(self._held.items()):
            await self.send(type="say", text=words, id=words_id)

    async def hears(self, words: str) -> None:
        """Wait for words of an agent."""
        await self.until(lambda one: one["type"] == "caption" and words in one["text"] and one["final"])

    async def until(self, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Return the first message, of those since this line was opened, that fits."""
        try:
            async with asyncio.timeout(LIMIT_S):
                while (found := next(filter(fits, self._messages()), None)) is None:  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
                return found
        except TimeoutError:
            raise AssertionError(f"not told so: {[str(one)[:200] for one in self._messages()]}") from None

    async def settles(self, quiet_s: float) -> None:
        """Wait until an agent has spoken, and then nothing happens for a while."""
        await self.until(lambda one: one["type"] == "caption" and one["speaker"] == "agent" and one["final"])
        async with asyncio.timeout(LIMIT_S):
            count = -1
            while count != len(self._messages()) and not self.is_over:
                count = len(self._messages())
                await asyncio.sleep(quiet_s)

    @property
    def is_over(self) -> bool:
        return any(one["type"] == "ended" for one in self._messages())

    async def has_facts(self, kind: str, count: int = 1, **fields: str) -> None:
        """Wait until so many facts of a kind, with these fields, were told."""
        wanted = {"type": kind, **fields}.items()

        def told() -> int:
            return sum(one["type"] == "fact" and wanted <= one["fact"].items() for one in self._messages())

        await self.until(lambda _: told() >= count)

    async def leave(self) -> None:
        """Close whatever is open, without a goodbye."""
        self._forget_kept()
        browser, self._browser = self._browser, None
        socket, self._socket = self._socket, None
        if browser is not None:
            await browser.close()
        if socket is not None:
            await socket.close()
        if self._reading is not None:
            self._reading.cancel()
        self.told = []

    # -- one try ----------------------------------------------------------------------------------------------------

    async def _until_taken(self, attempt: Callable[[str], Any]) -> None:
        async with asyncio.timeout(LIMIT_S):
            while True:
                for url in self.urls:
                    try:
                        if await attempt(url):
                            return
                    except NOBODY:
                        self.refusals.append("nobody")
                await asyncio.sleep(PAUSE_S)

    async def _voice(self, url: str) -> bool:
        browser = Browser()
        try:
            answer = await self.offer(url, await browser.offer())
            if answer.status_code != 200:
                self.refusals.append(answer.json()["error"]["code"])
                return False
            await browser.accept(answer.json()["sdp"])
            self._browser, browser = browser, None  # type: ignore[assignment]
        finally:
            if browser is not None:
                await browser.close()
        await self.until(lambda one: one["type"] == "hello")
        return True

    async def _chat(self, url: str) -> bool:
        socket = await connect(f"ws{url.removeprefix('http')}/chat/{self.team}?token={self.token}")
        first = json.loads(await asyncio.wait_for(socket.recv(), ANSWER_LIMIT_S))
        if first["type"] == "error":
            self.refusals.append(first["code"])
            await socket.close()
            return False
        self._socket, self.told = socket, [first]
        self._reading = asyncio.create_task(self._read(socket))
        return True

    async def _read(self, socket: Any) -> None:
        try:
            while True:
                self.told.append(json.loads(await socket.recv()))
        except ConnectionClosed:
            return

    def _messages(self) -> list[dict[str, Any]]:
        if self._browser is not None:
            return [json.loads(message) for message in self._browser.messages]
        return self.told
