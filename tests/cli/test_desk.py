"""`huntgroup desk link`: a link that lets one person in."""

import subprocess
import sys
from pathlib import Path

from huntgroup.domain.clock import SystemClock
from huntgroup.storage.base import Database
from huntgroup.storage.deskdoor import PgDeskDoor


def link(database_url: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"HUNTGROUP_DATABASE_URL": database_url, "HUNTGROUP_PUBLIC_URL": "https://calls.example.com"}
    return subprocess.run(
        [sys.executable, "-m", "huntgroup", "desk", "link", *arguments],
        capture_output=True, text=True, check=False, env={"PATH": "/usr/bin:/bin", **environment}, cwd=folder,
    )  # fmt: skip


async def test_a_link_is_printed_that_logs_its_person_in(db: Database, database_url: str, tmp_path: Path) -> None:
    done = link(database_url, tmp_path, "--name", "Ada Lovelace")
    address, _, secret = done.stdout.strip().partition("#")
    assert (done.returncode, address) == (0, "https://calls.example.com/desk/login")
    visitor = await PgDeskDoor(db, SystemClock()).enter(secret)
    assert visitor is not None
    assert visitor.name == "Ada Lovelace"


def test_a_person_needs_a_name(database_url: str, tmp_path: Path) -> None:
    done = link(database_url, tmp_path, "--name", " ")
    assert done.returncode == 2
    assert "--name" in done.stderr
