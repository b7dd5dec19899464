"""Calls from pages in whole server processes on one real database: on another line, and in another process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from benchmarks.survival.team import HELD
from benchmarks.survival.world import ServerProcess, World, survival_world
from huntgroup.calls.telemetry.from_facts import spans_of
from huntgroup.domain import facts as f
from tests.survival.test_survival import whole_record
from tests.survival.web_caller import WebCaller

# Real processes on a machine that may be busy with other tests.
pytestmark = pytest.mark.timeout(400)


@asynccontextmanager
async def world_of(folder: Path, count: int, callers: int = 2) -> AsyncIterator[tuple[World, list[WebCaller]]]:
    """A world of `count` processes, and callers who know all of them."""
    async with survival_world(folder) as world:
        await world.start(count)
        made = [WebCaller([one.url for one in world.processes]) for _ in range(callers)]
        try:
            yield world, made
        finally:
            for caller in made:
                await caller.leave()


async def greeted(caller: WebCaller, *, by_voice: bool = False) -> None:
    """Be in a call with the back office, verified."""
    await caller.announce()
    await (caller.speak() if by_voice else caller.write())
    await caller.hears("Hello. What is it?")
    await caller.say("1", "You are verified.")
    await caller.say("2", "Done.")


async def books(caller: WebCaller, what: str, number: int = 1) -> None:
    """Have the agent begin to book something, as the caller's so-manieth booking."""
    await caller.types(what)
    await caller.has_facts("ToolCalled", number, tool="book")


async def bookings(world: World, caller: WebCaller) -> list[str]:
    rows = await world.rows(f"select what from bookings where call_id = '{caller.call_id}' order by at")
    return [row[0] for row in rows]


def legs(record: list[f.Fact]) -> list[tuple[str, str]]:
    """What began and ended the call's parts: on which line, and why."""
    kinds = (f.CallStarted, f.CallMoved, f.CallResumed, f.CallEnded)
    found = [one for one in record if isinstance(one, kinds)]
    return [(type(one).__name__, getattr(one, "line", getattr(one, "reason", ""))) for one in found]


async def ended(world: World, caller: WebCaller) -> list[f.Fact]:
    """Hang up; returns the whole record, which has no hole."""
    await caller.send(type="bye")
    await caller.until(lambda one: one["type"] == "ended")
    record = await whole_record(world, caller.call_id)
    assert [one.seq for one in record] == list(range(len(record)))
    return record


async def api(world: World, path: str) -> dict[str, Any]:
    async with httpx.AsyncClient(base_url=world.processes[-1].url) as http:
        got: dict[str, Any] = (await http.get(path)).json()
        return got


async def seats(world: World) -> int:
    taken: int = (await api(world, "/readyz"))["seats"]["taken"]
    return taken


async def analysed(world: World, caller: WebCaller) -> dict[str, Any]:
    """The call as the API tells it, with its analytics."""
    while (told := await api(world, f"/api/calls/{caller.call_id}"))["analytics"] is None:  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    return told


async def test_a_chat_goes_on_by_voice_and_in_writing_again_with_a_write_at_work_each_time(server_folder: Path) -> None:
    async with world_of(server_folder, 1) as (world, (caller, _)):
        await greeted(caller)
        await books(caller, "3 first")
        await caller.speak()
        await caller.hears("We can go on here")
        await caller.hears("Booked 3 first")
        await books(caller, "3 second", 2)
        await caller.write()
        await caller.hears("Booked 3 second")
        record = await ended(world, caller)
        assert await bookings(world, caller) == ["3 first", "3 second"]
        assert await seats(world) == 0
        told = await analysed(world, caller)
        assert len((await api(world, "/api/calls"))["calls"]) == 1
    assert told["analytics"]["metrics"]["duration_ms"] == record[-1].t_ms
    assert [span["kind"] for span in spans_of(record)].count("call") == 1
    moved = ("CallMoved", "another_line")
    assert legs(record)[:-1] == [
        ("CallStarted", "chat"), moved, ("CallResumed", "webrtc"), moved, ("CallResumed", "chat"),
    ]  # fmt: skip
    assert {one.ok for one in record if isinstance(one, f.ToolAnswered)} == {True}
    assert len({one.tool_call_id for one in record if isinstance(one, f.ToolCalled) and one.tool == "book"}) == 2


async def test_calls_move_by_voice_and_in_writing_when_their_process_is_told_to_stop(server_folder: Path) -> None:
    async with world_of(server_folder, 2) as (world, callers):
        leaving, staying = world.processes
        await greeted(callers[0], by_voice=True)
        await greeted(callers[1])
        stopping = asyncio.create_task(leaving.stop())
        for caller, back in zip(callers, (callers[0].speak, callers[1].write), strict=True):
            await caller.until(lambda one: one["type"] == "moved" and one["because"] == "draining")
            await back()
            await caller.hears("cut off for a moment")
            await books(caller, "3 there")
            await caller.hears("Booked 3 there")
        assert await stopping == 0
        for caller in callers:
            record = await ended(world, caller)
            (resumed,) = (one for one in record if isinstance(one, f.CallResumed))
            assert (resumed.reason, resumed.process, resumed.epoch) == ("moved", staying.owner, 2)
            assert await bookings(world, caller) == ["3 there"]
        assert await seats(world) == 0


async def test_calls_go_on_elsewhere_when_their_process_is_killed_in_the_middle_of_writes_and_words(
    server_folder: Path,
) -> None:
    async with world_of(server_folder, 2, callers=4) as (world, callers):
        victim, heir = world.processes
        await asyncio.gather(*(greeted(one, by_voice=by) for one, by in zip(callers, (True, False) * 2, strict=True)))
        (told, unheard), writing = callers[:2], callers[2:]
        async with world.held():
            await asyncio.gather(*(books(caller, HELD) for caller in writing))
            await world.until_held_up(len(writing))
            async with world.held("huntgroup.facts"):
                # The one is told that its words were said, before they are stored; those of the other never arrive.
                await told.types("7 told")
                await told.has_facts("CallerSpoke", text="7 told")
                victim.freeze()
                await unheard.types("7 unheard")
                assert (told.held, unheard.held) == (["7 told"], ["7 unheard"])
                await victim.kill()
        await asyncio.gather(told.speak(), unheard.write(), writing[0].speak(), writing[1].write())
        for caller in writing:
            await caller.hears(f"Booked {HELD}")
            await went_on(world, caller, heir)
            assert await bookings(world, caller) == [HELD]
        for caller, words in ((told, "7 told"), (unheard, "7 unheard")):
            await answered_once(caller, words, world, heir)


async def went_on(world: World, caller: WebCaller, heir: ServerProcess) -> list[f.Fact]:
    """Hang up; returns the record of a call that has lost its process once."""
    record = await ended(world, caller)
    (resumed,) = (one for one in record if isinstance(one, f.CallResumed))
    assert (resumed.reason, resumed.process) == ("process_lost", heir.owner)
    return record


async def answered_once(caller: WebCaller, words: str, world: World, heir: ServerProcess) -> None:
    """What was typed when the process died is a turn, has its answer, and is on record without being typed again."""
    answer = f"You pressed {' '.join(words)}."
    await caller.hears(answer)
    await caller.until(lambda one: one["type"] == "kept")
    assert caller.held == []
    record = await went_on(world, caller, heir)
    assert [one.text for one in record if isinstance(one, f.CallerSpoke)] == ["1", "2", words]
    assert [one.heard_text for one in record if isinstance(one, f.AgentSpoke)].count(answer) == 1


async def test_a_process_that_dies_between_two_lines_of_a_call_leaves_it_to_another(server_folder: Path) -> None:
    async with world_of(server_folder, 2) as (world, (caller, _)):
        await greeted(caller)
        assert (await caller.offer(caller.urls[0], "v=0")).status_code == 400
        await caller.until(lambda one: one["type"] == "moved")
        await world.processes[0].kill()
        await caller.speak()
        await caller.hears("We can go on here")
        record = await ended(world, caller)
    assert [kind for kind, _ in legs(record)] == ["CallStarted", "CallMoved", "CallResumed", "CallEnded"]


async def test_a_call_is_opened_where_it_was_not_announced_and_only_once(server_folder: Path) -> None:
    async with world_of(server_folder, 2) as (world, (caller, other)):
        await caller.announce()
        other.token, other.urls = caller.token, caller.urls[:1]
        caller.urls = caller.urls[1:]
        await caller.write()
        await caller.hears("Hello. What is it?")
        await other.write()
        await other.until(lambda one: one["type"] in ("moved", "ended") or one["type"] == "fact")
        await caller.say("1", "You are verified.")
        record = await ended(world, caller)
    assert [kind for kind, _ in legs(record)] == ["CallStarted", "CallEnded"]


async def test_two_who_change_the_line_at_once_are_one_change(server_folder: Path) -> None:
    async with world_of(server_folder, 1) as (world, (caller, other)):
        await greeted(caller)
        other.token = caller.token
        _, answer = await asyncio.gather(caller.speak(), other.offer(caller.urls[0], "v=0"))
        assert answer.status_code in (400, 503)
        record = await ended(world, caller)
    assert [kind for kind, _ in legs(record)] == ["CallStarted", "CallMoved", "CallResumed", "CallEnded"]
