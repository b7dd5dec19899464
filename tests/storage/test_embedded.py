"""The embedded server: shared, gone when nobody uses it, and back after anything that can happen to it."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from huntgroup.domain.errors import SettingsError
from huntgroup.storage.embedded import EmbeddedPostgres
from huntgroup.storage.keeper import CLUSTER, server_pid

USE_IT = """
import sys
from pathlib import Path
from huntgroup.storage.embedded import EmbeddedPostgres
print(EmbeddedPostgres(Path(sys.argv[1]), durable=False).start(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def server(server_folder: Path) -> Iterator[EmbeddedPostgres]:
    made = EmbeddedPostgres(server_folder / "pg data", durable=False)
    yield made
    made.stop()


def another_user(folder: Path) -> "subprocess.Popen[str]":
    """Start a process that uses the server of the folder until it is killed, and wait until it does."""
    source = str(Path(__file__).resolve().parents[2] / "src")
    user = subprocess.Popen(
        [sys.executable, "-c", USE_IT, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": source},
    )
    assert user.stdout is not None
    assert user.stdout.readline().startswith("postgresql+asyncpg://")
    return user


def wait_until_gone(cluster: Path) -> bool:
    deadline = time.monotonic() + 20
    while server_pid(cluster) is not None and time.monotonic() < deadline:
        time.sleep(0.02)
    return server_pid(cluster) is None


async def answer(url: str, sql: str = "select 1") -> object:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""), timeout=5)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


def cluster_of(server: EmbeddedPostgres) -> Path:
    return server.home / CLUSTER


async def test_it_answers_in_utf8_and_utc(server: EmbeddedPostgres) -> None:
    url = server.start()
    assert await answer(url, "select current_setting('server_encoding')") == "UTF8"
    assert await answer(url, "select current_setting('timezone')") == "UTC"


async def test_it_has_the_extensions_that_tables_need(server: EmbeddedPostgres) -> None:
    url = server.start()
    sql = "select count(*) from pg_available_extensions where name in ('btree_gist', 'pg_trgm')"
    assert await answer(url, sql) == 2


async def test_data_outlives_a_stop(server: EmbeddedPostgres) -> None:
    await answer(server.start(), "create table kept as select 7 as number")
    server.stop()
    assert await answer(server.start(), "select number from kept") == 7


async def test_it_listens_on_no_network(server: EmbeddedPostgres) -> None:
    url = server.start()
    assert await answer(url, "select current_setting('listen_addresses')") == ""
    assert await answer(url, "select current_setting('unix_socket_permissions')") == "0700"


async def test_two_users_share_one_server(server: EmbeddedPostgres, server_folder: Path) -> None:
    first = server.start()
    other = EmbeddedPostgres(server_folder / "pg data", durable=False)
    assert other.start() == first
    server.stop()
    assert await answer(first) == 1
    cluster = cluster_of(other)
    other.stop()
    assert server_pid(cluster) is None


def test_a_killed_user_leaves_no_server_behind(server: EmbeddedPostgres, server_folder: Path) -> None:
    user = another_user(server_folder / "pg data")
    server.start()
    cluster = cluster_of(server)
    server.stop()
    assert server_pid(cluster) is not None
    user.kill()
    user.communicate()
    assert wait_until_gone(cluster)


async def test_a_killed_server_comes_back(server: EmbeddedPostgres, server_folder: Path) -> None:
    server.start()
    pid = server_pid(cluster_of(server))
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    other = EmbeddedPostgres(server_folder / "pg data", durable=False)
    assert await answer(other.start()) == 1
    other.stop()


async def test_a_left_over_pid_file_of_a_stranger_does_not_matter(server: EmbeddedPostgres) -> None:
    server.start()
    server.stop()
    (cluster_of(server) / "postmaster.pid").write_text(f"{os.getpid()}\n/nowhere\n")
    assert await answer(server.start()) == 1


def test_an_interrupted_first_start_is_repeated(server: EmbeddedPostgres, server_folder: Path) -> None:
    (server_folder / "pg data" / "cluster.unfinished" / "base").mkdir(parents=True)
    assert server.start()


def test_data_of_another_version_is_refused_in_plain_words(server: EmbeddedPostgres) -> None:
    server.start()
    server.stop()
    (cluster_of(server) / "PG_VERSION").write_text("9\n")
    with pytest.raises(SettingsError, match="written by PostgreSQL 9"):
        server.start()


def test_the_first_start_is_announced(server_folder: Path) -> None:
    said: list[str] = []
    server = EmbeddedPostgres(server_folder / "x", durable=False, progress=said.append)
    server.start()
    server.stop()
    assert any("first time" in line for line in said)


async def test_a_long_path_gets_a_short_socket(server_folder: Path) -> None:
    folder = server_folder / ("long" * 20) / ("name" * 20)
    async with EmbeddedPostgres(folder, durable=False) as server:
        assert await answer(server.url) == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs it as another user")
class TestAsRoot:
    def test_it_runs_as_the_owner_of_the_data(self, server: EmbeddedPostgres) -> None:
        server.start()
        assert cluster_of(server).stat().st_uid != 0

    def test_folders_that_are_not_ours_keep_their_permissions(self, server_folder: Path) -> None:
        closed = server_folder / "closed"
        closed.mkdir(mode=0o700)
        said: list[str] = []
        server = EmbeddedPostgres(closed / "postgres", durable=False, progress=said.append)
        server.start()
        cluster = cluster_of(server)
        server.stop()
        assert closed.stat().st_mode & 0o777 == 0o700
        assert closed not in cluster.parents
        assert any("cannot reach" in line for line in said)
        shutil.rmtree(cluster.parent)
