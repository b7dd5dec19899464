"""Replies whose every millisecond is known to belong to a letter, played to a call in every order that may happen."""

from __future__ import annotations

import array
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from agents import GuardrailFunctionOutput, OutputGuardrail

from huntgroup.calls.ports import Profile
from huntgroup.domain.ids import new_id
from huntgroup.media.formats import PCM16_24K
from huntgroup.teams import Team
from huntgroup.testing import scripted_events as make
from huntgroup.testing.loopback_line import LoopbackLine
from huntgroup.testing.virtual_clock import VirtualClock
from huntgroup.wire import realtime as rt
from tests.calls.scripted import ScriptedCall
from tests.calls.teams import TEAM, desk, expert

FIRST = {"output_index": 0, "content_index": 0}
ALLOWED, FORBIDDEN = 1_000, 20_000
SAMPLES_PER_MS = 24
HARMLESS = array.array("h", [ALLOWED] * (20 * SAMPLES_PER_MS)).tobytes()
WORDS = "the office opens at nine and you can come in by the side door or call again tomorrow please".split()


class WideLine(LoopbackLine):
    """A line in the model's own format, so that samples arrive as they were made; counts what it was given."""

    def __init__(self, clock: VirtualClock) -> None:
        super().__init__(clock, PCM16_24K)
        self.given_bytes = 0

    def play(self, audio: bytes) -> None:
        self.given_bytes += len(audio)
        super().play(audio)

    @property
    def is_playing(self) -> bool:
        return not self._playback.is_empty

    @property
    def samples(self) -> array.array[int]:
        return array.array("h", self.heard)


@dataclass
class Script:
    """One reply.

    `ms_of` is how long each letter sounds, `ends` where sentences end; from `forbidden_at` (a letter) on nothing may be
    heard.
    """

    text: str
    ms_of: list[int]
    ends: list[int]
    forbidden_at: int
    item_id: str = field(default_factory=lambda: new_id("item"))

    @property
    def tripping(self) -> bool:
        return self.forbidden_at < len(self.text)

    @property
    def allowed_ms(self) -> int:
        """How much of its sound may be heard."""
        return sum(self.ms_of[: self.forbidden_at])

    def audio(self) -> bytes:
        samples = array.array("h")
        for place, ms in enumerate(self.ms_of):
            samples.extend([FORBIDDEN if place >= self.forbidden_at else ALLOWED] * (ms * SAMPLES_PER_MS))
        return samples.tobytes()

    def heard_letters(self, ms: float) -> int:
        """How many letters have begun to sound in the first `ms`."""
        passed, place = 0.0, 0
        while place < len(self.ms_of) and passed < ms:
            passed += self.ms_of[place]
            place += 1
        return place


def script(rng: random.Random, *, tripping: bool) -> Script:
    """One to three sentences with clauses; the forbidden part begins with the sentence that holds the secret."""
    sentences = [_sentence(rng) for _ in range(rng.randint(1, 3))]
    bad = rng.randrange(len(sentences)) if tripping else len(sentences)
    if tripping:
        words = sentences[bad].split(" ")
        words.insert(rng.randrange(len(words)), "secret")
        sentences[bad] = " ".join(words)
    text = " ".join(sentences)
    ends = [len(" ".join(sentences[: place + 1])) for place in range(len(sentences))]
    start = ends[bad - 1] + 1 if bad else 0
    return Script(text, [rng.randint(1, 6) for _ in text], ends, min(start, len(text)))


def _sentence(rng: random.Random) -> str:
    words = [rng.choice(WORDS) + ("," if rng.random() < 0.15 else "") for _ in range(rng.randint(1, 7))]
    return " ".join(words).rstrip(",") + rng.choice(".!?")


Piece = tuple[str, str | bytes]


def pieces(rng: random.Random, reply: Script, lag_ms: int | None) -> Iterator[Piece]:
    """Cut a reply at random places and mix text and sound in any order that keeps the promise of `lag_ms`."""
    text, audio = reply.text, reply.audio()
    said = sent = 0
    per_ms = SAMPLES_PER_MS * 2
    longest_text, longest_ms = rng.choice((1, 3, 12, 60, 400)), rng.choice((2, 20, 60, 200, 1_000))
    eager = rng.random()
    while said < len(text) or sent < len(audio):
        step = min(len(audio) - sent, rng.randint(1, longest_ms) * per_ms)
        ahead_ms = (sent + step) // per_ms - (lag_ms or 0)
        may_sound = lag_ms is None or reply.heard_letters(ahead_ms) <= said
        if sent < len(audio) and may_sound and (said == len(text) or rng.random() > eager):
            yield "sound", audio[sent : sent + step]
            sent += step
        elif said < len(text):
            size = rng.randint(1, longest_text)
            yield "words", text[said : said + size]
            said += size


def sentence_by_sentence(reply: Script) -> Iterator[Piece]:
    """The order of the offline engine: the words of a sentence, then its sound in pieces of 200 ms."""
    audio, said, sent = reply.audio(), 0, 0
    for end in reply.ends:
        yield "words", reply.text[said:end]
        upto = sum(reply.ms_of[:end]) * SAMPLES_PER_MS * 2
        while sent < upto:
            size = min(upto - sent, 200 * SAMPLES_PER_MS * 2)
            yield "sound", audio[sent : sent + size]
            sent += size
        said = end


def guarded_team(rng: random.Random, clock_of: list[VirtualClock], *, slow: bool) -> Team:
    """A team whose desk must not say "secret"; its guardrail answers at once, or at a random time later."""

    def plain(context, agent, text) -> GuardrailFunctionOutput:  # type: ignore[no-untyped-def]
        return GuardrailFunctionOutput(output_info=None, tripwire_triggered="secret" in text)

    async def late(context, agent, text) -> GuardrailFunctionOutput:  # type: ignore[no-untyped-def]
        await clock_of[0].sleep_ms(rng.randint(0, 250))
        return plain(context, agent, text)

    guards = [OutputGuardrail(plain, name="no_secrets")]
    if slow:
        guards = [OutputGuardrail(late, name="no_secrets"), OutputGuardrail(late, name="again")]
    return replace(TEAM, agents=[replace(desk, output_guardrails=guards), expert])


class Start:
    """When a reply begins to be given to the line, and when it could at the earliest, in pieces of sound."""

    def __init__(self, reply: Script, line: WideLine) -> None:
        self._reply = reply
        self._line = line
        self._before_bytes = line.given_bytes
        self._said = self._sounds = 0
        self._needs: int | None = None
        self.begun_at: int | None = None
        self.due_at: int | None = None

    def note(self, kind: str, value: str | bytes) -> None:
        """A piece was sent and dealt with."""
        self._said += len(value) if kind == "words" else 0
        self._sounds += kind == "sound"
        if kind == "sound" and self._needs is None:
            self._needs = self._said
        if self.begun_at is None and self._line.given_bytes > self._before_bytes:
            self.begun_at = self._sounds
        if self.due_at is None and self._needs is not None:
            checkable = [end for end in self._reply.ends if end <= self._said]
            if checkable and checkable[-1] + 1 >= self._needs > 0:
                self.due_at = self._sounds


class GuardedCall(ScriptedCall):
    """A call with hold-back whose model is played piece by piece."""

    line: WideLine

    def __init__(self, seed: int, *, lag_ms: int | None, slow: bool = False) -> None:
        self.rng = random.Random(seed)
        self.lag_ms = lag_ms
        clocks: list[VirtualClock] = []
        team = guarded_team(self.rng, clocks, slow=slow)
        super().__init__(team, WideLine, profile=Profile(name="s", model="s", transcript_lag_ms=lag_ms))
        clocks.append(self.clock)
        self.interrupted = 0
        self.starts: list[Start] = []
        self._in_flight = 0
        # Long enough for the slowest verdict to come in.
        self.quiet_ms = 300 if slow else 60

    async def play(self, *items: Script, barge_in: bool = False, parts: list[Piece] | None = None) -> None:
        """Say a reply of some items as a server does, with pauses; it goes on for a while after it was cancelled."""
        response_id = new_id("resp")
        created = rt.Response(id=response_id, status="in_progress", metadata=self._about(self.asks[-1]))
        await self.push(rt.ResponseCreated(response=created))
        self._in_flight = self.rng.randint(0, 4)
        self.starts.append(Start(items[0], self.line))
        cut_in = self.rng.choice(items) if barge_in else None
        for item in items:
            cut = await self._say(response_id, item, parts or list(pieces(self.rng, item, self.lag_ms)), item is cut_in)
            if cut or self._in_flight < 0:
                break
            if not self._is_cancelled(response_id):
                await self.push(*self._ending(response_id, item))
        cancelled = barge_in or self._is_cancelled(response_id)
        done = rt.Response(id=response_id, status="cancelled" if cancelled else "completed", output=[])
        await self.push(rt.ResponseDone(response=done))

    async def _say(self, response_id: str, item: Script, parts: list[Piece], barge_in: bool) -> bool:
        """Say one item; True when the caller has spoken over it."""
        cut_at = self.rng.randrange(len(parts)) if barge_in else -1
        at_once = self.rng.random() < 0.5
        for place, (kind, value) in enumerate(parts):
            self._in_flight -= self._is_cancelled(response_id)
            if self._in_flight < 0:
                break
            await self.push(self._piece(response_id, item.item_id, value))
            self.starts[-1].note(kind, value)
            if not at_once:
                await self.pass_ms(20 * self.rng.randint(0, 2))
            if place == cut_at:
                await self.interrupt()
                return True
        return False

    async def interrupt(self) -> None:
        """The caller speaks over the reply."""
        self.interrupted += 1
        await self.push(rt.InputAudioBufferSpeechStarted(item_id=f"barge{self.interrupted}", audio_start_ms=0))

    async def finish_interruption(self) -> None:
        item_id = f"barge{self.interrupted}"
        await self.push(
            rt.InputAudioBufferSpeechStopped(item_id=item_id, audio_end_ms=100),
            rt.InputAudioBufferCommitted(item_id=item_id),
        )

    def _is_cancelled(self, response_id: str) -> bool:
        return any(cancel.response_id == response_id for cancel in self.model.sent_of(rt.ResponseCancel))

    def _piece(self, response_id: str, item_id: str, value: str | bytes) -> rt.ServerEvent:
        at = {"response_id": response_id, "item_id": item_id, **FIRST}
        if isinstance(value, bytes):
            return rt.ResponseOutputAudioDelta(**at, delta=value)  # type: ignore[arg-type]
        return rt.ResponseOutputAudioTranscriptDelta(**at, delta=value)  # type: ignore[arg-type]

    def _ending(self, response_id: str, item: Script) -> list[rt.ServerEvent]:
        at = {"response_id": response_id, "item_id": item.item_id, **FIRST}
        return [
            rt.ResponseOutputAudioDone(**at),  # type: ignore[arg-type]
            rt.ResponseOutputAudioTranscriptDone(**at, transcript=item.text),  # type: ignore[arg-type]
        ]


async def settled(call: GuardedCall) -> None:
    """Let all that was let go be heard and every check end; whatever is asked for is answered with harmless words."""
    quiet_ms, asks = 0, len(call.asks)
    while quiet_ms < call.quiet_ms:
        await call.pass_ms(20)
        quiet_ms = 0 if call.line.is_playing else quiet_ms + 20
        if len(call.asks) > asks:
            quiet_ms, asks = 0, len(call.asks)
            await call.push(*call.reply(make.spoken("Sorry.", HARMLESS)))
