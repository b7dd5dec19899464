"""The desk's door and its calls, over HTTP."""

import io
import wave
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from huntgroup.media.formats import PCMU_8K
from huntgroup.media.lanes import Piece
from huntgroup.storage.base import Database
from huntgroup.storage.retention import KeptDays, RecordRetention
from huntgroup.storage.tapes import TapeRoom
from tests.server.desk_house import DeskHouse, log_in
from tests.server.dummy_house import GREETING, served
from tests.storage.test_archive import analytics, keep

CALLS = "/desk/api/calls"
READS = ["/desk/api/me", "/desk/api/deeds", CALLS, f"{CALLS}/a", f"{CALLS}/a/sound.wav", f"{CALLS}/a/export.json",
         "/desk/api/live", f"{CALLS}/a/watch", "/desk/api/figures?since=2026-11-01&until=2026-11-02"]  # fmt: skip


@pytest.fixture
def house(db: Database, tmp_path: Path) -> DeskHouse:
    return DeskHouse(db, tmp_path)


@pytest.fixture
async def stranger(house: DeskHouse) -> AsyncIterator[httpx.AsyncClient]:
    async with served(house) as url, httpx.AsyncClient(base_url=url, trust_env=False) as client:
        yield client


@pytest.fixture
async def client(house: DeskHouse, stranger: httpx.AsyncClient) -> httpx.AsyncClient:
    await log_in(house, stranger)
    return stranger


@pytest.mark.parametrize("path", READS)
async def test_a_stranger_reads_nothing(stranger: httpx.AsyncClient, path: str) -> None:
    assert (await stranger.get(path)).status_code == 401
    stranger.cookies.set("huntgroup_desk", "x" * 43)
    assert (await stranger.get(path)).status_code == 401


async def test_a_stranger_does_nothing(stranger: httpx.AsyncClient) -> None:
    for path in ("whisper", "transfer", "approvals/fc_1"):
        assert (await stranger.post(f"{CALLS}/a/{path}", json={})).status_code in (401, 422)
    assert (await stranger.delete(f"{CALLS}/a")).status_code == 401
    assert (await stranger.post("/desk/api/logout")).status_code == 401


async def test_a_link_logs_in_once_with_a_cookie_that_scripts_and_other_sites_do_not_get(
    house: DeskHouse, stranger: httpx.AsyncClient
) -> None:
    link = {"link": await house.desk.door.make_link("Ada")}
    answer = await stranger.post("/desk/api/login", json=link)
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie and "path=/desk" in cookie
    assert "secure" not in cookie
    assert (await stranger.get("/desk/api/me")).json()["name"] == "Ada"
    assert (await stranger.post("/desk/api/login", json=link)).status_code == 403


async def test_the_cookie_is_secure_where_the_public_address_is(db: Database, tmp_path: Path) -> None:
    house = DeskHouse(db, tmp_path, public_url="https://calls.example.com")
    async with served(house) as url, httpx.AsyncClient(base_url=url, trust_env=False) as client:
        assert "secure" in (await log_in(house, client)).headers["set-cookie"].lower()


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}, {"origin": "http://[x"}],
)
async def test_a_foreign_page_can_do_nothing_with_the_cookie(
    client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    assert (await client.delete(f"{CALLS}/a", headers=headers)).status_code == 403
    assert (await client.get(f"{CALLS}/a", headers=headers)).status_code == 403
    assert (await client.post("/desk/api/login", json={"link": "x"}, headers=headers)).status_code == 403


async def test_logging_out_ends_the_session_on_the_server_too(client: httpx.AsyncClient) -> None:
    cookie = client.cookies["huntgroup_desk"]
    assert (await client.post("/desk/api/logout")).status_code == 204
    client.cookies.set("huntgroup_desk", cookie)
    assert (await client.get("/desk/api/me")).status_code == 401


async def test_the_cookie_is_no_key_to_the_api(db: Database, tmp_path: Path) -> None:
    house = DeskHouse(db, tmp_path, api_token="token")
    async with served(house) as url, httpx.AsyncClient(base_url=url, trust_env=False) as client:
        await log_in(house, client)
        assert (await client.get("/api/calls")).status_code == 401
        assert (await client.get("/desk/api/me", headers={"authorization": "Bearer token"})).status_code == 200
        client.cookies.clear()
        assert (await client.get("/desk/api/me", headers={"authorization": "Bearer token"})).status_code == 401


async def test_calls_are_searched_and_paged(client: httpx.AsyncClient, db: Database) -> None:
    for name in "abc":
        await keep(db, name, "my knee")
    await keep(db, "other", "my back")
    page = (await client.get(CALLS, params={"text": "knee", "limit": 2})).json()
    assert [call["call_id"] for call in page["calls"]] == ["c", "b"]
    rest = (await client.get(CALLS, params={"text": "knee", "after": page["next"]})).json()
    assert ([call["call_id"] for call in rest["calls"]], rest["next"]) == (["a"], None)


@pytest.mark.parametrize(
    "bad", [{"after": "x"}, {"sentiment": "glad"}, {"limit": 0}, {"since": "yesterday"}, {"lead_at_least": 101}]
)
async def test_a_search_that_means_nothing_is_refused(client: httpx.AsyncClient, bad: dict[str, str]) -> None:
    assert (await client.get(CALLS, params=bad)).status_code == 422


async def test_a_call_is_shown_whole_and_its_reader_is_on_record(client: httpx.AsyncClient, db: Database) -> None:
    await keep(db, "a", "my knee")
    call = (await client.get(f"{CALLS}/a")).json()
    assert call["speech"] == {"caller": [[0, 900]], "": [[1000, 1400]]}
    assert call["sound"] is None
    assert {span["kind"] for span in call["trace"]} >= {"call", "turn", "response"}
    assert (await client.get(f"{CALLS}/nothing")).status_code == 404
    deeds = (await client.get("/desk/api/deeds", params={"call_id": "a"})).json()["deeds"]
    assert [(deed["by"], deed["what"]) for deed in deeds] == [("Ada", "viewed")]


async def test_a_call_whose_record_is_kept_no_longer_shows_what_was_concluded(
    client: httpx.AsyncClient, db: Database, house: DeskHouse
) -> None:
    await keep(db, "a", "my knee")
    await house.store.save_analytics("a", analytics())
    kept = {"clinic": KeptDays(facts=1, analytics=3650)}
    await RecordRetention(db, house.store, kept).forget_expired(datetime(2027, 1, 1, tzinfo=UTC))  # type: ignore[arg-type]
    call = (await client.get(f"{CALLS}/a")).json()
    assert (call["analytics"]["resolution"], call["facts"], call["call"]["is_running"]) == ("resolved", [], False)


async def test_sound_is_heard_whole_in_parts_and_by_lane(
    client: httpx.AsyncClient, db: Database, tmp_path: Path
) -> None:
    await keep(db, "a", "my knee")
    room = TapeRoom(tmp_path)
    tape = room.tape("a", PCMU_8K, lambda code: None)
    assert tape is not None
    tape.put(Piece(0, GREETING, GREETING))
    tape.close()
    await room.close()
    whole = await client.get(f"{CALLS}/a/sound.wav")
    with wave.open(io.BytesIO(whole.content)) as file:
        assert (file.getnchannels(), file.getnframes()) == (2, len(GREETING))
    part = await client.get(f"{CALLS}/a/sound.wav", headers={"range": "bytes=44-143"})
    assert (part.status_code, part.content) == (206, whole.content[44:144])
    assert part.headers["content-range"] == f"bytes 44-143/{len(whole.content)}"
    assert (await client.get(f"{CALLS}/a/sound.wav", headers={"range": "bytes=99999999-"})).status_code == 416
    assert (await client.get(f"{CALLS}/a/sound.wav?lane=caller")).content[22] == 1
    assert (await client.get(f"{CALLS}/a/sound.wav?lane=nobody")).status_code == 404
    assert len((await client.get(f"{CALLS}/a")).json()["sound"]["caller"]) <= 1200


async def test_a_call_is_deleted_for_good(client: httpx.AsyncClient, db: Database) -> None:
    await keep(db, "a", "my knee")
    assert (await client.delete(f"{CALLS}/a")).status_code == 204
    assert (await client.get(f"{CALLS}/a")).status_code == 404
    deeds = (await client.get("/desk/api/deeds", params={"call_id": "a"})).json()["deeds"]
    assert [deed["what"] for deed in deeds] == ["deleted"]


async def test_figures_of_a_year_at_most(client: httpx.AsyncClient, db: Database, house: DeskHouse) -> None:
    await keep(db, "a", "my knee")
    await house.store.save_analytics("a", analytics())
    days = (await client.get("/desk/api/figures?since=2026-11-16&until=2026-11-17")).json()["days"]
    assert [day["calls"] for day in days] == [1, 0]
    assert (await client.get("/desk/api/figures?since=2025-11-16&until=2026-11-17")).status_code == 422
    assert (await client.get("/desk/api/figures?since=2026-11-17&until=2026-11-16")).status_code == 422


async def test_the_page_allows_nothing_but_itself(stranger: httpx.AsyncClient) -> None:
    page = await stranger.get("/desk")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    again = await stranger.get("/desk", headers={"if-none-match": page.headers["etag"]})
    assert again.status_code == 304
    assert (await stranger.get("/desk/files/desk.js")).headers["content-type"].startswith("text/javascript")
    assert (await stranger.get("/desk/files/..%2f..%2fapp.py")).status_code == 404
