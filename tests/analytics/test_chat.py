"""The chat analyst: a valid judgement is laid over the rules, and every failure leaves the rules standing."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from huntgroup.analytics import ChatAnalyst, RulesAnalyst
from huntgroup.domain.analytics import Analytics
from huntgroup.domain.clock import SystemClock
from tests.analytics.facts import CallBuilder

GOOD = {
    "sentiment_score": -0.4,
    "lead_score": 55,
    "intent": "move an appointment",
    "topics": ["appointment"],
    "satisfaction": 2,
    "summary": "One. Two.",
}
Handler = Callable[[httpx.Request], httpx.Response]


def answering(content: Any, status: int = 200) -> Handler:
    return lambda request: httpx.Response(status, json={"choices": [{"message": {"content": content}}]})


async def analysed(handler: Handler) -> Analytics:
    facts = CallBuilder().caller("Please book me").tool("book_it", "write").ends()
    async with httpx.AsyncClient(transport=httpx.MockTransport(handler)) as client:
        analyst = ChatAnalyst(client, "http://chat.test/v1/", "judge-1", RulesAnalyst(SystemClock()), key="k")
        return await analyst.analyse(facts)


async def test_the_judgement_is_taken_and_facts_stay_by_rules() -> None:
    found = await analysed(answering(json.dumps(GOOD)))
    assert (found.method, found.sentiment_label, found.lead_class) == ("judge-1", "negative", "warm")
    assert found.resolution == "resolved"


async def test_the_request_carries_transcript_schema_and_key() -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return answering(json.dumps(GOOD))(request)

    await analysed(handler)
    body = json.loads(seen[0].content)
    assert str(seen[0].url) == "http://chat.test/v1/chat/completions"
    assert seen[0].headers["authorization"] == "Bearer k"
    assert "Please book me" in body["messages"][1]["content"]
    assert body["response_format"]["json_schema"]["schema"]["required"]


def refuse(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("nobody there")


@pytest.mark.parametrize(
    "handler",
    [
        answering("not json"),
        answering(json.dumps(GOOD | {"sentiment_score": 7})),
        answering(json.dumps(GOOD | {"extra": 1})),
        answering(None),
        answering(json.dumps(GOOD), status=500),
        lambda request: httpx.Response(200, json={"choices": []}),
        lambda request: httpx.Response(200, json=[]),
        refuse,
    ],
)
async def test_any_failure_leaves_the_rules(handler: Handler) -> None:
    assert (await analysed(handler)).method == "rules"
