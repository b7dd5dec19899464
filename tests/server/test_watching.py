"""A supervisor's stream outlives the database, says so, and ends with the right to watch."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from huntgroup.domain.errors import StoreUnavailable
from huntgroup.server.watching import watch
from huntgroup.storage.base import Database
from tests.server.desk_house import LIVE, DeskHouse

Answer = bool | type[StoreUnavailable]


def answers(*given: Answer) -> Callable[[], Awaitable[bool]]:
    left = list(given)

    async def may_stay() -> bool:
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, bool):
            return answer
        raise answer("away")

    return may_stay


async def messages(stream: AsyncIterator[bytes]) -> list[dict[str, Any]]:
    return [json.loads(piece[6:]) async for piece in stream if piece.startswith(b"data: ")]


@pytest.fixture
def house(db: Database, tmp_path: Path) -> DeskHouse:
    house = DeskHouse(db, tmp_path)
    house.begin()
    return house


async def test_the_stream_outlives_an_outage_and_tells_its_beginning_and_its_end(house: DeskHouse) -> None:
    may_stay = answers(StoreUnavailable, StoreUnavailable, True, False)
    told = await messages(watch(house, LIVE, may_stay, check_every_s=0.01))
    assert [m["away"] for m in told if m["type"] == "storage"] == [True, False]


async def test_who_may_not_stay_is_sent_away_also_while_much_happens(house: DeskHouse) -> None:
    told = 0
    async for _ in watch(house, LIVE, answers(True, False), check_every_s=0.0):
        told += 1
        house.begin()
    assert told <= 3
    assert len(house.followers) == 0


async def test_an_unknown_session_is_not_trusted_for_ever(house: DeskHouse) -> None:
    told = await messages(watch(house, LIVE, answers(StoreUnavailable), check_every_s=0.0))
    assert [m["away"] for m in told if m["type"] == "storage"] == [True]
