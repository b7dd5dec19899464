"""A real PostgreSQL server of our own, for those who have not set up one.

    async with EmbeddedPostgres(Path(".huntgroup/postgres")) as server:
        db = Database(server.url)

Every process that enters shares the one server of that folder; it stops when the last of them leaves or dies.
"""

import asyncio
import contextlib
import fcntl
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy.engine import URL

from huntgroup.storage import keeper
from huntgroup.storage.binaries import find_binaries, within_reach
from huntgroup.storage.cluster import DATABASE, SUPERUSER, Cluster
from huntgroup.storage.place import prepare_place
from huntgroup.storage.url import DRIVER

Progress = Callable[[str], None]


class EmbeddedPostgres:
    """One use of the server that keeps its data in `data_dir`.

    `progress` is told, in a line, of every step that takes longer than a moment. With `durable` false nothing is
    forced to disk: for tests only. The server listens on a socket that only its own user enters, never on the network.
    """

    def __init__(self, data_dir: Path, *, durable: bool = True, progress: Progress | None = None) -> None:
        self._data_dir = data_dir
        self._durable = durable
        self._progress = progress or _silent
        self._cluster: Cluster | None = None
        self._users: int | None = None

    @property
    def url(self) -> str:
        """The address of the database `huntgroup`; only while started."""
        return self.url_of(DATABASE)

    def url_of(self, database: str) -> str:
        """Return the address of another database on this server; only while started."""
        if self._cluster is None:
            raise RuntimeError("the embedded PostgreSQL has not been started")
        where = {"host": str(self._cluster.place.socket_dir)}
        return URL.create(DRIVER, SUPERUSER, database=database, query=where).render_as_string(hide_password=False)

    @property
    def home(self) -> Path:
        """The folder that the data really is in: for root it may differ from `data_dir`."""
        return self._prepared().place.home if self._cluster is None else self._cluster.place.home

    def start(self) -> str:
        """Start the server, or join the one that runs, and return `url`. Blocks for up to a minute.

        Raises `SettingsError` or `DataMissing` when it cannot work here, `StoreUnavailable` when it does not start.
        """
        cluster = self._prepared()
        home = cluster.place.home
        keeper.make_locks(home)
        start = keeper.open_lock(home, "start")
        try:
            fcntl.flock(start, fcntl.LOCK_EX)
            self._users = keeper.open_lock(home, "users")
            fcntl.flock(self._users, fcntl.LOCK_SH)
            self._ensure_running(cluster)
            self._ensure_keeper(home)
        except BaseException:
            self._leave()
            raise
        finally:
            os.close(start)
        self._cluster = cluster
        return self.url

    def stop(self) -> None:
        """Leave the server; the last one to leave stops it. Safe to repeat."""
        cluster, self._cluster = self._cluster, None
        self._leave()
        if cluster is not None:
            with contextlib.suppress(FileNotFoundError):
                keeper.stop_if_unused(cluster.place.home)

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self.start)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self.stop)

    def _prepared(self) -> Cluster:
        place = prepare_place(self._data_dir)
        if place.home != Path(os.path.abspath(self._data_dir)):
            self._progress(f"PostgreSQL runs as nobody, who cannot reach {self._data_dir}: its data is in {place.home}")
        uid = None if place.account is None else place.account.uid
        return Cluster(place, within_reach(find_binaries(), place.home, uid), self._durable)

    def _ensure_running(self, cluster: Cluster) -> None:
        if not cluster.exists:
            self._progress("PostgreSQL: making the database (first time only)")
            cluster.create()
        elif cluster.answers():
            return
        cluster.check_version()
        cluster.start()

    def _ensure_keeper(self, home: Path) -> None:
        """Start the process that stops the server should we be killed, unless there is one."""
        lock = keeper.open_lock(home, "keeper")
        absent = keeper.try_lock(lock)
        os.close(lock)
        if absent:
            command = [sys.executable, "-I", "-S", keeper.__file__, str(home)]
            quiet = subprocess.DEVNULL
            subprocess.run(command, stdin=quiet, stdout=quiet, stderr=quiet, cwd="/", check=True)

    def _leave(self) -> None:
        users, self._users = self._users, None
        if users is not None:
            os.close(users)


def _silent(line: str) -> None:
    """Say nothing."""
