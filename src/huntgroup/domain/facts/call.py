"""Facts of the call as a whole: its ends, its line, and what the caller proved, pressed or needed."""

from typing import ClassVar

from huntgroup.domain.facts.base import FactBase


class CallStarted(FactBase, frozen=True, kw_only=True):
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"caller", "callee"})

    team: str
    line: str
    caller: str | None
    callee: str | None
    model: str
    started_at: str


class SoundElsewhere(FactBase, frozen=True, kw_only=True):
    """The model's server plays to the caller and hears them without us. `absent` names what cannot be promised then."""

    absent: list[str]


class ClaimGranted(FactBase, frozen=True, kw_only=True):
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"subject"})

    claim: str
    subject: str


class DtmfPressed(FactBase, frozen=True, kw_only=True):
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"digit"})

    digit: str


class SilencePrompted(FactBase, frozen=True, kw_only=True):
    """The caller said nothing; `stage` is reprompt, narrow or goodbye."""

    stage: str


class EmergencyDeclared(FactBase, frozen=True, kw_only=True):
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"sign"})

    sign: str


class HumanRequested(FactBase, frozen=True, kw_only=True):
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"reason"})

    reason: str


class RecordingFailed(FactBase, frozen=True, kw_only=True):
    """The call's sound is kept no further. `reason`: disk_full, not_writable, too_slow."""

    reason: str


class BadInput(FactBase, frozen=True, kw_only=True):
    """Something malformed came in from `source` (line, model) and was dropped."""

    source: str
    code: str
    detail: str


class LineLost(FactBase, frozen=True, kw_only=True):
    """The caller's side is gone without a goodbye; `CallEnded` with line_lost follows.

    `reason`: never_connected (a browser's sound found no way through the network, so nothing was heard on this line),
    peer_lost (it broke and did not come back), page_lost (a chat's page stayed away), or the carrier's own word.
    """

    reason: str


class LineReturned(FactBase, frozen=True, kw_only=True):
    """The caller's side was away for `away_ms` by the wall clock, and is back; the line's clock stood still."""

    away_ms: int


class CallEnded(FactBase, frozen=True, kw_only=True):
    """The last fact, unless the line was lost and a `CallResumed` follows.

    `reason`: caller_hung_up, agent_hung_up, supervisor_hung_up, silence, too_long, line_lost, model_lost, process_lost,
    error.
    """

    reason: str
    duration_ms: int
