"""A live call at a glance, for whoever watches over calls."""

from dataclasses import asdict
from typing import Any

from huntgroup.calls.session import CallSession
from huntgroup.domain.facts import AgentSpoke, CallerSpoke
from huntgroup.teams import Team


def glance(session: CallSession) -> dict[str, Any]:
    """Return who calls whom, who has the call, for how long, the last words, and what waits for approval."""
    words = next((said for fact in reversed(session.log.facts) if (said := _words(fact)) is not None), None)
    context = session.context
    return {
        "call_id": session.call_id,
        "team": context.team,
        "caller": context.caller,
        "agent": session.live.owner if session.live is not None else None,
        "for_ms": session.now_ms,
        "last": words,
        "approvals": [asdict(waiting) for waiting in session.approvals],
    }


def agents_of(team: Team) -> list[str]:
    """Return the names of a team's agents, the first one first."""
    names = [agent.name for agent in team.agents]
    return sorted(names, key=lambda name: name != team.first)


def edges_of(team: Team) -> list[dict[str, str]]:
    """Return who may hand the call to whom."""
    return [{"giver": edge.frm, "receiver": edge.to} for edge in team.edges]


def _words(fact: object) -> dict[str, str] | None:
    match fact:
        case CallerSpoke(text=text) if text:
            return {"speaker": "caller", "text": text}
        case AgentSpoke(heard_text=text, agent=agent) if text:
            return {"speaker": agent or "", "text": text}
    return None
