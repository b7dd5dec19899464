"""The analyst that needs no model: VADER for sentiment, plain rules for the rest. Its `method` is "rules"."""

import asyncio
from collections.abc import Sequence

from huntgroup.analytics.intent import intent, topics
from huntgroup.analytics.lead import lead_class, lead_score
from huntgroup.analytics.metrics import metrics
from huntgroup.analytics.outcome import escalation, resolution, said_goodbye
from huntgroup.analytics.ports import AnalyticsFailed
from huntgroup.analytics.sentiment import sentiment
from huntgroup.analytics.view import CallView, view_of
from huntgroup.domain.analytics import Analytics, Resolution
from huntgroup.domain.clock import Clock
from huntgroup.domain.facts import Fact

_OUTCOMES: dict[Resolution, str] = {
    "resolved": "The request was resolved",
    "partially": "The request was resolved in part",
    "unresolved": "The request was not resolved",
    "escalated": "The call was escalated",
    "abandoned": "The caller gave up",
}
_ENDS = {
    "caller_hung_up": "the caller hung up",
    "agent_hung_up": "the agent ended the call",
    "supervisor_hung_up": "a supervisor ended the call",
    "goodbye": "the call ended with a goodbye",
    "silence": "the caller stayed silent",
    "too_long": "the call reached its maximum length",
    "line_lost": "the line was lost",
    "model_lost": "the model was lost",
    "error": "the call broke off",
    "unfinished": "the record is unfinished",
}


class RulesAnalyst:
    """Deterministic: the same facts give the same analytics, but for `computed_at`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def analyse(self, facts: Sequence[Fact]) -> Analytics:
        """Work in a thread, so that no call waits. Raises `AnalyticsFailed("no_facts")` for an empty record."""
        if not facts:
            raise AnalyticsFailed("no_facts")
        return await asyncio.to_thread(by_rules, view_of(facts), self._clock.utc_now().isoformat())


def by_rules(view: CallView, computed_at: str) -> Analytics:
    """Return the analytics of `view`; pure but for the lexicon that is read once."""
    score, label = sentiment(view.caller_lines)
    outcome = resolution(view)
    lead = lead_score(view, score, outcome)
    escalated, reason = escalation(view)
    return Analytics(
        sentiment_score=score,
        sentiment_label=label,
        lead_score=lead,
        lead_class=lead_class(lead),
        intent=intent(view),
        topics=topics(view),
        satisfaction=satisfaction(view, score, outcome),
        escalated=escalated,
        escalation_reason=reason,
        summary=summary(view, label, outcome),
        resolution=outcome,
        metrics=metrics(view),
        method="rules",
        computed_at=computed_at,
    )


def satisfaction(view: CallView, sentiment_score: float, outcome: Resolution) -> int:
    """Return 1…5: three, up or down by the outcome, by strong feeling, and by a friendly goodbye."""
    points = 3.0
    points += {"resolved": 1.0, "partially": 0.0, "escalated": 0.0, "unresolved": -1.0, "abandoned": -1.0}[outcome]
    points += 0.5 if sentiment_score >= 0.3 else -1.0 if sentiment_score <= -0.3 else 0.0
    points += 0.5 if said_goodbye(view) else 0.0
    return max(1, min(5, int(points + 0.5)))


def summary(view: CallView, label: str, outcome: Resolution) -> str:
    """Return two sentences: what was wanted and of whom, then how it came out and ended."""
    agents = _listed([agent.replace("_", " ") for agent in view.agents]) or "nobody"
    mood = "" if label == "neutral" else f" in a {label} mood"
    first = f"The caller wanted to {intent(view)} and spoke with {agents}{mood}."
    done = _listed(list(dict.fromkeys(use.tool.replace("_", " ") for use in view.writes if use.ok)))
    seconds = round(view.ended.duration_ms / 1000) if view.ended is not None else 0
    end = _ENDS.get(view.end_reason, f"the call ended ({view.end_reason.replace('_', ' ')})")
    return f"{first} {_OUTCOMES[outcome]}{f' ({done} done)' if done else ''}; {end} after {seconds} seconds."


def _listed(words: Sequence[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
