"""Live messages: what a page may send, within which bounds, and what it is told."""

import json

import pytest

from huntgroup.domain import facts
from huntgroup.wire import live

TAKEN = [
    live.Say(text="I need a plumber"),
    live.Say(text="I need a plumber", id="0123456789abcdefghjk"),
    live.Key(digit="#"),
    live.Transfer(agent="billing"),
    live.Interrupt(),
    live.Bye(),
]
SENT = [
    live.Hello(
        call_id="c", team="t", title="T", agents=[live.AgentCard(name="a", title="A")],
        edges=[live.EdgeCard(giver="a", receiver="b")], agent="a", token="x", expires_in_s=60,
    ),
    live.Caption(speaker="agent", text="Good", utterance="i1", turn=0, final=False, agent="a"),
    live.Latency(turn=1, ms=420),
    live.Ended(reason="caller_hung_up"),
    live.Refused(code="busy", message="Not now."),
    live.Refused(code="blank", message="Not this.", id="0123456789abcdefghjk"),
    live.Kept(id="0123456789abcdefghjk"),
    live.Missed(facts=3),
    live.Moved(),
]  # fmt: skip


@pytest.mark.parametrize("message", TAKEN)
def test_what_a_page_sends_survives_its_json(message: live.FromClient) -> None:
    assert live.decode_client(live.encode(message)) == message


@pytest.mark.parametrize("message", SENT)
def test_what_a_server_sends_survives_its_json(message: live.FromServer) -> None:
    assert live.decode_server(live.encode(message)) == message


@pytest.mark.parametrize(
    ("data", "code", "detail"),
    [
        (b"", "malformed_json", ""),
        (b"\xff\xfe", "malformed_json", ""),
        ("[" * 2_000, "malformed_json", ""),
        ("[]", "malformed_json", ""),
        ("3", "malformed_json", ""),
        ("{}", "unknown_type", ""),
        ('{"type":"sing"}', "unknown_type", ""),
        ('{"type":7}', "unknown_type", ""),
        ('{"type":"hello"}', "unknown_type", ""),
        ('{"type":"say"}', "bad_message", ""),
        ('{"type":"say","text":""}', "bad_message", "$.text"),
        ('{"type":"say","text":5}', "bad_message", "$.text"),
        ('{"type":"say","text":"hi","loud":true}', "bad_message", ""),
        *(
            (json.dumps({"type": "say", "text": "hi", "id": bad}), "bad_message", "$.id")
            for bad in (
                "",
                "short",
                "x" * 25,
                "typed_12345678",
                "ABCDEFGH",
                "12345678\n",
                "١٢٣٤٥٦٧٨",
                12345678,
                ["12345678"],
            )
        ),
        (json.dumps({"type": "say", "text": "x" * 2_001}), "bad_message", "$.text"),
        (json.dumps({"type": "say", "text": "x" * 9_000}), "too_large", ""),
        ('{"type":"key","digit":"12"}', "bad_message", "$.digit"),
        ('{"type":"key","digit":"1\\n"}', "bad_message", "$.digit"),
        ('{"type":"transfer","agent":""}', "bad_message", "$.agent"),
    ],
)
def test_what_cannot_be_taken_is_named_and_never_quoted(data: bytes | str, code: str, detail: str) -> None:
    with pytest.raises(live.BadMessage) as refused:
        live.decode_client(data)
    assert (refused.value.code, refused.value.detail) == (code, detail)
    assert refused.value.refusal().code == code


def test_a_text_is_bounded_by_its_bytes_and_not_by_its_characters() -> None:
    with pytest.raises(live.BadMessage, match="too_large"):
        live.decode_client(json.dumps({"type": "say", "text": "€" * 1_999 * 2}, ensure_ascii=False))


def test_a_fact_travels_as_it_is_written() -> None:
    fact = facts.LineLost(call_id="c", seq=3, t_ms=9, agent="a", reason="gone")
    message = live.decode_server(live.encode(live.fact_noted(fact)))
    assert isinstance(message, live.FactNoted)
    assert facts.decode_fact(bytes(message.fact)) == fact


def test_a_page_passes_over_what_a_later_server_adds() -> None:
    assert live.decode_server('{"type":"ended","reason":"silence","mood":"fine"}') == live.Ended(reason="silence")
