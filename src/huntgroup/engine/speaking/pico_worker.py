"""A child process that speaks with Pico: requests on stdin, PCM16 24 kHz on stdout.

Pico's binding holds the interpreter lock for the whole sentence, so it must not run in the server's process. Run by
path, this file imports nothing of huntgroup. A message is a 4-byte big-endian length and that many bytes: JSON in,
and out one status byte (0 sound, 1 error text) before the payload.
"""

from __future__ import annotations

import json
import struct
import sys
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from py_nanotts import NanoTTS  # type: ignore[import-untyped]

_RATE_IN_HZ = 16_000
_QUIET = 150
_LEAD_MS = 15
_TAIL_MS = 120
_VOLUME = 0.45
_UP, _DOWN, _TAPS = 3, 2, 24


def kernel() -> NDArray[np.float32]:
    """Low-pass for 16 → 24 kHz, one row per output phase."""
    count = _TAPS * _UP
    at = (np.arange(count) - (count - 1) / 2) / _UP
    taps = np.sinc(at * 0.94) * 0.94 * np.kaiser(count, 7.0)
    rows = taps.reshape(_TAPS, _UP).T
    return np.ascontiguousarray((rows / rows.sum(axis=1, keepdims=True))[:, ::-1], dtype=np.float32)


def trimmed(samples: NDArray[np.int16]) -> NDArray[np.int16]:
    """Cut Pico's long silences to a short lead and the pause that follows a sentence."""
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > _QUIET)
    if not len(loud):
        return samples[:0]
    lead, tail = _LEAD_MS * _RATE_IN_HZ // 1000, _TAIL_MS * _RATE_IN_HZ // 1000
    body = samples[max(0, loud[0] - lead) : loud[-1] + 1]
    return np.concatenate([body, np.zeros(tail, np.int16)])


def to_24k(samples: NDArray[np.int16], rows: NDArray[np.float32]) -> bytes:
    """16 → 24 kHz by a 72-tap polyphase filter."""
    if not len(samples):
        return b""
    padded = np.pad(samples.astype(np.float32), (_TAPS // 2, _TAPS // 2))
    frames = np.lib.stride_tricks.sliding_window_view(padded, _TAPS)[: len(samples)]
    dense = (frames @ rows.T).reshape(-1)
    whole = np.clip(np.rint(dense[::_DOWN]), -32768, 32767)
    return bytes(whole.astype("<i2").tobytes())


def speak(engine: NanoTTS, rows: NDArray[np.float32], request: dict[str, Any]) -> bytes:
    """One sentence as PCM16 24 kHz."""
    raw = engine.speak(
        request["text"],
        voice=request["language"],
        speed=request["speed"],
        pitch=request["pitch"],
        volume=_VOLUME,
    )
    return to_24k(trimmed(np.frombuffer(raw[: len(raw) // 2 * 2], dtype="<i2")), rows)


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Answer requests until stdin ends."""
    engine, rows = NanoTTS(), kernel()
    while len(head := source.read(4)) == 4:
        (size,) = struct.unpack(">I", head)
        try:
            answer = b"\0" + speak(engine, rows, json.loads(source.read(size)))
        except Exception as error:
            answer = b"\1" + type(error).__name__.encode()
        sink.write(struct.pack(">I", len(answer)) + answer)
        sink.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
