"""One PostgreSQL data folder: made, configured, started and stopped through PostgreSQL's own programs."""

import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huntgroup.domain.errors import SettingsError, StoreUnavailable
from huntgroup.storage.keeper import server_pid, stop_server
from huntgroup.storage.place import Place

SUPERUSER = "postgres"
DATABASE = "huntgroup"
_SAFE_ENVIRONMENT = ("PATH", "TMPDIR", "SYSTEMROOT")
_FAST_AND_FORGETFUL = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


@dataclass(frozen=True)
class Cluster:
    """A server's data and programs. With `durable` false a crash of the machine may lose it: for tests only.

    The caller holds the start lock around `create`, `start` and `stop`.
    """

    place: Place
    binaries: Path
    durable: bool = True

    @property
    def exists(self) -> bool:
        return (self.place.cluster / "PG_VERSION").exists()

    def create(self) -> None:
        """Make the data folder with the database in it; an interrupted attempt leaves nothing that counts."""
        unfinished = self.place.home / "cluster.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        if self.place.account is not None:
            os.chown(unfinished, self.place.account.uid, self.place.account.gid)
        options = ["--auth=trust", "--encoding=UTF8", *self._locale(), "--no-instructions"]
        self._run("initdb", *options, f"--username={SUPERUSER}", "--no-sync", "-D", str(unfinished))
        self._run("postgres", "--single", "-D", str(unfinished), "postgres", given=f"create database {DATABASE};\n")
        unfinished.rename(self.place.cluster)

    def check_version(self) -> None:
        """Raises `SettingsError` when the data was written by another major version of PostgreSQL."""
        kept = (self.place.cluster / "PG_VERSION").read_text().strip()
        if kept != str(self._major()):
            raise SettingsError(
                f"{self.place.cluster} was written by PostgreSQL {kept}, and this is {self._major()}: "
                "dump and restore it, or set HUNTGROUP_DATA_DIR to a new folder"
            )

    def start(self, timeout_s: float = 60.0) -> None:
        """Start the server and return when it answers. Raises `StoreUnavailable` with the log's last lines."""
        self._configure()
        deadline = time.monotonic() + timeout_s
        while not self.answers():
            if server_pid(self.place.cluster) is None:
                self._launch()
            if time.monotonic() > deadline:
                raise StoreUnavailable(f"the embedded PostgreSQL does not start: {self._last_words()}")
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop the server and return when it is gone."""
        stop_server(self.place.cluster)

    def answers(self) -> bool:
        """Whether the server takes connections."""
        if not (self.place.socket_dir / ".s.PGSQL.5432").exists():
            return False
        ask = self._command("pg_isready", "--quiet", "-h", str(self.place.socket_dir), "-t", "3")
        return subprocess.run(ask, check=False, **self._context()).returncode == 0

    def _launch(self) -> None:
        """Have `pg_ctl` start the server apart from us; wait a moment when it ends at once, as after a crash."""
        (self.place.cluster / "postmaster.pid").unlink(missing_ok=True)
        with self.place.log.open("ab") as log:
            command = self._command("pg_ctl", "start", "-w", "-s", "-t", "20")
            context = self._context(PGDATA=str(self.place.cluster))
            if subprocess.run(command, stdout=log, stderr=log, check=False, **context).returncode != 0:
                time.sleep(0.5)

    def _configure(self) -> None:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.place.socket_dir),
            "unix_socket_permissions": "0700",
            "max_connections": "100",
            "shared_buffers": "64MB",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
            **({} if self.durable else _FAST_AND_FORGETFUL),
        }
        lines = [f"{name} = '{_quoted(value)}'\n" for name, value in settings.items()]
        (self.place.cluster / "postgresql.conf").write_text("".join(lines), encoding="utf-8")

    def _major(self) -> int:
        answer = subprocess.run(
            self._command("postgres", "--version"), capture_output=True, text=True, check=True, **self._context()
        )
        return int(answer.stdout.split()[2].split(".")[0])

    def _locale(self) -> list[str]:
        if self._major() < 17:
            return ["--locale=C"]
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]

    def _run(self, program: str, *arguments: str, given: str = "") -> None:
        command = self._command(program, *arguments)
        answer = subprocess.run(
            command, input=given, capture_output=True, text=True, check=False, timeout=300, **self._context()
        )
        if answer.returncode != 0:
            raise StoreUnavailable(f"{program} failed: {answer.stderr.strip()[-400:]}")

    def _command(self, program: str, *arguments: str) -> list[str]:
        return [str(self.binaries / program), *arguments]

    def _context(self, **extra: str) -> dict[str, Any]:
        """How to run a program: as the server's user, with an environment that sets nothing of PostgreSQL's."""
        kept = {name: os.environ[name] for name in _SAFE_ENVIRONMENT if name in os.environ}
        context: dict[str, Any] = {"cwd": "/", "env": {**kept, "LC_ALL": "C", **extra}}
        if self.place.account is not None:
            context |= {"user": self.place.account.uid, "group": self.place.account.gid, "extra_groups": []}
        return context

    def _last_words(self) -> str:
        lines = self.place.log.read_text(errors="replace").splitlines() if self.place.log.exists() else []
        return " | ".join(lines[-5:])[-600:]


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "''")
