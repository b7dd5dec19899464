"""The outcome of a replay, for a terminal and as one JSON object."""

from typing import Any

from rich.console import Console
from rich.markup import escape

from huntgroup.calls.replay.comparison import Difference, Step
from huntgroup.testing.replay import Replayed

_MEANS = {
    "recorded": "with the model's recorded replies: the code is what is compared",
    "offline": "with the offline engine thinking anew: prompts, tools and code are what is compared",
}
NAMES = {
    "CallerSpoke": "says",
    "AgentSpoke": "says",
    "DtmfPressed": "presses",
    "SpeechIgnored": "is passed over",
    "ToolCalled": "calls",
    "ToolAnswered": "is answered",
    "LateResult": "late result of",
    "ApprovalAsked": "approval asked",
    "ApprovalGiven": "approval given",
    "HandoffProposed": "handoff proposed",
    "HandoffCommitted": "handoff",
    "HandoffReturned": "gives back",
    "HandoffRefused": "handoff refused",
    "HandoffRolledBack": "handoff rolled back",
    "Consulted": "asked",
    "GuardrailTripped": "guardrail",
    "GuardrailFailed": "guardrail failed",
    "ClaimGranted": "claim granted",
    "FillerSpoken": "filler for",
    "SilencePrompted": "silence",
    "EmergencyDeclared": "emergency",
    "HumanRequested": "wants a person",
    "LineLost": "line lost",
    "ModelLost": "model lost",
    "ModelRestored": "model again",
    "CallEnded": "call ended",
}


def tell_difference(out: Console, call_id: str, kind: str, replayed: Replayed) -> None:
    """Print what came of a replay; it quotes the call."""
    out.print(f"[bold]{escape(call_id)}[/] {_MEANS[kind]}")
    difference = replayed.difference
    if difference is None:
        out.print(f"[green]equal[/]: {len(replayed.came)} steps")
        return
    who = f", agent {escape(difference.agent)}" if difference.agent not in ("", "caller") else ""
    out.print(f"[red]first difference[/] at step {difference.number}, turn {difference.turn}{who}")
    for step in difference.before:
        out.print(f"    [dim]{_line(step)}[/]")
    out.print(f"  [red]- {_line(difference.expected)}[/]")
    out.print(f"  [green]+ {_line(difference.came)}[/]")
    out.print("[dim]- as recorded, + as it came now[/]")


def as_json(call_id: str, kind: str, replayed: Replayed) -> dict[str, Any]:
    """Return the outcome as one object; it quotes the call."""
    difference = replayed.difference
    return {
        "call_id": call_id,
        "model": kind,
        "equal": difference is None,
        "difference": None if difference is None else _difference(difference),
        "expected": [_plain(step) for step in replayed.expected],
        "came": [_plain(step) for step in replayed.came],
    }


def _difference(difference: Difference) -> dict[str, Any]:
    return {
        "step": difference.number,
        "turn": difference.turn,
        "agent": difference.agent,
        "before": [_plain(step) for step in difference.before],
        "expected": None if difference.expected is None else _plain(difference.expected),
        "came": None if difference.came is None else _plain(difference.came),
    }


def _plain(step: Step) -> dict[str, Any]:
    return {"kind": step.kind, "who": step.who, "what": step.what, "turn": step.turn}


def _line(step: Step | None) -> str:
    if step is None:
        return "(nothing more)"
    return escape(f"{step.who:<12} {NAMES.get(step.kind, step.kind)}: {step.what}")
