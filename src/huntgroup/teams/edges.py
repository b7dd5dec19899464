"""Edges of a team: who may hand the call to whom, and who may ask whom."""

import re
from dataclasses import dataclass
from typing import Any, Literal

from agents import Handoff
from agents.realtime import RealtimeAgent

from huntgroup.domain.errors import TeamError
from huntgroup.teams.payload import PayloadType, is_payload_type, schema_of

Opener = Literal["silent", "bridge", "scripted"]
VoicePolicy = Literal["keep", "switch"]
_POLICY = re.compile(r"full|facts_only|last\(([1-9]\d*)\)")


def last_seen(policy: str) -> int | None:
    """Return how many of the last entries of the conversation a receiver sees under a context policy; None for all."""
    match = _POLICY.fullmatch(policy)
    if policy == "full":
        return None
    return int(match.group(1)) if match is not None and match.group(1) else 0


@dataclass(frozen=True, kw_only=True)
class Edge:
    """A way for the call to change hands.

    `frm` and `to` are agents' names. `brief` is what the giver tells the receiver (a pydantic model or a dataclass),
    `returns` makes it a return edge: the receiver gives the call back with that result. `policy` says what of the
    conversation the receiver sees (`full`, `last(n)`, `facts_only`). `opener`: `silent` (the receiver just answers),
    `bridge` (the giver's short `phrase` first) or `scripted` (the receiver begins with `phrase`). `voice`: `keep` (the
    call stays in its voice) or `switch` (the receiver speaks in its own, from a session opened ahead; back along a
    return edge too). `sdk` is the SDK's own handoff of a stock team.
    """

    frm: str
    to: str
    description: str
    brief: PayloadType | None = None
    returns: PayloadType | None = None
    policy: str = "full"
    opener: Opener = "silent"
    phrase: str | None = None
    voice: VoicePolicy = "keep"
    requires: tuple[str, ...] = ()
    deadline_ms: int = 3_000
    sdk: Handoff[Any, RealtimeAgent[Any]] | None = None

    def __post_init__(self) -> None:
        _check_types(f"handoff {self.frm} to {self.to}", brief=self.brief, returns=self.returns)
        if not _POLICY.fullmatch(self.policy):
            raise TeamError(f"handoff {self.frm} to {self.to}: unknown context policy {self.policy!r}")
        if self.opener != "silent" and not self.phrase:
            raise TeamError(f"handoff {self.frm} to {self.to}: opener {self.opener!r} needs a phrase")

    @property
    def tool_name(self) -> str:
        return self.sdk.tool_name if self.sdk is not None else f"transfer_to_{self.to}"

    @property
    def return_tool_name(self) -> str:
        """Name of the tool by which the receiver gives the call back."""
        return f"return_to_{self.frm}"

    def parameters(self) -> dict[str, Any]:
        """Return the JSON schema of the transfer's arguments."""
        if self.sdk is not None:
            return self.sdk.input_json_schema or schema_of(None)
        return schema_of(self.brief)


@dataclass(frozen=True, kw_only=True)
class Consult:
    """A question that `frm` may put to `to` while it keeps the caller; `returns` types the answer."""

    frm: str
    to: str
    description: str
    returns: PayloadType | None = None
    requires: tuple[str, ...] = ()
    timeout_ms: int = 15_000

    def __post_init__(self) -> None:
        _check_types(f"consult of {self.to} by {self.frm}", returns=self.returns)

    @property
    def tool_name(self) -> str:
        return f"consult_{self.to}"


def handoff(
    *,
    frm: str,
    to: str,
    description: str,
    brief: PayloadType | None = None,
    returns: PayloadType | None = None,
    policy: str = "full",
    opener: Opener = "silent",
    phrase: str | None = None,
    voice: VoicePolicy = "keep",
    requires: tuple[str, ...] = (),
) -> Edge:
    """Declare an edge; see `Edge`. Raises `TeamError` for a policy or an opener that cannot work."""
    return Edge(
        frm=frm,
        to=to,
        description=description,
        brief=brief,
        returns=returns,
        policy=policy,
        opener=opener,
        phrase=phrase,
        voice=voice,
        requires=requires,
    )


def consult(
    *,
    frm: str,
    to: str,
    description: str,
    returns: PayloadType | None = None,
    requires: tuple[str, ...] = (),
) -> Consult:
    """Declare that `frm` may ask `to` without giving the call away; see `Consult`."""
    return Consult(frm=frm, to=to, description=description, returns=returns, requires=requires)


def _check_types(where: str, **kinds: object) -> None:
    for name, kind in kinds.items():
        if kind is not None and not is_payload_type(kind):
            raise TeamError(f"{where}: {name} is {kind!r}, neither a pydantic model nor a dataclass")
