"""What every realtime model must do for a call, run on each implementation."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from huntgroup.calls.ports import ModelSession, RealtimeModel
from huntgroup.domain.errors import ModelLost
from huntgroup.engine.model import OfflineModel
from huntgroup.engine.ports import CallTool, Say
from huntgroup.models.endpoint import Endpoint
from huntgroup.models.failover import FailoverModel
from huntgroup.models.openai_realtime import OpenAIRealtimeModel
from huntgroup.testing import scripted_events as make
from huntgroup.testing.scripted_model import Rule, ScriptedModel
from huntgroup.testing.text_caller import TextCallerModel
from huntgroup.testing.virtual_clock import VirtualClock
from huntgroup.wire import realtime as rt
from tests.engine.doubles import Bench, update, user_says
from tests.engine.served import served

SAY = "Good morning."


@asynccontextmanager
async def in_process() -> AsyncIterator[RealtimeModel]:
    yield OfflineModel(Bench([Say(SAY), CallTool("look_up", '{"n": 1}')]).engine)


@asynccontextmanager
async def with_a_text_caller() -> AsyncIterator[RealtimeModel]:
    async with in_process() as model:
        yield TextCallerModel(model)


@asynccontextmanager
async def over_the_wire() -> AsyncIterator[RealtimeModel]:
    async with served(Bench([Say(SAY), CallTool("look_up", '{"n": 1}')]).engine) as address:
        yield OpenAIRealtimeModel(Endpoint(url=f"ws://{address}/v1/realtime"))


@asynccontextmanager
async def scripted() -> AsyncIterator[RealtimeModel]:
    sentence = make.agent_calls(("look_up", '{"n": 1}', "call_1"), say=SAY, audio=bytes(960))
    refused = make.error("response_cancel_not_active")
    yield ScriptedModel(
        Rule(lambda event: isinstance(event, rt.ResponseCreate), sentence),
        Rule(
            lambda event: isinstance(event, rt.ResponseCancel),
            lambda event: [make.error("response_cancel_not_active", event.event_id or None, refused.error.message)],
        ),
    )


@asynccontextmanager
async def behind_a_breaker() -> AsyncIterator[RealtimeModel]:
    async with in_process() as inner:
        yield FailoverModel([inner, ScriptedModel()], VirtualClock())


@pytest.fixture(
    params=[in_process, with_a_text_caller, over_the_wire, scripted, behind_a_breaker], ids=lambda make: make.__name__
)
async def model(request: pytest.FixtureRequest) -> AsyncIterator[RealtimeModel]:
    async with request.param() as model:
        yield model


async def until(session: ModelSession, kind: type) -> list[rt.ServerEvent]:
    events: list[rt.ServerEvent] = []
    while not events or not isinstance(events[-1], kind):
        events.append(await asyncio.wait_for(session.receive(), 5))
    return events


async def test_the_first_event_is_the_session(model: RealtimeModel) -> None:
    async with model.open() as session:
        assert isinstance(await session.receive(), rt.SessionCreated)


async def test_a_session_says_what_its_server_can_do(model: RealtimeModel) -> None:
    async with model.open() as session:
        assert session.profile == model.profile
        assert session.profile.session_limit_ms > 0


async def test_it_names_itself(model: RealtimeModel) -> None:
    assert model.profile.name
    assert model.profile.model


async def test_updates_are_answered_in_order(model: RealtimeModel) -> None:
    async with model.open() as session:
        for text in ("one", "two", "three"):
            session.send(update(instructions=text))
        told = [(await until(session, rt.SessionUpdated))[-1].session.instructions for _ in range(3)]
        assert told == ["one", "two", "three"]


async def test_a_response_is_opened_closed_and_counted(model: RealtimeModel) -> None:
    async with model.open() as session:
        session.send(user_says("hello"))
        session.send(rt.ResponseCreate())
        events = await until(session, rt.ResponseDone)
        done = events[-1].response
        assert [done.status, done.usage.output_tokens > 0] == ["completed", True]
        opened = [e.item.id for e in events if isinstance(e, rt.ResponseOutputItemAdded)]
        assert opened == [e.item.id for e in events if isinstance(e, rt.ResponseOutputItemDone)]


async def test_speech_arrives_as_bytes_with_its_transcript(model: RealtimeModel) -> None:
    async with model.open() as session:
        session.send(rt.ResponseCreate())
        events = await until(session, rt.ResponseDone)
        assert any(isinstance(e, rt.ResponseOutputAudioDelta) and isinstance(e.delta, bytes) for e in events)
        said = [e.transcript for e in events if isinstance(e, rt.ResponseOutputAudioTranscriptDone)]
        assert said == [SAY]


async def test_a_tool_call_has_its_name_arguments_and_id(model: RealtimeModel) -> None:
    async with model.open() as session:
        session.send(rt.ResponseCreate())
        events = await until(session, rt.ResponseDone)
        call = next(e for e in events if isinstance(e, rt.ResponseFunctionCallArgumentsDone))
        assert (call.name, call.arguments) == ("look_up", '{"n": 1}')
        assert events[-1].response.output[1].call_id == call.call_id


async def test_an_error_names_the_event_and_ends_nothing(model: RealtimeModel) -> None:
    async with model.open() as session:
        session.send(rt.ResponseCancel(event_id="mine"))
        error = (await until(session, rt.Error))[-1].error
        assert (error.code, error.event_id) == ("response_cancel_not_active", "mine")
        session.send(update(instructions="still here"))
        await until(session, rt.SessionUpdated)


async def test_items_are_created_truncated_and_deleted(model: RealtimeModel) -> None:
    async with model.open() as session:
        session.send(user_says("hello", id="item_a"))
        assert (await until(session, rt.ConversationItemAdded))[-1].item.id == "item_a"
        session.send(rt.ConversationItemDelete(item_id="item_a"))
        assert (await until(session, rt.ConversationItemDeleted))[-1].item_id == "item_a"


async def test_sending_never_waits(model: RealtimeModel) -> None:
    async with model.open() as session:
        for _ in range(500):
            session.send(rt.InputAudioBufferAppend(audio=bytes(960)))
        session.send(update(instructions="after"))
        await until(session, rt.SessionUpdated)


async def test_after_the_end_it_says_so(model: RealtimeModel) -> None:
    async with model.open() as session:
        await session.receive()
    with pytest.raises(ModelLost):
        session.send(rt.ResponseCreate())
    with pytest.raises(ModelLost):
        await until(session, rt.ResponseDone)


async def test_it_can_be_opened_again(model: RealtimeModel) -> None:
    for _ in range(2):
        async with model.open() as session:
            assert isinstance(await session.receive(), rt.SessionCreated)


async def test_two_sessions_are_strangers(model: RealtimeModel) -> None:
    async with model.open() as one, model.open() as two:
        one.send(update(instructions="one"))
        two.send(update(instructions="two"))
        assert (await until(two, rt.SessionUpdated))[-1].session.instructions == "two"
        assert (await until(one, rt.SessionUpdated))[-1].session.instructions == "one"


async def test_leaving_early_leaves_no_tasks(model: RealtimeModel) -> None:
    before = len(asyncio.all_tasks())
    async with model.open() as session:
        session.send(rt.ResponseCreate())
        await until(session, rt.ResponseCreated)
    assert sum("realtime" not in t.get_name() and "response" in t.get_name() for t in asyncio.all_tasks()) == 0
    assert len(asyncio.all_tasks()) <= before + 2
