"""The kept sound of calls, for reading and forgetting. Every method blocks: call it off the event loop."""

import contextlib
import re
import threading
import time
from collections import OrderedDict
from pathlib import Path
from typing import Any

from huntgroup.media.wav import HEAD_BYTES, read_wav_head
from huntgroup.storage.recording import Part, Recording

_NAME = re.compile(r"(?P<call_id>[A-Za-z0-9_-]+)\.(?P<start_ms>\d+)\.wav")
# For how many calls it is kept how loud they are: some 20 kB each.
PEAKS_KEPT = 64
# A file may be older than its call's row: facts wait for a database that is away.
_YOUNG_S = 24 * 3600


class Recordings:
    """The folder of recordings."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._peaks: OrderedDict[str, tuple[Recording, int, dict[str, Any]]] = OrderedDict()
        self._peaks_lock = threading.Lock()

    def find(self, call_id: str) -> Recording | None:
        """Return a call's sound; None when there is none."""
        parts = [part for path in self._files() if (part := _part(path, call_id)) is not None]
        return Recording(tuple(sorted(parts, key=lambda part: part.start_ms))) if parts else None

    def peaks(self, call_id: str, count: int) -> dict[str, Any] | None:
        """Return how loud a call's lanes are, as `Recording.peaks`, None without sound.

        An hour of sound is read for it once: what was found is kept for the calls looked at last, until they grow.
        """
        recording = self.find(call_id)
        with self._peaks_lock:
            known = self._peaks.pop(call_id, None)
        if recording is None:
            return None
        found = known[2] if known is not None and known[:2] == (recording, count) else recording.peaks(count)
        with self._peaks_lock:
            self._peaks[call_id] = (recording, count, found)
            while len(self._peaks) > PEAKS_KEPT:
                self._peaks.popitem(last=False)
        return found

    def forget(self, *call_ids: str) -> None:
        """Delete the sound of these calls."""
        over = frozenset(call_ids)
        for path in self._files():
            if _call_of(path) in over:
                path.unlink(missing_ok=True)

    def calls(self, older_than_s: float = _YOUNG_S) -> dict[str, float]:
        """Return the calls whose sound was last written to that long ago or earlier, and how many seconds ago."""
        ages: dict[str, float] = {}
        for path in self._files():
            with contextlib.suppress(OSError):
                age_s = time.time() - path.stat().st_mtime
                call_id = _call_of(path)
                ages[call_id] = min(age_s, ages.get(call_id, age_s))
        return {call_id: age_s for call_id, age_s in ages.items() if age_s >= older_than_s}

    def _files(self) -> list[Path]:
        try:
            return [path for path in self._folder.iterdir() if _NAME.fullmatch(path.name)]
        except FileNotFoundError:
            return []


def _part(path: Path, call_id: str) -> Part | None:
    if _call_of(path) != call_id:
        return None
    try:
        with path.open("rb") as file:
            head = read_wav_head(file.read(HEAD_BYTES))
        # By the file's length: a process that was killed never wrote it into the head.
        frames = (path.stat().st_size - HEAD_BYTES) // (2 * head.format.sample_bytes)
    except (OSError, ValueError):
        return None
    return Part(path, int(path.name.split(".")[1]), head.format, frames)


def _call_of(path: Path) -> str:
    return path.name.split(".")[0]
