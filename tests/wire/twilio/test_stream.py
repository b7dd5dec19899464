"""Media Streams, both sides against each other, against Twilio's own examples, and against rubbish."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huntgroup.wire.twilio import (
    MAX_CHUNK_BYTES,
    CallerProtocol,
    Cleared,
    Digit,
    Frame,
    MarkEcho,
    MarkPlaced,
    Problem,
    Sound,
    Started,
    Stopped,
    StreamProtocol,
)

FRAME = bytes(range(160))


def opened() -> tuple[CallerProtocol, StreamProtocol]:
    caller, server = CallerProtocol(stream_sid="MZ1", call_sid="CA1"), StreamProtocol()
    server.receive(caller.connected())
    server.receive(caller.start({"token": "t"}))
    return caller, server


def codes(events: list[object]) -> list[str]:
    return [event.code for event in events if isinstance(event, Problem)]


def test_a_stream_from_start_to_stop() -> None:
    caller, server = CallerProtocol(stream_sid="MZ1", call_sid="CA1"), StreamProtocol()
    assert server.receive(caller.connected()) == []
    assert server.receive(caller.start({"token": "t"})) == [Started("MZ1", "CA1", {"token": "t"})]
    assert server.receive(caller.media(FRAME)) == [Frame(FRAME)]
    assert server.receive(caller.dtmf("#")) == [Digit("#")]
    assert server.receive(caller.mark("m")) == [MarkEcho("m")]
    assert server.receive(caller.stop()) == [Stopped()]
    assert codes(server.receive(caller.media(FRAME))) == ["after_stop"]


def test_the_media_clock_is_the_end_of_the_last_frame() -> None:
    caller, server = opened()
    for _ in range(5):
        server.receive(caller.media(FRAME))
    assert server.now_ms == caller.now_ms == 100


def test_twilios_own_example_frames_are_read() -> None:
    server = StreamProtocol()
    start = """{"event":"start","sequenceNumber":"1","start":{"accountSid":"AC1","streamSid":"MZ1","callSid":"CA1",
      "tracks":["inbound"],"mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000,"channels":1},
      "customParameters":{"FirstName":"Jane"}},"streamSid":"MZ1"}"""
    media = """{"event":"media","sequenceNumber":"3","media":{"track":"inbound","chunk":"1","timestamp":"5",
      "payload":"no+JhoaJjpz="},"streamSid":"MZ1"}"""
    assert server.receive('{"event":"connected","protocol":"Call","version":"1.0.0"}') == []
    assert server.receive(start) == [Started("MZ1", "CA1", {"FirstName": "Jane"})]
    assert isinstance(server.receive(media)[0], Frame)


def test_what_the_server_sends_is_what_the_carrier_understands() -> None:
    caller, server = opened()
    sound = [caller.receive(text) for text in server.play(FRAME)]
    assert sound == [Sound(FRAME)]
    assert caller.receive(server.mark("m")) == MarkPlaced("m")
    assert caller.receive(server.clear()) == Cleared()


def test_the_wire_form_is_twilios() -> None:
    _, server = opened()
    assert json.loads(next(server.play(b"\xff\xff\xff"))) == {
        "event": "media",
        "streamSid": "MZ1",
        "media": {"payload": "////"},
    }
    assert json.loads(server.mark("m")) == {"event": "mark", "streamSid": "MZ1", "mark": {"name": "m"}}
    assert json.loads(server.clear()) == {"event": "clear", "streamSid": "MZ1"}


def test_long_sound_goes_out_in_short_pieces() -> None:
    caller, server = opened()
    sounds = [caller.receive(text) for text in server.play(bytes(4000))]
    assert [len(sound.audio) for sound in sounds if isinstance(sound, Sound)] == [1600, 1600, 800]
    assert MAX_CHUNK_BYTES == 1600


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "malformed_json"),
        ("", "malformed_json"),
        ("[]", "bad_message"),
        ("{}", "unknown_event"),
        ('{"event":"reboot","streamSid":"MZ1"}', "unknown_event"),
        ('{"event":"media","streamSid":"MZ1"}', "bad_message"),
        (
            (
                '{"event":"media","streamSid":"MZ1","sequenceNumber":"2","media":'
                '{"track":"inbound","chunk":"1","timestamp":"0","payload":"?!"}}'
            ),
            "bad_base64",
        ),
        (
            (
                '{"event":"media","streamSid":"MZ1","sequenceNumber":"2","media":'
                '{"track":"inbound","chunk":"one","timestamp":"0","payload":"AAAA"}}'
            ),
            "bad_number",
        ),
        (
            (
                '{"event":"media","streamSid":"MZ1","sequenceNumber":"2","media":'
                '{"track":"outbound","chunk":"1","timestamp":"0","payload":"AAAA"}}'
            ),
            "unexpected_track",
        ),
        (
            '{"event":"dtmf","streamSid":"MZ1","sequenceNumber":"2","dtmf":{"digit":"12"}}',
            "bad_digit",
        ),
        ("x" * 20_000, "frame_too_large"),
        ('{"event":"connected"}', "second_connected"),
        ('{"event":"stop","streamSid":"MZ9","sequenceNumber":"2","stop":{}}', "wrong_stream"),
    ],
)
def test_each_kind_of_rubbish_has_a_name_and_the_stream_goes_on(text: str, code: str) -> None:
    caller, server = opened()
    events = server.receive(text)
    assert codes(events) == [code]
    assert not any(event.is_fatal for event in events if isinstance(event, Problem))
    later = [server.receive(caller.media(FRAME)) for _ in range(3)]
    assert Frame(FRAME) in later[-1]


def test_events_before_start_are_dropped_by_name() -> None:
    caller, server = CallerProtocol(stream_sid="MZ1", call_sid="CA1"), StreamProtocol()
    assert codes(server.receive(caller.media(FRAME))) == ["before_start"]


def test_a_second_start_changes_nothing() -> None:
    caller, server = opened()
    assert codes(server.receive(caller.start({"token": "other"}))) == ["second_start"]
    assert server.stream_sid == "MZ1"


def test_frames_that_come_late_or_twice_are_dropped_and_gaps_are_named() -> None:
    caller, server = opened()
    first, second, third, fourth = (caller.media(FRAME) for _ in range(4))
    assert codes(server.receive(second)) == ["frames_missing"]
    assert codes(server.receive(first)) == ["out_of_order"]
    assert codes(server.receive(second)) == ["out_of_order"]
    assert server.receive(third) == [Frame(FRAME)]
    assert server.receive(fourth) == [Frame(FRAME)]
    assert server.now_ms == 80


def test_one_frame_with_an_absurd_number_does_not_silence_the_rest() -> None:
    caller, server = opened()
    server.receive(caller.media(FRAME))
    absurd = caller.media(FRAME).replace('"chunk":"2"', '"chunk":"99999999"')
    assert codes(server.receive(absurd)) == ["out_of_order"]
    assert Frame(FRAME) in server.receive(caller.media(FRAME))


def test_a_leaping_clock_is_named_and_followed_at_the_speed_of_sound() -> None:
    caller, server = opened()
    server.receive(caller.media(FRAME))
    caller._sent_bytes += 8 * 3_600_000
    assert codes(server.receive(caller.media(FRAME))) == ["timestamp_jump"]
    assert codes(server.receive(caller.media(FRAME))) == []
    assert server.now_ms == 60


def test_a_format_that_is_not_mulaw_ends_the_stream() -> None:
    caller, server = CallerProtocol(stream_sid="MZ1", call_sid="CA1"), StreamProtocol()
    text = caller.start({}).replace("audio/x-mulaw", "audio/x-l16")
    assert server.receive(text) == [Problem("unsupported_format", "only 8 kHz µ-law", is_fatal=True)]


def test_an_oversized_frame_is_dropped() -> None:
    caller, server = opened()
    assert codes(server.receive(caller.media(bytes(9000)))) == ["frame_too_large"]


def test_the_carrier_names_rubbish_from_a_server_too() -> None:
    caller, _ = opened()
    assert caller.receive('{"event":"media","streamSid":"MZ2","media":{"payload":"AAAA"}}') == Problem("wrong_stream")
    assert caller.receive("nonsense") == Problem("malformed_json")


@given(st.text(max_size=300) | st.binary(max_size=300))
def test_nothing_that_is_sent_raises(data: str | bytes) -> None:
    _, server = opened()
    assert all(isinstance(event, Problem) for event in server.receive(data))


@given(st.recursive(st.none() | st.integers() | st.text(max_size=5), lambda x: st.lists(x, max_size=3), max_leaves=5))
def test_no_value_in_a_field_raises(value: object) -> None:
    _, server = opened()
    for field in ("track", "chunk", "timestamp", "payload"):
        media: dict[str, object] = {"track": "inbound", "chunk": "1", "timestamp": "0", "payload": "AAAA"}
        media[field] = value
        server.receive(json.dumps({"event": "media", "streamSid": "MZ1", "sequenceNumber": "9", "media": media}))
