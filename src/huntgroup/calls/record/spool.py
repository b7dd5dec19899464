"""Facts on disk while the database is away: one append-only file per process, locked as long as the process lives.

Each line is a JSON object `{"epoch": …, "fact": {…}}` (`epoch`: see `calls.ownership`). The lock is the kernel's: it is
freed however the process ends, so a file that can be locked is an orphan, and whoever locks it may store what is in it.
"""

import contextlib
import fcntl
import os
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

import msgspec

from huntgroup.domain.errors import SpoolUnusable
from huntgroup.domain.facts import Fact, decode_fact, encode_fact

SUFFIX = ".jsonl"
ASIDE = ".unreadable"
_ATTEMPTS = 20
_PAUSE_S = 0.01


class Entry(NamedTuple):
    """A fact and the number of the ownership under which it was written."""

    epoch: int
    fact: Fact


class Chunk(NamedTuple):
    """Some lines of a spool: what can be read of them, what cannot, and where the next begins."""

    entries: list[Entry]
    unreadable: list[bytes]
    end: int


class _Line(msgspec.Struct):
    epoch: int
    fact: msgspec.Raw


class Spool:
    """The spool file of this process, `<owner>.jsonl` in `folder`. Every method blocks: call it off the event loop.

    `append` returns when the lines are on the disk; when it raises `SpoolUnusable` nothing of them is in the file.
    """

    def __init__(self, folder: Path, owner: str) -> None:
        self.folder = folder
        self.path = folder / f"{owner}{SUFFIX}"
        self._busy = threading.Lock()
        self._file: int | None = None
        self._size = 0

    def open(self) -> None:
        """Make and lock the file. Raises `SpoolUnusable` when that cannot be."""
        with self._busy:
            self._opened()

    def append(self, entries: Sequence[Entry]) -> None:
        """Write lines and force them to the disk."""
        data = b"".join(encode_entry(entry) for entry in entries)
        with self._busy:
            file = self._opened()
            try:
                _write_all(file, data)
                os.fsync(file)
            except OSError as error:
                # A torn line would hide the next one, so the file goes back to where it was whole.
                with contextlib.suppress(OSError):
                    os.ftruncate(file, self._size)
                raise _unusable(error) from error
            self._size += len(data)

    def read(self, start: int, limit: int) -> Chunk:
        """Return up to `limit` lines from the offset `start` on. Raises `SpoolUnusable`."""
        with self._busy:
            if self._file is None:
                return Chunk([], [], start)
            try:
                # By the open file, not by its name, which somebody may have removed.
                with os.fdopen(os.dup(self._file), "rb") as file:
                    return _chunk(file, start, limit)
            except OSError as error:
                raise _unusable(error) from error

    def set_aside(self, lines: Sequence[bytes]) -> None:
        """Keep, beside the spool, what no store takes. Raises `SpoolUnusable`."""
        set_aside(self.path, lines)

    def clear(self, upto: int) -> bool:
        """Empty the file when everything before `upto` is all there is; False when more has come.

        Raises `SpoolUnusable`; the file is as it was then.
        """
        with self._busy:
            if self._file is None or upto < self._size:
                return self._file is None
            try:
                os.ftruncate(self._file, 0)
            except OSError as error:
                raise _unusable(error) from error
            self._size = 0
            return True

    def close(self) -> None:
        """Give the file up: an empty one goes away, one with facts stays for whoever takes it up."""
        with self._busy:
            file, self._file = self._file, None
            if file is None:
                return
            with contextlib.suppress(OSError):
                # An empty file that stays is taken up by the next process.
                if not self._size:
                    self.path.unlink(missing_ok=True)
            os.close(file)

    def _opened(self) -> int:
        if self._file is None:
            try:
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._file = _made_and_locked(self.path)
            except OSError as error:
                raise _unusable(error) from error
            self._size = os.fstat(self._file).st_size
        return self._file


@contextlib.contextmanager
def orphan(path: Path) -> Iterator[bool]:
    """Hold the spool file of a dead process; False when its owner lives, or another takes it up, or it is gone."""
    try:
        file = _locked(path, 0)
    except OSError:
        file = None
    try:
        yield file is not None and os.fstat(file).st_nlink > 0
    finally:
        if file is not None:
            os.close(file)


def spools_in(folder: Path) -> list[Path]:
    """Return every spool file of a folder, oldest first."""
    with contextlib.suppress(OSError):
        return sorted(folder.glob(f"*{SUFFIX}"))
    return []


def unreadable_in(folder: Path) -> list[Path]:
    """Return every file of facts that were set aside in a folder."""
    return sorted(folder.glob(f"*{ASIDE}"))


def read_chunk(path: Path, start: int, limit: int) -> Chunk:
    """Return up to `limit` lines of a spool from the offset `start` on."""
    with path.open("rb") as file:
        return _chunk(file, start, limit)


def _chunk(file: BinaryIO, start: int, limit: int) -> Chunk:
    entries, unreadable, end = [], [], start
    file.seek(start)
    for _ in range(limit):
        line = file.readline()
        if not line:
            break
        end += len(line)
        try:
            entries.append(decode_entry(line))
        except msgspec.MsgspecError:
            unreadable.append(line)
    return Chunk(entries, unreadable, end)


def set_aside(path: Path, lines: Sequence[bytes]) -> None:
    """Keep beside a spool file what no store takes, or nobody can read. Raises `SpoolUnusable`."""
    if not lines:
        return
    try:
        with path.with_suffix(ASIDE).open("ab") as file:
            file.write(b"".join(line if line.endswith(b"\n") else line + b"\n" for line in lines))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise _unusable(error) from error


def encode_entry(entry: Entry) -> bytes:
    """Return one line of a spool."""
    return msgspec.json.encode(_Line(entry.epoch, msgspec.Raw(encode_fact(entry.fact)))) + b"\n"


def decode_entry(line: bytes) -> Entry:
    """Read one line. Raises `msgspec.MsgspecError`."""
    found = msgspec.json.decode(line, type=_Line)
    return Entry(found.epoch, decode_fact(bytes(found.fact)))


def _locked(path: Path, flags: int) -> int | None:
    file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC | flags, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        return None
    return file


def _made_and_locked(path: Path) -> int:
    """Make a file that is ours: another process may take it for an orphan between its making and its locking."""
    for _ in range(_ATTEMPTS):
        file = _locked(path, os.O_CREAT)
        if file is not None and os.fstat(file).st_nlink:
            return file
        if file is not None:
            os.close(file)
        time.sleep(_PAUSE_S)
    raise SpoolUnusable("another process holds the spool file of this one")


def _write_all(file: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]


def _unusable(error: OSError) -> SpoolUnusable:
    return SpoolUnusable(f"facts cannot be spooled to disk ({os.strerror(error.errno or 0)})")
