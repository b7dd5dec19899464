"""Tools: the SDK's function tools with an effect, claims and patience."""

import inspect
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, fields
from typing import Any, Literal, get_args

from agents import FunctionTool, RunContextWrapper, function_tool

from huntgroup.domain.errors import TeamError

Effect = Literal["read", "write", "terminal"]
Late = Literal["deliver", "brief", "drop"]
Approver = Literal["caller", "supervisor", "either"]
NeedsApproval = bool | Callable[[RunContextWrapper[Any], dict[str, Any], str], Awaitable[bool]]
DEFAULT_PATIENCE_MS = 600
DEFAULT_TIMEOUT_MS = 8_000
DEFAULT_APPROVAL_MS = 30_000
_VERTICALS = "huntgroup.verticals."
_SECTIONS = re.compile(r"^(Args|Arguments|Parameters|Returns|Raises|Yields):\s*$", re.MULTILINE)


@dataclass
class VoiceTool(FunctionTool):
    """A function tool that knows what it does to the world.

    `effect`: `read` changes nothing; `write` changes data and happens at most once per tool call; `terminal` ends or
    leaves the call. `requires` names the claims that must be held. After `patience_ms` the agent says a filler; after
    `timeout_ms` the call is answered without the tool. `late` says what becomes of a result that comes when another
    agent has the call: `deliver` puts it into the conversation, `brief` also lets that agent speak of it, `drop` tells
    it only that the result came too late. `teams` and `tenants` name those for which it may run; none means all, and a
    vertical's tools are for its own team. Where the SDK's `needs_approval` says that a person must approve, `approver`
    says who, and `approval_words` what the caller is told; no answer within `approval_deadline_ms` is a refusal.
    """

    effect: Effect = field(default="read", kw_only=True)
    requires: tuple[str, ...] = field(default=(), kw_only=True)
    patience_ms: int = field(default=DEFAULT_PATIENCE_MS, kw_only=True)
    timeout_ms: int = field(default=DEFAULT_TIMEOUT_MS, kw_only=True)
    late: Late = field(default="deliver", kw_only=True)
    teams: tuple[str, ...] = field(default=(), kw_only=True)
    tenants: tuple[str, ...] = field(default=(), kw_only=True)
    approver: Approver = field(default="caller", kw_only=True)
    approval_words: str | None = field(default=None, kw_only=True)
    approval_deadline_ms: int = field(default=DEFAULT_APPROVAL_MS, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()  # type: ignore[no-untyped-call]
        if self.late not in get_args(Late):
            raise TeamError(f"the tool {self.name}: late is {self.late!r}, not one of {', '.join(get_args(Late))}")


def tool(
    *,
    effect: Effect = "read",
    requires: tuple[str, ...] = (),
    patience_ms: int = DEFAULT_PATIENCE_MS,
    timeout_ms: int = DEFAULT_TIMEOUT_MS,
    confirm: bool = True,
    late: Late = "deliver",
    name: str | None = None,
    teams: tuple[str, ...] = (),
    tenants: tuple[str, ...] = (),
    needs_approval: NeedsApproval = False,
    approver: Approver = "caller",
    approval_words: str | None = None,
    approval_deadline_ms: int = DEFAULT_APPROVAL_MS,
) -> Callable[[Callable[..., Any]], VoiceTool]:
    """Make a `VoiceTool` of a typed async function.

    The docstring is what a model reads: everything before `Args:`, with an `Examples:` section of one caller's phrase
    per line, which the offline engine matches. Lines that name the effect and the required claims are added. The
    schema is not the strict one, so that `required` lists just the arguments without a default. The function returns
    a JSON-able dict; by convention `{"ok": bool, "message": "a sentence for the phone", ...}`.
    `confirm=False` tells the model that a write needs no read-back first, as when the caller asks for a person.
    `needs_approval` is the SDK's: a bool, or a function of context, arguments and call id.
    Raises `TeamError` for a function without a docstring.
    """

    def make(function: Callable[..., Any]) -> VoiceTool:
        base = function_tool(
            function,
            name_override=name,
            description_override=describe(function, effect, requires, confirm=confirm),
            failure_error_function=None,
            strict_mode=False,
            needs_approval=needs_approval,
        )
        inherited = {spec.name: getattr(base, spec.name) for spec in fields(FunctionTool) if spec.init}
        return VoiceTool(
            **inherited,
            effect=effect,
            requires=requires,
            patience_ms=patience_ms,
            timeout_ms=timeout_ms,
            late=late,
            teams=teams or _home(function),
            tenants=tenants,
            approver=approver,
            approval_words=approval_words,
            approval_deadline_ms=approval_deadline_ms,
        )

    return make


def _home(function: Callable[..., Any]) -> tuple[str, ...]:
    """Return the vertical that a tool is written in, as the team for which it may run; () outside of all verticals."""
    room, _, rest = function.__module__.partition(_VERTICALS)
    return (rest.partition(".")[0],) if not room and rest else ()


def describe(function: Callable[..., Any], effect: Effect, requires: tuple[str, ...], *, confirm: bool = True) -> str:
    """Return the text that a model reads about the tool. Raises `TeamError` when there is no docstring."""
    text = inspect.getdoc(function)
    if not text:
        raise TeamError(f"the tool {function.__name__} has no docstring: a model cannot know what it is for")
    lines = [_SECTIONS.split(text)[0].rstrip()]
    if requires:
        lines.append(f"Requires: {', '.join(requires)}")
    if effect == "write":
        before = "Read the details back and get a yes before calling." if confirm else "No confirmation needed."
        lines.append(f"Effect: write. {before}")
    if effect == "terminal":
        lines.append("Effect: terminal. This ends or leaves the call. No confirmation needed.")
    return "\n\n".join(lines)


def effect_of(function: FunctionTool) -> Effect:
    """Return a tool's effect; a plain SDK tool counts as `write`, the careful guess, unless its name says it reads."""
    if isinstance(function, VoiceTool):
        return function.effect
    return "read" if _READS.match(function.name) else "write"


_READS = re.compile(r"^(get|find|list|look|lookup|search|check|show|read|fetch|count|describe|is|has)(_|$)")
