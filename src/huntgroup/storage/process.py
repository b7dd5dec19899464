"""The name of this process, and whether the one with another name is known to be dead."""

import os
import secrets
from pathlib import Path

_PROC = Path("/proc")
_PARTS = 4


def name_of_this_process() -> str:
    """Return a name that no other process has or will have, and that tells machine and process; fit for a file."""
    return ".".join((_machine(), str(os.getpid()), _started(os.getpid()) or "0", secrets.token_hex(4)))


def is_dead(name: str) -> bool:
    """Whether that process has certainly ended. False also when it cannot be known: it is of another machine, say."""
    parts = name.split(".")
    if len(parts) != _PARTS or parts[0] != _machine() or parts[0] == "unknown" or not parts[1].isdigit():
        return False
    return _started(int(parts[1])) != parts[2]


def _machine() -> str:
    """Name the boot of this machine and the process numbers' own space: containers may share the first alone."""
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text("ascii").strip()
        space = (_PROC / "self/ns/pid").readlink().name
    except OSError:
        return "unknown"
    return f"{boot}-{''.join(filter(str.isdigit, space))}"


def _started(pid: int) -> str | None:
    """Return when a process started, in ticks since boot; None when there is none, or one that has ended."""
    try:
        # The name, in brackets, may hold anything; the fields that count come after it.
        fields = (_PROC / str(pid) / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else fields[19]
