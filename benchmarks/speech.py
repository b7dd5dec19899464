"""Speech there and back: text → voice → µ-law 8 kHz → ear → text. `python benchmarks/speech.py [--voices a,b]`.

Word error rate per voice, the seconds of wall time from the end of speech to the transcript, and time to first sound.
The caller's words are fed faster than real time while he speaks and at real time when he waits, as the simulated
caller does.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.speech_words import PROMPT, SENTENCES, errors, words
from huntgroup.engine.hearing import EarShop
from huntgroup.engine.ports import Ear, EarOptions, Heard, Voice
from huntgroup.engine.speaking import Speakers
from huntgroup.engine.weights import Weights
from huntgroup.media.formats import PCM16_16K, PCM16_24K, PCMU_8K
from huntgroup.media.transcode import transcode

CALLERS = ("pico-nina", "pico-tom", "pico-amy", "pico-kate", "pico-hugh")
_FRAME_BYTES = 640
_SILENCE = bytes(_FRAME_BYTES)
_TAIL_MS = 120


@dataclass
class Score:
    """What one voice came to."""

    voice: str
    wrong: int = 0
    words: int = 0
    waits_ms: list[float] = field(default_factory=list)
    first_ms: list[float] = field(default_factory=list)
    misheard: list[tuple[str, str]] = field(default_factory=list)

    def row(self) -> dict[str, object]:
        """Figures to print and to keep."""
        return {
            "voice": self.voice,
            "wer_percent": round(100 * self.wrong / max(1, self.words), 1),
            "end_to_heard_p50_ms": round(statistics.median(self.waits_ms)),
            "end_to_heard_max_ms": round(max(self.waits_ms)),
            "first_sound_p50_ms": round(statistics.median(self.first_ms), 1),
            "first_sound_max_ms": round(max(self.first_ms), 1),
        }


async def over_the_phone(voice: Voice, name: str, text: str) -> tuple[bytes, float]:
    """PCM16 16 kHz as an ear gets it, and ms to the first sound."""
    began, first, sound = time.perf_counter(), 0.0, b""
    async for chunk in voice.speak(text, voice=name):
        first = first or 1000 * (time.perf_counter() - began)
        sound += chunk
    return transcode(transcode(sound, PCM16_24K, PCMU_8K), PCMU_8K, PCM16_16K), first


async def hear(ear: Ear, sound: bytes, speed: float) -> tuple[str, float]:
    """Feed one utterance and then silence; return all that was heard and the wait after its end in ms."""
    heard: list[tuple[float, Heard]] = []
    listening = asyncio.create_task(_listen(ear, heard))
    frames = [sound[at : at + _FRAME_BYTES] for at in range(0, len(sound), _FRAME_BYTES)]
    for frame in frames:
        ear.feed(frame)
        await asyncio.sleep(0.02 / speed)
    ended = time.perf_counter() - _TAIL_MS / 1000
    before, quiet_from = len(heard), time.perf_counter()
    while len(heard) == before or time.perf_counter() - heard[-1][0] < 0.1:
        ear.feed(_SILENCE)
        await asyncio.sleep(max(0.0, 0.02 - (time.perf_counter() - quiet_from) % 0.02))
        if time.perf_counter() - quiet_from > 4.0:
            break
    listening.cancel()
    return " ".join(item.text for _, item in heard), 1000 * (heard[-1][0] - ended) if heard else 4000.0


async def _listen(ear: Ear, heard: list[tuple[float, Heard]]) -> None:
    while True:
        event = await ear.receive()
        if isinstance(event, Heard):
            heard.append((time.perf_counter(), event))


async def score(shop: EarShop, voice: Voice, name: str, *, prompt: str, speed: float) -> Score:
    """One voice through all sentences."""
    result = Score(name)
    for sentence in SENTENCES:
        sound, first_ms = await over_the_phone(voice, name, sentence)
        ear = shop.new_ear(EarOptions(prompt=prompt, language="en"))
        text, wait_ms = await hear(ear, sound, speed)
        await ear.close()
        wrong = errors(words(sentence), words(text))
        result.wrong += wrong
        result.words += len(words(sentence))
        result.waits_ms.append(wait_ms)
        result.first_ms.append(first_ms)
        if wrong:
            result.misheard.append((sentence, text))
    return result


async def run(arguments: argparse.Namespace) -> list[Score]:
    """Run every voice and tell a line each."""
    scores = []
    weights = Weights(Path(arguments.data), progress=tell)
    async with EarShop.open(weights, size=arguments.size) as shop, Speakers.open() as voice:
        if shop.missing:
            sys.exit(shop.missing)
        for name in arguments.voices.split(","):
            result = await score(shop, voice, name, prompt=arguments.prompt, speed=arguments.speed)
            tell(json.dumps(result.row()))
            for said, heard in result.misheard if arguments.verbose else ():
                tell(f"    {said}  →  {heard}")
            scores.append(result)
    return scores


def tell(line: str) -> None:
    """One line to the terminal, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Measure, and keep the figures where the command line wants them."""
    arguments = options().parse_args()
    scores = asyncio.run(run(arguments))
    if arguments.json:
        rows = [{**result.row(), "misheard": result.misheard} for result in scores]
        Path(arguments.json).write_text(json.dumps({"speech": rows}, indent=2, ensure_ascii=False))


def options() -> argparse.ArgumentParser:
    """Command line."""
    parser = argparse.ArgumentParser(description="Speech there and back through µ-law.")
    parser.add_argument("--voices", default=",".join(CALLERS))
    parser.add_argument("--size", choices=("base", "tiny"), default="base")
    parser.add_argument("--prompt", default=PROMPT)
    parser.add_argument("--speed", type=float, default=10.0)
    parser.add_argument("--data", default=str(Path(tempfile.gettempdir()) / "huntgroup-bench"))
    parser.add_argument("--json")
    parser.add_argument("--verbose", action="store_true")
    return parser


if __name__ == "__main__":
    main()
