"""What a bad client event is called, and where it went wrong."""

import pytest

from huntgroup.wire import realtime as rt

DEEP = '{"type":' + "[" * 3000

CASES = [
    ("{", "invalid_event", None),
    ("[]", "invalid_event", None),
    ('"text"', "invalid_event", None),
    (DEEP, "invalid_event", None),
    (b"\xff\xfe", "invalid_event", None),
    ("{}", "missing_required_parameter", "type"),
    ('{"type": 3}', "invalid_value", "type"),
    ('{"type": "session.destroy"}', "invalid_value", "type"),
    ('{"type": "session.update"}', "missing_required_parameter", "session"),
    ('{"type": "session.update", "session": {}}', "missing_required_parameter", "session.type"),
    (
        '{"type": "session.update", "session": {"type": "realtime", "modalities": ["text"]}}',
        "unknown_parameter",
        "session.modalities",
    ),
    (
        '{"type": "session.update", "session": {"type": "realtime", "input_audio_format": "pcm16"}}',
        "unknown_parameter",
        "session.input_audio_format",
    ),
    (
        '{"type": "session.update", "session": {"type": "realtime", "turn_detection": null}}',
        "unknown_parameter",
        "session.turn_detection",
    ),
    (
        '{"type": "session.update", "session": {"type": "realtime", "temperature": 0.8}}',
        "unknown_parameter",
        "session.temperature",
    ),
    (
        '{"type": "session.update", "session": {"type": "realtime", "audio": {"input": {"x": 1}}}}',
        "unknown_parameter",
        "session.audio.input.x",
    ),
    (
        '{"type": "session.update", "session": {"type": "realtime", "instructions": 1}}',
        "invalid_type",
        "session.instructions",
    ),
    (
        '{"type": "session.update", "session": {"type": "realtime", "tools": [{"type": "function"}]}}',
        "missing_required_parameter",
        "session.tools[0].name",
    ),
    ('{"type": "input_audio_buffer.append", "audio": "%%%"}', "invalid_value", "audio"),
    ('{"type": "input_audio_buffer.append"}', "missing_required_parameter", "audio"),
    ('{"type": "conversation.item.create", "item": {"type": "dance"}}', "invalid_value", "item.type"),
    (
        '{"type": "conversation.item.truncate", "item_id": "i", "content_index": 0, "audio_end_ms": "x"}',
        "invalid_type",
        "audio_end_ms",
    ),
]


@pytest.mark.parametrize(("data", "code", "param"), CASES)
def test_code_and_path(data: str | bytes, code: str, param: str | None) -> None:
    with pytest.raises(rt.MalformedEvent) as caught:
        rt.decode_client(data)
    assert (caught.value.code, caught.value.param) == (code, param)


def test_the_clients_event_id_comes_along() -> None:
    with pytest.raises(rt.MalformedEvent) as caught:
        rt.decode_client('{"type": "x", "event_id": "mine"}')
    assert caught.value.event_id == "mine"


def test_values_are_not_quoted() -> None:
    with pytest.raises(rt.MalformedEvent) as caught:
        rt.decode_client('{"type": "conversation.item.create", "item": {"type": "Ada Lovelace"}}')
    assert "Ada" not in caught.value.message
