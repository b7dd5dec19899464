"""What nobody asks by hand: the desk refuses it by name, or answers, and no question reaches the database in vain."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from huntgroup.media.formats import PCMU_8K
from huntgroup.media.lanes import Piece
from huntgroup.storage.base import Database
from huntgroup.storage.tapes import TapeRoom
from tests.server.desk_house import DeskHouse, log_in
from tests.server.dummy_house import GREETING, served
from tests.storage.test_archive import keep

API = "/desk/api"
SOUND = f"{API}/calls/a/sound.wav"


@pytest.fixture
def house(db: Database, tmp_path: Path) -> DeskHouse:
    return DeskHouse(db, tmp_path)


@pytest.fixture
async def client(house: DeskHouse, db: Database, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    await keep(db, "a", "Hello")
    room = TapeRoom(tmp_path)
    tape = room.tape("a", PCMU_8K, lambda code: None)
    assert tape is not None
    tape.put(Piece(0, GREETING, GREETING))
    tape.close()
    await room.close()
    async with served(house) as url, httpx.AsyncClient(base_url=url, trust_env=False) as client:
        await log_in(house, client)
        yield client


@pytest.mark.parametrize(
    "path",
    [
        "deeds?call_id=a%00", "calls?text=a%00b", "calls?team=%00", "calls?until=9999-12-31",
        "calls?after=0001-01-01T00:00:00%2B23:59%20x", "calls?after=2026-01-01T00:00:00%2B00:00%20%00",
        "figures?since=2026-01-01&until=2026-01-02&team=%00", "figures?since=9999-12-30&until=9999-12-31",
        "figures?since=0001-01-01&until=0001-01-02",
    ],
)  # fmt: skip
async def test_what_no_page_asks_is_refused(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(f"{API}/{path}")).status_code == 422


async def test_a_range_of_more_digits_than_any_file_has_is_no_range(client: httpx.AsyncClient) -> None:
    assert (await client.get(SOUND, headers={"range": f"bytes={'9' * 5000}-"})).status_code == 200


@pytest.mark.parametrize("parts", [["bytes=0-1", "bytes=0-99", "bytes=100-"], ["bytes=1-"]])
async def test_whoever_listens_is_on_record_once_whatever_part_comes_first(
    house: DeskHouse, client: httpx.AsyncClient, parts: list[str]
) -> None:
    for part in parts:
        assert (await client.get(SOUND, headers={"range": part})).status_code == 206
    assert [deed["what"] for deed in await house.door.deeds("a")] == ["heard"]
