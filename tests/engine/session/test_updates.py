"""`session.update`: all or nothing, and what may never change."""

import pytest

from huntgroup.engine.ports import Say
from huntgroup.wire import realtime as rt
from tests.engine.doubles import Bench, detection, update


def audio_in(**fields: object) -> rt.SessionUpdate:
    return update(audio=rt.AudioConfig(input=rt.InputAudioConfig(**fields)))  # type: ignore[arg-type]


def audio_out(**fields: object) -> rt.SessionUpdate:
    return update(audio=rt.AudioConfig(output=rt.OutputAudioConfig(**fields)))  # type: ignore[arg-type]


async def refusal(bench: Bench, event: rt.SessionUpdate) -> tuple[str | None, str | None]:
    bench.send(event)
    error = (await bench.until(rt.Error)).error
    return error.code, error.param


async def test_the_answer_is_the_whole_effective_configuration() -> None:
    async with Bench() as bench:
        bench.send(update(instructions="Be kind."))
        session = (await bench.until(rt.SessionUpdated)).session
        assert (session.instructions, session.model, session.tools) == ("Be kind.", "huntgroup-offline", [])
        assert session.audio.input.turn_detection.silence_duration_ms == 500
        assert b'"transcription":null' in rt.encode(rt.SessionUpdated(session=session))


async def test_only_what_is_named_changes() -> None:
    async with Bench() as bench:
        bench.send(detection(rt.TurnDetection(type="server_vad", threshold=0.7)), audio_out(speed=1.2))
        bench.send(detection(rt.TurnDetection(type="server_vad", silence_duration_ms=300)))
        for _ in range(3):
            session = (await bench.until(rt.SessionUpdated)).session
        found = session.audio.input.turn_detection
        assert (found.threshold, found.silence_duration_ms, session.audio.output.speed) == (0.7, 300, 1.2)


async def test_another_kind_of_turn_detection_starts_from_its_defaults() -> None:
    async with Bench() as bench:
        bench.send(detection(rt.TurnDetection(type="semantic_vad")))
        found = (await bench.until(rt.SessionUpdated)).session.audio.input.turn_detection
        assert (found.eagerness, found.create_response, found.threshold) == ("auto", True, rt.UNSET)


async def test_null_switches_off() -> None:
    async with Bench() as bench:
        bench.send(audio_in(transcription=rt.TranscriptionConfig(model="whisper-1")))
        bench.send(audio_in(transcription=None, turn_detection=None))
        await bench.until(rt.SessionUpdated)
        config = (await bench.until(rt.SessionUpdated)).session.audio.input
        assert (config.transcription, config.turn_detection) == (None, None)


async def test_one_bad_field_rejects_all() -> None:
    async with Bench() as bench:
        bad = update(instructions="new", output_modalities=["audio", "text"])
        assert await refusal(bench, bad) == ("invalid_value", "session.output_modalities")
        assert bench.session.config.instructions == ""


@pytest.mark.parametrize(
    ("event", "param"),
    [
        (update(type="transcription"), "session.type"),
        (update(max_output_tokens=0), "session.max_output_tokens"),
        (update(max_output_tokens="lots"), "session.max_output_tokens"),
        (update(tool_choice="sometimes"), "session.tool_choice"),
        (update(tool_choice=rt.ToolChoice(type="function", name="none")), "session.tool_choice.name"),
        (update(tools=[rt.FunctionToolSpec(name="a b")]), "session.tools[0].name"),
        (update(tools=[rt.McpToolSpec(server_label="x")]), "session.tools[0].type"),
        (update(reasoning=rt.Reasoning(effort="enormous")), "session.reasoning.effort"),
        (update(truncation="never"), "session.truncation"),
        (update(prompt={"id": "pmpt_1"}), "session.prompt"),
        (audio_out(voice="nobody"), "session.audio.output.voice"),
        (audio_out(speed=9.0), "session.audio.output.speed"),
        (audio_out(format=rt.AudioFormatSpec(type="audio/mp3")), "session.audio.output.format.type"),
        (audio_in(format=rt.AudioFormatSpec(type="audio/pcm", rate=16000)), "session.audio.input.format.rate"),
        (audio_in(noise_reduction=rt.NoiseReduction(type="x")), "session.audio.input.noise_reduction.type"),
        (detection(rt.TurnDetection(type="vad")), "session.audio.input.turn_detection.type"),
        (
            detection(rt.TurnDetection(type="server_vad", threshold=3)),
            "session.audio.input.turn_detection.threshold",
        ),
        (
            detection(rt.TurnDetection(type="server_vad", eagerness="low")),
            "session.audio.input.turn_detection.eagerness",
        ),
    ],
)
async def test_bad_values_name_their_path(event: rt.SessionUpdate, param: str) -> None:
    async with Bench() as bench:
        code, path = await refusal(bench, event)
        assert path == param
        assert code in ("invalid_value", "unknown_parameter")


async def test_the_voice_is_frozen_after_the_first_audio() -> None:
    async with Bench([Say("Hi.")], [Say("Hi.")]) as bench:
        bench.send(audio_out(voice="hum-2"))
        await bench.talk("x")
        assert await refusal(bench, audio_out(voice="hum-3")) == (
            "cannot_update_voice",
            "session.audio.output.voice",
        )
        bench.send(audio_out(voice="hum-2"))
        await bench.until(rt.SessionUpdated)
        assert bench.voice.spoken[0][1] == "hum-2"


async def test_a_rejected_voice_takes_the_rest_of_its_update_along() -> None:
    async with Bench([Say("Hi.")]) as bench:
        await bench.talk("x")
        output = rt.AudioConfig(output=rt.OutputAudioConfig(voice="hum-3"))
        await refusal(bench, update(instructions="B", audio=output))
        assert bench.session.config.instructions == ""


async def test_text_does_not_freeze_the_voice() -> None:
    async with Bench([Say("Hi.")]) as bench:
        bench.send(update(output_modalities=["text"]))
        await bench.talk("x")
        bench.send(audio_out(voice="hum-3"))
        assert (await bench.until(rt.SessionUpdated)).session.audio.output.voice == "hum-3"


async def test_openai_voices_are_known_and_told_apart() -> None:
    async with Bench([Say("Hi.")]) as bench:
        bench.send(audio_out(voice=rt.VoiceRef(id="cedar")))
        await bench.talk("x")
        assert bench.voice.spoken[0][1] == "hum-2"


async def test_the_model_is_adopted_once_and_then_fixed() -> None:
    async with Bench() as bench:
        bench.send(update(model="gpt-realtime-2.1"), update(model="gpt-realtime-2.1"))
        assert (await bench.until(rt.SessionUpdated)).session.model == "gpt-realtime-2.1"
        assert await refusal(bench, update(model="gpt-realtime-2")) == ("invalid_value", "session.model")


async def test_tracing_stays_as_it_was_switched_on() -> None:
    async with Bench() as bench:
        bench.send(update(tracing="auto"))
        assert await refusal(bench, update(tracing=None)) == ("invalid_value", "session.tracing")


async def test_a_session_expires() -> None:
    async with Bench(max_session_s=60) as bench:
        await bench.clock.advance(60_000)
        error = (await bench.until(rt.Error)).error
        assert error.code == "session_expired"
        assert "1 minutes" in error.message
