"""Two records of one call as streams of plain lines, and the first place where they differ."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from huntgroup.calls.replay.causes import Causes
from huntgroup.domain import facts as f


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a normalised stream: what was said or done, by whom, in which turn of the caller.

    It holds no ids, times and token counts; `what` holds personal data and is for the operator's eyes only.
    """

    kind: str
    who: str
    what: str
    turn: int


@dataclass(frozen=True, slots=True)
class Difference:
    """The first difference: its number from 1, the steps just before it, and both sides; one that has ended is None."""

    number: int
    before: Sequence[Step]
    expected: Step | None
    came: Step | None

    @property
    def turn(self) -> int:
        side = self.expected or self.came
        return side.turn if side is not None else 0

    @property
    def agent(self) -> str:
        side = self.expected or self.came
        return side.who if side is not None else ""


def stream(facts: Sequence[f.Fact]) -> list[Step]:
    """Return what was said and done in a call, in the order of cause and effect."""
    steps: list[Step] = []
    turn = 0
    for fact in Causes(facts).in_order():
        turn = max(turn, getattr(fact, "turn", 0))
        what = _what(fact)
        if what is not None:
            who = "caller" if isinstance(fact, f.CallerSpoke | f.DtmfPressed | f.SpeechIgnored) else fact.agent or ""
            steps.append(Step(type(fact).__name__, who, what, turn))
    return steps


def first_difference(expected: Sequence[Step], came: Sequence[Step], context: int = 4) -> Difference | None:
    """Return the first difference with up to `context` equal steps before it; None when there is none."""
    for place, (one, other) in enumerate(zip_longest(expected, came)):
        if one is None or other is None or (one.kind, one.who, one.what) != (other.kind, other.who, other.what):
            return Difference(place + 1, tuple(expected[max(0, place - context) : place]), one, other)
    return None


def _what(fact: f.Fact) -> str | None:
    tell = _TELL.get(type(fact))
    return tell(fact) if tell is not None else None


def _heard(fact: f.AgentSpoke) -> str | None:
    """Return what was heard; words that nobody heard were not said."""
    return f"{fact.heard_text} —" if fact.interrupted and fact.heard_text else fact.heard_text or None


def _moved(fact: Any) -> str:
    return f"{fact.from_agent} > {fact.to_agent}"


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _plain(output: str) -> str:
    """Return a tool's answer such that the order of its keys does not matter."""
    try:
        return _json(json.loads(output))
    except ValueError:
        return output


# What a tool said before a guardrail changed it is in no record, so a replay cannot have it checked again.
_UNSEEN = "tool_output"
_TELL: dict[type, Callable[[Any], str | None]] = {
    f.CallerSpoke: lambda x: str(x.text),
    f.AgentSpoke: _heard,
    f.ToolCalled: lambda x: f"{x.tool} {_json(x.arguments)}",
    f.ToolAnswered: lambda x: f"{x.tool} {'ok' if x.ok else x.error or 'not ok'}: {_plain(x.output)}",
    f.SpeechIgnored: lambda x: None if x.reason == "echo" else f"{x.reason}: {x.text}",
    f.LateResult: lambda x: f"{x.tool} {x.policy}: {_plain(x.output)}",
    f.ApprovalAsked: lambda x: f"{x.tool} by {x.approver}",
    f.ApprovalGiven: lambda x: f"{x.tool} {'approved' if x.approved else 'refused'} by {x.by or 'nobody'} ({x.how})",
    f.HandoffProposed: lambda x: f"{_moved(x)} by {x.by}",
    f.HandoffCommitted: lambda x: f"{_moved(x)} {x.opener}, voice {x.voice}, {_json(x.brief)}",
    f.HandoffReturned: lambda x: f"{_moved(x)} {_json(x.result)}",
    f.HandoffRefused: lambda x: f"{_moved(x)}: {x.reason}",
    f.HandoffRolledBack: lambda x: f"{_moved(x)}: {x.reason}",
    f.Consulted: lambda x: f"{x.specialist}: {x.question} {_json(x.answer)}",
    f.GuardrailTripped: lambda x: None if x.stage == _UNSEEN else f"{x.guardrail} ({x.stage}): {x.action}",
    f.GuardrailFailed: lambda x: None if x.stage == _UNSEEN else f"{x.guardrail} ({x.stage}) {x.reason}: {x.policy}",
    f.ClaimGranted: lambda x: f"{x.claim} of {x.subject}",
    f.FillerSpoken: lambda x: str(x.tool),
    f.SupervisorJoined: lambda x: str(x.by),
    f.SupervisorSpoke: lambda x: str(x.text),
    f.SupervisorLeft: lambda x: f"{x.by}: {x.reason}",
    f.SilencePrompted: lambda x: str(x.stage),
    f.EmergencyDeclared: lambda x: str(x.sign),
    f.HumanRequested: lambda x: str(x.reason),
    f.DtmfPressed: lambda x: str(x.digit),
    f.LineLost: lambda x: str(x.reason),
    f.ModelLost: lambda x: str(x.reason),
    f.ModelRestored: lambda x: str(x.verdict),
    f.CallEnded: lambda x: str(x.reason),
}
