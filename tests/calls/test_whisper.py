"""A supervisor's whisper: the agent is told, the caller hears nothing of it, and it is told on until it is answered."""

import pytest

from huntgroup.calls.overview import glance
from huntgroup.calls.state.asks import Ask
from huntgroup.calls.state.reasons import Reason
from huntgroup.calls.state.whisper import Whispers
from huntgroup.calls.telemetry.from_facts import spans_of
from huntgroup.domain.errors import ModelUnavailable
from huntgroup.domain.facts import AgentSpoke, WhisperAnswered, Whispered
from huntgroup.testing.scripted_model import ScriptedSession
from huntgroup.wire import realtime as rt
from tests.calls.conftest import Dial
from tests.calls.desk import say
from tests.calls.scripted import ScriptedCall
from tests.calls.teams import TEAM
from tests.calls.test_policies import TRANSFER, team_of_edge
from tests.calls.test_voice_switch import switching, transferred


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


# -- until it is answered -------------------------------------------------------------------------------------------


def notes(session: ScriptedSession) -> list[str]:
    """What of a whisper a model session was told, notes and seeds alike."""
    created = [event.item for event in session.sent_of(rt.ConversationItemCreate)]
    written = [str(item.content[0].text) for item in created if isinstance(item, rt.MessageItem)]
    return [text for text in written if "Offer him Monday." in text]


@pytest.mark.parametrize("policy", ["full", "facts_only"])
async def test_an_open_whisper_is_told_to_the_agent_that_gets_the_call_with_its_first_words(policy: str) -> None:
    async with ScriptedCall(team_of_edge(policy=policy)) as call:
        await call.says("Why?")
        call.session.whisper("Offer him Monday.", "Ada")
        await call.use(*TRANSFER)
        assert len(notes(call.model)) == 2
        kinds = [type(event).__name__ for event in call.model.sent]
        assert kinds[::-1].index("ResponseCreate") < kinds[::-1].index("ConversationItemCreate")
        await call.answer("How about Monday?")
        await call.pass_ms(600)
        answered = call.of(WhisperAnswered)
        assert [(fact.agent, fact.whisper) for fact in answered] == [("expert", call.of(Whispered)[0].seq)]


async def test_one_that_was_answered_is_not_told_again_at_a_handoff() -> None:
    async with ScriptedCall() as call:
        call.session.whisper("Offer him Monday.", "Ada")
        await call.says("When?")
        await call.answer("On Monday.")
        await call.pass_ms(600)
        assert len(call.of(WhisperAnswered)) == 1
        await call.says("Why?")
        await call.use(*TRANSFER)
        assert len(notes(call.model)) == 1


async def test_another_session_knows_it_whether_it_was_answered_or_not() -> None:
    async with ScriptedCall() as call:
        call.session.whisper("Offer him Monday.", "Ada")
        await call.lose()
        await call.pass_ms(500)
        assert call.session.whisper("Be brief.", "Ada")
        assert len(notes(call.sessions[-1])) == 1


async def test_without_a_model_it_waits_for_one() -> None:
    async with ScriptedCall() as call:
        call.fail(ModelUnavailable("busy"))
        await call.lose()
        assert call.session.whisper("Offer him Monday.", "Ada")
        await call.pass_ms(3_000)
        assert len(notes(call.sessions[-1])) == 1


async def test_an_open_whisper_goes_along_into_another_voice_and_another_process() -> None:
    async with switching("facts_only") as call:
        call.session.whisper("Offer him Monday.", "Ada")
        await transferred(call)
        assert len(call.sessions) >= 2
        assert len(notes(call.sessions[1])) == 1
        record = list(call.session.log.facts)
    assert len(Whispers.of(record).open) == 1


async def test_a_reply_that_was_asked_for_before_or_was_cut_or_prescribed_answers_nothing() -> None:
    whispers, before, after = Whispers(), Ask(reason=Reason.TURN, agent="a"), Ask(reason=Reason.TURN, agent="a")
    whispers.told(7, "x", before)
    whispers.began("r1", before)
    whispers.began("r2", Ask(reason=Reason.FILLER, agent="a", instructions="Say"))
    whispers.began("r3", after)
    assert whispers.heard(spoke("r1"), "a") == whispers.heard(spoke("r2"), "a") == []
    assert whispers.heard(spoke("r3", interrupted=True), "a") == whispers.heard(spoke("r3"), "b") == []
    assert whispers.heard(spoke("r3"), "a") == [7]
    assert whispers.open == []


def spoke(response_id: str, *, interrupted: bool = False) -> AgentSpoke:
    return AgentSpoke(
        call_id="c", seq=9, t_ms=9, agent="a", turn=1, response_id=response_id, item_id="i", text="x", heard_text="x",
        generated_ms=9, heard_ms=9, start_ms=0, end_ms=9, interrupted=interrupted,
    )  # fmt: skip
