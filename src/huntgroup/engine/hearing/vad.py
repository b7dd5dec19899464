"""Silero VAD, streaming: one model for the process, one small state per ear."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

FRAME_SAMPLES = 512
_CONTEXT_SAMPLES = 64
_REST_FRAMES = 32


class VadModel:
    """The network, shared by all ears; one thread, because a frame is 0.1 ms of work."""

    def __init__(self, path: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.inter_op_num_threads = options.intra_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 4
        self._session: Any = onnxruntime.InferenceSession(
            str(path), sess_options=options, providers=["CPUExecutionProvider"]
        )
        self.rested = self._rested()

    def _rested(self) -> tuple[Any, Any]:
        """The state after some silence: from zeros the network misjudges whoever speaks first."""
        frame = np.zeros((1, _CONTEXT_SAMPLES + FRAME_SAMPLES), np.float32)
        h = c = np.zeros((1, 1, 128), np.float32)
        for _ in range(_REST_FRAMES):
            _, h, c = self.run(frame, h, c)
        return h, c

    def run(self, frame: NDArray[np.float32], h: Any, c: Any) -> tuple[float, Any, Any]:
        """One step: `frame` is (1, 576), the state two (1, 1, 128) arrays."""
        chance, h, c = self._session.run(None, {"input": frame, "h": h, "c": c})
        return float(chance.reshape(-1)[0]), h, c


class Vad:
    """Speech probability of consecutive 32 ms frames of one caller."""

    def __init__(self, model: VadModel) -> None:
        self._model = model
        self._h, self._c = model.rested
        self._input = np.zeros((1, _CONTEXT_SAMPLES + FRAME_SAMPLES), np.float32)

    def probability(self, frame: NDArray[np.int16]) -> float:
        """0…1 for the next 512 samples at 16 kHz."""
        self._input[0, :_CONTEXT_SAMPLES] = self._input[0, -_CONTEXT_SAMPLES:]
        self._input[0, _CONTEXT_SAMPLES:] = frame
        self._input[0, _CONTEXT_SAMPLES:] /= 32768.0
        chance, self._h, self._c = self._model.run(self._input, self._h, self._c)
        return chance
