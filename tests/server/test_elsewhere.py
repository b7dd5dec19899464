"""Two processes on one database: the desk of either shows and serves the calls of both."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from huntgroup.calls.onlookers.following import Follower
from huntgroup.domain import facts as f
from huntgroup.domain.clock import SystemClock
from huntgroup.server.elsewhere import stored_call
from huntgroup.storage.base import Database
from huntgroup.storage.intercom import PgIntercom
from huntgroup.storage.leases import PgCallLeases
from huntgroup.storage.livecalls import PgLiveCalls
from tests.rtc.browser import Browser
from tests.server.desk_house import LIVE, DeskHouse, log_in
from tests.server.dummy_house import served

CALL = f"/desk/api/calls/{LIVE}"


class Two:
    """`owner` holds the live call; `client` is logged in at the desk of the `other` process."""

    def __init__(self, owner: DeskHouse, other: DeskHouse, client: httpx.AsyncClient) -> None:
        self.owner, self.other, self.client = owner, other, client

    async def happens(self, kind: Any, **fields: Any) -> None:
        """Let a fact happen in the call, and be stored."""
        self.owner.add(kind, **fields)
        await self.owner.store.append([self.owner.live[-1]])


async def listening(house: DeskHouse, db: Database, name: str, stack: AsyncExitStack) -> DeskHouse:
    intercom = PgIntercom(db, name, SystemClock())
    house.intercom, house.live_calls = intercom, PgLiveCalls(db, name, SystemClock())  # type: ignore[assignment]
    running = asyncio.create_task(intercom.run())
    stack.callback(running.cancel)
    await asyncio.wait_for(intercom.listening.wait(), 20)
    return house


@pytest.fixture
async def two(db: Database, tmp_path: Path) -> AsyncIterator[Two]:
    async with AsyncExitStack() as stack:
        owner = await listening(DeskHouse(db, tmp_path), db, "owner", stack)
        other = await listening(DeskHouse(db, tmp_path), db, "other", stack)
        await stack.enter_async_context(served(owner))
        url = await stack.enter_async_context(served(other))
        client = await stack.enter_async_context(httpx.AsyncClient(base_url=url, trust_env=False))
        owner.begin()
        await owner.store.append(owner.live)
        await PgCallLeases(db).renew("owner", {LIVE: 1}, lifetime_ms=60_000)
        await log_in(other, client)
        yield Two(owner, other, client)


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_a_call_of_another_process_is_listed_with_what_is_known_of_it(two: Two) -> None:
    await two.happens(f.CallerSpoke, turn=1, item_id="a", text="Hello", start_ms=0, end_ms=400)
    await two.happens(
        f.ToolCalled, turn=1, tool="refund", tool_call_id="fc_1", arguments={"usd": 5}, effect="write",
    )  # fmt: skip
    await two.happens(f.ApprovalAsked, tool="refund", tool_call_id="fc_1", approver="supervisor", deadline_ms=9_000)
    await two.happens(f.SupervisorJoined, by="Eve")
    (seen,) = (await two.client.get("/desk/api/live")).json()["calls"]
    assert (seen["call_id"], seen["elsewhere"], seen["supervisor"]) == (LIVE, True, "Eve")
    assert seen["last"] == {"speaker": "caller", "text": "Hello"}
    assert [(one["tool"], one["arguments"]) for one in seen["approvals"]] == [("refund", {"usd": 5})]


async def test_it_is_watched_to_its_end_by_what_is_stored(two: Two) -> None:
    kinds: list[str] = []
    async with two.client.stream("GET", f"{CALL}/watch") as stream:
        async for line in stream.aiter_lines():
            if line.startswith("data: "):
                kinds.append(json.loads(line[6:])["type"])
                if kinds == ["hello", "fact"]:
                    await two.happens(f.CallerSpoke, turn=1, item_id="a", text="Hello", start_ms=0, end_ms=400)
                if kinds[-1] == "caption":
                    await two.happens(f.CallEnded, reason="caller_hung_up", duration_ms=1000)
    assert kinds == ["hello", "fact", "fact", "caption", "fact", "ended"]


async def test_a_call_that_is_just_moving_is_watched_on(two: Two) -> None:
    await two.happens(f.CallMoved, reason="draining")
    async with stored_call(two.other, LIVE) as call:  # type: ignore[arg-type]
        assert call is not None
        told: list[Any] = []
        call.follow(LIVE, Follower(told.append, lambda heard: None))
        await two.happens(f.CallerSpoke, turn=1, item_id="a", text="Here again.", start_ms=0, end_ms=9)
        await until(lambda: told)


async def test_whispers_handoffs_and_verdicts_reach_the_process_that_has_the_call(two: Two) -> None:
    client = two.client
    assert (await client.post(f"{CALL}/whisper", json={"text": "Offer Monday."})).status_code == 204
    assert (await client.post(f"{CALL}/transfer", json={"agent": "nurse"})).json() == {"committed": True}
    assert (await client.post(f"{CALL}/transfer", json={"agent": "nobody"})).status_code == 422
    assert (await client.post(f"{CALL}/approvals/fc_1", json={"approved": True})).status_code == 200
    told = [("whisper", "Offer Monday.", "Ada"), ("transfer", "nurse"), ("decide", "fc_1", "True", "Ada")]
    assert two.owner.told == told
    assert two.other.told == []
    assert len(await two.other.door.deeds(LIVE)) == 4


async def test_a_supervisor_at_one_process_speaks_in_the_call_of_another(two: Two) -> None:
    browser = Browser()
    answer = await two.client.post(f"{CALL}/takeover", json={"sdp": await browser.offer(), "type": "offer"})
    await browser.accept(answer.json()["sdp"])
    await until(lambda: two.owner.person.is_there)
    assert (await two.client.post(f"{CALL}/giveback")).status_code == 204
    assert two.owner.told == [("give back", two.owner.visit)]
    await browser.close()


async def test_a_call_that_another_process_holds_is_not_deleted(two: Two, db: Database) -> None:
    assert (await two.client.delete(CALL)).status_code == 409
    assert await two.other.store.facts(LIVE)
    await PgCallLeases(db).release("owner", {LIVE: 1})
    assert (await two.client.delete(CALL)).status_code == 204


async def test_a_process_that_does_not_answer_is_said_to_do_so(two: Two, db: Database) -> None:
    await PgCallLeases(db).take(LIVE, "gone", lifetime_ms=60_000, gone="owner")
    two.other.live_calls = PgLiveCalls(db, "other", SystemClock())  # type: ignore[assignment]
    two.other.intercom = Deaf()  # type: ignore[assignment]
    assert (await two.client.post(f"{CALL}/whisper", json={"text": "x"})).status_code == 504
    assert (await two.client.post("/desk/api/calls/other/whisper", json={"text": "x"})).status_code == 404


class Deaf:
    async def ask(self, owner: str, question: bytes, limit_s: float) -> bytes:
        raise TimeoutError
