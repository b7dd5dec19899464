"""Two deep: a call that goes on with a way back from each, and questions within questions."""

import asyncio
import json
from dataclasses import replace

from pydantic import Field

from huntgroup.calls.handoffs.consults import ConsultDesk
from huntgroup.calls.state.invocation import Invocation
from huntgroup.domain import facts
from huntgroup.teams import Brief, Team, VoiceAgent, consult, handoff
from huntgroup.wire import realtime as rt
from tests.calls.desk import CallDesk, say, use
from tests.calls.scripted import ScriptedCall
from tests.calls.teams import TEAM, Question, Result, desk, expert


class Opinion(Brief):
    """What the professor thinks."""

    verdict: str = Field(description="The opinion.")
    sure: bool = Field(default=False, description="Whether there is no doubt.")


professor = VoiceAgent(name="professor", instructions="You are the professor.")
dean = VoiceAgent(name="dean", instructions="You are the dean.")
FACULTY = [desk, replace(expert, sees=None), professor, dean]

RETURNS = Team(
    name="office",
    first="desk",
    agents=FACULTY,
    edges=[
        handoff(frm="desk", to="expert", description="Ask an expert.", brief=Question, returns=Result),
        handoff(frm="expert", to="professor", description="Ask a professor.", brief=Question, returns=Opinion),
    ],
)
CONSULTS = replace(
    RETURNS,
    edges=(),
    consults=[
        consult(frm="desk", to="expert", description="Ask the expert.", returns=Result),
        consult(frm="expert", to="professor", description="Ask the professor.", returns=Opinion),
        consult(frm="professor", to="dean", description="Ask the dean."),
    ],
)
WHY = '{"question": "why?"}'


async def test_returns_nest_two_deep_with_typed_results() -> None:
    answers = [
        say("Hello."),
        use("transfer_to_expert", WHY),
        use("transfer_to_professor", WHY),
        say("I think so."),
        use("return_to_expert", '{"verdict": "yes", "sure": true}'),
        use("return_to_desk", '{"outcome": "yes, says the professor"}'),
        say("Anything else?"),
    ]
    async with CallDesk(RETURNS, *answers) as call:
        await call.say("Why?")
        await call.say("Good.")
        path = [(fact.from_agent, fact.to_agent) for fact in call.of(facts.HandoffCommitted)]
        assert path == [("desk", "expert"), ("expert", "professor"), ("professor", "expert"), ("expert", "desk")]
        assert [fact.result for fact in call.of(facts.HandoffReturned)] == [
            {"verdict": "yes", "sure": True},
            {"outcome": "yes, says the professor"},
        ]
        assert call.of(facts.AgentSpoke)[-1].agent == "desk"
        assert not {name for name in names_of(call) if name.startswith("return_to")}


async def test_a_result_that_does_not_fit_leaves_the_call_with_the_specialist() -> None:
    answers = [
        say("Hello."),
        use("transfer_to_expert", WHY),
        use("transfer_to_professor", WHY),
        use("return_to_expert", '{"sure": true}'),
        say("Let me think."),
    ]
    async with CallDesk(RETURNS, *answers) as call:
        await call.say("Why?")
        assert call.of(facts.ToolAnswered)[-1].error == "bad_arguments"
        assert call.of(facts.AgentSpoke)[-1].agent == "professor"
        assert "return_to_expert" in names_of(call)


async def test_a_consulted_specialist_may_consult_another() -> None:
    answers = [
        say("Hello."),
        use("consult_expert", WHY),
        use("consult_professor", '{"question": "is it so?"}'),
        say('{"verdict": "yes"}'),
        say('{"outcome": "yes"}'),
        say("It is so."),
    ]
    async with CallDesk(CONSULTS, *answers) as call:
        await call.say("Why?")
        inner, outer = call.of(facts.Consulted)
        assert (inner.agent, inner.specialist, inner.answer) == (
            "expert",
            "professor",
            {"verdict": "yes", "sure": False},
        )
        assert (outer.agent, outer.specialist, outer.answer) == ("desk", "expert", {"outcome": "yes"})
        assert call.spoken[-1] == "It is so."


async def test_a_third_question_within_is_refused_by_name() -> None:
    answers = [
        say("Hello."),
        use("consult_expert", WHY),
        use("consult_professor", WHY),
        use("consult_dean", WHY),
        say('{"verdict": "perhaps"}'),
        say('{"outcome": "perhaps"}'),
        say("Perhaps."),
    ]
    async with CallDesk(CONSULTS, *answers) as call:
        await call.say("Why?")
        refused = call.of(facts.ToolAnswered)[0]
        assert (refused.tool, refused.agent, refused.error) == ("consult_dean", "professor", "too_deep")
        assert "consult_dean" in json.loads(refused.output)["message"]
        assert [fact.specialist for fact in call.of(facts.Consulted)] == ["professor", "expert"]
        offered = {tool["name"] for tool in call.engine.mind.thoughts[3].tools}
        assert "consult_dean" not in offered


def names_of(call: CallDesk) -> set[str]:
    return {str(tool["name"]) for tool in call.engine.mind.thoughts[-1].tools}


async def test_a_refusal_of_a_question_that_has_just_run_out_of_time_is_passed_over() -> None:
    async with ScriptedCall() as call:
        assert call.session.live is not None
        consults = ConsultDesk(call.session.live)
        asked = Invocation("consult_expert", "fc1", WHY, "desk", "r1")
        serving = asyncio.create_task(consults.serve(TEAM.consults[0], asked))
        await call.clock.settle()
        serving.cancel()
        await asyncio.sleep(0)
        assert consults.refused(call.model.sent_of(rt.ResponseCreate)[-1].event_id)
        await asyncio.wait([serving])
        assert serving.cancelled()
