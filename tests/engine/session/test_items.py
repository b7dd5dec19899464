"""Items: created, shown, truncated, deleted, and refused."""

import pytest

from huntgroup.engine.ports import CallTool, Said, Say
from huntgroup.wire import realtime as rt
from tests.engine.doubles import Bench, detection, sound, user_says


async def error_of(bench: Bench, *events: rt.ClientEvent) -> rt.ErrorBody:
    bench.send(*events)
    return (await bench.until(rt.Error)).error


def message(role: str, kind: str, **fields: object) -> rt.ConversationItemCreate:
    part = rt.ContentPart(type=kind, **fields)  # type: ignore[arg-type]
    return rt.ConversationItemCreate(item=rt.MessageItem(role=role, content=[part]))


async def test_items_are_added_and_done_with_the_one_before() -> None:
    async with Bench() as bench:
        bench.send(user_says("a", id="a"), user_says("b", id="b"))
        await bench.until(rt.ConversationItemDone)
        await bench.until(rt.ConversationItemDone)
        added = bench.of(rt.ConversationItemAdded)
        assert [(event.item.id, event.previous_item_id) for event in added] == [("a", None), ("b", "a")]


async def test_items_go_where_they_are_told() -> None:
    async with Bench([Say("Hi.")]) as bench:
        bench.send(user_says("b", id="b"), user_says("d", id="d"))
        first, third = user_says("a", id="a"), user_says("c", id="c")
        first.previous_item_id, third.previous_item_id = "root", "b"
        bench.send(first, third, rt.ResponseCreate())
        await bench.until(rt.ResponseDone)
        assert bench.mind.thoughts[0].history == [Said("user", letter) for letter in "abcd"]


@pytest.mark.parametrize(
    ("event", "code", "param"),
    [
        (message("robot", "input_text", text="x"), "invalid_value", "item.role"),
        (message("user", "output_text", text="x"), "invalid_value", "item.content[0].type"),
        (message("user", "input_text"), "missing_required_parameter", "item.content[0].text"),
        (message("assistant", "output_audio", audio=b"x"), "unsupported_content_type", "item.content[0].type"),
        (rt.ConversationItemRetrieve(item_id="x"), "item_retrieve_invalid_item_id", "item_id"),
        (rt.ConversationItemDelete(item_id="x"), "item_delete_invalid_item_id", "item_id"),
        (
            rt.ConversationItemTruncate(item_id="x", content_index=0, audio_end_ms=0),
            "item_truncate_invalid_item_id",
            "item_id",
        ),
        (
            rt.ConversationItemCreate(item=rt.FunctionCallOutputItem(call_id="call_x", output="")),
            "invalid_tool_call_id",
            "item.call_id",
        ),
    ],
)
async def test_refusals(event: rt.ClientEvent, code: str, param: str) -> None:
    async with Bench() as bench:
        error = await error_of(bench, event)
        assert (error.code, error.param) == (code, param)


async def test_an_id_is_used_once() -> None:
    async with Bench() as bench:
        assert (await error_of(bench, user_says("a", id="a"), user_says("b", id="a"))).param == "item.id"


async def test_an_unknown_predecessor_is_refused() -> None:
    async with Bench() as bench:
        event = user_says("a")
        event.previous_item_id = "nobody"
        assert (await error_of(bench, event)).param == "previous_item_id"


async def test_seeded_calls_and_outputs_are_accepted() -> None:
    async with Bench([Say("Hi.")]) as bench:
        call = rt.FunctionCallItem(name="look_up", arguments="{}", call_id="call_1")
        output = rt.FunctionCallOutputItem(call_id="call_1", output="found")
        bench.send(rt.ConversationItemCreate(item=call), rt.ConversationItemCreate(item=output))
        bench.send(message("assistant", "output_text", text="Hello."), rt.ResponseCreate())
        await bench.until(rt.ResponseDone)
        assert len(bench.mind.thoughts[0].history) == 3


async def test_deleted_items_are_forgotten() -> None:
    async with Bench([Say("Hi.")]) as bench:
        bench.send(user_says("a", id="a"), user_says("b", id="b"), rt.ConversationItemDelete(item_id="a"))
        bench.send(rt.ResponseCreate())
        await bench.until(rt.ResponseDone)
        assert bench.mind.thoughts[0].history == [Said("user", "b")]


async def test_user_audio_as_an_item_is_transcribed() -> None:
    async with Bench([Say("Hi.")]) as bench:
        bench.send(message("user", "input_audio", audio=bytes(48 * 500)), rt.ResponseCreate())
        await bench.until(rt.ResponseDone)
        assert bench.mind.thoughts[0].history == [Said("user", "push to talk")]


async def test_retrieve_gives_the_callers_audio_back() -> None:
    async with Bench() as bench:
        bench.send(detection(None), sound(500), rt.InputAudioBufferCommit())
        committed = await bench.until(rt.InputAudioBufferCommitted)
        bench.send(rt.ConversationItemRetrieve(item_id=committed.item_id))
        part = (await bench.until(rt.ConversationItemRetrieved)).item.content[0]
        assert abs(len(part.audio) - 48 * 500) < 48 * 5


async def spoken_item(bench: Bench) -> str:
    done = await bench.talk("x")
    return str(done.response.output[0].id)


def cut(item_id: str, ms: int, index: int = 0) -> rt.ConversationItemTruncate:
    return rt.ConversationItemTruncate(item_id=item_id, content_index=index, audio_end_ms=ms)


async def test_truncation_keeps_the_words_that_were_heard() -> None:
    async with Bench([Say("One two."), Say("Three four five.")], [Say("Hi.")]) as bench:
        item_id = await spoken_item(bench)
        bench.send(cut(item_id, 400 + 700))
        await bench.until(rt.ConversationItemTruncated)
        await bench.talk("y")
        assert bench.mind.thoughts[1].history[1] == Said("assistant", "One two. Three four")


async def test_truncation_removes_the_transcript_and_the_audio() -> None:
    async with Bench([Say("One two.")]) as bench:
        item_id = await spoken_item(bench)
        bench.send(cut(item_id, 100), rt.ConversationItemRetrieve(item_id=item_id))
        part = (await bench.until(rt.ConversationItemRetrieved)).item.content[0]
        assert (part.transcript, len(part.audio)) == (rt.UNSET, 4800)


async def test_truncation_to_nothing_leaves_nothing_said() -> None:
    async with Bench([Say("One two.")], [Say("Hi.")]) as bench:
        bench.send(cut(await spoken_item(bench), 0))
        await bench.talk("y")
        assert bench.mind.thoughts[1].history == [Said("user", "x"), Said("user", "y")]


async def test_truncation_beyond_the_audio_is_refused() -> None:
    async with Bench([Say("One two.")]) as bench:
        error = await error_of(bench, cut(await spoken_item(bench), 401))
        assert error.message == "Audio content of 400ms is already shorter than 401ms"


@pytest.mark.parametrize(("ms", "index", "param"), [(-1, 0, "audio_end_ms"), (0, 1, "content_index")])
async def test_truncation_checks_its_numbers(ms: int, index: int, param: str) -> None:
    async with Bench([Say("One two.")]) as bench:
        assert (await error_of(bench, cut(await spoken_item(bench), ms, index))).param == param


async def test_only_assistant_audio_can_be_truncated() -> None:
    async with Bench([CallTool("look_up", "{}")]) as bench:
        error = await error_of(bench, cut(await spoken_item(bench), 0))
        assert error.code == "unsupported_content_type"
