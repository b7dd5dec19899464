"""Webhooks, tokens, the API and the pages, without a socket."""

from collections.abc import AsyncIterator
from xml.etree import ElementTree

import httpx
import pytest
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import Connect, VoiceResponse

from huntgroup.domain.clock import SystemClock
from huntgroup.domain.facts import AgentSpoke, CallEnded, CallerSpoke, CallStarted
from huntgroup.server import twiml
from huntgroup.server.app import create_app
from huntgroup.server.numbers import phone_number
from huntgroup.server.signatures import Form, Signatures
from huntgroup.server.stream_tokens import LIFETIME_MS, StreamTokens, Ticket, TokenRefused
from huntgroup.testing.phone_exchange import read_twiml
from huntgroup.testing.virtual_clock import VirtualClock
from tests.server.dummy_house import DummyHouse

PUBLIC = "https://calls.example.com"
TICKET = Ticket("call_1", "parrot", "CA1", None, None)


def client(house: DummyHouse, *, host: str = "127.0.0.1", base_url: str = "http://127.0.0.1:8084") -> httpx.AsyncClient:
    transport = httpx.ASGITransport(create_app(house), client=(host, 5000))  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url=base_url)


@pytest.fixture
def house() -> DummyHouse:
    return DummyHouse(public_url=PUBLIC)


@pytest.fixture
async def http(house: DummyHouse) -> AsyncIterator[httpx.AsyncClient]:
    async with client(house) as http:
        yield http


async def with_a_call(house: DummyHouse) -> None:
    await house.store.append(
        [
            CallStarted(
                call_id="call_1",
                seq=0,
                t_ms=0,
                team="parrot",
                line="twilio",
                caller="+12025550143",
                callee=None,
                model="m",
                started_at="2026-11-16T09:00:00+00:00",
            ),
            AgentSpoke(
                call_id="call_1",
                seq=1,
                t_ms=900,
                agent="front",
                turn=0,
                response_id="r",
                item_id="a",
                text="Hello there, how may I help?",
                heard_text="Hello there",
                generated_ms=2000,
                heard_ms=800,
                start_ms=100,
                end_ms=900,
                interrupted=True,
            ),
            CallerSpoke(call_id="call_1", seq=2, t_ms=1500, turn=1, item_id="b", text="Hi", start_ms=800, end_ms=1300),
            CallEnded(call_id="call_1", seq=3, t_ms=2000, reason="caller_hung_up", duration_ms=2000),
        ]
    )


async def test_the_answer_connects_a_stream_with_a_token_and_goes_on_at_resume(http: httpx.AsyncClient) -> None:
    answer = await http.post("/twilio/voice/parrot", data={"CallSid": "CA1", "From": "+12025550143", "To": "+1202555"})
    told = read_twiml(answer.text)
    assert answer.headers["content-type"].startswith("application/xml")
    assert told.stream_url == "wss://calls.example.com/twilio/media"
    assert set(told.parameters) == {"call_id", "team", "token"}
    assert told.redirect_url == f"{PUBLIC}/twilio/resume?call={told.parameters['call_id']}&team=parrot"
    assert "2025550143" not in answer.text
    verbs = [element.tag for element in ElementTree.fromstring(answer.text)]
    assert verbs == ["Connect", "Redirect"]


async def test_a_team_with_an_odd_name_is_escaped(http: httpx.AsyncClient) -> None:
    answer = await http.post("/twilio/voice/%3Codd&name%3E", data={"CallSid": "CA1"})
    assert read_twiml(answer.text).parameters["team"] == "<odd&name>"


async def test_an_unknown_team_is_said_and_hung_up(http: httpx.AsyncClient) -> None:
    told = read_twiml((await http.post("/twilio/voice/nobody")).text)
    assert told.hangs_up
    assert "not in service" in told.said


async def test_resume_apologises_unless_the_call_had_ended(http: httpx.AsyncClient, house: DummyHouse) -> None:
    lost = read_twiml((await http.post("/twilio/resume?call=call_1")).text)
    await with_a_call(house)
    ended = read_twiml((await http.post("/twilio/resume?call=call_1")).text)
    assert "lost the connection" in lost.said
    assert ended.hangs_up
    assert ended.said == ""


async def test_status_callbacks_are_accepted(http: httpx.AsyncClient) -> None:
    answer = await http.post("/twilio/status", data={"StreamEvent": "stream-error", "StreamSid": "MZ1\n"})
    assert answer.status_code == 204


@pytest.mark.parametrize(
    ("body", "status"), [(b"a=" + b"x" * 70_000, 413), (b"&".join([b"a=b"] * 300), 400), ("ä=1".encode(), 400)]
)
async def test_forms_that_cannot_be_read_are_refused(http: httpx.AsyncClient, body: bytes, status: int) -> None:
    assert (await http.post("/twilio/voice/parrot", content=body)).status_code == status


async def test_webhooks_must_be_signed_for_the_public_address() -> None:
    fields = {"CallSid": "CA1", "From": "+12025550143", "Empty": ""}
    url = f"{PUBLIC}/twilio/voice/parrot?x=1"
    signature = RequestValidator("secret").compute_signature(url, fields)
    async with client(DummyHouse(public_url=PUBLIC, twilio_auth_token="secret")) as http:
        for headers, path, status in (
            ({"X-Twilio-Signature": signature}, "/twilio/voice/parrot?x=1", 200),
            ({"X-Twilio-Signature": signature}, "/twilio/voice/parrot?x=2", 403),
            ({"X-Twilio-Signature": "é"}, "/twilio/voice/parrot?x=1", 403),
            ({}, "/twilio/voice/parrot?x=1", 403),
            ({}, "/twilio/resume", 403),
            ({}, "/twilio/status", 403),
        ):
            encoded = {name: value.encode() for name, value in headers.items()}
            assert (await http.post(path, data=fields, headers=encoded)).status_code == status


def test_a_field_given_twice_is_signed_as_twilio_signs_it() -> None:
    form = Form([("B", "2"), ("A", "1"), ("B", "1"), ("B", "2")])
    signature = RequestValidator("s").compute_signature(PUBLIC, {"A": "1", "B": "1B2"})
    assert Signatures("s").webhook_is_genuine(PUBLIC, form, {"x-twilio-signature": signature})


@pytest.mark.parametrize(
    "address", ["wss://x.example/m", "wss://x.example/m/", "https://x.example/m", "https://x.example/m/"]
)
def test_a_socket_is_signed_in_one_of_four_ways(address: str) -> None:
    signature = RequestValidator("s").compute_signature(address, {})
    assert Signatures("s").socket_is_genuine("wss://x.example/m", {"x-twilio-signature": signature})
    assert not Signatures("s").socket_is_genuine("wss://y.example/m", {"x-twilio-signature": signature})
    assert not Signatures("other").socket_is_genuine("wss://x.example/m", {"x-twilio-signature": signature})


async def test_a_token_expires() -> None:
    clock = VirtualClock()
    tokens = StreamTokens(clock)
    token = tokens.issue(TICKET)
    await clock.advance(LIFETIME_MS + 1)
    with pytest.raises(TokenRefused, match="token_expired"):
        tokens.redeem(token, call_id="call_1", team="parrot", carrier_call="CA1")


async def test_a_wrong_guess_does_not_use_the_token_up_and_a_right_one_does() -> None:
    tokens = StreamTokens(SystemClock())
    token = tokens.issue(TICKET)
    with pytest.raises(TokenRefused, match="token_wrong"):
        tokens.redeem(token + "x", call_id="call_1", team="parrot", carrier_call="CA1")
    assert tokens.redeem(token, call_id="call_1", team="parrot", carrier_call="CA1") == TICKET
    with pytest.raises(TokenRefused, match="token_unknown"):
        tokens.redeem(token, call_id="call_1", team="parrot", carrier_call="CA1")


async def test_tokens_that_nobody_fetches_are_forgotten() -> None:
    clock = VirtualClock()
    tokens = StreamTokens(clock)
    for number in range(100):
        tokens.issue(Ticket(f"call_{number}", "parrot", "", None, None))
    await clock.advance(LIFETIME_MS + 1)
    tokens.issue(TICKET)
    assert len(tokens) == 1


@pytest.mark.parametrize(
    ("said", "number"),
    [("+12025550143", "+12025550143"), ("+266696687", None), ("sip:a@b", None), ("", None), ("Anonymous", None)],
)
def test_who_calls(said: str, number: str | None) -> None:
    assert phone_number(said) == number


async def test_the_record_of_a_call(http: httpx.AsyncClient, house: DummyHouse) -> None:
    await with_a_call(house)
    listed = (await http.get("/api/calls?team=parrot")).json()["calls"]
    shown = (await http.get("/api/calls/call_1")).json()
    assert [call["call_id"] for call in listed] == ["call_1"]
    assert shown["call"]["end_reason"] == "caller_hung_up"
    assert [(line["speaker"], line["text"]) for line in shown["transcript"]] == [
        ("front", "Hello there"),
        ("caller", "Hi"),
    ]
    assert [fact["type"] for fact in shown["facts"]] == ["CallStarted", "AgentSpoke", "CallerSpoke", "CallEnded"]
    assert shown["analytics"] is None


async def test_an_unknown_call_and_a_database_that_is_away(http: httpx.AsyncClient, house: DummyHouse) -> None:
    assert (await http.get("/api/calls/call_none")).status_code == 404
    assert (await http.get("/api/calls?limit=0")).status_code == 422
    house.store.away = True
    assert (await http.get("/api/calls")).status_code == 503
    assert (await http.get("/api/calls/call_1")).status_code == 503


async def test_the_api_answers_this_machine_only() -> None:
    house = DummyHouse()
    async with client(house, host="203.0.113.9") as http:
        assert (await http.get("/api/calls")).status_code == 403
    async with client(house) as http:
        assert (await http.get("/api/calls", headers={"X-Forwarded-For": "203.0.113.9"})).status_code == 403
    async with client(house, base_url="http://rebound.example") as http:
        assert (await http.get("/api/calls")).status_code == 403


async def test_with_a_token_set_the_api_asks_everybody_for_it() -> None:
    house = DummyHouse(api_token="let-me-in")
    async with client(house) as http:
        assert (await http.get("/api/calls")).status_code == 401
        assert (await http.get("/api/calls", headers={"Authorization": "Bearer wrong"})).status_code == 401
    async with client(house, host="203.0.113.9") as http:
        assert (await http.get("/api/calls", headers={"Authorization": "Bearer let-me-in"})).status_code == 200


async def test_health_readiness_and_the_front_page(http: httpx.AsyncClient, house: DummyHouse) -> None:
    assert (await http.get("/healthz")).json() == {"status": "ok"}
    assert (await http.get("/readyz")).status_code == 200
    house.parts["database"] = False
    assert (await http.get("/readyz")).status_code == 503
    page = (await http.get("/")).text
    assert "POST https://calls.example.com/twilio/voice/parrot" in page
    assert "<odd&name>" not in page


def test_our_twiml_is_what_twilios_own_builder_makes() -> None:
    theirs = VoiceResponse()
    stream = Connect().stream(url="wss://x.example/m")
    stream.parameter(name="a", value='<"&>')
    connect = Connect()
    connect.append(stream)
    theirs.append(connect)
    theirs.redirect("https://x.example/resume?call=1&b=2", method="POST")
    ours = twiml.connect_stream("wss://x.example/m", {"a": '<"&>'}, then="https://x.example/resume?call=1&b=2")
    assert ElementTree.canonicalize(ours) == ElementTree.canonicalize(str(theirs))
