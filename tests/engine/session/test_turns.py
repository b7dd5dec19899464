"""The caller's turns: announced, committed, transcribed, answered, interrupting."""

import pytest

from huntgroup.engine.ports import Said, Say
from huntgroup.wire import realtime as rt
from tests.engine.doubles import Bench, detection, sound, update

TRANSCRIBE = rt.AudioConfig(
    input=rt.InputAudioConfig(transcription=rt.TranscriptionConfig(model="whisper-1", prompt="Dr. Chen"))
)


async def test_a_turn_is_announced_committed_and_answered_in_order() -> None:
    async with Bench([Say("Hi.")]) as bench:
        bench.send(sound(2000))
        bench.ear.turn("hello")
        await bench.until(rt.ResponseDone)
        assert bench.types()[2:8] == [
            "input_audio_buffer.speech_started",
            "input_audio_buffer.speech_stopped",
            "input_audio_buffer.committed",
            "conversation.item.added",
            "conversation.item.done",
            "response.created",
        ]
        assert bench.mind.thoughts[0].history == [Said("user", "hello")]


async def test_the_announced_id_is_the_committed_one() -> None:
    async with Bench([Say("Hi.")]) as bench:
        bench.send(sound(2000))
        bench.ear.turn("hello")
        started = await bench.until(rt.InputAudioBufferSpeechStarted)
        committed = await bench.until(rt.InputAudioBufferCommitted)
        assert (started.item_id, started.audio_start_ms) == (committed.item_id, 200)


async def test_transcription_is_told_only_when_asked_for() -> None:
    async with Bench([Say("Hi.")], [Say("Hi.")]) as bench:
        bench.send(sound(2000))
        bench.ear.turn("one")
        await bench.until(rt.ResponseDone)
        bench.send(update(audio=TRANSCRIBE), sound(2000))
        assert bench.ear.options[-1].prompt == "Dr. Chen"
        bench.ear.turn("two", 2500, 3500)
        await bench.until(rt.ResponseDone)
        told = bench.of(rt.ConversationItemInputAudioTranscriptionCompleted)
        assert [event.transcript for event in told] == ["two"]
        assert told[0].usage.seconds == pytest.approx(1.3, abs=0.01)


async def test_the_caller_interrupts_a_response() -> None:
    async with Bench([Say("A long story.")], [Say("Sorry?")]) as bench:
        bench.send(sound(2000), rt.ResponseCreate())
        bench.voice.gate.clear()
        await bench.until(rt.ResponseOutputAudioTranscriptDelta)
        bench.ear.start(900)
        done = (await bench.until(rt.ResponseDone)).response
        assert (done.status, done.status_details.reason) == ("cancelled", "turn_detected")
        assert done.output[0].status == "incomplete"


async def test_interrupting_can_be_switched_off() -> None:
    async with Bench([Say("A long story.")]) as bench:
        bench.send(detection(rt.TurnDetection(type="server_vad", interrupt_response=False, create_response=False)))
        bench.send(sound(2000), rt.ResponseCreate())
        bench.voice.gate.clear()
        await bench.until(rt.ResponseOutputAudioTranscriptDelta)
        bench.ear.turn("wait")
        await bench.until(rt.InputAudioBufferCommitted)
        bench.voice.gate.set()
        assert (await bench.until(rt.ResponseDone)).response.status == "completed"


async def test_create_response_false_leaves_the_turn_to_the_client() -> None:
    async with Bench([Say("Hi.")]) as bench:
        bench.send(detection(rt.TurnDetection(type="semantic_vad", create_response=False)), sound(2000))
        bench.ear.turn("hello")
        await bench.until(rt.ConversationItemDone)
        await bench.clock.settle()
        assert not bench.mind.thoughts
        bench.send(rt.ResponseCreate())
        await bench.until(rt.ResponseDone)
        assert bench.mind.thoughts[0].history == [Said("user", "hello")]


async def test_semantic_detection_reaches_the_ear() -> None:
    async with Bench() as bench:
        bench.send(detection(rt.TurnDetection(type="semantic_vad", eagerness="low")))
        assert bench.ear.options[-1].eagerness == "low"


async def test_server_detection_reaches_the_ear() -> None:
    async with Bench() as bench:
        bench.send(detection(rt.TurnDetection(type="server_vad", silence_duration_ms=200, threshold=0.7)))
        options = bench.ear.options[-1]
        assert (options.silence_ms, options.threshold, options.eagerness) == (200, 0.7, None)


async def test_a_noise_that_interrupts_nobody_gets_an_empty_response() -> None:
    async with Bench([Say("never")]) as bench:
        bench.send(sound(2000))
        bench.ear.turn("")
        done = (await bench.until(rt.ResponseDone)).response
        assert (done.status, done.output) == ("completed", [])
        assert not bench.mind.thoughts


async def test_a_noise_that_interrupts_is_answered() -> None:
    async with Bench([Say("A long story.")], [Say("Pardon?")]) as bench:
        bench.send(sound(2000), rt.ResponseCreate())
        bench.voice.gate.clear()
        await bench.until(rt.ResponseOutputAudioTranscriptDelta)
        bench.ear.turn("")
        await bench.until(rt.ResponseDone)
        bench.voice.gate.set()
        await bench.until(rt.ResponseDone)
        assert bench.mind.thoughts[1].history[-1] == Said("user", "")


async def test_the_answer_waits_for_the_transcript() -> None:
    async with Bench([Say("Hi.")]) as bench:
        bench.send(sound(2000))
        bench.ear.start(500)
        bench.ear.stop(1500)
        await bench.until(rt.ResponseCreated)
        await bench.clock.settle()
        assert not bench.mind.thoughts
        bench.ear.hear("hello")
        await bench.until(rt.ResponseDone)
        assert bench.mind.thoughts[0].history == [Said("user", "hello")]


async def test_commit_needs_100_ms() -> None:
    async with Bench() as bench:
        bench.send(detection(None), sound(50), rt.InputAudioBufferCommit(event_id="c"))
        error = (await bench.until(rt.Error)).error
        assert (error.code, error.event_id) == ("input_audio_buffer_commit_empty", "c")
        assert "50.00ms" in error.message


async def test_clear_empties_the_buffer() -> None:
    async with Bench() as bench:
        bench.send(detection(None), sound(500), rt.InputAudioBufferClear(), rt.InputAudioBufferCommit())
        await bench.until(rt.InputAudioBufferCleared)
        assert "0.00ms" in (await bench.until(rt.Error)).error.message


async def test_commit_by_hand_takes_the_announced_id() -> None:
    async with Bench() as bench:
        bench.send(sound(2000))
        bench.ear.start(500)
        started = await bench.until(rt.InputAudioBufferSpeechStarted)
        bench.send(rt.InputAudioBufferCommit())
        assert (await bench.until(rt.InputAudioBufferCommitted)).item_id == started.item_id
        bench.ear.stop(1500)
        bench.ear.hear("hello")
        await bench.clock.settle()
        bench.send(rt.ResponseCancel())
        await bench.until(rt.Error)
        assert len(bench.of(rt.InputAudioBufferCommitted)) == 1


async def test_silence_after_a_response_triggers_the_idle_timeout() -> None:
    async with Bench([Say("Hello?")], [Say("Are you there?")]) as bench:
        bench.send(detection(rt.TurnDetection(type="server_vad", idle_timeout_ms=5000)), sound(1000))
        bench.send(rt.ResponseCreate())
        await bench.until(rt.ResponseDone)
        bench.send(sound(300), sound(4900))
        await bench.clock.settle()
        bench.send(sound(200))
        timeout = await bench.until(rt.InputAudioBufferTimeoutTriggered)
        assert (timeout.audio_start_ms, timeout.audio_end_ms) == (1300, 6400)
        await bench.until(rt.ResponseDone)
        assert bench.mind.thoughts[1].history == [Said("assistant", "Hello?"), Said("user", "")]


async def test_ulaw_in_reaches_the_ear_as_16_khz() -> None:
    spec = rt.AudioFormatSpec(type="audio/pcmu")
    async with Bench() as bench:
        bench.send(update(audio=rt.AudioConfig(input=rt.InputAudioConfig(format=spec))))
        for _ in range(50):
            bench.send(rt.InputAudioBufferAppend(audio=b"\xff" * 160))
        assert abs(len(bench.ear.fed) - 32_000) <= 64 * 2


async def test_an_append_above_15_mib_is_refused() -> None:
    async with Bench() as bench:
        bench.send(rt.InputAudioBufferAppend(audio=bytes(15 * 1024 * 1024 + 1)))
        error = (await bench.until(rt.Error)).error
        assert (error.code, error.param) == ("invalid_value", "audio")
        assert not bench.ear.fed


async def test_a_noise_over_speech_that_is_still_playing_is_answered() -> None:
    async with Bench([Say("Hello.")], [Say("Pardon?")]) as bench:
        done = await bench.talk("hello")
        bench.send(sound(2000))
        bench.ear.start(500)
        await bench.until(rt.InputAudioBufferSpeechStarted)
        cut = rt.ConversationItemTruncate(item_id=done.response.output[0].id, content_index=0, audio_end_ms=100)
        bench.send(cut)
        bench.ear.stop(900)
        bench.ear.hear("")
        await bench.until(rt.ResponseDone)
        assert bench.mind.thoughts[1].history[-1] == Said("user", "")
