"""What is said about a call after it: the result of the analytics job."""

from typing import Any, Literal

import msgspec

SentimentLabel = Literal["negative", "neutral", "positive"]
LeadClass = Literal["hot", "warm", "cold"]
Resolution = Literal["resolved", "partially", "unresolved", "escalated", "abandoned"]


class Analytics(msgspec.Struct, frozen=True, kw_only=True):
    """The manager's view of one whole call.

    `sentiment_score` is -1…1, `lead_score` 0…100, `satisfaction` 1…5. `method` is "rules", or the name of the chat
    model that judged sentiment, lead, intent, topics, satisfaction and summary; `resolution`, `escalated` and
    `metrics` always come from facts. `metrics` holds milliseconds, counts and ratios by name (see
    `analytics.metrics`). `computed_at` is ISO 8601 in UTC.
    """

    sentiment_score: float
    sentiment_label: SentimentLabel
    lead_score: int
    lead_class: LeadClass
    intent: str
    topics: list[str]
    satisfaction: int
    escalated: bool
    escalation_reason: str | None
    summary: str
    resolution: Resolution
    metrics: dict[str, Any]
    method: str
    computed_at: str
