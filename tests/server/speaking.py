"""A patient who speaks and listens by a browser, in real time."""

import asyncio
import time

from huntgroup.cli.stage import spoken
from huntgroup.house import House
from huntgroup.media import levels
from tests.rtc.browser import Browser

ANSWER_LIMIT_S, QUIET_S = 40, 1.2


class Speaking:
    """Subclasses say which `browser` is used, and set `_seen` to how much of what it heard counts as old."""

    browser: Browser

    def __init__(self, house: House) -> None:
        self._house = house
        self._seen = 0

    async def speak(self, words: str) -> None:
        """Return when all of it was sent."""
        self.browser.microphone.speech += await spoken(self._house, words, "pico-hugh")
        while self.browser.microphone.speech:  # noqa: ASYNC110
            await asyncio.sleep(0.05)

    async def listen(self) -> None:
        """Return when the agent has spoken and then says nothing for a while. Raises `TimeoutError`."""
        quiet_since, spoke = time.monotonic(), False
        async with asyncio.timeout(ANSWER_LIMIT_S):
            while not spoke or time.monotonic() - quiet_since < QUIET_S:
                await asyncio.sleep(0.05)
                fresh = bytes(self.browser.heard[self._seen :])
                self._seen += len(fresh)
                if fresh and not levels.is_quiet(fresh):
                    spoke, quiet_since = True, time.monotonic()
