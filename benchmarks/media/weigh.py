"""What a process has used, read from Linux's /proc."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

_TICK_S = 1 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Weight:
    """CPU time so far, the kernel's part of it, and memory now: what the process itself wrote, without mapped files."""

    cpu_s: float
    system_s: float
    memory_bytes: int


def weigh(pid: int) -> Weight:
    """One process, without its children (the embedded database is one). Raises `OSError` when it is gone."""
    user_s, system_s = cpu_s(pid)
    return Weight(user_s + system_s, system_s, _anonymous_bytes(pid))


def cpu_s(pid: int) -> tuple[float, float]:
    """User and system time of one process so far, in seconds. Raises `OSError` when it is gone."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return int(fields[11]) * _TICK_S, int(fields[12]) * _TICK_S


def _anonymous_bytes(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8").splitlines():
        if line.startswith("Anonymous:"):
            return int(line.split()[1]) * 1024
    return 0
