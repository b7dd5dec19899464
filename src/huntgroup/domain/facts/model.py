"""Facts of the model behind the call: its sessions, its errors and what it cost."""

from huntgroup.domain.facts.base import FactBase


class ModelLost(FactBase, frozen=True, kw_only=True):
    reason: str


class ModelRestored(FactBase, frozen=True, kw_only=True):
    """After a loss another session has taken over, or none could be had.

    `verdict`: `restored` (it knows all that was said and done, what the caller is saying included), `partial` (some of
    it had to be left out), `lost` (nobody answers; the call ends). `gap_ms` is from the loss to the take-over,
    `attempts` the sessions that were tried, `model` the backend that answers.
    """

    verdict: str
    reason: str
    gap_ms: int
    attempts: int
    model: str


class ModelRolledOver(FactBase, frozen=True, kw_only=True):
    """A session near its limit was replaced in time: both were open for `overlap_ms`, `items` were seeded.

    `quiet` is False when the limit came before a moment in which nothing of the session was under way.
    """

    overlap_ms: int
    items: int
    quiet: bool


class ModelError(FactBase, frozen=True, kw_only=True):
    """An `error` event that was no answer to a handoff: it is noted, and the call goes on."""

    code: str
    detail: str


class UsageReported(FactBase, frozen=True, kw_only=True):
    response_id: str
    input_tokens: int
    output_tokens: int
    cached_tokens: int
    input_audio_tokens: int
    output_audio_tokens: int
