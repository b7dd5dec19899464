"""A supervisor's whisper: the agent is told, the caller hears nothing of it."""

from huntgroup.calls.onlookers.overview import glance
from huntgroup.calls.telemetry.from_facts import spans_of
from huntgroup.domain.facts import Whispered
from tests.calls.conftest import Dial
from tests.calls.desk import say
from tests.calls.teams import TEAM


async def test_the_agent_reads_it_with_its_next_words_and_the_caller_hears_none_of_it(dial: Dial) -> None:
    async with dial(TEAM, say("Hello."), say("At nine.")) as call:
        assert call.session.whisper("Offer him Monday.", "Ada")
        await call.say("When do you open?")
        read = [getattr(entry, "text", "") for entry in call.engine.mind.thoughts[-1].history]
        assert any("Offer him Monday." in text for text in read)
        assert not any("Monday" in text for text in call.spoken)
    assert [(fact.by, fact.text) for fact in call.of(Whispered)] == [("Ada", "Offer him Monday.")]
    assert [span["kind"] for span in spans_of(call.session.log.facts)].count("whisper") == 1


async def test_before_and_after_the_call_nobody_listens(dial: Dial) -> None:
    call = dial(TEAM, say("Hello."))
    assert not call.session.whisper("Hello?", "Ada")
    async with call:
        pass
    assert not call.session.whisper("Hello?", "Ada")
    assert call.of(Whispered) == []


async def test_a_live_call_at_a_glance(dial: Dial) -> None:
    async with dial(TEAM, say("Hello.")) as call:
        seen = glance(call.session)
    assert (seen["agent"], seen["team"], seen["approvals"]) == (TEAM.first, TEAM.name, [])
    assert seen["last"] == {"speaker": TEAM.first, "text": "Hello."}
