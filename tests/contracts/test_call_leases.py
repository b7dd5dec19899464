"""What every implementation of call leases must do; two processes, `a` and `b`."""

import asyncio

import pytest
from sqlalchemy import text

from huntgroup.calls.ports import CallLeases, CallStore
from huntgroup.domain.facts import CallEnded, CallStarted, DtmfPressed
from huntgroup.storage.base import Database
from huntgroup.storage.calls import PgCallStore
from huntgroup.storage.leases import PgCallLeases
from huntgroup.testing.memory_leases import MemoryLeases
from huntgroup.testing.memory_store import MemoryCallStore

LONG_MS = 60_000
OVER_MS = -1


class World:
    """Leases and the store that they fence."""

    def __init__(self, leases: CallLeases, store: CallStore) -> None:
        self.leases = leases
        self.store = store


@pytest.fixture(params=["memory", "postgres"])
def world(request: pytest.FixtureRequest) -> World:
    if request.param == "memory":
        leases = MemoryLeases()
        return World(leases, MemoryCallStore(leases))
    db: Database = request.getfixturevalue("db")
    return World(PgCallLeases(db), PgCallStore(db))


def pressed(seq: int, digit: str = "1") -> DtmfPressed:
    return DtmfPressed(call_id="c", seq=seq, t_ms=seq, digit=digit)


def started() -> CallStarted:
    at = "2026-11-16T09:00:00+00:00"
    return CallStarted(
        call_id="c", seq=0, t_ms=0, team="t", line="twilio", caller=None, callee=None, model="m", started_at=at
    )


async def test_a_call_belongs_to_whoever_renews_it_first(world: World) -> None:
    assert await world.leases.renew("a", {"c": 1, "d": 1}, lifetime_ms=LONG_MS) == frozenset()
    assert await world.leases.renew("b", {"c": 1}, lifetime_ms=LONG_MS) == {"c"}
    found = await world.leases.find("c")
    assert found is not None
    assert (found.owner, found.epoch, found.free) == ("a", 1, False)


async def test_a_live_lease_cannot_be_taken(world: World) -> None:
    await world.leases.renew("a", {"c": 1}, lifetime_ms=LONG_MS)
    assert await world.leases.take("c", "b", lifetime_ms=LONG_MS) is None
    assert await world.leases.take("c", "b", lifetime_ms=LONG_MS, gone="x") is None


async def test_a_lease_that_ended_goes_to_one_of_many(world: World) -> None:
    await world.leases.renew("a", {"c": 1}, lifetime_ms=OVER_MS)
    takers = [world.leases.take("c", f"p{number}", lifetime_ms=LONG_MS) for number in range(8)]
    assert sorted(filter(None, await asyncio.gather(*takers))) == [2]
    assert await world.leases.renew("a", {"c": 1}, lifetime_ms=LONG_MS) == {"c"}


async def test_a_lease_of_a_dead_process_can_be_taken_before_its_end(world: World) -> None:
    await world.leases.renew("a", {"c": 1}, lifetime_ms=LONG_MS)
    assert await world.leases.take("c", "b", lifetime_ms=LONG_MS, gone="a") == 2


async def test_a_call_that_never_had_a_lease_can_be_taken_and_its_first_owner_has_lost_it(world: World) -> None:
    assert await world.leases.take("c", "b", lifetime_ms=LONG_MS) == 2
    assert await world.leases.renew("a", {"c": 1}, lifetime_ms=LONG_MS) == {"c"}


async def test_a_released_lease_is_free_at_once_and_only_its_owner_releases(world: World) -> None:
    await world.leases.renew("a", {"c": 1}, lifetime_ms=LONG_MS)
    await world.leases.release("b", {"c": 1})
    await world.leases.release("a", {"c": 2})
    assert await world.leases.take("c", "b", lifetime_ms=LONG_MS) is None
    await world.leases.release("a", {"c": 1})
    assert await world.leases.take("c", "b", lifetime_ms=LONG_MS) == 2


async def test_facts_of_an_owner_that_lost_the_call_stay_out_of_its_record(world: World) -> None:
    await world.leases.renew("a", {"c": 1}, lifetime_ms=OVER_MS)
    assert await world.store.append([started(), pressed(1)], epochs=[1, 1]) == frozenset()
    await world.leases.take("c", "b", lifetime_ms=LONG_MS)
    assert await world.store.append([pressed(1), pressed(2, "late")], epochs=[1, 1]) == {"c"}
    assert await world.store.append([pressed(2, "2")], epochs=[2]) == frozenset()
    assert await world.store.facts("c") == [started(), pressed(1), pressed(2, "2")]


async def test_facts_told_again_by_the_old_owner_are_no_strays(world: World) -> None:
    await world.leases.renew("a", {"c": 1}, lifetime_ms=OVER_MS)
    await world.store.append([started()], epochs=[1])
    await world.leases.take("c", "b", lifetime_ms=LONG_MS)
    assert await world.store.append([started()], epochs=[1]) == frozenset()


async def test_calls_without_an_end_and_without_an_owner_are_found(world: World) -> None:
    await world.store.append([started()], epochs=[1])
    await world.leases.renew("a", {"c": 1}, lifetime_ms=-2_000)
    assert await world.leases.abandoned(after_ms=60_000) == []
    assert await world.leases.abandoned(after_ms=1_000) == [("c", "a")]
    ended = CallEnded(call_id="c", seq=1, t_ms=9, reason="line_lost", duration_ms=9)
    await world.store.append([ended], epochs=[1])
    assert await world.leases.abandoned(after_ms=1_000) == []


async def test_processes_know_of_each_other_while_they_live_and_take_calls(world: World) -> None:
    await world.leases.renew("a", {}, lifetime_ms=LONG_MS)
    await world.leases.renew("b", {}, lifetime_ms=LONG_MS)
    await world.leases.renew("dead", {}, lifetime_ms=OVER_MS)
    assert await world.leases.others("a") == ["b"]
    await world.leases.renew("b", {}, lifetime_ms=LONG_MS, draining=True)
    assert await world.leases.others("a") == []
    await world.leases.leave("a")
    assert await world.leases.others("b") == []


async def test_strays_are_kept_in_the_database(db: Database) -> None:
    leases, store = PgCallLeases(db), PgCallStore(db)
    await leases.renew("a", {"c": 1}, lifetime_ms=OVER_MS)
    await leases.take("c", "b", lifetime_ms=LONG_MS)
    await store.append([pressed(4, "late")], epochs=[1])
    await store.append([pressed(4, "late")], epochs=[1])
    async with db.session() as session:
        rows = (await session.execute(text("select epoch, seq, body ->> 'digit' from huntgroup.stray_facts"))).all()
    assert [tuple(row) for row in rows] == [(1, 4, "late")]
