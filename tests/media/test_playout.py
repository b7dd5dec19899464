"""The playout ledger against a far end that plays 20 ms at a time."""

from hypothesis import given
from hypothesis import strategies as st

from huntgroup.media.formats import FRAME_MS, PCMU_8K
from huntgroup.media.playback import Playback
from huntgroup.media.playout import MARK_GRACE_MS, Cut, PlayoutLedger


class FarEnd:
    """A ledger with a playback that runs on the same clock; `lag_ms` is how late the far end gets our audio."""

    def __init__(self) -> None:
        self.ledger = PlayoutLedger()
        self.playback = Playback(PCMU_8K)
        self.now_ms = 0
        self.truth: dict[str, float] = {}
        self.order: list[tuple[str, int]] = []

    def send(self, item: str, ms: int) -> None:
        if self.ledger.queued(item, ms, now_ms=self.now_ms, response_id="r"):
            self.playback.play(bytes(8 * ms))
            self.order.append((item, ms))
            self.playback.mark(self.ledger.mark_name(item))

    def run(self, ms: int) -> None:
        for _ in range(ms // FRAME_MS):
            played = self.playback.advance(FRAME_MS)
            self.now_ms += FRAME_MS
            self._count(played.voiced_bytes / 8)
            for name in played.marks:
                self.ledger.on_mark(name, self.now_ms)

    def barge_in(self) -> list[Cut]:
        cuts = self.ledger.interrupt(self.now_ms)
        for name in self.playback.clear():
            self.ledger.on_mark(name, self.now_ms)
        self.order.clear()
        return cuts

    def _count(self, heard_ms: float) -> None:
        while heard_ms > 0 and self.order:
            item, left = self.order.pop(0)
            took = min(left, heard_ms)
            self.truth[item] = self.truth.get(item, 0) + took
            heard_ms -= took
            if took < left:
                self.order.insert(0, (item, int(left - took)))


def test_an_item_is_heard_as_its_marks_come_back() -> None:
    far = FarEnd()
    far.send("a", 200)
    far.run(100)
    assert far.ledger.heard_ms("a") == 0
    assert far.ledger.heard_ms("a", far.now_ms) == 100
    far.run(100)
    assert far.ledger.heard_ms("a") == 200


def test_barge_in_cuts_the_sounding_item_at_what_was_heard_and_later_ones_at_zero() -> None:
    far = FarEnd()
    far.send("a", 400)
    far.send("b", 300)
    far.run(240)
    assert far.barge_in() == [Cut("a", "r", 0, 240, 400), Cut("b", "r", 0, 0, 300)]


def test_marks_echoed_because_of_clear_do_not_count_as_heard() -> None:
    far = FarEnd()
    far.send("a", 400)
    far.run(100)
    far.barge_in()
    assert far.ledger.heard_ms("a") == 100
    assert far.ledger.epoch == 1


def test_audio_of_a_cut_item_is_refused() -> None:
    far = FarEnd()
    far.send("a", 400)
    far.barge_in()
    assert far.ledger.queued("a", 20, now_ms=far.now_ms) is False
    assert far.ledger.is_cut("a")


def test_an_item_heard_to_its_end_is_not_cut() -> None:
    far = FarEnd()
    far.send("a", 100)
    far.run(200)
    assert far.barge_in() == []


def test_held_back_audio_is_cut_at_zero() -> None:
    far = FarEnd()
    far.ledger.generated("a", 500, response_id="r")
    assert far.barge_in() == [Cut("a", "r", 0, 0, 500)]


def test_first_and_last_heard_are_on_the_lines_clock() -> None:
    far = FarEnd()
    far.send("a", 100)
    far.run(500)
    far.send("b", 60)
    far.run(100)
    assert far.ledger.last_heard_at_ms("a") == 100
    assert far.ledger.first_heard_at_ms("b") == 500
    assert far.ledger.last_heard_at_ms("b") == 560


def test_a_late_start_at_the_far_end_is_corrected_by_the_mark() -> None:
    ledger = PlayoutLedger()
    ledger.queued("a", 200, now_ms=0)
    ledger.on_mark(ledger.mark_name("a"), 280)
    assert ledger.first_heard_at_ms("a") == 80
    assert ledger.last_heard_at_ms("a") == 280


def test_audio_sent_while_a_mark_is_owed_starts_behind_the_mark() -> None:
    ledger = PlayoutLedger()
    ledger.queued("a", 200, now_ms=0)
    owed = ledger.mark_name("a")
    ledger.queued("b", 100, now_ms=220)
    assert ledger.heard_ms("b", 240) == 0
    ledger.on_mark(owed, 260)
    assert ledger.heard_ms("b", 300) == 40


def test_a_lost_mark_holds_the_ledger_only_for_a_grace() -> None:
    ledger = PlayoutLedger()
    ledger.queued("a", 100, now_ms=0)
    ledger.mark_name("a")
    assert not ledger.is_idle(200)
    assert ledger.is_idle(100 + MARK_GRACE_MS + 20)


def test_idle_is_when_all_was_heard() -> None:
    far = FarEnd()
    assert far.ledger.is_idle(0)
    far.send("a", 100)
    assert not far.ledger.is_idle(far.now_ms)
    far.run(60)
    assert far.ledger.sent - far.ledger.position(far.now_ms) == 40
    far.run(40)
    assert far.ledger.is_idle(far.now_ms)


def test_unknown_marks_and_items_change_nothing() -> None:
    ledger = PlayoutLedger()
    assert ledger.on_mark("0.9.x", 10) is False
    assert ledger.heard_ms("x", 10) == 0
    assert ledger.first_heard_at_ms("x", 10) is None


steps = st.lists(
    st.one_of(
        st.tuples(st.just("send"), st.sampled_from("abcd"), st.integers(1, 400)),
        st.tuples(st.just("run"), st.just(""), st.integers(0, 600)),
        st.tuples(st.just("barge"), st.just(""), st.just(0)),
    ),
    max_size=30,
)


@given(steps)
def test_what_the_ledger_says_is_what_the_far_end_played_to_within_a_frame(
    script: list[tuple[str, str, int]],
) -> None:
    far = FarEnd()
    for verb, item, ms in script:
        if verb == "send":
            far.send(item, ms)
        elif verb == "run":
            far.run(ms)
        else:
            for cut in far.barge_in():
                assert cut.heard_ms <= cut.generated_ms
        for name in "abcd":
            assert abs(far.ledger.heard_ms(name, far.now_ms) - far.truth.get(name, 0)) <= FRAME_MS
    far.run(20_000)
    assert far.ledger.is_idle(far.now_ms)
