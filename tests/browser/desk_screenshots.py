"""`python -m tests.browser.desk_screenshots FOLDER [STATE …]`: a picture of each state of the desk, to be looked at.

Each in light and dark, wide and narrow. Finished calls are in a real database, the live one is played by hand.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, async_playwright, expect

from benchmarks.browser.chrome import launch
from huntgroup.domain import facts as f
from huntgroup.media.formats import PCMU_8K
from huntgroup.media.lanes import Piece
from huntgroup.migrations import upgrade
from huntgroup.storage.base import Database
from huntgroup.storage.embedded import EmbeddedPostgres
from huntgroup.storage.tapes import TapeRoom
from tests.browser.exchange import silent_wav
from tests.browser.screenshots import SIZES
from tests.conftest import open_folder
from tests.server.desk_house import LIVE, DeskHouse
from tests.server.dummy_house import served, tone
from tests.storage.test_archive import analytics, keep

CALL = "call_01long"
Steps = Callable[[Page, DeskHouse, str], Awaitable[None]]


def told(call_id: str = CALL) -> list[Any]:
    """A call with all that a call can have: a tool, a handoff, a guardrail, a whisper, a supervisor."""
    seq = iter(range(100))

    def at(t_ms: int, kind: Any, agent: str = "front_desk", **fields: Any) -> Any:
        return kind(call_id=call_id, seq=next(seq), t_ms=t_ms, agent=agent, **fields)

    def caller(turn: int, start_ms: int, end_ms: int, text: str) -> Any:
        return at(end_ms, f.CallerSpoke, turn=turn, item_id=f"c{turn}", text=text, start_ms=start_ms, end_ms=end_ms)

    def spoke(turn: int, start_ms: int, end_ms: int, text: str, agent: str = "front_desk", cut: bool = False) -> Any:
        return at(
            end_ms, f.AgentSpoke, agent, turn=turn, response_id=f"r{start_ms}", item_id=f"a{start_ms}", text=text,
            heard_text=text, generated_ms=end_ms - start_ms, heard_ms=end_ms - start_ms, start_ms=start_ms,
            end_ms=end_ms, interrupted=cut,
        )  # fmt: skip

    return [
        at(0, f.CallStarted, team="clinic", line="webrtc", caller="+15550100", callee=None,
           model="openai/gpt-realtime-2.1", started_at="2026-11-24T09:00:00+00:00"),
        spoke(1, 300, 3_200, "Lakeside Family Health, how can I help you?"),
        caller(1, 3_900, 6_400, "I need a refill of my blood pressure pills, I think it is called lisinopril."),
        at(6_500, f.ToolCalled, turn=1, tool="lookup_patient", tool_call_id="fc_1", effect="read",
           arguments={"name": "Maria Lopez", "birth_date": "1980-01-02", "reason": "a refill of lisinopril, 10 mg"}),
        at(7_100, f.ToolAnswered, tool="lookup_patient", tool_call_id="fc_1", output="Maria Lopez is verified.",
           ok=True, error=None, duration_ms=600),
        at(7_200, f.HandoffProposed, from_agent="front_desk", to_agent="clinical", tool_call_id="fc_2"),
        at(7_300, f.HandoffCommitted, "clinical", from_agent="front_desk", to_agent="clinical", tool_call_id="fc_2",
           brief={"patient_name": "Maria Lopez", "question": "How many refills of lisinopril are left?"},
           opener="silent", voice="keep", apply_ms=120),
        at(7_500, f.HandoffHeard, "clinical", from_agent="front_desk", to_agent="clinical", gap_ms=420),
        at(7_900, f.GuardrailTripped, "clinical", guardrail="no_medical_advice", stage="output", action="retracted",
           heard_ms=0),
        spoke(1, 8_000, 12_000, "You have two refills left. Shall I send one to your pharmacy?", "clinical", cut=True),
        at(12_500, f.Whispered, "clinical", by="Ada Lovelace", text="Offer the pharmacy on Main Street."),
        caller(2, 13_000, 15_000, "Can I talk to a person about that?"),
        spoke(2, 15_400, 18_000, "Of course. The pharmacy on Main Street has it.", "clinical"),
        at(18_000, f.WhisperAnswered, "clinical", whisper=10, response_id="r15400"),
        at(20_000, f.SupervisorJoined, "clinical", by="Ada Lovelace"),
        at(24_000, f.SupervisorSpoke, "clinical", item_id="s1", text="This is Ada, I am the nurse on duty.",
           start_ms=20_500, end_ms=24_000),
        caller(3, 24_500, 27_000, "Thank you, that is what I wanted to know."),
        at(28_000, f.SupervisorLeft, "clinical", by="Ada Lovelace", reason="given_back", lasted_ms=8_000),
        at(28_500, f.UsageReported, "clinical", response_id="r15400", input_tokens=2_400, output_tokens=310,
           cached_tokens=1_900, input_audio_tokens=600, output_audio_tokens=240),
        spoke(3, 28_600, 30_000, "Goodbye!", "clinical"),
        at(30_200, f.CallEnded, "clinical", reason="goodbye", duration_ms=30_200),
    ]  # fmt: skip


async def fill(house: DeskHouse, db: Database, folder: Path) -> None:
    """Calls of many days, and one with everything and its sound."""
    for day in range(10, 24):
        for number in range(1 + day % 4):
            call_id = f"call_{day:02}_{number}"
            await keep(db, call_id, "I hurt my knee", day=day)
            outcome = ("resolved", "partially", "escalated")[(day + number) % 3]
            first_sound_ms = 400 + 20 * (day * 7 % 11)
            await house.store.save_analytics(call_id, analytics(
                resolution=outcome, sentiment_score=(day % 7 - 3) / 4, lead_score=day * 4,
                metrics={"first_sound_ms": first_sound_ms, "interruptions": day % 3, "handoffs": number},
                summary="The caller wanted to see somebody about a knee that hurts on stairs, and was booked.",
            ))  # fmt: skip
    await house.store.append(told())
    await house.store.save_analytics(
        CALL, analytics(summary="A refill; a nurse took over.", sentiment_label="positive")
    )
    room = TapeRoom(folder)
    tape = room.tape(CALL, PCMU_8K, lambda code: None)
    assert tape is not None
    sound = tone(1_000, 300, 8_000)[::2]
    for second in range(30):
        tape.put(Piece(second * 1_000, sound if second in {4, 5, 13, 14, 25, 26} else bytes([255]) * 8_000, sound))
    tape.close()
    await room.close()


async def log_in(page: Page, house: DeskHouse, url: str) -> None:
    await page.goto(f"{url}/desk/login#{await house.desk.door.make_link('Ada Lovelace')}")
    await expect(page.locator("#name")).to_have_text("Ada Lovelace")


def at(path: str, *, loaded: str = "h1") -> Steps:
    """The state that an address shows to who is logged in."""

    async def steps(page: Page, house: DeskHouse, url: str) -> None:
        await log_in(page, house, url)
        await page.goto(url + path)
        await page.wait_for_selector(loaded)
        await page.wait_for_timeout(400)

    return steps


async def locked(page: Page, house: DeskHouse, url: str) -> None:
    await page.goto(f"{url}/desk")
    await page.wait_for_selector("h1")


async def live_full(page: Page, house: DeskHouse, url: str) -> None:
    house.begin()
    mine = house.glances()[0]
    approvals = [{"tool_call_id": "fc_9", "tool": "refund", "agent": "desk", "arguments": {"usd": 5}}]
    last = {"speaker": "caller", "text": "I need a refill of my blood pressure pills, and somebody to talk to."}
    house.glances = lambda: [  # type: ignore[method-assign]
        {**mine, "last": last},
        {**mine, "call_id": "b", "caller": None, "agent": "clinical", "for_ms": 95_000, "approvals": approvals},
        {**mine, "call_id": "c", "caller": "+15550177", "supervisor": "Eve", "for_ms": 3_725_000, "last": last},
    ]
    await at("/desk/live", loaded=".card")(page, house, url)


async def watched(page: Page, house: DeskHouse, url: str) -> None:
    house.begin()
    house.waiting = [{"tool_call_id": "fc_1", "tool": "refund", "agent": "front_desk", "arguments": {"usd": 5}}]
    for fact in told(LIVE)[1:13]:
        house.live.append(fact)
    await at(f"/desk/live/{LIVE}", loaded=".waits")(page, house, url)


async def taken(page: Page, house: DeskHouse, url: str) -> None:
    await watched(page, house, url)
    await page.get_by_role("button", name="Take over").click()
    await page.wait_for_timeout(1_500)
    house.add(f.SupervisorJoined, by="Ada Lovelace")
    await page.get_by_text("You have the call: speak.").wait_for()


async def refused(page: Page, house: DeskHouse, url: str) -> None:
    await watched(page, house, url)
    house.listening = False
    await page.get_by_label("Tell the agent").fill("Offer Monday.")
    await page.get_by_role("button", name="Whisper").click()
    await page.wait_for_selector("#status:not(:empty)")


async def over(page: Page, house: DeskHouse, url: str) -> None:
    await watched(page, house, url)
    house.end()
    await page.wait_for_selector("#status:not(:empty)")


async def call_page(page: Page, house: DeskHouse, url: str) -> None:
    await at(f"/desk/calls/{CALL}", loaded=".waterfall")(page, house, url)
    await page.get_by_role("button", name="Go to 0:13").first.click()


async def call_opened(page: Page, house: DeskHouse, url: str) -> None:
    await call_page(page, house, url)
    await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")


STATES: dict[str, Steps] = {
    "locked": locked,
    "live_empty": at("/desk/live"),
    "live_full": live_full,
    "watched": watched,
    "taken": taken,
    "refused": refused,
    "over": over,
    "calls": at("/desk", loaded="table"),
    "none_found": at("/desk?text=zebra"),
    "call": call_page,
    "call_opened": call_opened,
    "figures": at("/desk/figures?since=2026-10-26&until=2026-11-24", loaded="figure"),
    "no_call": at("/desk/calls/nothing", loaded=".trouble"),
}


@asynccontextmanager
async def desk() -> AsyncIterator[tuple[Database, Path]]:
    """A database and a folder of sound for one run of this program."""
    with open_folder() as folder:
        server = EmbeddedPostgres(folder / "postgres", durable=False)
        await asyncio.to_thread(server.start)
        await upgrade(server.url)
        db = Database(server.url)
        sounds = folder / "recordings"
        sounds.mkdir()
        await fill(DeskHouse(db, sounds), db, sounds)
        yield db, sounds
        await db.close()
        await asyncio.to_thread(server.stop)


async def picture(
    browser: Browser, db: Database, sounds: Path, name: str, size: str, scheme: Any, folder: Path
) -> None:
    """Bring a fresh page into one state and keep what is to be seen of it."""
    house = DeskHouse(db, sounds)
    async with served(house) as url:
        context = await browser.new_context(viewport=SIZES[size], color_scheme=scheme)  # type: ignore[arg-type]
        page = await context.new_page()
        await STATES[name](page, house, url)
        await page.wait_for_timeout(300)
        number = list(STATES).index(name)
        await page.screenshot(path=folder / f"{number:02}_{name}_{size}_{scheme}.png", full_page=True)
        if house.live:
            house.end()
        await context.close()


async def main(folder: Path, wanted: list[str]) -> None:
    async with desk() as (db, sounds), async_playwright() as playwright:
        browser = await launch(playwright, silent_wav(folder / "silence.wav"))
        for name in wanted or STATES:
            for size in SIZES:
                for scheme in ("light", "dark"):
                    await picture(browser, db, sounds, name, size, scheme, folder)
        await browser.close()


if __name__ == "__main__":
    Path(sys.argv[1]).mkdir(parents=True, exist_ok=True)
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2:]))
