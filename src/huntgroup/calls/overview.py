"""A live call at a glance, for whoever watches over calls."""

from dataclasses import asdict
from typing import Any

from huntgroup.calls.session import CallSession
from huntgroup.domain.facts import AgentSpoke, CallerSpoke, SupervisorSpoke


def glance(session: CallSession) -> dict[str, Any]:
    """Return who calls whom, who has the call, for how long, the last words, and what waits for approval."""
    words = next((said for fact in reversed(session.log.facts) if (said := _words(fact)) is not None), None)
    context = session.context
    return {
        "call_id": session.call_id,
        "team": context.team,
        "caller": context.caller,
        "agent": session.live.owner if session.live is not None else None,
        "supervisor": session.live.taken_by if session.live is not None else None,
        "for_ms": session.now_ms,
        "last": words,
        "approvals": [asdict(waiting) for waiting in session.approvals],
    }


def _words(fact: object) -> dict[str, str] | None:
    match fact:
        case CallerSpoke(text=text) if text:
            return {"speaker": "caller", "text": text}
        case AgentSpoke(heard_text=text, agent=agent) if text:
            return {"speaker": agent or "", "text": text}
        case SupervisorSpoke(text=text) if text:
            return {"speaker": "supervisor", "text": text}
    return None
