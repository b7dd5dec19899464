"""Chromium with a file for its microphone."""

from __future__ import annotations

import os
import shutil
import wave
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Playwright

CHROMIUM = os.environ.get("HUNTGROUP_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
"""Where it is, or None."""
RATE_HZ = 24_000
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
]
_REOPENED = """(() => {
  const media = navigator.mediaDevices;
  const asked = media.getUserMedia.bind(media);
  const stop = (stream) => stream.getTracks().forEach((track) => track.stop());
  let context, source, device, wish, mouth;
  async function open() {
    context.resume();
    device = await asked(wish);
    source = new MediaStreamAudioSourceNode(context, { mediaStream: device });
    source.connect(mouth);
  }
  media.getUserMedia = async (constraints) => {
    wish = constraints;
    context ??= new AudioContext();
    mouth = new MediaStreamAudioDestinationNode(context);
    await open();
    return mouth.stream;
  };
  window.speak = async () => (stop(device), await open());
})();"""


class Microphone:
    """A browser's microphone into which something is said when its caller wants to, instead of by the clock.

    Chromium reads the file of its device from the beginning whenever the device is opened: `say` writes it and has it
    opened anew, below the one stream that the page has. The page needs `script` before its own.
    """

    script = _REOPENED

    def __init__(self, path: Path) -> None:
        self._path = path
        write_wav(path, bytes(2 * RATE_HZ // 10))

    @property
    def flag(self) -> str:
        """What `launch` wants of it."""
        return f"{self._path}%noloop"

    async def say(self, page: Any, pcm16: bytes) -> None:
        """Say PCM16 of `RATE_HZ` into the page that has the microphone; returns when it has begun."""
        write_wav(self._path, pcm16)
        await page.evaluate("speak()")


def write_wav(path: Path, pcm16: bytes) -> None:
    """Mono PCM16 of `RATE_HZ` as a file."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(pcm16)


async def launch(playwright: Playwright, microphone: Path | str, *, ask: bool = True) -> Browser:
    """Start a browser whose microphone is a WAV, played over and over unless its name ends in `%noloop`.

    `ask=False` refuses the microphone to whoever asks.
    """
    flags = [*FLAGS, f"--use-file-for-fake-audio-capture={microphone}"]
    flags.append("--use-fake-ui-for-media-stream" if ask else "--deny-permission-prompts")
    return await playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
