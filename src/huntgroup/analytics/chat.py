"""The analyst that asks a chat-completions server. Facts stay by rules; a failure falls back to them."""

import json
import logging
from collections.abc import Sequence
from typing import Annotated, Any

import httpx
import msgspec
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from huntgroup.analytics.lead import lead_class
from huntgroup.analytics.ports import AnalyticsFailed
from huntgroup.analytics.rules import RulesAnalyst
from huntgroup.analytics.sentiment import label_of
from huntgroup.analytics.view import CallView, view_of
from huntgroup.domain.analytics import Analytics
from huntgroup.domain.facts import (
    AgentSpoke,
    CallerSpoke,
    Fact,
    HandoffCommitted,
    SupervisorSpoke,
    ToolAnswered,
    ToolCalled,
)

logger = logging.getLogger(__name__)

MAX_TRANSCRIPT_CHARS = 24_000
TIMEOUT_S = 30.0

_INSTRUCTIONS = (
    "You judge one finished phone call between a caller and a team of agents. Answer with the JSON object asked for. "
    "sentiment_score: the caller's feeling, -1 to 1, the end of the call counting most. lead_score: 0 to 100, how "
    "close the caller came to becoming or staying a customer. intent: a short phrase that follows 'wanted to'. "
    "topics: up to six short nouns. satisfaction: 1 to 5. summary: exactly two sentences."
)


class Judgement(BaseModel):
    """What the model is asked for."""

    model_config = ConfigDict(extra="forbid")

    sentiment_score: Annotated[float, Field(ge=-1, le=1)]
    lead_score: Annotated[int, Field(ge=0, le=100)]
    intent: Annotated[str, Field(min_length=1, max_length=200)]
    topics: Annotated[list[str], Field(max_length=6)]
    satisfaction: Annotated[int, Field(ge=1, le=5)]
    summary: Annotated[str, Field(min_length=1, max_length=1000)]


class ChatAnalyst:
    """Asks `model` at `url` (the base, ending in `/v1` as a rule). The caller owns and closes `client`."""

    def __init__(
        self, client: httpx.AsyncClient, url: str, model: str, rules: RulesAnalyst, key: str | None = None
    ) -> None:
        self._client = client
        self._url = f"{url.rstrip('/')}/chat/completions"
        self._model = model
        self._rules = rules
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}

    async def analyse(self, facts: Sequence[Fact]) -> Analytics:
        """Return rules with the model's judgement laid over them, or the rules alone when the model fails."""
        ruled = await self._rules.analyse(facts)
        try:
            judged = await self._judge(view_of(facts))
        except AnalyticsFailed as error:
            logger.warning("AnalyticsFailed: the chat model gave no judgement (%s); rules stand", error.reason)
            return ruled
        return msgspec.structs.replace(
            ruled,
            sentiment_score=judged.sentiment_score,
            sentiment_label=label_of(judged.sentiment_score),
            lead_score=judged.lead_score,
            lead_class=lead_class(judged.lead_score),
            intent=judged.intent,
            topics=judged.topics,
            satisfaction=judged.satisfaction,
            summary=judged.summary,
            method=self._model,
        )

    async def _judge(self, view: CallView) -> Judgement:
        try:
            answer = await self._client.post(
                self._url, json=self._request(view), headers=self._headers, timeout=TIMEOUT_S
            )
            answer.raise_for_status()
            content = answer.json()["choices"][0]["message"]["content"]
            return Judgement.model_validate_json(content)
        except httpx.HTTPStatusError as error:
            raise AnalyticsFailed(f"http_{error.response.status_code}") from None
        except httpx.HTTPError as error:
            raise AnalyticsFailed(type(error).__name__) from None
        except (ValidationError, ValueError, KeyError, IndexError, TypeError):
            raise AnalyticsFailed("unusable_answer") from None

    def _request(self, view: CallView) -> dict[str, Any]:
        schema = {"name": "judgement", "strict": True, "schema": Judgement.model_json_schema()}
        return {
            "model": self._model,
            "temperature": 0,
            "messages": [
                {"role": "system", "content": _INSTRUCTIONS},
                {"role": "user", "content": transcript(view)},
            ],
            "response_format": {"type": "json_schema", "json_schema": schema},
        }


def transcript(view: CallView) -> str:
    """Return the call as lines of text; of a very long one the end is kept."""
    lines = [line for line in map(_line, view.facts) if line]
    return "\n".join(lines)[-MAX_TRANSCRIPT_CHARS:]


def _line(fact: Fact) -> str:
    match fact:
        case CallerSpoke() | SupervisorSpoke():
            return f"{'caller' if isinstance(fact, CallerSpoke) else 'supervisor'}: {fact.text}"
        case AgentSpoke():
            return f"{fact.agent}: {fact.heard_text}" if fact.heard_text else ""
        case ToolCalled():
            return f"[{fact.tool} {json.dumps(fact.arguments)[:300]}]"
        case ToolAnswered():
            return f"[{fact.tool} answered {fact.output[:300]}]"
        case HandoffCommitted():
            return f"[{fact.from_agent} hands over to {fact.to_agent}]"
        case _:
            return ""
