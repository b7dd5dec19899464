"""The agents' side of the sound: from the model's deltas to the caller's ear, with an account of what was heard."""

from collections.abc import Callable
from typing import Literal

from huntgroup.calls.ports import Line
from huntgroup.calls.sound.heldsound import HeldSound
from huntgroup.calls.sound.holdback import HoldBack
from huntgroup.calls.sound.lineout import LineOut
from huntgroup.calls.sound.utterance import Spoken, Utterance, heard_part, words_within
from huntgroup.media.formats import AudioFormat
from huntgroup.media.playout import Cut


class Mouth:
    """Plays model audio on a line.

    Audio of responses in `hold` is kept back until `release` or `bury`, that of a response with a `guard` as far as the
    guard demands; what comes after held audio waits behind it. `on_spoken` is told once per utterance, when it was
    heard to its end or cut; `on_heard` whenever the line says that something more was heard; `on_cut` what a `cut` took
    away, when that is certain. Without `can_hold` somebody else plays the sound, and what is made is heard.
    """

    def __init__(
        self,
        line: Line,
        model_format: AudioFormat,
        on_spoken: Callable[[Spoken], None],
        on_heard: Callable[[], None],
        on_cut: Callable[[list[Cut]], None],
        *,
        can_hold: bool = True,
    ) -> None:
        self._line = line
        self._can_hold = can_hold
        self._format = model_format
        self._out = LineOut(line, model_format, self._stopped)
        self._held = HeldSound(model_format, self._out.send, self._out.finish)
        self._on_spoken = on_spoken
        self._on_heard = on_heard
        self._on_cut = on_cut
        self._then: Literal["wait", "go_on", "cut"] = "wait"
        self._utterances: dict[str, Utterance] = {}
        self._open: dict[str, Utterance] = {}
        self._dead: set[str] = set()
        self._over: set[str] = set()
        self._cut_on_hold: list[Cut] = []
        self.ledger = self._out.ledger

    def is_buried(self, response_id: str) -> bool:
        """Whether nothing more of a response may be heard than is on the line."""
        return response_id in self._dead or response_id in self._over

    def begin(self, item_id: str, response_id: str, agent: str) -> Utterance:
        """Return the utterance of an item, new if need be."""
        utterance = self._utterances.get(item_id)
        if utterance is None:
            utterance = self._utterances[item_id] = Utterance(item_id, response_id, agent)
            self._open[item_id] = utterance
        return utterance

    def words(self, item_id: str, delta: str) -> str:
        """Add transcript to an item and return all of its text."""
        utterance = self._utterances[item_id]
        utterance.text += delta
        return utterance.text

    def sound(self, item_id: str, content_index: int, audio: bytes) -> None:
        """Take sound of an item in the model's format."""
        utterance = self._utterances[item_id]
        utterance.content_index = content_index
        duration_ms = self._format.duration_ms(len(audio))
        self.ledger.generated(
            item_id,
            duration_ms,
            response_id=utterance.response_id,
            content_index=content_index,
        )
        self._held.made(utterance, duration_ms)
        if not self.ledger.is_cut(item_id, content_index=content_index):
            self._held.take(utterance, audio, duration_ms)

    def close(self, item_id: str) -> None:
        """Note that the model has made all sound of an item."""
        utterance = self._utterances.get(item_id)
        if utterance is None or utterance.closed:
            return
        utterance.closed = True
        if not self.ledger.generated_ms(item_id, content_index=utterance.content_index):
            self._tell(utterance, interrupted=False)
        elif not utterance.held:
            self._out.finish(utterance)

    def hold(self, response_id: str) -> None:
        if self._can_hold:
            self._held.hold(response_id)

    def release(self, response_id: str) -> None:
        """Play what was held of a response, as far as its guard allows, and let the rest through.

        What the caller has cut of it meanwhile is told only now: before, nobody knew whether it would ever be said.
        """
        cuts = [cut for cut in self._cut_on_hold if cut.response_id == response_id]
        if cuts:
            self._forget_cuts(response_id)
            self._tell_cut(cuts)
            self._on_cut(cuts)
        self._held.release(response_id)
        if not self.cutting:
            self._forget_dead()

    def guard(self, response_id: str, guard: HoldBack) -> None:
        """Let sound of a response, which must have none yet, through only as far as `guard` allows."""
        if self._can_hold:
            self._held.guard(response_id, guard)

    def unguard(self, response_id: str) -> None:
        """Forget the guard of a response; what it held may be heard."""
        self._held.unguard(response_id)

    def let_through(self) -> None:
        """Play what is held and may be heard by now; for the owner of a guard that allows more."""
        self._held.let_through()

    def bury(self, response_id: str) -> None:
        """Let no more sound of a response be heard. What nobody heard of it counts as never said."""
        self._held.forget(response_id)
        self._forget_cuts(response_id)
        self.mute(response_id)

    def mute(self, response_id: str) -> None:
        """Let no more sound of a response be heard; what a cut took of one on hold is still told at its `release`."""
        self._dead.add(response_id)
        for utterance in self._of(response_id):
            self._held.drop(utterance)
        if not self.cutting:
            self._forget_dead()
        self.let_through()

    def withhold(self, response_id: str) -> list[Cut]:
        """Drop what is held of a response, while what was played before it is heard on; `bury` must follow."""
        cuts = self.ledger.withhold(response_id, self._line.now_ms())
        self._tell_cut(cuts)
        return cuts

    def end_early(self, response_id: str) -> list[Cut]:
        """Drop what is held of a response; what was let go is heard to its end, and is all that it will have said."""
        ended = []
        for utterance in self._of(response_id):
            if utterance.held:
                self._held.drop(utterance)
                utterance.closed = True
                item_id, index = utterance.item_id, utterance.content_index
                utterance.unsaid_ms = self.ledger.shorten(item_id, content_index=index)
                left_ms = self.ledger.generated_ms(item_id, content_index=index)
                ended.append(Cut(item_id, response_id, index, left_ms, left_ms + int(utterance.unsaid_ms)))
                self._out.finish(utterance)
        self._tell_heard()
        self.let_through()
        return ended

    def item_ids(self) -> list[str]:
        """Return every item that was said or begun so far."""
        return list(self._utterances)

    def give_up(self, response_id: str) -> None:
        """The model stopped in the middle of a response: it ends where its sound ends, and no more of it is taken."""
        self._over.add(response_id)
        for utterance in self._of(response_id):
            self._end_here(utterance)

    def break_off(self) -> None:
        """The model is gone: what it was saying ends where its sound ends; what was on hold is never heard."""
        for response_id in self._held.on_hold:
            self.bury(response_id)
        for utterance in list(self._open.values()):
            self._end_here(utterance)

    def _end_here(self, utterance: Utterance) -> None:
        if utterance.closed:
            return
        utterance.broken = True
        made_ms = self.ledger.generated_ms(utterance.item_id, content_index=utterance.content_index)
        utterance.text = words_within(utterance.text, made_ms)
        self.close(utterance.item_id)

    def marked(self, name: str) -> None:
        """Handle the echo of a mark."""
        if self._out.marked(name):
            self._tell_heard()
            self._on_heard()

    # -- stopping -------------------------------------------------------------------------------------------------

    @property
    def stopped(self) -> bool:
        """Whether the line is silenced and what was not heard is kept."""
        return self._out.stopped

    @property
    def certain(self) -> bool:
        """Whether it is known how much was heard before the last stop."""
        return self._out.certain

    @property
    def cutting(self) -> bool:
        """Whether a cut waits for the line to say what was heard."""
        return self._out.stopped and self._then == "cut"

    def stop(self) -> None:
        """Silence the line now, and keep what was not heard until `go_on` or `cut`."""
        if not self.cutting:
            self._then = "wait"
            self._out.stop()

    def go_on(self) -> None:
        """Say the rest of what was stopped, from where it was heard."""
        if self._out.stopped and self._then == "wait":
            self._then = "go_on"
            self._proceed()

    def cut(self) -> None:
        """Silence the line and let nothing that exists now be heard any more; `on_cut` is told what that was."""
        if not self._out.stopped and not self.audible:
            self._cut(self.ledger.interrupt(self._line.now_ms()))
            return
        self._out.stop()
        self._then = "cut"
        self._proceed()

    def listen(self) -> bytes:
        """The line audio that sounded since the last call; to be called at every frame."""
        self._out.give_up_waiting()
        return self._out.follow()

    def settle(self) -> None:
        """Tell every utterance that is not told yet, as cut where it stands; the call is over."""
        if self.cutting:
            self._out.give_up()
        self.ledger.interrupt(self._line.now_ms())
        self._tell_heard()
        for utterance in list(self._open.values()):
            if utterance.text or self.ledger.generated_ms(utterance.item_id):
                self._tell(utterance, interrupted=True)

    def catch_up(self) -> None:
        """Tell what is heard to its end by the clock although the mark that should say so never came."""
        self._out.give_up_waiting()
        if self._out.stopped:
            return
        waiting = [utterance for utterance in self._open.values() if utterance.closed and not utterance.held]
        if waiting and not self.playing:
            # Nothing is left to cut: this only settles the account by the clock, and late marks count no more.
            self.ledger.interrupt(self._line.now_ms())
            for utterance in waiting:
                self._tell(utterance, interrupted=False)

    def _stopped(self) -> None:
        self._tell_heard()
        self._proceed()

    def _proceed(self) -> None:
        if not self._out.certain or self._then == "wait":
            return
        if self._then == "go_on":
            self._out.go_on()
        else:
            self._out.drop()
            self._cut(self.ledger.cut())

    def _cut(self, cuts: list[Cut]) -> None:
        self._tell_heard()
        on_hold = self._held.on_hold
        self._cut_on_hold += [cut for cut in cuts if cut.response_id in on_hold]
        told = [cut for cut in cuts if cut.response_id not in on_hold]
        self._tell_cut(told)
        self._forget_dead()
        self._on_cut(told)

    def _forget_cuts(self, response_id: str) -> None:
        self._cut_on_hold = [cut for cut in self._cut_on_hold if cut.response_id != response_id]

    def _tell_cut(self, cuts: list[Cut]) -> None:
        for cut in cuts:
            utterance = self._utterances.get(cut.item_id)
            if utterance is not None:
                self._held.drop(utterance)
                self._tell(utterance, interrupted=True)

    def _forget_dead(self) -> None:
        on_hold = self._held.on_hold
        for utterance in list(self._open.values()):
            if utterance.response_id not in self._dead or utterance.response_id in on_hold:
                continue
            if self.ledger.heard_ms(utterance.item_id, content_index=utterance.content_index):
                self._tell(utterance, interrupted=True)
            else:
                utterance.told = True
                del self._open[utterance.item_id]

    # -- what is known ----------------------------------------------------------------------------------------------

    @property
    def playing(self) -> bool:
        """Whether something is held, or given to the line and not heard to its end."""
        return self._held.waiting or self._out.playing

    @property
    def audible(self) -> bool:
        """Whether something was given to the line that is not heard to its end; stopped for a moment counts too."""
        return self._out.playing

    def is_on_line(self, response_id: str) -> bool:
        """Whether sound of a response was given to the line and not heard yet."""
        now_ms = self._line.now_ms()
        return any(self._unheard(utterance, now_ms) for utterance in self._of(response_id))

    def has_begun(self, response_id: str) -> bool:
        """Whether sound of a response was given to the line."""
        return any(utterance.released_ms for utterance in self._of(response_id))

    def silent_items(self, response_id: str) -> list[str]:
        """Return the items of a response that have words and no sound."""
        spoken = self._of(response_id)
        return [
            u.item_id
            for u in spoken
            if u.text and not self.ledger.generated_ms(u.item_id, content_index=u.content_index)
        ]

    def was_cut(self, response_id: str) -> bool:
        """Whether a response was cut short."""
        return any(self.ledger.is_cut(u.item_id, content_index=u.content_index) for u in self._of(response_id))

    def speaker_of(self, item_id: str) -> str | None:
        """Return the agent whose words an item is, whoever has the call since; None for an unknown item."""
        utterance = self._utterances.get(item_id)
        return utterance.agent if utterance is not None else None

    def words_of(self, cut: Cut) -> str:
        """Return the words of a cut item that were heard."""
        utterance = self._utterances.get(cut.item_id)
        return heard_part(utterance.text, cut.heard_ms, cut.generated_ms).strip() if utterance is not None else ""

    def last_heard(self) -> tuple[str, str]:
        """Return what was heard of the utterance that sounded last, and all of its text."""
        now_ms = self._line.now_ms()
        for utterance in reversed(self._utterances.values()):
            heard_ms = self.ledger.heard_ms(utterance.item_id, now_ms, content_index=utterance.content_index)
            if heard_ms:
                made_ms = self.ledger.generated_ms(utterance.item_id, content_index=utterance.content_index)
                return heard_part(utterance.text, heard_ms, made_ms), utterance.text
        return "", ""

    def said_lately(self, most: int) -> str:
        """Return the texts of the utterances that were begun last."""
        return " ".join(utterance.text for utterance in list(self._utterances.values())[-most:])

    def sounding(self) -> tuple[Utterance, int] | None:
        """Return the utterance that sounds or is next to, and how many ms of it were heard."""
        now_ms = self._line.now_ms()
        for utterance in self._open.values():
            index = utterance.content_index
            heard_ms = self.ledger.heard_ms(utterance.item_id, now_ms, content_index=index)
            if heard_ms < self.ledger.generated_ms(utterance.item_id, content_index=index):
                return utterance, heard_ms
        return None

    def being_heard(self) -> list[tuple[Utterance, int]]:
        """Return what is not told yet and was begun to be heard, each with the ms that marks say were heard."""
        heard = [(u, self.ledger.heard_ms(u.item_id, content_index=u.content_index)) for u in self._open.values()]
        return [(utterance, heard_ms) for utterance, heard_ms in heard if heard_ms]

    def is_pending(self, response_id: str) -> bool:
        """Whether sound of this response is still to be heard."""
        return any(not utterance.told for utterance in self._of(response_id))

    def has_spoken(self, response_id: str) -> bool:
        """Whether a response had words."""
        return any(utterance.text for utterance in self._of(response_id))

    def first_heard_ms(self, response_id: str) -> int | None:
        """When the first sound of a response reached the ear, on the line's clock."""
        now_ms = self._line.now_ms()
        times = [self._first(utterance, now_ms) for utterance in self._of(response_id)]
        return min((time for time in times if time is not None), default=None)

    def heard_of(self, response_id: str) -> int:
        """How many milliseconds of a response were heard so far."""
        now_ms = self._line.now_ms()
        spoken = self._of(response_id)
        return sum(self.ledger.heard_ms(u.item_id, now_ms, content_index=u.content_index) for u in spoken)

    def last_heard_ms(self, *, before: str) -> int | None:
        """When the last sound of any other response than `before` was heard."""
        others = [u for u in self._utterances.values() if u.response_id != before]
        times = [self.ledger.last_heard_at_ms(u.item_id, content_index=u.content_index) for u in others]
        return max((time for time in times if time is not None), default=None)

    def _unheard(self, utterance: Utterance, now_ms: int) -> bool:
        item_id, index = utterance.item_id, utterance.content_index
        queued = self.ledger.queued_ms(item_id, content_index=index)
        return self.ledger.heard_ms(item_id, now_ms, content_index=index) < queued

    def _first(self, utterance: Utterance, now_ms: int) -> int | None:
        return self.ledger.first_heard_at_ms(utterance.item_id, now_ms, content_index=utterance.content_index)

    def _of(self, response_id: str) -> list[Utterance]:
        return [u for u in self._utterances.values() if u.response_id == response_id]

    def _tell_heard(self) -> None:
        for utterance in list(self._open.values()):
            if utterance.closed and not utterance.held and self._whole(utterance):
                self._tell(utterance, interrupted=False)

    def _whole(self, utterance: Utterance) -> bool:
        index = utterance.content_index
        generated = self.ledger.generated_ms(utterance.item_id, content_index=index)
        heard = self.ledger.heard_ms(utterance.item_id, content_index=index)
        return (generated > 0 or utterance.unsaid_ms > 0) and heard >= generated

    def _tell(self, utterance: Utterance, *, interrupted: bool) -> None:
        if utterance.told:
            return
        utterance.told = True
        self._open.pop(utterance.item_id, None)
        index = utterance.content_index
        generated = self.ledger.generated_ms(utterance.item_id, content_index=index) + int(utterance.unsaid_ms)
        heard = self.ledger.heard_ms(utterance.item_id, content_index=index)
        self._on_spoken(
            Spoken(
                utterance,
                heard_part(utterance.text, heard, generated),
                generated,
                heard,
                self.ledger.first_heard_at_ms(utterance.item_id, content_index=index),
                self.ledger.last_heard_at_ms(utterance.item_id, content_index=index),
                interrupted or utterance.broken or utterance.unsaid_ms > 0,
            )
        )
