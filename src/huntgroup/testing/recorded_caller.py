"""The caller of a recorded call: does the same again, each thing at its place in the dialogue."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from huntgroup.calls.replay.cues import Cue, Grant, Outage, Parting, Transfer
from huntgroup.calls.replay.places import Place
from huntgroup.calls.succession.recovery import FAILING
from huntgroup.calls.turns.hand import Hand
from huntgroup.domain.errors import TeamError, TellModel
from huntgroup.testing.behind_the_line import BehindTheLine, failures_of
from huntgroup.testing.loopback_line import LoopbackLine
from huntgroup.testing.text_caller import TextCallerModel
from huntgroup.testing.virtual_clock import VirtualClock

TICK_MS = 20
_VOICE = b"\x9f\x9f\x1f\x1f"
"""A loud tone of 2 kHz in µ-law: there is no sound in a record."""
PATIENCE_MS = 60_000
LIMIT_MS = 300_000
"""How long a place that may never come is waited for, in quiet and at all; then the caller acts where the call is."""


@dataclass(kw_only=True)
class RecordedCaller:
    """Plays cues on a line and the ears of a model; time moves only here.

    `hand` is what the caller does on a page: typed words, a stop, a choice of an agent. `heard_of` returns how many
    milliseconds of a response were heard, `is_over` whether the call has ended, `is_undecided` whether it is open who
    speaks on, and `losses` how often the model was lost; `lost` is how often it was to be lost so far. `fails`: a model
    that failed again and again in the record does so again. `behind` does what neither a model nor the caller does.
    `swapping` returns which handoff, from 0, is under way, and `decide` lets the server decide on it, if it has not.
    """

    clock: VirtualClock
    line: LoopbackLine
    model: TextCallerModel
    hand: Hand
    heard_of: Callable[[str], int]
    is_over: Callable[[], bool]
    is_undecided: Callable[[], bool]
    behind: BehindTheLine
    swapping: Callable[[], int | None]
    decide: Callable[[], None]
    losses: Callable[[], int]
    lost: int = 0
    fails: bool = False

    def __post_init__(self) -> None:
        # A greeting may be made before the first cue is looked at, and is what that may be about.
        self._begin()

    async def play(self, cues: Sequence[Cue]) -> None:
        """Play all cues, as far as the call lasts. What is passed over leaves the dialogue where it is."""
        for number, cue in enumerate(cues):
            await self._until_place(cue)
            if self.is_over():
                return
            await self._act(cue)
            if cue.place.when == "swap":
                await self._decide(after=cues[number + 1 :])
            if cue.kind != "ignored":
                self._begin()

    async def linger(self, ms: int) -> None:
        """Say nothing more for `ms` of quiet, or until the call is over."""
        self._begin()
        await self._until(lambda: self._quiet_ms >= ms)

    async def pass_ms(self, ms: int) -> None:
        """Let time pass."""
        for _ in range(ms // TICK_MS):
            await self._tick()

    # -- places -----------------------------------------------------------------------------------------------------

    async def _until_place(self, cue: Cue) -> None:
        place = cue.place
        self._sound_from_ms: int | None = None
        self._quiet_ms = 0
        if self.fails and cue.kind == "model_lost" and cue.text == FAILING:
            await self._until(lambda: self.losses() > self.lost)
            return
        match place.when:
            case "cut":
                if place.ahead_ms and self._made_since < place.count:
                    await self._speak_ahead(cue)
                await self._until(lambda: self._heard(place, place.lead_ms) or self._is_quiet(TICK_MS))
                if self._sound_from_ms is None:
                    self._sound(place.lead_ms if cue.kind == "murmur" and not cue.length_ms else cue.audible_ms)
                await self._until(lambda: self._heard(place) or self._is_quiet(TICK_MS))
            case "over":
                await self._until(lambda: self._heard(place) or self._is_quiet(TICK_MS))
            case "work":
                await self._until(lambda: self._calls_since >= place.count or self._is_quiet(TICK_MS))
                await self.pass_ms(place.gap_ms)
            case "quiet":
                await self._until(lambda: self._is_quiet(place.gap_ms))
            case "cue":
                await self.pass_ms(place.gap_ms)
            case "made":
                await self._until(lambda: self._made_since >= place.count or self._is_quiet(TICK_MS), settled=True)
            case "swap":
                await self._until(lambda: self.swapping() == place.count or self._is_quiet(TICK_MS), settled=True)
                await self.pass_ms(place.gap_ms)

    async def _speak_ahead(self, cue: Cue) -> None:
        """Begin to be loud, and let the reply that will be cut sound only then."""
        gate = self.model.gate
        gate.close(let_by=cue.place.count - 1 - self._made_since)
        await self._until(lambda: gate.waiting or self._is_quiet(TICK_MS), settled=True)
        if gate.waiting:
            self._sound(cue.audible_ms)
            await self.pass_ms(cue.place.ahead_ms)
        gate.open()

    async def _decide(self, after: Sequence[Cue]) -> None:
        """Let the server decide on a handoff before all that comes `after`, unless more is done while it is open."""
        if self.swapping() is not None and not (after and after[0].place.when == "swap"):
            self.decide()
            await self.clock.settle()

    def _begin(self) -> None:
        self._before = set(self.model.sounding)
        self._calls_before = self.model.tool_calls
        self._quiet_ms = 0

    @property
    def _made_since(self) -> int:
        return sum(key not in self._before for key in self.model.sounding)

    @property
    def _calls_since(self) -> int:
        return self.model.tool_calls - self._calls_before

    def _heard(self, place: Place, lead_ms: int = 0) -> bool:
        """Whether a reply is heard up to a place, or to `lead_ms` before it."""
        sounding = self.model.sounding
        heard = [key for key in sounding if key not in self._before and self.heard_of(key) > 0]
        if len(heard) < place.count:
            return False
        made, heard_ms = sounding[heard[place.count - 1]], self.heard_of(heard[place.count - 1])
        return made.has_sound and made.letters_at(heard_ms + lead_ms) >= place.heard

    def _is_quiet(self, gap_ms: int) -> bool:
        return self._quiet_ms >= gap_ms + TICK_MS

    async def _until(self, reached: Callable[[], bool], *, settled: bool = False) -> None:
        """Let time pass; what is reached without any time is seen only if `settled`."""
        for _ in range(LIMIT_MS // TICK_MS):
            if settled:
                await self.clock.settle()
            if reached() or self.is_over() or self._quiet_ms >= PATIENCE_MS:
                return
            await self._tick()

    async def _tick(self) -> None:
        await self.clock.advance(TICK_MS)
        quiet = not (self.line.is_playing or self.model.owes or self.is_undecided())
        self._quiet_ms = self._quiet_ms + TICK_MS if quiet else 0

    async def _act(self, cue: Cue) -> None:
        match cue.kind:
            case "turn" | "ignored":
                await self._speak(cue)
            case "unheard":
                await self._talk(cue)
                self.model.session.ends_turn()
            case "murmur":
                await self._talk(cue)
                if cue.length_ms:
                    self.model.session.stops()
            case "typed":
                self.hand.say(cue.text)
            case "stop":
                self.hand.interrupt()
            case "key":
                self.line.press(cue.text)
            case "hang_up":
                # What was said just before is dealt with first.
                await self.clock.settle()
                self.line.caller_hangs_up()
            case "line_lost":
                self.line.lose(cue.text)
            case "model_lost":
                await self._lose(cue)
            case _:
                await self._others_act(cue)

    async def _others_act(self, cue: Cue) -> None:
        """Do what neither the caller nor the model does."""
        match cue.act:
            case Transfer():
                await self._transfer(cue.act)
            case Parting(reason):
                await self.behind.leave(cue.text, reason)
            case Grant(subject):
                self.behind.grant(cue.text, subject)
            case _ if cue.kind == "joined":
                await self.behind.join(cue.text)
            case _:
                await self._supervise(cue)

    async def _supervise(self, cue: Cue) -> None:
        await self.pass_ms(cue.length_ms)
        self.model.supervise(cue.text, cue.length_ms)
        await self.clock.settle()

    async def _transfer(self, transfer: Transfer) -> None:
        if transfer.by != "menu":
            self.behind.transfer(transfer)
            return
        with contextlib.suppress(TellModel, TeamError):
            await self.hand.transfer(transfer.to, by="menu")

    async def _lose(self, cue: Cue) -> None:
        """Break the model's socket, unless today's code has given the session up by itself, as the recorded one did."""
        self.lost += 1
        if self.losses() >= self.lost:
            return
        if isinstance(cue.act, Outage):
            self.model.fail(*failures_of(cue.text, cue.act))
        self.model.session.lose(cue.text)
        await self.clock.settle()

    async def _speak(self, cue: Cue) -> None:
        await self._talk(cue)
        await (self.clock.settle() if cue.place.spoken_first(cue.length_ms) else self.pass_ms(TICK_MS))
        self.model.session.says(cue.text)

    async def _talk(self, cue: Cue) -> None:
        """Sound as long as in the record; the model's ears notice it now, and tell since when."""
        now_ms = self.line.now_ms()
        if self._sound_from_ms is None:
            self._sound(cue.audible_ms)
        begun_ms = now_ms if self._sound_from_ms is None else self._sound_from_ms
        if cue.place.spoken_first(cue.length_ms):
            begun_ms = min(begun_ms, now_ms - cue.length_ms)
        self.model.session.starts(now_ms - begun_ms)
        await self.pass_ms(max(0, begun_ms + cue.length_ms - now_ms))

    def _sound(self, ms: int) -> None:
        """Let the caller be loud on the line for so long."""
        if ms:
            self._sound_from_ms = self.line.now_ms()
            self.line.speak(_VOICE * (ms * self.line.format.bytes_per_ms // len(_VOICE)))
