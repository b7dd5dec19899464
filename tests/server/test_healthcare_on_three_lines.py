"""A whole booking that begins in writing, goes on by WebRTC and ends in writing: offline engine, leases, PostgreSQL."""

from pathlib import Path

import pytest

from huntgroup.bootstrap import open_house
from huntgroup.cli.stage import fresh_data, on_this_day, serving, settled_facts, stage_of
from huntgroup.domain import facts
from huntgroup.settings import Settings
from huntgroup.testing.scenario import load_scenario
from huntgroup.testing.shifted_clock import ShiftedClock
from huntgroup.verticals import discover
from tests.survival.web_caller import WebCaller

HEALTHCARE = next(vertical for vertical in discover() if vertical.name == "healthcare")
QUIET_S = 1.5

pytestmark = pytest.mark.timeout(240)


async def call(patient: WebCaller, words: list[str]) -> None:
    """Each write is asked for on one line, and its answer heard on the next."""
    *told, confirmed, wish, agreed, goodbye = words
    await patient.announce()
    await patient.write()
    await patient.settles(QUIET_S)
    for one in told:
        await patient.send(type="say", text=one)
        await patient.settles(QUIET_S)
    await patient.send(type="say", text=confirmed)
    await patient.speak()
    await patient.settles(QUIET_S)
    await patient.send(type="say", text=wish)
    await patient.settles(QUIET_S)
    await patient.send(type="say", text=agreed)
    await patient.write()
    await patient.settles(QUIET_S)
    await patient.send(type="say", text=goodbye)
    await patient.until(lambda one: one["type"] == "ended")


async def test_a_new_patient_registers_in_writing_and_books_by_voice_and_in_writing(server_folder: Path) -> None:
    scenario = load_scenario(HEALTHCARE.folder / "scenarios" / "new_patient_books.yaml")
    assert scenario.now is not None
    settings = Settings(model="offline", data_dir=server_folder, silence_seconds=30.0, port=0)
    async with open_house(settings, clock=ShiftedClock(scenario.now)) as house, serving(house, 0) as (address, _):
        await fresh_data(house, "healthcare")
        played = on_this_day(house, scenario)
        patient = WebCaller([address.url], "healthcare")
        try:
            await call(patient, [str(step.say) for step in played.steps])
        finally:
            await patient.leave()
        record = await settled_facts(house, patient.call_id)
        stage = stage_of(house, address.url, hurry=True)
        rows = [(row.sql, await stage.query(row.sql), row.equals) for row in played.expect.rows]
    assert all(found == wanted for _, found, wanted in rows), [str(one)[:300] for one in record]
    assert [fact.line for fact in record if isinstance(fact, facts.CallStarted | facts.CallResumed)] == [
        "chat",
        "webrtc",
        "chat",
    ]
    assert [fact.seq for fact in record] == list(range(len(record)))
    assert [fact.t_ms for fact in record] == sorted(fact.t_ms for fact in record)
    answered = {fact.tool_call_id for fact in record if isinstance(fact, facts.ToolAnswered)}
    assert answered == {fact.tool_call_id for fact in record if isinstance(fact, facts.ToolCalled)}
    assert not [fact for fact in record if isinstance(fact, facts.ModelError | facts.BadInput)]
