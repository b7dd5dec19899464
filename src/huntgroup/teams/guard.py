"""How the guardrails of an agent are run on a call, and what a check counts as that does not answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from agents.realtime import RealtimeAgent

InputMode = Literal["parallel", "strict"]
Unit = Literal["sentence", "clause"]
Failure = Literal["fail_closed", "fail_open"]


@dataclass(frozen=True, kw_only=True)
class GuardPolicy:
    """What happens when a check raises, or gives no verdict within `deadline_ms`.

    `fail_closed` treats it as tripped, `fail_open` as passed. None is closed where something waits for the check (a
    reply's sound, a strict turn, a tool), and open in parallel mode, where the reply may be heard already.
    """

    failure: Failure | None = None
    deadline_ms: int = 2_000

    def closed(self, *, withholds: bool) -> bool:
        """Whether a check without a verdict counts as tripped; `withholds`: something waits for it."""
        return self.failure == "fail_closed" or (self.failure is None and withholds)


DEFAULT_POLICY = GuardPolicy()


def policy_of(agent: RealtimeAgent[Any], guardrail: str) -> GuardPolicy:
    """Return the policy of one guardrail: its own, the agent's, or the default of a stock agent."""
    own: Mapping[str, GuardPolicy] = getattr(agent, "guard_policies", {})
    fallback: GuardPolicy = getattr(agent, "guard_policy", DEFAULT_POLICY)
    return own.get(guardrail, fallback)
