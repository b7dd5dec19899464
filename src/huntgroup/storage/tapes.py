"""The sound of calls on its way to the disk: off the event loop, within a bounded memory, and never in a call's way.

A call's file is `CALL_ID.START_MS.wav`, stereo in the line's own encoding: the caller left, what the caller heard
right. A call that went on in another process has one more, which begins `START_MS` after the call did.
"""

import asyncio
import contextlib
import errno
import os
import queue
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import numpy as np

from huntgroup.media.formats import AudioFormat
from huntgroup.media.lanes import Piece
from huntgroup.media.wav import HEAD_BYTES, wav_head

MOST_WAITING_BYTES = 16 * 1024 * 1024
_SAFE_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
Trouble = Callable[[str], None]


class FileTape:
    """`lines.recorded.Tape` of one call. `start_ms` may be set until the first piece is put.

    `on_trouble` is called on the loop, once, with a short code: disk_full, not_writable, too_slow.
    """

    def __init__(self, room: "TapeRoom", call_id: str, fmt: AudioFormat, on_trouble: Trouble) -> None:
        self.start_ms = 0
        self._room = room
        self._call_id = call_id
        self._format = fmt
        self._on_trouble = on_trouble
        self._file: BinaryIO | None = None
        self._length = 0
        self._is_closed = self._has_trouble = False

    def put(self, piece: Piece) -> None:
        """Have a piece written; without room for it, it is a hole in the file."""
        if self._has_trouble or self._is_closed:
            return
        if not self._room.enqueue(2 * len(piece.caller), lambda: self._write(piece)):
            self.trouble("too_slow")

    def close(self) -> None:
        """Have the file closed."""
        if not self._is_closed:
            self._is_closed = True
            self._room.enqueue(0, self._finish)

    def trouble(self, code: str) -> None:
        """Give up, and say why, once."""
        if not self._has_trouble:
            self._has_trouble = True
            self._on_trouble(code)

    # -- on the writing thread --------------------------------------------------------------------------------------

    def _write(self, piece: Piece) -> None:
        try:
            file, sample = self._file or self._open(), self._format.sample_bytes
            at = piece.at_ms * self._format.bytes_per_ms * 2
            if at > self._length:
                file.write(self._format.silence(1)[:sample] * ((at - self._length) // sample))
            file.write(stereo(piece, self._format))
            file.flush()
            self._length = at + 2 * len(piece.caller)
        except OSError as error:
            code = "disk_full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "not_writable"
            self._room.on_loop(lambda: self.trouble(code))

    def _open(self) -> BinaryIO:
        self._room.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._room.folder / f"{self._call_id}.{self.start_ms}.wav"
        # Voices are personal: the file is for its owner alone.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file = os.fdopen(descriptor, "wb")
        self._file.write(wav_head(self._format, 2, 0))
        return self._file

    def _finish(self) -> None:
        file, self._file = self._file, None
        if file is None:
            return
        with contextlib.suppress(OSError), file:
            size = file.seek(0, os.SEEK_END) - HEAD_BYTES
            file.seek(0)
            file.write(wav_head(self._format, 2, size))


class TapeRoom:
    """The one thread that writes every tape of a house. `close` must be awaited at the end."""

    def __init__(self, folder: Path, most_waiting_bytes: int = MOST_WAITING_BYTES) -> None:
        """The folder is made when there is something to put into it. Must be called on the event loop."""
        self.folder = folder
        self._most = most_waiting_bytes
        self._loop = asyncio.get_running_loop()
        self._work: queue.SimpleQueue[tuple[int, Callable[[], None]] | None] = queue.SimpleQueue()
        self._waiting = 0
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="tapes", daemon=True)
        self._thread.start()

    def tape(self, call_id: str, fmt: AudioFormat, on_trouble: Trouble) -> FileTape | None:
        """Return a new tape for a call; None for a call whose id cannot be a file's name."""
        return FileTape(self, call_id, fmt, on_trouble) if _SAFE_ID.fullmatch(call_id) else None

    def enqueue(self, n_bytes: int, work: Callable[[], None]) -> bool:
        """Have `work` done after all before it; False when too much waits already."""
        with self._lock:
            if n_bytes and self._waiting + n_bytes > self._most:
                return False
            self._waiting += n_bytes
        self._work.put((n_bytes, work))
        return True

    def on_loop(self, work: Callable[[], None]) -> None:
        """Have `work` done on the event loop, while there is one."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(work)

    async def settled(self) -> None:
        """Return when all that was put so far is written."""
        done = asyncio.Event()
        self.enqueue(0, lambda: self.on_loop(done.set))
        await done.wait()

    async def close(self) -> None:
        """Write what waits and end the thread."""
        self._work.put(None)
        await asyncio.to_thread(self._thread.join, 10)

    def _run(self) -> None:
        while (entry := self._work.get()) is not None:
            n_bytes, work = entry
            work()
            with self._lock:
                self._waiting -= n_bytes


def stereo(piece: Piece, fmt: AudioFormat) -> bytes:
    """Return both lanes interleaved, sample by sample."""
    kind = np.int16 if fmt.sample_bytes == 2 else np.uint8
    out = np.empty((len(piece.caller) // fmt.sample_bytes, 2), dtype=kind)
    out[:, 0] = np.frombuffer(piece.caller, dtype=kind)
    out[:, 1] = np.frombuffer(piece.heard, dtype=kind)
    return out.tobytes()
