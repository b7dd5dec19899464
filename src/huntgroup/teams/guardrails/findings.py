"""What a check found, and where: kinds and spans of the text as it was given."""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that was found: `text[start:end]` of the text as given, `kind` by name.

    `value` is the thing in one plain form, such as the digits of a spoken number, for comparisons. It is personal data:
    it stays out of `repr`, and no log may have it.
    """

    start: int
    end: int
    kind: str
    value: str = field(default="", repr=False, compare=False)


def kinds(findings: Iterable[Finding]) -> list[str]:
    """Return the kinds that were found, each once, in alphabetical order: all that a trace may tell."""
    return sorted({finding.kind for finding in findings})


def masked(text: str, findings: Iterable[Finding]) -> str:
    """Return the text with each found span replaced by its kind, as `[phone_number]`."""
    parts, at = [], 0
    for finding in sorted(findings):
        if finding.start < at:
            continue
        parts += [text[at : finding.start], f"[{finding.kind}]"]
        at = finding.end
    return "".join([*parts, text[at:]])


def without_overlaps(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings in order of place; of two that overlap the longer stays."""
    kept: list[Finding] = []
    for finding in sorted(findings, key=lambda one: (one.start - one.end, one.start)):
        if all(finding.end <= other.start or other.end <= finding.start for other in kept):
            kept.append(finding)
    return sorted(kept)
