"""Kokoro: a natural voice for phrases rendered ahead and for single calls (about a third of real time on two cores)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from huntgroup.engine.speaking.phonemes import Phonemes
from huntgroup.engine.speaking.spoken import spoken
from huntgroup.engine.speaking.trouble import SpeechLost
from huntgroup.engine.weights import ENGLISH_LEXICON, KOKORO, Progress, Weights

_MOST_TOKENS = 500
_STYLE = 256
_QUIET = 0.01
_LEAD, _TAIL = 24 * 15, 24 * 120

Style = NDArray[np.float32]


class KokoroModel:
    """The network with its voices. Blocking; one caller at a time."""

    def __init__(self, folder: Path, lexicon: Path, *, threads: int = 2, voices_dir: Path | None = None) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self._session: Any = onnxruntime.InferenceSession(
            str(folder / "kokoro-v1.0.int8.onnx"), sess_options=options, providers=["CPUExecutionProvider"]
        )
        self._vocabulary: dict[str, int] = json.loads((folder / "vocab.json").read_text("utf-8"))["vocab"]
        words = [json.loads((lexicon / name).read_text("utf-8")) for name in ("us_gold.json", "us_silver.json")]
        self._phonemes = Phonemes(*words)
        self.styles = {**_packaged(folder / "voices_ja.npz"), **_own(voices_dir)}

    def speak(self, text: str, voice: str, speed: float) -> bytes:
        """One sentence of plain words as PCM16 24 kHz, trimmed to a short lead and pause."""
        said = self._phonemes.of(text)
        tokens = [self._vocabulary[char] for char in said if char in self._vocabulary][:_MOST_TOKENS]
        if not tokens:
            return b""
        styles = self.styles[voice]
        style = styles[min(len(tokens), len(styles)) - 1].reshape(1, _STYLE)
        inputs = {"tokens": np.array([[0, *tokens, 0]], np.int64), "style": style}
        sound = self._session.run(None, {**inputs, "speed": np.array([speed], np.float32)})[0]
        return _trimmed(np.asarray(sound, np.float32).ravel())


class KokoroRenderer:
    """A `Renderer` whose voices are called `kokoro-…`; works in one thread beside the event loop."""

    def __init__(self, model: KokoroModel, thread: ThreadPoolExecutor) -> None:
        self._model = model
        self._thread = thread

    @classmethod
    @asynccontextmanager
    async def open(
        cls, weights: Weights, *, voices_dir: Path | None = None, progress: Progress = lambda text: None
    ) -> AsyncIterator[KokoroRenderer]:
        """Load it; raises `DataMissing` when the extra is not installed.

        `voices_dir` holds more voices, `<name>.bin` each.
        """
        progress("loading Kokoro")
        with ThreadPoolExecutor(1, thread_name_prefix="kokoro") as thread:
            yield cls(await asyncio.to_thread(_load, weights, voices_dir), thread)

    def voices(self) -> Sequence[str]:
        """One name per style."""
        return tuple(self._model.styles)

    def prepare(self, sentence: str, voice: str) -> str:
        """English in plain words."""
        return spoken(sentence)

    async def render(self, prepared: str, voice: str, speed: float) -> bytes:
        """One sentence; a sentence that has not begun is dropped when cancelled."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._thread, self._model.speak, prepared, voice, speed)
        except RuntimeError as error:
            raise SpeechLost("Kokoro failed") from error


def _load(weights: Weights, voices_dir: Path | None) -> KokoroModel:
    return KokoroModel(weights.locate(KOKORO), weights.locate(ENGLISH_LEXICON), voices_dir=voices_dir)


def _packaged(path: Path) -> dict[str, Style]:
    with np.load(path) as styles:
        return {f"kokoro-{name.split('_')[-1]}": np.asarray(styles[name], np.float32) for name in styles.files}


def _own(folder: Path | None) -> dict[str, Style]:
    """Voices in upstream's raw format, one row of 256 numbers per length."""
    files = sorted(folder.glob("*.bin")) if folder is not None else []
    return {f"kokoro-{file.stem}": np.fromfile(file, "<f4").reshape(-1, _STYLE) for file in files}


def _trimmed(sound: NDArray[np.float32]) -> bytes:
    loud = np.flatnonzero(np.abs(sound) > _QUIET)
    if not len(loud):
        return b""
    body = sound[max(0, loud[0] - _LEAD) : loud[-1] + 1]
    whole = np.concatenate([np.clip(body, -1.0, 1.0) * 32_767.0, np.zeros(_TAIL, np.float32)])
    return bytes(whole.astype("<i2").tobytes())
