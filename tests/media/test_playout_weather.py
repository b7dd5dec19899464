"""The ledger against a carrier with jitter, whose own count of what was heard is the oracle."""

from hypothesis import given
from hypothesis import strategies as st

from huntgroup.media.formats import FRAME_MS
from tests.media.far_end import House, Weather

# A carrier's buffer is there to cover its network's jitter; where it does not, sound has holes that nobody reports.
weathers = st.builds(
    lambda jitter_ms, spare_ms, **rest: Weather(down_jitter_ms=jitter_ms, start_ms=jitter_ms + spare_ms, **rest),
    jitter_ms=st.integers(0, 80),
    spare_ms=st.integers(0, 250),
    down_ms=st.integers(0, 200),
    up_ms=st.integers(0, 200),
    up_jitter_ms=st.integers(0, 80),
    drift_ppm=st.integers(-200, 200),
)
ways = {"down_ms": st.integers(0, 200), "up_ms": st.integers(0, 200), "down_jitter_ms": st.just(0)}
late_echoes = st.builds(Weather, echo_ms=st.integers(0, 120), start_ms=st.integers(0, 300), **ways)
lossy = st.builds(Weather, lost=st.floats(0, 0.5), **ways)
replies = st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 3_000)), min_size=1, max_size=4)
sentences = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(10, 150).map(lambda n: 20 * n)), min_size=1, max_size=4
)
seeds = st.integers(0, 2**16)


def errors(house: House) -> list[int]:
    """Barge in, and say for each cut item by how much the account is wrong."""
    return [cut.heard_ms - house.carrier.heard.get(cut.item_id, 0) for cut in house.barge_in()]


@given(weathers, replies, st.integers(0, 4_000), seeds)
def test_a_cut_is_exact_to_a_frame_in_any_weather(
    weather: Weather, reply: list[tuple[str, int]], after_ms: int, seed: int
) -> None:
    house = House(weather, seed)
    house.run(100)
    for item, ms in reply:
        house.send(item, ms)
    house.run(after_ms)
    assert all(abs(error) <= FRAME_MS for error in errors(house))


@given(weathers, replies, st.lists(st.integers(0, 1_500), min_size=2, max_size=4), seeds)
def test_a_second_cut_after_a_first_is_as_exact(
    weather: Weather, reply: list[tuple[str, int]], pauses: list[int], seed: int
) -> None:
    house = House(weather, seed)
    house.run(100)
    for turn, pause_ms in enumerate(pauses):
        for item, ms in reply:
            house.send(f"{item}{turn}", ms)
        house.run(pause_ms)
        assert all(abs(error) <= FRAME_MS for error in errors(house))
        house.run(pause_ms)


@given(late_echoes, sentences, st.integers(0, 4_000), seeds)
def test_of_late_and_bunched_echoes_the_least_late_counts(
    weather: Weather, reply: list[tuple[str, int]], after_ms: int, seed: int
) -> None:
    house = House(weather, seed)
    house.run(100)
    for item, ms in reply:
        house.send(item, ms)
    house.run(after_ms)
    wrong = errors(house)
    # Echoes that are all late cannot be told from sound that is late; one that the clear overtook says nothing at all.
    least_ms = min(house.carrier.echo_delays_ms, default=weather.echo_ms)
    # A late echo comes anywhere between two frames, and the line's clock knows frames only: that is a second frame.
    allowed_ms = 2 * FRAME_MS + (weather.echo_ms if house.carrier.owed_at_clear else least_ms)
    assert all(abs(error) <= allowed_ms for error in wrong)


@given(lossy, sentences, st.integers(0, 4_000), seeds)
def test_lost_marks_do_no_harm_once_one_came_through(
    weather: Weather, reply: list[tuple[str, int]], after_ms: int, seed: int
) -> None:
    house = House(weather, seed)
    house.run(100)
    for item, ms in reply:
        house.send(item, ms)
    house.run(after_ms)
    wrong = errors(house)
    unknown = not house.carrier.echo_delays_ms
    trip_ms = weather.down_ms + weather.down_jitter_ms + weather.up_ms + weather.up_jitter_ms
    allowed = FRAME_MS + (trip_ms + weather.start_ms + FRAME_MS if unknown else 0)
    assert all(abs(error) <= allowed for error in wrong)


@given(weathers, replies, st.integers(0, 2_000), seeds)
def test_what_was_stopped_by_mistake_goes_on_where_it_was_heard(
    weather: Weather, reply: list[tuple[str, int]], after_ms: int, seed: int
) -> None:
    house = House(weather, seed)
    for item, ms in reply:
        house.send(item, ms)
    total = sum(ms for _, ms in reply)
    house.run(after_ms)
    house.stop()
    heard = house.ledger.heard_ms
    left = total - sum(heard(item) for item in {item for item, _ in reply})
    house.send("rest", left)
    house.run(total + 1_000)
    assert abs(sum(house.carrier.heard.values()) - total) <= FRAME_MS
    assert heard("rest") == left
