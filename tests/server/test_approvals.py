"""A supervisor's routes: who may use them, and what each state of a tool call answers."""

from typing import Any

import httpx
import pytest

from tests.server.dummy_house import DummyHouse, served

WAITING = {"tool_call_id": "fc_1", "tool": "refund", "approver": "supervisor"}
PATH = "/api/calls/call_1/approvals"


class Supervised(DummyHouse):
    """A house in which one call has one tool call that waits."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.outcome = "given"
        self.decided: list[tuple[str, str, bool, str]] = []

    def approvals(self, call_id: str) -> list[dict[str, Any]] | None:
        return [WAITING] if call_id == "call_1" else None

    def decide(self, call_id: str, tool_call_id: str, *, approved: bool, by: str) -> str:
        self.decided.append((call_id, tool_call_id, approved, by))
        return self.outcome


async def test_what_waits_is_listed() -> None:
    async with served(Supervised()) as url, httpx.AsyncClient(base_url=url) as client:
        assert (await client.get(PATH)).json() == {"approvals": [WAITING]}
        assert (await client.get("/api/calls/other/approvals")).status_code == 404


@pytest.mark.parametrize(
    ("outcome", "status"), [("given", 200), ("unknown", 404), ("answered", 409), ("not_theirs", 403)]
)
async def test_a_verdict_is_passed_on_and_its_fate_is_told(outcome: str, status: int) -> None:
    house = Supervised()
    house.outcome = outcome
    async with served(house) as url, httpx.AsyncClient(base_url=url) as client:
        answer = await client.post(f"{PATH}/fc_1", json={"approved": False, "by": "Ada"})
    assert answer.status_code == status
    assert house.decided == [("call_1", "fc_1", False, "Ada")]


@pytest.mark.parametrize("body", [{}, {"approved": True}, {"approved": True, "by": ""}, {"approved": "x", "by": "A"}])
async def test_half_a_verdict_is_none(body: dict[str, Any]) -> None:
    house = Supervised()
    async with served(house) as url, httpx.AsyncClient(base_url=url) as client:
        assert (await client.post(f"{PATH}/fc_1", json=body)).status_code == 422
    assert house.decided == []


async def test_a_form_of_a_foreign_page_is_no_verdict() -> None:
    house = Supervised()
    async with served(house) as url, httpx.AsyncClient(base_url=url) as client:
        plain = {"content-type": "text/plain"}
        answer = await client.post(f"{PATH}/fc_1", content='{"approved": true, "by": "Ada"}', headers=plain)
    assert answer.status_code == 422
    assert house.decided == []


async def test_the_rule_of_access_is_that_of_the_api() -> None:
    house = Supervised(api_token="token")
    async with served(house) as url, httpx.AsyncClient(base_url=url) as client:
        assert (await client.get(PATH)).status_code == 401
        assert (await client.post(f"{PATH}/fc_1", json={"approved": True, "by": "Ada"})).status_code == 401
        known = {"authorization": "Bearer token"}
        assert (await client.get(PATH, headers=known)).status_code == 200
    assert house.decided == []
