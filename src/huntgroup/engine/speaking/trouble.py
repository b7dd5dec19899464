"""What can go wrong with speech, named for the one who catches it."""

from __future__ import annotations

from huntgroup.domain.errors import DataMissing, RetryError, TellDeveloper


class UnknownVoice(TellDeveloper):
    """No renderer has a voice of that name."""

    def __init__(self, voice: str) -> None:
        super().__init__(f"no voice named {voice!r}")
        self.voice = voice


class SpeechLost(RetryError):
    """The speech worker died or answered too late twice; the sentence was not spoken."""


class SpeechUnavailable(DataMissing):
    """No text-to-speech is installed on this machine; `reason` says what is missing."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
