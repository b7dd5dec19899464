"""Stops the embedded server when nobody uses it any more, however its users ended.

Run as a program (`keeper.py HOME`) it detaches, sleeps on the users' lock, and stops the server once that lock is
free: the kernel frees the lock of a killed process too. It imports the standard library only, so it stays small.

Locks in HOME: `users.lock` is held shared by each user; `start.lock` is held exclusively by whoever starts or stops
the server, and always taken before a try for `users.lock`; `keeper.lock` by the one keeper.
"""

import contextlib
import fcntl
import os
import signal
import sys
import time
from pathlib import Path

CLUSTER = "cluster"
_LOOKS = 20


def make_locks(home: Path) -> None:
    """Make the lock files that are missing; only who starts the server does so."""
    for name in ("users", "start", "keeper"):
        os.close(os.open(home / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))


def open_lock(home: Path, name: str) -> int:
    """Return a descriptor for the lock file; close it to let the lock go. Raises `FileNotFoundError`."""
    return os.open(home / f"{name}.lock", os.O_RDWR | os.O_CLOEXEC)


def try_lock(descriptor: int, *, shared: bool = False) -> bool:
    """Take the lock if that is possible at once."""
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def server_pid(cluster: Path) -> int | None:
    """Return the live server's process id; None when there is none, whatever a left-over pid file says."""
    try:
        pid = int((cluster / "postmaster.pid").read_text().splitlines()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None
    return pid if _serves(pid, cluster) else None


def stop_server(cluster: Path, timeout_s: float = 30.0) -> None:
    """Stop the server of `cluster` and return when it is gone; after the time-out it is made to quit at once."""
    for kind, patience_s in ((signal.SIGINT, timeout_s), (signal.SIGQUIT, 10.0)):
        pid = server_pid(cluster)
        if pid is None:
            return
        _signal(pid, kind)
        deadline = time.monotonic() + patience_s
        while time.monotonic() < deadline and server_pid(cluster) is not None:
            time.sleep(0.02)


def stop_if_unused(home: Path) -> bool:
    """Stop the server unless somebody holds the users' lock; the caller holds none. Return whether it is stopped."""
    start, users = open_lock(home, "start"), open_lock(home, "users")
    try:
        fcntl.flock(start, fcntl.LOCK_EX)
        if _is_used(users):
            return False
        stop_server(home / CLUSTER)
        return True
    finally:
        os.close(users)
        os.close(start)


def _is_used(users: int) -> bool:
    """Whether somebody uses the server; if not, the lock is taken. The keeper holds it only while it looks."""
    for _ in range(_LOOKS):
        if try_lock(users):
            return False
        time.sleep(0.005)
    return True


def _serves(pid: int, cluster: Path) -> bool:
    """Whether `pid` is a running server that works in `cluster`; a zombie or a stranger with that number is not."""
    process = Path(f"/proc/{pid}")
    if not Path("/proc/self/cwd").exists():
        return _alive(pid)
    try:
        return (process / "cwd").samefile(cluster)
    except OSError:
        return False


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _signal(pid: int, kind: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, kind)


def _keep(home: Path) -> None:
    keeper = open_lock(home, "keeper")
    if not try_lock(keeper):
        return
    while True:
        users = open_lock(home, "users")
        fcntl.flock(users, fcntl.LOCK_EX)
        os.close(users)
        if stop_if_unused(home):
            return


if __name__ == "__main__":
    if os.fork() == 0:
        os.setsid()
        # A folder that was removed has no server to stop.
        with contextlib.suppress(FileNotFoundError):
            _keep(Path(sys.argv[1]))
    os._exit(0)
