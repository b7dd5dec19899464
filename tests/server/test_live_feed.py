"""A call as live messages: captions that grow, facts without what is private, and nothing lost silently."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from huntgroup.calls.onlookers.following import Follower, Followers
from huntgroup.domain import facts
from huntgroup.domain.facts import Fact
from huntgroup.domain.progress import Heard
from huntgroup.engine.ports import Say
from huntgroup.server.livefeed import LiveFeed
from huntgroup.wire import live
from tests.calls.desk import CallDesk, say
from tests.calls.teams import TEAM

LONG = "This is a long sentence that goes on and on until it is over, which may take quite a while."


@dataclass
class OneCall:
    """The part of a house that a feed needs, around one call."""

    earlier: list[Fact] = field(default_factory=list)
    followers: Followers = field(default_factory=Followers)

    def follow(self, call_id: str, follower: Follower) -> Callable[[], None]:
        return self.followers.add(call_id, follower)

    def facts_of(self, call_id: str) -> Sequence[Fact]:
        return list(self.earlier)


def feed_of(call: OneCall, **options: object) -> LiveFeed:
    return LiveFeed(call, "c", TEAM, **options)  # type: ignore[arg-type]


async def read(feed: LiveFeed) -> list[live.FromServer]:
    """Everything there is, once the feed is closed."""
    feed.close()
    messages = []
    while (data := await feed.next()) is not None:
        messages.append(live.decode_server(data))
    return messages


def pressed(seq: int) -> facts.DtmfPressed:
    return facts.DtmfPressed(call_id="c", seq=seq, t_ms=seq, digit="7")


def heard(text: str, latency_ms: int | None = None) -> Heard:
    return Heard(call_id="c", item_id="i", agent="desk", turn=1, text=text, latency_ms=latency_ms)


def spoke(seq: int, text: str) -> facts.CallerSpoke:
    return facts.CallerSpoke(call_id="c", seq=seq, t_ms=seq, turn=1, item_id="u", text=text, start_ms=0, end_ms=9)


async def test_a_late_viewer_is_told_who_is_who_and_what_was_so_far() -> None:
    call = OneCall([pressed(0), spoke(1, "Hello")])
    first, *rest = await read(feed_of(call, token="t"))
    assert isinstance(first, live.Hello)
    assert ([card.name for card in first.agents], first.agent, first.token) == (["desk", "expert"], "desk", "t")
    assert [type(message).__name__ for message in rest] == ["FactNoted", "FactNoted", "Caption"]
    assert not call.followers


async def test_a_call_that_goes_on_here_is_told_from_its_beginning_and_its_old_move_is_no_end() -> None:
    call = OneCall()
    feed = feed_of(call)
    resumed = facts.CallResumed(call_id="c", seq=2, t_ms=9, process="p", epoch=2, reason="moved", gap_ms=1, model="m")
    call.earlier = [spoke(0, "Hello"), facts.CallMoved(call_id="c", seq=1, t_ms=8, reason="draining"), resumed]
    call.followers.tell_fact(resumed)
    call.followers.tell_fact(pressed(3))
    messages = await read(feed)
    noted = [facts.decode_fact(bytes(message.fact)).seq for message in messages if isinstance(message, live.FactNoted)]
    assert noted == [0, 1, 2, 3]
    assert live.Moved() not in messages


async def test_personal_fields_are_covered_and_captions_are_for_who_may_read_them() -> None:
    call = OneCall([pressed(0), spoke(1, "My secret")])
    own = b"".join([live.encode(message) for message in await read(feed_of(call))])
    assert own.count(b"My secret") == 2
    assert b'"7"' not in own
    foreign = [live.encode(message) for message in await read(feed_of(call, clear=facts.NOTHING_CLEAR))]
    assert b"My secret" not in b"".join(foreign)
    assert len(foreign) == 3


async def test_captions_that_nobody_has_read_yet_are_replaced_by_later_ones() -> None:
    call = OneCall()
    feed = feed_of(call)
    for words in ("One", "One moment", "One moment please"):
        call.followers.tell_heard(heard(words, latency_ms=420))
    _, latency, caption = await read(feed)
    assert latency == live.Latency(turn=1, ms=420)
    assert caption == live.Caption(
        speaker="agent", text="One moment please", utterance="i", turn=1, final=False, agent="desk"
    )


async def test_a_slow_viewer_is_told_how_many_facts_it_missed() -> None:
    call = OneCall()
    feed = feed_of(call, most=3)
    for seq in range(5):
        call.followers.tell_fact(pressed(seq))
    await feed.next()
    call.followers.tell_fact(pressed(5))
    messages = await read(feed)
    assert [message.facts for message in messages if isinstance(message, live.Missed)] == [3]
    assert isinstance(messages[-1], live.FactNoted)
    assert facts.decode_fact(bytes(messages[-1].fact)).seq == 5


async def test_the_end_is_told_even_to_a_slow_viewer_and_is_the_last() -> None:
    call = OneCall()
    feed = feed_of(call, most=1)
    call.followers.tell_fact(pressed(0))
    call.followers.tell_fact(facts.CallEnded(call_id="c", seq=1, t_ms=9, reason="silence", duration_ms=9))
    call.followers.tell_fact(pressed(2))
    messages = [message async for message in _until_none(feed)]
    assert messages[-1] == live.Ended(reason="silence")
    assert live.Missed(facts=1) in messages


async def _until_none(feed: LiveFeed):  # type: ignore[no-untyped-def]
    while (data := await feed.next()) is not None:
        yield live.decode_server(data)


async def test_captions_grow_with_what_is_heard_and_end_with_what_the_fact_says() -> None:
    told: list[Heard] = []
    async with CallDesk(TEAM, say("Hello."), [Say(LONG)], on_heard=told.append) as call:
        await call.speak("Tell me.")
        await call.pass_ms(2_000)
        half = told[-1].text
        assert 0 < len(half) < len(LONG)
        await call.quiet()
        ours = [heard.text for heard in told if heard.turn == 1]
        assert ours == sorted(ours, key=len)
        assert len(ours) == len(set(ours)) > 5
        assert all(LONG.startswith(text) for text in ours)
        spoken = call.of(facts.AgentSpoke)[-1]
        turn = call.of(facts.CallerSpoke)[0]
        assert spoken.heard_text == LONG
        assert {heard.latency_ms for heard in told if heard.turn == 1} == {(spoken.start_ms or 0) - turn.end_ms}
