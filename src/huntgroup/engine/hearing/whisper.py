"""Whisper on CTranslate2: sound in, words out. Blocking; runs in the shop's worker threads."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import get_suppressed_tokens
from numpy.typing import NDArray

from huntgroup.engine.hearing.language import choose_language
from huntgroup.engine.hearing.prompt import echoes, styled
from huntgroup.engine.hearing.tidying import tidied
from huntgroup.engine.hearing.window import FULL_WINDOW_MS, SAMPLE_RATE_HZ, cut_repeat, window_ms
from huntgroup.engine.ports import Expects

Samples = NDArray[np.float32]
_PROMPT_TOKENS = 120
_MAX_LENGTH = 448
_SPARE_TOKENS, _MS_PER_TOKEN = 10, 80
_SHORTEST = SAMPLE_RATE_HZ // 10


@dataclass(frozen=True)
class Written:
    """One decode. `logprob` is the mean per token, `no_speech` Whisper's own doubt, 0…1."""

    text: str
    language: str
    logprob: float
    no_speech: float

    @property
    def confidence(self) -> float:
        """0…1, the mean probability of a token."""
        return math.exp(min(0.0, self.logprob))


NOTHING = Written("", "en", -10.0, 1.0)


class Whisper:
    """One model copy for the whole process; `write` may run in as many threads as `workers`."""

    def __init__(self, folder: Path, *, workers: int = 2) -> None:
        self._model: Any = WhisperModel(
            str(folder),
            device="cpu",
            compute_type="int8",
            cpu_threads=1,
            num_workers=workers,
        )
        self.multilingual = bool(self._model.model.is_multilingual)
        self._tokenizers: dict[str, Any] = {}

    def write(
        self,
        samples: Samples,
        *,
        language: str | None,
        prompt: str = "",
        likely: str = "en",
        expects: Expects | None = None,
    ) -> Written:
        """Write down up to 30 s of 16 kHz sound.

        `language` None lets the model detect it, leaning to `likely`; `prompt` holds words to expect, `expects` what
        kind of answer is due.
        """
        if len(samples) < _SHORTEST:
            return NOTHING
        samples = np.ascontiguousarray(samples[: FULL_WINDOW_MS * SAMPLE_RATE_HZ // 1000], dtype=np.float32)
        speech_ms = 1000 * len(samples) // SAMPLE_RATE_HZ
        encoded, chosen = self._encode(samples, window_ms(speech_ms)), language
        if chosen is None or not self.multilingual:
            chosen = self._detect(encoded, speech_ms, likely)
        words = styled(prompt, chosen, expects)
        written = self._decode(encoded, chosen, words, speech_ms)
        if words and (echoes(written.text, words) or cut_repeat(written.text) is None):
            written = self._decode(encoded, chosen, "", speech_ms)
        if cut_repeat(written.text) is None:
            encoded = self._encode(samples, FULL_WINDOW_MS)
            written = self._decode(encoded, chosen, "", speech_ms)
        return replace(written, text=tidied(cut_repeat(written.text) or ""))

    def _encode(self, samples: Samples, window: int) -> Any:
        padded = np.zeros(window * SAMPLE_RATE_HZ // 1000, dtype=np.float32)
        padded[: len(samples)] = samples
        features = self._model.feature_extractor(padded, padding=0)
        return self._model.encode(np.ascontiguousarray(features, dtype=np.float32))

    def _detect(self, encoded: Any, speech_ms: int, likely: str) -> str:
        if not self.multilingual:
            return "en"
        ranked = self._model.model.detect_language(encoded)[0]
        chances = {token[2:-2]: float(chance) for token, chance in ranked}
        return choose_language(chances, likely=likely, speech_ms=speech_ms)

    def _decode(self, encoded: Any, language: str, prompt: str, speech_ms: int) -> Written:
        tokenizer = self._tokenizer(language)
        start = self._start_tokens(tokenizer, prompt)
        longest = min(_MAX_LENGTH, len(start) + _SPARE_TOKENS + speech_ms // _MS_PER_TOKEN)
        result = self._model.model.generate(
            encoded,
            [start],
            beam_size=1,
            max_length=longest,
            return_scores=True,
            return_no_speech_prob=True,
            suppress_blank=True,
            suppress_tokens=list(get_suppressed_tokens(tokenizer, [-1])),
        )[0]
        tokens = result.sequences_ids[0]
        logprob = float(result.scores[0]) * len(tokens) / (len(tokens) + 1)
        text = " ".join(tokenizer.decode(tokens).split())
        return Written(text, language, logprob, float(result.no_speech_prob))

    def _start_tokens(self, tokenizer: Any, prompt: str) -> list[int]:
        start = [*tokenizer.sot_sequence, tokenizer.no_timestamps]
        if not prompt:
            return start
        return [tokenizer.sot_prev, *tokenizer.encode(" " + prompt)[-_PROMPT_TOKENS:], *start]

    def _tokenizer(self, language: str) -> Any:
        if language not in self._tokenizers:
            self._tokenizers[language] = Tokenizer(
                self._model.hf_tokenizer,
                self.multilingual,
                task="transcribe",
                language=language,
            )
        return self._tokenizers[language]
