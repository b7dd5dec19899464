"""Sessions are transactions; an outage is told apart from a mistake; a result is kept once."""

import asyncio
import os
import signal
import socket
import traceback
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncSession

from huntgroup.domain.errors import SettingsError, StoreUnavailable
from huntgroup.storage.base import Database, advisory_lock, declarative_base_for, once, recall, remember
from huntgroup.storage.embedded import EmbeddedPostgres
from huntgroup.storage.keepalive import keep_alive
from huntgroup.storage.keeper import CLUSTER, server_pid
from huntgroup.storage.url import normalise

ADD_TENANT = text("insert into huntgroup.tenants (id, name) values (:id, 'x')")


async def tenants(db: Database) -> list[str]:
    async with db.session() as session:
        return list((await session.execute(text("select id from huntgroup.tenants order by id"))).scalars())


async def test_a_session_commits_when_it_ends(db: Database) -> None:
    async with db.session() as session:
        await session.execute(ADD_TENANT, {"id": "a"})
    assert await tenants(db) == ["a", "default"]


async def test_a_session_that_raises_leaves_nothing(db: Database) -> None:
    with pytest.raises(KeyError):
        async with db.session() as session:
            await session.execute(ADD_TENANT, {"id": "a"})
            raise KeyError("ours")
    assert await tenants(db) == ["default"]


async def test_a_mistake_is_no_outage(db: Database) -> None:
    with pytest.raises(ProgrammingError):
        async with db.session() as session:
            await session.execute(text("select nonsense"))


async def test_an_error_text_holds_no_parameter(db: Database) -> None:
    row = {"id": "-".join(("secret", "name"))}
    with pytest.raises(IntegrityError) as caught:
        async with db.session() as session:
            await session.execute(ADD_TENANT, row)
            await session.execute(ADD_TENANT, row)
    assert row["id"] not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("url", ["postgresql://u@127.0.0.1:1/x", "postgresql://u@/x?host=/nowhere"])
async def test_a_server_that_is_not_there_is_an_outage(url: str) -> None:
    db = Database(url, connect_timeout_s=2)
    with pytest.raises(StoreUnavailable):
        async with db.session():
            pass
    await db.close()


async def test_a_server_that_dies_meanwhile_is_an_outage_and_may_come_back(server_folder: Path) -> None:
    async with EmbeddedPostgres(server_folder / "pg", durable=False) as server:
        db = Database(server.url)
        with pytest.raises(StoreUnavailable):
            async with db.session() as session:
                await session.execute(text("select 1"))
                kill_server(server)
                await session.execute(text("select 1"))
        async with EmbeddedPostgres(server_folder / "pg", durable=False), db.session() as session:
            assert (await session.execute(text("select 1"))).scalar() == 1
        await db.close()


async def test_a_pool_in_use_to_the_last_connection_is_an_outage(database_url: str) -> None:
    db = Database(database_url, pool_size=1, connect_timeout_s=0.05)
    async with db.session(), db.session():
        with pytest.raises(StoreUnavailable):
            async with db.session():
                pass
    await db.close()


async def test_a_statement_that_is_not_answered_in_time_is_an_outage_and_its_connection_is_used_no_more(
    database_url: str,
) -> None:
    db = Database(database_url, pool_size=1, command_timeout_s=0.2)
    with pytest.raises(StoreUnavailable, match="TimeoutError"):
        async with db.session() as session:
            first = await backend(session)
            await session.execute(text("select pg_sleep(60)"))
    async with db.session() as session:
        assert await backend(session) != first
    await db.close()


async def backend(session: AsyncSession) -> int:
    return int((await session.execute(text("select pg_backend_pid()"))).scalar_one())


async def test_a_connection_whose_other_end_is_gone_is_found_out() -> None:
    async with await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0) as server:
        transport, _ = await asyncio.get_running_loop().create_connection(
            asyncio.Protocol, *server.sockets[0].getsockname()
        )
        keep_alive(SimpleNamespace(driver_connection=SimpleNamespace(_transport=transport)))
        used = transport.get_extra_info("socket")
        assert used.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        transport.close()


async def test_the_driver_lets_us_have_the_transport_of_a_connection(db: Database) -> None:
    async with db.session() as session:
        raw = await (await session.connection()).get_raw_connection()
        driver: Any = raw.driver_connection
        assert driver._transport.get_extra_info("socket") is not None


def kill_server(server: EmbeddedPostgres) -> None:
    pid = server_pid(server.home / CLUSTER)
    assert pid is not None
    os.kill(pid, signal.SIGQUIT)


async def test_a_lock_is_held_until_the_transaction_ends(db: Database) -> None:
    order: list[str] = []

    async def second() -> None:
        async with db.session() as session:
            await advisory_lock(session, "provider 7")
            order.append("second")

    async with db.session() as session:
        await advisory_lock(session, "provider 7")
        waiting = asyncio.create_task(second())
        async with db.session() as other:
            await advisory_lock(other, "provider 8")
        order.append("first")
    await waiting
    assert order == ["first", "second"]


async def test_a_result_is_recalled(db: Database) -> None:
    async with db.session() as session:
        assert await recall(session, "call:1") is None
        await remember(session, "call:1", {"ok": True, "names": ["Ä"], "n": None}, call_id="call")
    async with db.session() as session:
        assert await recall(session, "call:1") == {"ok": True, "names": ["Ä"], "n": None}


async def test_remembering_twice_undoes_the_second_work(db: Database) -> None:
    async with db.session() as session:
        await remember(session, "k", {"by": 1})
    with pytest.raises(IntegrityError):
        async with db.session() as session:
            await session.execute(ADD_TENANT, {"id": "second"})
            await remember(session, "k", {"by": 2})
    assert await tenants(db) == ["default"]


async def test_attempts_at_the_same_time_do_the_work_once(db: Database) -> None:
    done: list[int] = []

    async def work(session: AsyncSession) -> dict[str, Any]:
        done.append(1)
        await session.execute(ADD_TENANT, {"id": "once"})
        return {"number": len(done)}

    results = await asyncio.gather(*(once(db, "call:tool", work) for _ in range(4)))
    assert results == [{"number": 1}] * 4


async def test_a_work_that_fails_is_not_remembered(db: Database) -> None:
    async def fails(session: AsyncSession) -> dict[str, Any]:
        raise KeyError("ours")

    async def works(session: AsyncSession) -> dict[str, Any]:
        return {"ok": True}

    with pytest.raises(KeyError):
        await once(db, "k", fails)
    assert await once(db, "k", works) == {"ok": True}


@pytest.mark.parametrize("written", ["postgres://u:p@h/d", "postgresql://u:p@h/d", "postgresql+asyncpg://u:p@h/d"])
def test_addresses_as_people_write_them(written: str) -> None:
    assert normalise(written).render_as_string(hide_password=False) == "postgresql+asyncpg://u:p@h/d"


def test_sslmode_is_passed_on() -> None:
    assert normalise("postgresql://h/d?sslmode=require").query == {"ssl": "require"}


@pytest.mark.parametrize("wrong", ["mysql://u:secret@h/d", "secret nonsense", ""])
def test_other_addresses_are_refused_without_repeating_them(wrong: str) -> None:
    with pytest.raises(SettingsError) as caught:
        normalise(wrong)
    assert "secret" not in str(caught.value)


def test_a_base_has_its_schema_and_named_constraints() -> None:
    base = declarative_base_for("salon")
    assert base.metadata.schema == "salon"
    assert "pk" in base.metadata.naming_convention
