"""The whole way of the agents' sound, over a carrier with jitter that counts by itself what was heard."""

import random

from hypothesis import given
from hypothesis import strategies as st

from huntgroup.calls.sound.mouth import Mouth
from huntgroup.calls.sound.utterance import Spoken
from huntgroup.media.formats import FRAME_MS, PCM16_24K, PCMU_8K, AudioFormat
from huntgroup.media.playout import Cut
from tests.media.far_end import Carrier, Network, Weather

ALL = "all"


class FarLine:
    """`Line`, as far as a mouth needs it, with a network and a carrier behind it."""

    format: AudioFormat = PCMU_8K

    def __init__(self, weather: Weather, seed: int) -> None:
        chance = random.Random(seed)
        self._up = Network(chance, weather.up_ms, weather.up_jitter_ms)
        self._down = Network(chance, weather.down_ms, weather.down_jitter_ms)
        self.carrier = Carrier(weather, chance, self._up)
        self._wall_ms, self._line_ms = 0, 0
        self.mouth = Mouth(self, PCM16_24K, self._spoken, lambda: None, self._cut)  # type: ignore[arg-type]
        self.spoken: list[Spoken] = []
        self.cuts: list[Cut] | None = None

    def now_ms(self) -> int:
        return self._line_ms

    def play(self, audio: bytes) -> None:
        if audio:
            self._down.send(self._wall_ms, "sound", (ALL, len(audio) / PCMU_8K.bytes_per_ms))

    def mark(self, name: str) -> None:
        self._down.send(self._wall_ms, "mark", name)

    def clear(self) -> None:
        self._down.send(self._wall_ms, "clear", None)

    def say(self, item: str, chunks: list[int]) -> None:
        self.mouth.begin(item, "r", "desk")
        self.mouth.words(item, "Some words.")
        for ms in chunks:
            self.mouth.sound(item, 0, PCM16_24K.silence(ms))
        self.mouth.close(item)

    def run(self, ms: int) -> None:
        for _ in range(ms):
            self._wall_ms += 1
            for kind, what in self._down.arrived(self._wall_ms):
                self.carrier.take(self._wall_ms, kind, what)
            self.carrier.run(self._wall_ms)
            for kind, what in self._up.arrived(self._wall_ms):
                if kind == "frame":
                    self._line_ms = int(str(what))
                    self.mouth.listen()
                else:
                    self.mouth.marked(str(what))

    @property
    def heard_ms(self) -> float:
        return self.carrier.heard.get(ALL, 0)

    def _spoken(self, spoken: Spoken) -> None:
        self.spoken.append(spoken)

    def _cut(self, cuts: list[Cut]) -> None:
        self.cuts = cuts


weathers = st.builds(
    lambda jitter_ms, spare_ms, **rest: Weather(down_jitter_ms=jitter_ms, start_ms=jitter_ms + spare_ms, **rest),
    jitter_ms=st.integers(0, 60),
    spare_ms=st.integers(0, 200),
    down_ms=st.integers(0, 150),
    up_ms=st.integers(0, 150),
    up_jitter_ms=st.integers(0, 60),
    drift_ppm=st.integers(-200, 200),
)
chunks = st.lists(st.integers(1, 25).map(lambda n: 20 * n), min_size=1, max_size=8)
replies = st.lists(chunks, min_size=1, max_size=3)
seeds = st.integers(0, 2**16)


@given(weathers, replies, st.integers(0, 3_000), seeds)
def test_what_is_told_of_a_cut_reply_is_what_was_heard(
    weather: Weather, reply: list[list[int]], after_ms: int, seed: int
) -> None:
    line = FarLine(weather, seed)
    line.run(100)
    for number, parts in enumerate(reply):
        line.say(f"item{number}", parts)
    line.run(after_ms)
    line.mouth.cut()
    line.run(700)
    assert line.cuts is not None
    assert abs(sum(spoken.heard_ms for spoken in line.spoken) - line.heard_ms) <= FRAME_MS
    assert all(cut.heard_ms <= cut.generated_ms for cut in line.cuts)
    assert [cut.heard_ms for cut in line.cuts[1:]] == [0] * len(line.cuts[1:])


@given(weathers, replies, st.lists(st.integers(0, 1_500), min_size=1, max_size=3), seeds)
def test_a_reply_that_was_stopped_by_mistake_is_heard_whole(
    weather: Weather, reply: list[list[int]], pauses: list[int], seed: int
) -> None:
    line = FarLine(weather, seed)
    line.run(100)
    for number, parts in enumerate(reply):
        line.say(f"item{number}", parts)
    for pause_ms in pauses:
        line.run(pause_ms)
        line.mouth.stop()
        line.run(pause_ms // 2)
        line.mouth.go_on()
    total_ms = sum(sum(parts) for parts in reply)
    line.run(total_ms + 2_000)
    assert [spoken.interrupted for spoken in line.spoken] == [False] * len(reply)
    assert sum(spoken.heard_ms for spoken in line.spoken) == total_ms
    assert abs(line.heard_ms - total_ms) <= FRAME_MS * len(pauses)
