"""`idle_timeout_ms`: the caller said nothing for a while after the agent was heard.

Measured on the clock of appended audio, as the call is; sound that arrives faster than real time counts in full.
"""

from __future__ import annotations


class IdleWatch:
    """Tells when the silence after a response has lasted too long."""

    def __init__(self) -> None:
        self._since_ms: float | None = None
        self._playing_from_ms: float | None = None

    def sounding(self, now_ms: float) -> None:
        """The first sound of a response was sent."""
        if self._playing_from_ms is None:
            self._playing_from_ms = now_ms

    def responded(self, now_ms: float, audio_ms: float) -> None:
        """A response is done; it is heard to its end after `audio_ms` of playing."""
        began = now_ms if self._playing_from_ms is None else self._playing_from_ms
        self._since_ms, self._playing_from_ms = max(now_ms, began + audio_ms), None

    def disturbed(self) -> None:
        """Somebody speaks or a response is being made."""
        self._since_ms = None

    def expired(self, now_ms: float, timeout_ms: int) -> float | None:
        """When the silence began, if it has lasted `timeout_ms`; told once."""
        since = self._since_ms
        if since is None or now_ms - since < timeout_ms:
            return None
        self._since_ms = None
        return since
