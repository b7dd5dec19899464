"""The desk in Debian's Chromium: logging in, finding a call, seeing and hearing it, watching one live."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, async_playwright, expect

from huntgroup.domain import facts as f
from huntgroup.media.formats import PCMU_8K
from huntgroup.media.lanes import Piece
from huntgroup.storage.base import Database
from huntgroup.storage.tapes import TapeRoom
from tests.server.desk_house import LIVE, DeskHouse
from tests.server.dummy_house import ANSWER, served
from tests.storage.test_archive import analytics, keep

CHROMIUM = shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--use-fake-device-for-media-stream",
         "--use-fake-ui-for-media-stream"]  # fmt: skip
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium")


PAGES = [
    "/desk", "/desk?text=zebra", "/desk/calls/knee", "/desk/calls/nothing", "/desk/live", f"/desk/live/{LIVE}",
    "/desk/figures?since=2026-11-10&until=2026-11-20", "/desk/figures?since=2025-11-10&until=2025-11-20",
]  # fmt: skip
SERIOUS = {"serious", "critical"}


async def tape(folder: Path, call_id: str) -> None:
    """A second of sound of both sides."""
    room = TapeRoom(folder)
    made = room.tape(call_id, PCMU_8K, lambda code: None)
    assert made is not None
    made.put(Piece(0, ANSWER, ANSWER))
    made.close()
    await room.close()


class Desk:
    """A page in a browser, the house behind it, and what went wrong in the page."""

    def __init__(self, page: Page, house: DeskHouse, url: str) -> None:
        self.page, self.house, self.url = page, house, url
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text) if "Content Security" in said.text else None)
        page.on("request", lambda asked: self.complaints.append(asked.url) if not asked.url.startswith(url) else None)

    async def log_in(self) -> None:
        await self.page.goto(f"{self.url}/desk/login#{await self.house.desk.door.make_link('Ada')}")
        await expect(self.page.locator("#name")).to_have_text("Ada")


@pytest.fixture
async def desk(db: Database, tmp_path: Path) -> AsyncIterator[Desk]:
    house = DeskHouse(db, tmp_path)
    async with served(house) as url, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        desk = Desk(await browser.new_page(), house, url)
        yield desk
        await browser.close()
    assert desk.complaints == []


async def test_a_stranger_sees_a_locked_desk_and_a_link_opens_it_once(desk: Desk) -> None:
    page = desk.page
    await page.goto(f"{desk.url}/desk")
    await expect(page.get_by_role("heading", name="The desk is locked")).to_be_visible()
    await desk.log_in()
    assert "#" not in page.url
    await page.get_by_role("button", name="Log out").click()
    await page.goto(f"{desk.url}/desk")
    await expect(page.get_by_role("heading", name="The desk is locked")).to_be_visible()


async def test_a_call_is_found_seen_and_heard(desk: Desk, db: Database, tmp_path: Path) -> None:
    await keep(db, "knee", "I hurt my <b>knee</b>")
    await keep(db, "back", "I hurt my back")
    await desk.house.store.save_analytics("knee", analytics())
    await tape(tmp_path, "knee")
    page = desk.page
    await desk.log_in()
    await page.get_by_label("Words that were heard").fill("knee")
    await page.get_by_role("button", name="Search").click()
    await expect(page.locator("tbody tr")).to_have_count(1)
    await page.locator("tbody a").click()
    await expect(page.locator(".transcript")).to_contain_text("I hurt my <b>knee</b>")
    await expect(page.locator(".lane")).to_have_count(2)
    await expect(page.locator("audio")).to_have_js_property("duration", 1)
    await page.get_by_role("button", name="Go to 0:01").first.click()
    assert await page.evaluate("document.querySelector('audio').currentTime") == 1
    await expect(page.locator(".transcript [aria-current]")).to_contain_text("Certainly")


async def test_figures_are_drawn_with_a_table_for_each(desk: Desk, db: Database) -> None:
    await keep(db, "knee", "I hurt my knee")
    await desk.house.store.save_analytics("knee", analytics())
    await desk.log_in()
    await desk.page.goto(f"{desk.url}/desk/figures?since=2026-11-10&until=2026-11-20")
    await expect(desk.page.locator("figure svg")).to_have_count(7)
    await expect(desk.page.locator("figure", has_text="Gap at a handoff")).to_contain_text("Nothing in these days.")
    await expect(desk.page.locator("figure table")).to_have_count(8)
    await expect(desk.page.locator("figure rect").first).to_be_attached()


async def test_what_was_done_in_a_call_stands_in_tables(desk: Desk, db: Database) -> None:
    await keep(db, "knee", "I hurt my knee")
    base = {"call_id": "knee", "t_ms": 1200, "agent": "desk"}
    await desk.house.store.append([
        f.ToolCalled(**base, seq=3, turn=1, tool="lookup", tool_call_id="fc", arguments={"a": 1}, effect="read"),
        f.ToolAnswered(
            **base, seq=4, tool="lookup", tool_call_id="fc", output="found", ok=True, error=None, duration_ms=5,
        ),
        f.HandoffCommitted(
            **base, seq=5, from_agent="desk", to_agent="nurse", tool_call_id="fc2", brief={}, opener="silent",
            voice="keep", apply_ms=2,
        ),
        f.HandoffHeard(**base, seq=6, from_agent="desk", to_agent="nurse", gap_ms=420),
        f.GuardrailTripped(**base, seq=7, guardrail="no_advice", stage="output", action="retracted", heard_ms=0),
    ])  # fmt: skip
    await desk.log_in()
    await desk.page.goto(f"{desk.url}/desk/calls/knee")
    for caption, words in {"Tools: 1": "found", "Handoffs: 1": "420 ms", "Guardrails: 1": "no_advice"}.items():
        await expect(desk.page.get_by_role("table", name=caption)).to_contain_text(words)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
async def test_axe_finds_nothing_serious_on_any_page_and_nothing_is_cut_off(
    desk: Desk, db: Database, tmp_path: Path, scheme: Literal["light", "dark"], width: int
) -> None:
    page = desk.page
    await page.emulate_media(color_scheme=scheme)
    await page.set_viewport_size({"width": width, "height": 844})
    await keep(db, "knee", "I hurt my knee")
    await desk.house.store.save_analytics("knee", analytics())
    await tape(tmp_path, "knee")
    desk.house.begin()
    found = {}
    for name in ("locked", *PAGES):
        if name == PAGES[0]:
            await desk.log_in()
        await page.goto(desk.url + (name if name != "locked" else "/desk"))
        await expect(page.locator("h1")).not_to_have_text("Loading")
        await page.wait_for_load_state("networkidle" if "/live/" not in name else "load")
        await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        violations = (await Axe().run(page)).response["violations"]
        found[name] = [
            (one["id"], [node["html"][:200] for node in one["nodes"]]) for one in violations if one["impact"] in SERIOUS
        ]
        if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found[name].append(("overflow", []))
    assert {name: problems for name, problems in found.items() if problems} == {}


async def test_a_live_call_is_watched_and_whispered_into(desk: Desk) -> None:
    page, house = desk.page, desk.house
    house.begin()
    await desk.log_in()
    await page.get_by_role("link", name="Live").click()
    await page.get_by_role("link", name="+15550100").click()
    await expect(page.get_by_text("desk has the call.")).to_be_visible()
    house.add(f.CallerSpoke, turn=1, item_id="a", text="Good morning", start_ms=0, end_ms=400)
    await expect(page.get_by_role("log", name="Captions")).to_contain_text("Good morning")
    await page.get_by_label("Tell the agent").fill("Offer Monday.")
    await page.get_by_role("button", name="Whisper").click()
    await expect(page.get_by_role("status")).to_have_text("The agent was told.")
    house.waiting = [{"tool_call_id": "fc_1", "tool": "refund", "agent": "front_desk", "arguments": {"usd": 5}}]
    await page.get_by_role("button", name="Approve").click()
    await expect(page.get_by_role("status")).to_have_text("Approved.")
    assert house.told == [("whisper", "Offer Monday.", "Ada"), ("decide", "fc_1", "True", "Ada")]
    await page.get_by_role("button", name="Whisper").focus()
    house.end()
    await expect(page.get_by_text("The call is over.", exact=True)).to_be_visible()
    await expect(page.get_by_role("status")).to_have_text("The call is over: the caller hung up.")
    await expect(page.get_by_text("nothing can be done to it any more")).to_be_visible()
    await expect(page.locator("main button")).to_have_count(0)
    await expect(page.get_by_role("link", name="The call's page")).to_be_focused()
    assert LIVE in page.url


async def test_a_call_between_two_owners_is_waited_for_and_one_without_a_record_is_over(
    desk: Desk, db: Database
) -> None:
    page, house = desk.page, desk.house
    await keep(db, LIVE, "I hurt my knee")
    await desk.log_in()
    await page.clock.install()
    async with page.expect_response(f"**/desk/api/calls/{LIVE}/watch"):
        await page.goto(f"{desk.url}/desk/live/{LIVE}")
    async with page.expect_response(f"**/desk/api/calls/{LIVE}") as answer:
        await page.clock.run_for(3_000)
    assert (await (await answer.value).json())["call"]["is_running"]
    house.begin()
    await page.clock.run_for(6_000)
    await expect(page.get_by_text("desk has the call.")).to_be_visible(timeout=15_000)
    await page.goto(f"{desk.url}/desk/live/nothing")
    await expect(page.get_by_text("The connection broke")).to_be_visible()
    await page.clock.run_for(3_000)
    await expect(page.get_by_text("This call does not run any more.")).to_be_visible(timeout=15_000)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_a_call_is_taken_by_microphone_and_given_back(desk: Desk) -> None:
    page, house = desk.page, desk.house
    house.begin()
    await desk.log_in()
    await page.goto(f"{desk.url}/desk/live/{LIVE}")
    await page.get_by_role("button", name="Take over").click()
    await until(lambda: house.person is not None and house.person.is_there)
    house.add(f.SupervisorJoined, by="Ada", visit=house.visit)
    await expect(page.get_by_text("You have the call: speak.")).to_be_visible()
    await expect(page.get_by_role("button", name="Take over")).to_be_hidden()
    house.add(f.SupervisorSpoke, item_id="s", text="I am a person.", start_ms=0, end_ms=400)
    await expect(page.get_by_role("log", name="Captions")).to_contain_text("I am a person.")
    await page.get_by_role("button", name="Give back").click()
    await until(lambda: house.told == [("give back", house.visit)])
    house.add(f.SupervisorLeft, by="Ada", reason="given_back", lasted_ms=900)
    await expect(page.get_by_role("button", name="Take over")).to_be_visible()
    house.add(f.SupervisorJoined, by="Ada", visit=house.visit)
    await expect(page.get_by_text("You have the call.", exact=True)).to_be_visible()
    house.add(f.SupervisorLeft, by="Ada", reason="call_over", lasted_ms=900)
    house.end()
    told = "The call that you had is over: the caller hung up. Your microphone is off."
    await expect(page.get_by_role("status")).to_have_text(told)
    await expect(page.get_by_role("button", name="Take over")).to_have_count(0)


@pytest.mark.parametrize("name", ["Eve", "Ada"])
async def test_another_supervisor_is_seen_and_not_disturbed(desk: Desk, name: str) -> None:
    page, house = desk.page, desk.house
    house.begin()
    house.add(f.SupervisorJoined, by=name, visit="another")
    await desk.log_in()
    await page.goto(f"{desk.url}/desk/live/{LIVE}")
    await expect(page.get_by_text(f"{name}, a supervisor, has the call.")).to_be_visible()
    await expect(page.get_by_role("button", name="Take over")).to_be_hidden()
    await expect(page.get_by_role("button", name="End the call")).to_be_hidden()
    house.end()


MICROPHONE = """
  window.tracks = [];
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wish) => {
    await window.allowed;
    const stream = await ask(wish);
    window.tracks.push(...stream.getTracks());
    return stream;
  };
"""
ALL_CLOSED = "() => tracks.length > 0 && tracks.every((one) => one.readyState === 'ended')"


async def test_who_logs_out_while_he_has_a_call_takes_his_microphone_along(desk: Desk) -> None:
    page, house = desk.page, desk.house
    await page.add_init_script(MICROPHONE)
    house.begin()
    await desk.log_in()
    await page.goto(f"{desk.url}/desk/live/{LIVE}")
    await page.get_by_role("button", name="Take over").click()
    await until(lambda: house.person is not None and house.person.is_there)
    await page.get_by_role("button", name="Log out").click()
    await expect(page.get_by_role("heading", name="The desk is locked")).to_be_visible()
    await page.wait_for_function(ALL_CLOSED)
    house.end()


async def test_who_leaves_while_the_browser_asks_for_the_microphone_takes_nothing_over(desk: Desk) -> None:
    page, house = desk.page, desk.house
    await page.add_init_script(MICROPHONE + "window.allowed = new Promise((allow) => { window.allow = allow; });")
    house.begin()
    await desk.log_in()
    await page.goto(f"{desk.url}/desk/live/{LIVE}")
    await page.get_by_role("button", name="Take over").click()
    await page.get_by_role("link", name="Calls", exact=True).click()
    await page.evaluate("allow()")
    await page.wait_for_function(ALL_CLOSED)
    assert house.person is None
    house.end()


async def test_the_list_of_live_calls_keeps_the_focus_while_it_is_renewed(desk: Desk) -> None:
    page, house = desk.page, desk.house
    house.begin()
    await desk.log_in()
    await page.goto(f"{desk.url}/desk/live")
    await page.get_by_role("link", name="+15550100").focus()
    house.waiting = [{"tool_call_id": "fc_1", "tool": "refund", "agent": "front_desk", "arguments": {"usd": 5}}]
    await expect(page.get_by_text("1 waiting for approval")).to_be_visible()
    await expect(page.get_by_role("link", name="+15550100")).to_be_focused()
    house.end()
    await expect(page.get_by_text("Nobody is on the line.")).to_be_visible()
