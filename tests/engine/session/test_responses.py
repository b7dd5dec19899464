"""Responses: order of events, cancelling, overrides, limits."""

from huntgroup.engine.ports import CallTool, Said, Say, ToolResult, ToolUse
from huntgroup.wire import realtime as rt
from tests.engine.doubles import Bench, detection, sound, update, user_says

SPOKEN = [
    "response.created",
    "response.output_item.added",
    "conversation.item.added",
    "response.content_part.added",
    "response.output_audio_transcript.delta",
    "response.output_audio.delta",
    "response.output_audio.done",
    "response.output_audio_transcript.done",
    "response.content_part.done",
    "conversation.item.done",
    "response.output_item.done",
    "response.done",
    "rate_limits.updated",
]


def once(names: list[str]) -> list[str]:
    return [name for place, name in enumerate(names) if place == 0 or names[place - 1] != name]


async def test_session_opens_with_its_two_events() -> None:
    async with Bench() as bench:
        assert bench.types() == ["session.created", "conversation.created"]


async def test_a_spoken_response_has_the_protocols_order() -> None:
    async with Bench([Say("Good morning.")]) as bench:
        await bench.talk("hello")
        await bench.until(rt.RateLimitsUpdated)
        assert once(bench.types()[4:]) == SPOKEN


async def test_the_transcript_runs_ahead_of_the_audio_of_each_sentence() -> None:
    async with Bench([Say("One."), Say("Two.")]) as bench:
        await bench.talk("hello")
        deltas = [name for name in once(bench.types()) if name.endswith("delta")]
        assert deltas == ["response.output_audio_transcript.delta", "response.output_audio.delta"] * 2


async def test_the_audio_is_as_long_as_the_speech() -> None:
    async with Bench([Say("Good morning.")]) as bench:
        await bench.talk("hello")
        heard = b"".join(event.delta for event in bench.of(rt.ResponseOutputAudioDelta))
        assert len(heard) == 13 * 50 // 20 * 960


async def test_text_modality_writes() -> None:
    async with Bench([Say("Good"), Say("morning.")]) as bench:
        bench.send(update(output_modalities=["text"]))
        done = await bench.talk("hello")
        assert "".join(event.delta for event in bench.of(rt.ResponseOutputTextDelta)) == "Good morning."
        assert done.response.output[0].content[0].text == "Good morning."
        assert not bench.voice.spoken


async def test_one_thought_may_speak_and_then_call_a_tool() -> None:
    async with Bench([Say("One moment."), CallTool("look_up", '{"name": "Ada"}')]) as bench:
        done = await bench.talk("hello")
        message, call = done.response.output
        assert (message.status, call.status) == ("completed", "completed")
        assert (call.name, call.arguments) == ("look_up", '{"name": "Ada"}')
        finished = bench.of(rt.ResponseFunctionCallArgumentsDone)[0]
        assert (finished.output_index, finished.name, finished.call_id) == (1, "look_up", call.call_id)


async def test_the_mind_reads_what_was_said_called_and_answered() -> None:
    async with Bench([Say("One moment."), CallTool("look_up", "{}")], [Say("Done.")]) as bench:
        done = await bench.talk("hello")
        call_id = done.response.output[1].call_id
        output = rt.FunctionCallOutputItem(call_id=call_id, output="found")
        bench.send(rt.ConversationItemCreate(item=output), rt.ResponseCreate())
        await bench.until(rt.ResponseDone)
        assert bench.mind.thoughts[1].history == [
            Said("user", "hello"),
            Said("assistant", "One moment."),
            ToolUse(call_id, "look_up", "{}"),
            ToolResult(call_id, "found"),
        ]


async def test_only_one_response_writes_to_the_conversation() -> None:
    async with Bench([Say("Hi.")]) as bench:
        bench.send(user_says("hello"), rt.ResponseCreate(), rt.ResponseCreate(event_id="second"))
        error = (await bench.until(rt.Error)).error
        assert (error.code, error.event_id) == ("conversation_already_has_active_response", "second")


async def test_cancel_closes_everything_at_once() -> None:
    async with Bench([Say("A long story.")]) as bench:
        bench.voice.gate.clear()
        bench.send(user_says("hello"), rt.ResponseCreate())
        await bench.until(rt.ResponseOutputAudioTranscriptDelta)
        bench.send(rt.ResponseCancel())
        done = await bench.until(rt.ResponseDone)
        assert (done.response.status, done.response.status_details.reason) == ("cancelled", "client_cancelled")
        assert done.response.output[0].status == "incomplete"
        assert len(bench.of(rt.ConversationItemDone)) == len(bench.of(rt.ConversationItemAdded))


async def test_cancel_stops_the_voice() -> None:
    async with Bench([Say("A long story.")]) as bench:
        bench.voice.gate.clear()
        bench.send(user_says("hello"), rt.ResponseCreate())
        await bench.until(rt.ResponseOutputAudioTranscriptDelta)
        bench.send(rt.ResponseCancel())
        bench.voice.gate.set()
        await bench.clock.settle()
        assert not bench.of(rt.ResponseOutputAudioDelta)


async def test_cancel_when_idle_is_an_error_and_nothing_else() -> None:
    async with Bench([Say("Hi.")]) as bench:
        bench.send(rt.ResponseCancel())
        assert (await bench.until(rt.Error)).error.code == "response_cancel_not_active"
        assert (await bench.talk("hello")).response.status == "completed"


async def test_out_of_band_runs_beside_and_leaves_no_items() -> None:
    async with Bench([Say("A long story.")], [Say("angry")]) as bench:
        bench.voice.gate.clear()
        bench.send(user_says("hello"), rt.ResponseCreate())
        await bench.until(rt.ResponseOutputAudioTranscriptDelta)
        part = rt.ContentPart(type="input_text", text="Classify.")
        asked = rt.ResponseConfig(
            conversation="none",
            output_modalities=["text"],
            input=[rt.MessageItem(role="user", content=[part])],
            metadata={"purpose": "mood"},
        )
        items_before = len(bench.of(rt.ConversationItemAdded))
        bench.send(rt.ResponseCreate(response=asked))
        done = await bench.until(rt.ResponseDone)
        assert (done.response.conversation_id, done.response.metadata) == (None, {"purpose": "mood"})
        assert done.response.output[0].content[0].text == "angry"
        assert bench.mind.thoughts[1].history == [Said("user", "Classify.")]
        assert bench.mind.thoughts[1].out_of_band
        assert len(bench.of(rt.ConversationItemAdded)) == items_before


async def test_a_response_may_refer_to_items_of_the_conversation() -> None:
    async with Bench([Say("Yes.")]) as bench:
        bench.send(user_says("first", id="one"), user_says("second", id="two"))
        asked = rt.ResponseConfig(conversation="none", input=[rt.ItemReference(id="two")])
        bench.send(rt.ResponseCreate(response=asked))
        await bench.until(rt.ResponseDone)
        assert bench.mind.thoughts[0].history == [Said("user", "second")]


async def test_overrides_hold_for_one_response() -> None:
    tool = rt.FunctionToolSpec(name="look_up", description="d", parameters={"type": "object"})
    async with Bench([Say("Hi.")], [Say("Hi.")]) as bench:
        bench.send(update(instructions="Be kind.", tools=[tool]))
        asked = rt.ResponseConfig(instructions="Say goodbye.", tools=[], output_modalities=["text"])
        bench.send(user_says("x"), rt.ResponseCreate(response=asked))
        await bench.until(rt.ResponseDone)
        await bench.talk("y")
        one, two = bench.mind.thoughts
        assert (one.instructions, one.response_instructions, list(one.tools)) == ("Be kind.", "Say goodbye.", [])
        assert (two.response_instructions, two.tools[0]["name"]) == (None, "look_up")


async def test_max_output_tokens_ends_a_response_incomplete() -> None:
    async with Bench([Say("one two three four five six seven eight")]) as bench:
        asked = rt.ResponseConfig(max_output_tokens=5, output_modalities=["text"])
        bench.send(user_says("x"), rt.ResponseCreate(response=asked))
        done = (await bench.until(rt.ResponseDone)).response
        assert (done.status, done.status_details.reason) == ("incomplete", "max_output_tokens")
        assert done.output[0].content[0].text == "one two three four"
        assert done.usage.output_tokens <= 5


async def test_a_failing_mind_fails_the_response_only() -> None:
    def fail(_: object) -> list[Say]:
        raise RuntimeError("secret")

    async with Bench(fail, [Say("Hi.")]) as bench:
        done = (await bench.talk("x")).response
        assert (done.status, done.status_details.error.type) == ("failed", "server_error")
        assert "secret" not in done.status_details.error.message
        assert (await bench.talk("y")).response.status == "completed"


async def test_usage_counts_and_caches_by_prefix() -> None:
    async with Bench([Say("Hi.")], [Say("Hi.")], [Say("Hi.")]) as bench:
        bench.send(update(instructions="x" * 400))
        one = (await bench.talk("hello")).response.usage
        two = (await bench.talk("hello")).response.usage
        assert one.input_token_details.cached_tokens == 0
        assert two.input_token_details.cached_tokens == one.input_tokens
        assert two.output_token_details.audio_tokens == 3
        bench.send(update(instructions="y" * 400))
        assert (await bench.talk("z")).response.usage.input_token_details.cached_tokens == 0


async def test_metadata_is_echoed_and_null_is_written() -> None:
    async with Bench([Say("Hi.")]) as bench:
        done = await bench.talk("x")
        assert b'"metadata":null' in rt.encode(done)
        assert b'"status_details":null' in rt.encode(done)


async def test_pcmu_out() -> None:
    spec = rt.AudioFormatSpec(type="audio/pcmu")
    async with Bench([Say("Good morning.")]) as bench:
        bench.send(update(audio=rt.AudioConfig(output=rt.OutputAudioConfig(format=spec))))
        await bench.talk("x")
        heard = b"".join(event.delta for event in bench.of(rt.ResponseOutputAudioDelta))
        assert abs(len(heard) - 640 * 8) <= 8


async def test_the_ear_learns_what_the_mind_expects_next() -> None:
    async with Bench([Say("Your number?")]) as bench:
        bench.mind.expects = "digits"
        await bench.talk("x")
        assert bench.ear.options[-1].expects == "digits"


async def test_push_to_talk() -> None:
    async with Bench([Say("Hi.")]) as bench:
        bench.send(detection(None), sound(300), rt.InputAudioBufferCommit(), rt.ResponseCreate())
        await bench.until(rt.ResponseDone)
        assert bench.mind.thoughts[0].history == [Said("user", "push to talk")]
        assert not bench.ear.options[-1].enabled
