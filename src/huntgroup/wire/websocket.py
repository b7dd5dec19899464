"""The everyday frame of a WebSocket, sans I/O: a whole text message in one frame. All else is left to a library.

A phone call is made of such frames, fifty a second each way and twice over; pings, closes, fragments and broken frames
are rare, and a complete implementation deals with them.
"""

from __future__ import annotations

import struct
from secrets import token_bytes

try:
    from websockets.speedups import apply_mask
except ImportError:  # where no wheel with compiled parts fits
    from websockets.utils import apply_mask

_WHOLE_TEXT = 0x81
_MASKED = 0x80
_HEAD = struct.Struct("!BBH")
_LONG_HEAD = struct.Struct("!BBQ")
_MASKS_AT_ONCE = 256


class TextSplitter:
    """Takes apart one direction of a connection, from a frame's first byte on.

    `feed` returns messages in order: `(True, text)` for a whole text message, unmasked, and `(False, frame)` for any
    other frame, just as it came, to be fed to the library. A frame longer than `max_bytes` is handed on without being
    collected, and everything after it too: `gave_up` is True then, and the library refuses it.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._parts: list[bytes] = []
        self._have = self._need = 0
        self.gave_up = False

    def feed(self, data: bytes) -> list[tuple[bool, bytes]]:
        """Bytes of any number of frames, perhaps broken; a frame that is not whole waits for its rest."""
        if self.gave_up:
            return [(False, data)]
        if self._parts and not (data := self._joined(data)):
            return []
        found: list[tuple[bool, bytes]] = []
        at, have, end = 0, len(data), 2
        while have - at >= 2:
            second = data[at + 1]
            size, start = second & 0x7F, at + 2
            if size >= 126:
                start += 2 if size == 126 else 8
                if start > have:
                    end = start
                    break
                size = int.from_bytes(data[at + 2 : start], "big")
                if size > self._max_bytes:
                    self.gave_up = True
                    found.append((False, data[at:]))
                    at = have
                    break
            if second & _MASKED:
                start += 4
            end = start + size
            if end > have:
                break
            if data[at] != _WHOLE_TEXT:
                found.append((False, data[at:end]))
            elif second & _MASKED:
                found.append((True, apply_mask(data[start:end], data[start - 4 : start])))
            else:
                found.append((True, data[start:end]))
            at, end = end, end + 2
        if at < have:
            self._parts.append(data[at:] if at else data)
            self._have, self._need = have - at, end - at
        return found

    def _joined(self, data: bytes) -> bytes:
        """All that waits, with `data`; empty while that is no whole frame: a long one is joined once."""
        self._parts.append(data)
        self._have += len(data)
        if self._have < self._need:
            return b""
        whole = b"".join(self._parts)
        self._parts.clear()
        return whole


class Masks:
    """Masks that nobody can guess, as a client must use them, drawn many at a time: each draw asks the kernel."""

    def __init__(self) -> None:
        self._drawn = b""
        self._at = 0

    def next(self) -> bytes:
        """Four bytes that were not used before."""
        if self._at == len(self._drawn):
            self._drawn, self._at = token_bytes(4 * _MASKS_AT_ONCE), 0
        mask = self._drawn[self._at : self._at + 4]
        self._at += 4
        return mask


def text_frame(text: bytes, masks: Masks | None = None) -> bytes:
    """One frame with a whole text message; a client's must be masked, a server's must not."""
    size, mask_bit = len(text), 0 if masks is None else _MASKED
    if size < 126:
        head = bytes((_WHOLE_TEXT, mask_bit | size))
    elif size < 0x10000:
        head = _HEAD.pack(_WHOLE_TEXT, mask_bit | 126, size)
    else:
        head = _LONG_HEAD.pack(_WHOLE_TEXT, mask_bit | 127, size)
    if masks is None:
        return head + text
    mask = masks.next()
    return b"".join((head, mask, apply_mask(text, mask)))
