"""Our structs against the `openai` package's own types, in both directions."""

import contextlib
import typing

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openai.types.realtime import RealtimeClientEvent, RealtimeServerEvent
from pydantic import BaseModel, TypeAdapter

from huntgroup.wire import realtime as rt
from huntgroup.wire.realtime.codec import KnownServerEvent

CLIENT = TypeAdapter(RealtimeClientEvent)
SERVER = TypeAdapter(RealtimeServerEvent)
OURS = {kind.__struct_config__.tag: kind for kind in typing.get_args(KnownServerEvent)}

PCM = rt.AudioFormatSpec(type="audio/pcm", rate=24000)
TOOL = rt.FunctionToolSpec(name="look_up", description="Find.", parameters={"type": "object", "properties": {}})
FULL_SESSION = rt.SessionConfig(
    instructions="Be kind.",
    tools=[TOOL, rt.McpToolSpec(server_label="x", server_url="https://example.org")],
    tool_choice=rt.ToolChoice(type="function", name="look_up"),
    output_modalities=["audio"],
    audio=rt.AudioConfig(
        input=rt.InputAudioConfig(
            format=PCM,
            noise_reduction=rt.NoiseReduction(type="near_field"),
            transcription=rt.TranscriptionConfig(model="whisper-1", language="en", prompt="Dr. Chen"),
            turn_detection=rt.TurnDetection(type="semantic_vad", eagerness="low", create_response=False),
        ),
        output=rt.OutputAudioConfig(format=rt.AudioFormatSpec(type="audio/pcmu"), voice="marin", speed=1.1),
    ),
    max_output_tokens="inf",
    parallel_tool_calls=False,
    reasoning=rt.Reasoning(effort="low"),
    truncation={"type": "retention_ratio", "retention_ratio": 0.8},
    tracing="auto",
    include=["item.input_audio_transcription.logprobs"],
)
USER = rt.MessageItem(role="user", content=[rt.ContentPart(type="input_text", text="hi")], id="item_1")
VOICED = rt.MessageItem(role="user", content=[rt.ContentPart(type="input_audio", audio=b"\x01\x02")])
CLIENT_EVENTS = [
    rt.SessionUpdate(event_id="e", session=FULL_SESSION),
    rt.SessionUpdate(session=rt.SessionConfig()),
    rt.InputAudioBufferAppend(audio=b"\x01\x02\x03"),
    rt.InputAudioBufferCommit(),
    rt.InputAudioBufferClear(),
    rt.OutputAudioBufferClear(),
    rt.ConversationItemCreate(item=USER, previous_item_id="root"),
    rt.ConversationItemCreate(item=VOICED),
    rt.ConversationItemCreate(item=rt.FunctionCallItem(name="a", arguments="{}", call_id="c")),
    rt.ConversationItemCreate(item=rt.FunctionCallOutputItem(call_id="c", output="ok")),
    rt.ConversationItemRetrieve(item_id="item_1"),
    rt.ConversationItemTruncate(item_id="item_1", content_index=0, audio_end_ms=120),
    rt.ConversationItemDelete(item_id="item_1"),
    rt.ResponseCreate(),
    rt.ResponseCreate(
        response=rt.ResponseConfig(
            instructions="Say hello.",
            tools=[TOOL],
            tool_choice="none",
            conversation="none",
            metadata={"a": "b"},
            input=[USER],
            output_modalities=["text"],
            max_output_tokens=20,
            audio=rt.ResponseAudioConfig(output=rt.ResponseOutputAudioConfig(format=PCM, voice="cedar")),
        )
    ),
    rt.ResponseCancel(response_id="resp_1"),
]


def official_server_types() -> list[type[BaseModel]]:
    union = typing.get_args(RealtimeServerEvent)[0]
    return list(typing.get_args(union))


def tag_of(model: type[BaseModel]) -> str:
    return str(typing.get_args(model.model_fields["type"].annotation)[0])


def sample(annotation: object, whole: bool = False) -> object:
    """The smallest value the official types accept, or (`whole`) one with every field."""
    origin, args = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return sample(args[0], whole)
    if origin is typing.Literal:
        return args[0]
    if origin is typing.Union or type(annotation).__name__ == "UnionType":
        return sample(next(arg for arg in args if arg is not type(None)), whole)
    if origin is list:
        return [sample(args[0], whole)]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        fields = annotation.model_fields.items()
        return {n: sample(f.annotation, whole) for n, f in fields if whole or f.is_required() or n == "type"}
    return {str: "AAAA", int: 1, float: 1.5, bool: True}.get(annotation, {})  # type: ignore[call-overload]


def keeps(old: object, new: object) -> bool:
    """Whether everything in `old` is still in `new`."""
    if isinstance(old, dict) and isinstance(new, dict):
        return all(name in new and keeps(value, new[name]) for name, value in old.items())
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(keeps, old, new))
    return old == new


@pytest.mark.parametrize("event", CLIENT_EVENTS, ids=rt.event_type)
def test_every_client_event_is_one_of_theirs(event: rt.ClientEvent) -> None:
    CLIENT.validate_json(rt.encode(event), strict=True)


@pytest.mark.parametrize("event", CLIENT_EVENTS, ids=rt.event_type)
def test_client_events_survive_the_wire(event: rt.ClientEvent) -> None:
    assert rt.decode_client(rt.encode(event)) == event


def test_we_know_exactly_their_event_types() -> None:
    assert {tag_of(model) for model in official_server_types()} == set(OURS)


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("model", official_server_types(), ids=tag_of)
def test_every_server_event_of_theirs_is_read_and_written_again(model: type[BaseModel], whole: bool) -> None:
    raw = msgspec.json.encode(sample(model, whole))
    event = rt.decode_server(raw)
    assert type(event) is OURS[tag_of(model)]
    again = rt.encode(event)
    SERVER.validate_json(again)
    assert keeps(msgspec.json.decode(raw), msgspec.json.decode(again))


@pytest.mark.parametrize("model", official_server_types(), ids=tag_of)
def test_fields_that_are_new_are_ignored(model: type[BaseModel]) -> None:
    raw = {**typing.cast(dict[str, object], sample(model)), "from_the_future": 1}
    assert type(rt.decode_server(msgspec.json.encode(raw))) is OURS[tag_of(model)]


def test_an_unknown_type_is_handed_on() -> None:
    event = rt.decode_server('{"type": "response.dance.delta", "event_id": "e", "step": 1}')
    assert isinstance(event, rt.UnknownServerEvent)
    assert event.raw["step"] == 1


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200))
def test_rubbish_is_malformed_and_nothing_else(data: bytes | str) -> None:
    with pytest.raises(rt.MalformedEvent):
        rt.decode_client(data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
TYPES = [rt.event_type(event) for event in CLIENT_EVENTS]
KEYS = ["item", "session", "audio", "response", "item_id", "event_id", "type"]


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(TYPES), st.dictionaries(st.sampled_from(KEYS), JSON, max_size=4))
def test_known_types_with_wrong_fields_are_read_or_malformed(kind: str, fields: dict[str, object]) -> None:
    with contextlib.suppress(rt.MalformedEvent):
        rt.decode_client(msgspec.json.encode({**fields, "type": kind}))
