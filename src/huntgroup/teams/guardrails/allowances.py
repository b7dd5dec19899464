"""What personal data an agent may say: by kind, by claim, what is the caller's own, and what is public anyway."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from huntgroup.teams.context import CallContext
from huntgroup.teams.guardrails.findings import Finding
from huntgroup.teams.guardrails.personal import PERSONAL_KINDS, find_personal_data
from huntgroup.teams.guardrails.personal_numbers import REGIONS

_HEARD = "guardrails.heard"
_NATIONAL_DIGITS = 9


@dataclass(frozen=True, kw_only=True)
class MaySay:
    """Which personal data may be said. Raises `ValueError` for a kind that does not exist.

    `kinds` may always be said; by default names. `with_claim` are kinds for which a claim must be held, by its name.
    With `callers_number` the number that the carrier reports may be read back, with `heard` whatever the caller said
    on this call, where `remembers_personal_data` listens. `public` is what everybody may know, as written: numbers,
    addresses and mailboxes of the business itself.
    """

    kinds: frozenset[str] = frozenset({"name"})
    with_claim: Mapping[str, frozenset[str]] = field(default_factory=dict)
    callers_number: bool = True
    heard: bool = True
    public: tuple[str, ...] = ()
    regions: tuple[str, ...] = REGIONS

    def __post_init__(self) -> None:
        named = self.kinds.union(*self.with_claim.values())
        unknown = named - PERSONAL_KINDS
        if unknown:
            raise ValueError(f"no kinds of personal data: {', '.join(sorted(unknown))}")

    def forbidden(self, text: str, context: CallContext | None = None) -> list[Finding]:
        """Return the personal data of a text that may not be said on this call."""
        found = find_personal_data(text, regions=self.regions)
        if not found:
            return []
        allowed = self._kinds(context)
        known = self._known(context)
        return [one for one in found if one.kind not in allowed and not _is_known(one, known)]

    def _kinds(self, context: CallContext | None) -> frozenset[str]:
        if context is None:
            return self.kinds
        held = [kinds for claim, kinds in self.with_claim.items() if context.claims.has(claim)]
        return self.kinds.union(*held)

    def _known(self, context: CallContext | None) -> set[tuple[str, str]]:
        known = set(self._public)
        if context is not None and self.heard:
            known |= context.memory.get(_HEARD, set())
        if context is not None and self.callers_number and context.caller:
            known.add(_key("phone_number", context.caller))
        return known

    @cached_property
    def _public(self) -> frozenset[tuple[str, str]]:
        return frozenset(_key(one.kind, one.value) for written in self.public for one in find_personal_data(written))


def remember(context: CallContext, findings: Iterable[Finding]) -> None:
    """Keep what the caller said, so that it may be read back on this call."""
    heard: set[tuple[str, str]] = context.memory.setdefault(_HEARD, set())
    heard |= {_key(one.kind, one.value) for one in findings}


def _is_known(finding: Finding, known: set[tuple[str, str]]) -> bool:
    return _key(finding.kind, finding.value) in known


def _key(kind: str, value: str) -> tuple[str, str]:
    """Return a value in the form in which two sayings of it are equal: a phone without its country code."""
    if kind == "phone_number":
        return kind, "".join(char for char in value if char.isdigit())[-_NATIONAL_DIGITS:]
    return kind, value
