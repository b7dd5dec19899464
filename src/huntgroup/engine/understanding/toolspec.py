"""The session's tools as the mind sees them: role, effect, examples, claims and typed parameters."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from .kinds import Kind, kind_of, name_parts, schema_of

Role = Literal["work", "transfer", "return", "consult"]
_LINE = re.compile(r"^\s*(effect|requires|grants|priority)\s*:\s*(.+?)\s*$", re.IGNORECASE | re.MULTILINE)
_EXAMPLES = re.compile(
    r"^[ \t]*Examples?:[ \t]*\n(?P<body>(?:[ \t]*\n|[ \t]+\S.*(?:\n|$)|[ \t]*[-*•].*(?:\n|$)|(?!\w+:)\S.*(?:\n|$))*)",
    re.MULTILINE,
)
_WRITE_VERBS = frozenset(
    """create book schedule cancel reschedule update delete remove order pay register add place submit send change
    set reset buy purchase
    transfer_money make record log file charge refund open join leave save unlock assign request refill enroll
    subscribe unsubscribe apply report
    move confirm reserve ship""".split()
)
_LOOKING_VERBS = frozenset("assess check evaluate triage estimate diagnose".split())
_READ_VERBS = frozenset(
    "get find list lookup look search check show read fetch query is has estimate quote compare explain describe "
    "calculate".split()
)
_UNASKED = re.compile(
    r"\bno confirmation (?:is )?needed\b|\bwithout (?:a )?confirmation\b|\bneeds? no confirmation\b", re.IGNORECASE
)
_END_CALL = re.compile(r"\b(?:end|hang up|finish|close|terminate)s?\b.*\bcall\b|\bhang[_ ]?up\b", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class Param:
    """One parameter. `required` is False when it may be left out, be null, or has a default."""

    name: str
    kind: Kind
    description: str
    schema: Mapping[str, Any]
    required: bool
    listed: bool
    nullable: bool
    item_kind: Kind | None = None

    @property
    def enum(self) -> tuple[Any, ...]:
        source = self.schema.get("items", {}) if self.kind is Kind.LIST else self.schema
        return tuple(source.get("enum") or ([source["const"]] if "const" in source else []))

    @property
    def words(self) -> str:
        """The name in plain words, without technical endings."""
        parts = [p.lower() for p in name_parts(self.name)]
        if len(parts) > 1 and parts[-1] in {"id"}:
            parts = parts[:-1]
        return " ".join(parts)


@dataclass(frozen=True, eq=False)
class ToolSpec:
    """A tool as the mind sees it.

    `requires` and `grants` are claim names, `unasked` writes need no yes, `peer` is the other agent of a transfer,
    return or consult.
    """

    name: str
    description: str
    examples: tuple[str, ...]
    effect: Literal["read", "write", "terminal"]
    requires: tuple[str, ...]
    grants: tuple[str, ...]
    urgent: bool
    unasked: bool
    role: Role
    peer: str
    params: tuple[Param, ...]

    @property
    def verb(self) -> str:
        return name_parts(self.name)[0].lower()

    @property
    def title(self) -> str:
        return " ".join(p.lower() for p in name_parts(self.name))

    @property
    def required(self) -> tuple[Param, ...]:
        return tuple(p for p in self.params if p.required)

    @property
    def confirms(self) -> bool:
        """Whether the caller must have heard what will be done before it is done."""
        careful = self.effect == "write" and not self.unasked and self.verb not in _LOOKING_VERBS
        return self.role == "work" and careful

    @property
    def ends_call(self) -> bool:
        return self.role == "work" and bool(_END_CALL.search(self.description) or _END_CALL.search(self.title))

    @property
    def identifies(self) -> bool:
        """Whether it finds out who the caller is: reads by name, birthday or phone."""
        kinds = {p.kind for p in self.required}
        personal = {Kind.FIRST_NAME, Kind.LAST_NAME, Kind.FULL_NAME, Kind.BIRTH_DATE, Kind.PHONE}
        return self.effect == "read" and bool(kinds) and kinds <= personal

    def param(self, name: str) -> Param | None:
        return next((p for p in self.params if p.name == name), None)


def read_tools(tools: Sequence[Mapping[str, Any]]) -> tuple[ToolSpec, ...]:
    """All function tools of a session; entries of other types and nameless ones are left out."""
    specs = []
    for tool in tools:
        body = tool.get("function") if isinstance(tool.get("function"), Mapping) else tool
        if isinstance(body, Mapping) and body.get("name") and tool.get("type", "function") == "function":
            specs.append(
                _read_tool(
                    str(body["name"]), str(body.get("description") or ""), json.dumps(body.get("parameters") or {})
                )
            )
    return tuple(specs)


@lru_cache(maxsize=1024)
def _read_tool(name: str, text: str, parameters: str) -> ToolSpec:
    schema = json.loads(parameters)
    examples = _examples(text)
    lines = {m.group(1).lower(): m.group(2) for m in _LINE.finditer(text)}
    plain = re.sub(r"\n\s*Args:\s*\n(?:\s+.*\n?)*", "\n", _LINE.sub("", _EXAMPLES.sub("", text)))
    role, peer = _role(name, plain)
    return ToolSpec(
        name=name,
        description=re.sub(r"\s*\n\s*", " ", plain).strip(),
        examples=examples,
        effect=_effect(name, lines.get("effect", "")),
        requires=_names(lines.get("requires", "")),
        grants=_names(lines.get("grants", "")),
        urgent=lines.get("priority", "").lower() == "urgent",
        unasked=bool(_UNASKED.search(text)),
        role=role,
        peer=peer,
        params=_params(schema if isinstance(schema, Mapping) else {}),
    )


def _examples(text: str) -> tuple[str, ...]:
    match = _EXAMPLES.search(text)
    if match is None:
        return ()
    lines = (re.sub(r"^[\s\-*•]+", "", line).strip().strip('"') for line in match.group("body").splitlines())
    return tuple(
        line for line in lines if line and not _LINE.match(line) and not re.match(r"(Args|Returns|Raises):", line)
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[\w.-]+", text)) if text and text.lower() not in {"none", "-"} else ()


def _role(name: str, description: str) -> tuple[Role, str]:
    match = re.match(r"(transfer|return|consult|handoff|hand_off|escalate)_(?:to_)?(\w+)$", name)
    if match is None:
        return "work", ""
    verb, peer = match.group(1), match.group(2)
    if verb == "consult":
        return "consult", peer
    if verb == "return":
        return ("return", peer) if name.startswith("return_to_") else ("work", "")
    return ("transfer", peer) if "_to_" in name else ("work", "")


def _effect(name: str, said: str) -> Literal["read", "write", "terminal"]:
    low = said.lower()
    effects: tuple[Literal["read", "write", "terminal"], ...] = ("terminal", "write", "read")
    for effect in effects:
        if effect in low:
            return effect
    verb = name_parts(name)[0].lower()
    return "write" if verb in _WRITE_VERBS and verb not in _READ_VERBS else "read"


def _params(schema: Mapping[str, Any]) -> tuple[Param, ...]:
    listed = set(schema.get("required") or [])
    defs = schema.get("$defs") or {}
    properties = schema.get("properties") or {}
    return tuple(
        _param(name, raw, name in listed, defs) for name, raw in properties.items() if isinstance(raw, Mapping)
    )


def _param(name: str, raw: Mapping[str, Any], listed: bool, defs: Mapping[str, Any]) -> Param:
    body, nullable = schema_of(_resolve(raw, defs))
    body = dict(_resolve(body, defs))
    description = str(body.get("description") or body.get("title") or "")
    item_kind = None
    if body.get("type") == "array":
        items, _ = schema_of(_resolve(body.get("items") or {}, defs))
        body["items"] = _resolve(items, defs)
        item_kind = kind_of(name, body["items"], description)
    required = listed and not nullable and "default" not in body
    return Param(name, kind_of(name, body, description), description, body, required, listed, nullable, item_kind)


def _resolve(raw: Mapping[str, Any], defs: Mapping[str, Any]) -> Mapping[str, Any]:
    """A schema with its `$ref` and lone `allOf` replaced by what they mean."""
    if isinstance(raw.get("allOf"), list) and len(raw["allOf"]) == 1:
        raw = {**raw["allOf"][0], **{k: v for k, v in raw.items() if k != "allOf"}}
    ref = raw.get("$ref")
    if isinstance(ref, str):
        target = defs.get(ref.rsplit("/", 1)[-1]) or {}
        return {**target, **{k: v for k, v in raw.items() if k != "$ref"}}
    if isinstance(raw.get("anyOf"), list):
        return {**raw, "anyOf": [_resolve(o, defs) if isinstance(o, Mapping) else o for o in raw["anyOf"]]}
    return raw
