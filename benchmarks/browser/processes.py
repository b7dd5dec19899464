"""CPU time of a server with the processes that it has started, without its database."""

from __future__ import annotations

import contextlib
from pathlib import Path

from benchmarks.media.weigh import cpu_s


def cpu_of(pid: int) -> float:
    """Seconds of CPU that the process and its children have used so far."""
    return sum(_spent(one) for one in (pid, *_below(pid)) if not _name(one).startswith("postgres"))


def _below(pid: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            fields = (folder / "stat").read_text("utf-8").rpartition(")")[2].split()
            children.setdefault(int(fields[1]), []).append(int(folder.name))
    found = list(children.get(pid, ()))
    for one in found:
        found += children.get(one, ())  # grows while it is walked
    return found


def _spent(pid: int) -> float:
    with contextlib.suppress(OSError):
        return sum(cpu_s(pid))
    return 0.0


def _name(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/comm").read_text("utf-8")
    return ""
