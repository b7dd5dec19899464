"""What is done at the desk is on record before it is done, and not done when it cannot be."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from huntgroup.domain.errors import StoreUnavailable
from huntgroup.storage.base import Database
from tests.server.desk_house import LIVE, DeskHouse, log_in
from tests.server.dummy_house import served
from tests.storage.test_archive import keep

CALLS = "/desk/api/calls"


@pytest.fixture
def house(db: Database, tmp_path: Path) -> DeskHouse:
    return DeskHouse(db, tmp_path)


@pytest.fixture
async def client(house: DeskHouse) -> AsyncIterator[httpx.AsyncClient]:
    async with served(house) as url, httpx.AsyncClient(base_url=url, trust_env=False) as client:
        await log_in(house, client)
        yield client


class Stuck:
    """Sound that cannot be deleted, or a journal that cannot be written."""

    async def forget(self, call_id: str) -> None:
        raise OSError("read-only")

    async def note(self, by: str, what: str, call_id: str | None = None) -> None:
        raise StoreUnavailable("away")


async def test_a_deletion_is_on_record_also_when_it_fails(
    house: DeskHouse, client: httpx.AsyncClient, db: Database
) -> None:
    await keep(db, "a", "Hello")
    house.sound = Stuck()  # type: ignore[assignment]
    assert (await client.delete(f"{CALLS}/a")).status_code == 503
    assert [deed["what"] for deed in await house.door.deeds("a")] == ["deleted"]


@pytest.mark.parametrize("path", ["whisper", "transfer", "takeover", "giveback", "hangup", "approvals/fc_1"])
async def test_what_cannot_be_put_on_record_is_not_done(house: DeskHouse, client: httpx.AsyncClient, path: str) -> None:
    house.begin()
    body = {"whisper": {"text": "x"}, "transfer": {"agent": "nurse"}, "takeover": {"sdp": "x", "type": "offer"}}
    house.door.note = Stuck().note  # type: ignore[method-assign]
    given = body.get(path, {"approved": True} if "/" in path else None)
    assert (await client.post(f"/desk/api/calls/{LIVE}/{path}", json=given)).status_code == 503
    assert house.told == []
    assert house.person is None
    house.end()
