"""Personal data in a text: what it is and where, spoken digits included."""

from huntgroup.teams.guardrails.findings import Finding, masked, without_overlaps
from huntgroup.teams.guardrails.folding import fold
from huntgroup.teams.guardrails.personal_numbers import REGIONS, personal_numbers
from huntgroup.teams.guardrails.personal_words import addresses, birth_dates, emails, names
from huntgroup.teams.guardrails.spoken_numbers import digitise

PERSONAL_KINDS = frozenset(
    {"card_number", "social_security_number", "phone_number", "email", "birth_date", "address", "record_number", "name"}
)


def find_personal_data(text: str, *, regions: tuple[str, ...] = REGIONS) -> list[Finding]:
    """Return the personal data of a text, in order and without overlaps, with spans of the text as given.

    `regions` are the countries (ISO 3166, two letters) whose phone numbers may be said without a country code.
    """
    folded = fold(text)
    digitised = digitise(folded.lower)
    numeric = any(char.isdigit() for char in digitised.text)
    found = [] if not numeric else [
        *personal_numbers(digitised.text, regions), *birth_dates(digitised.text), *addresses(digitised.text)
    ]  # fmt: skip
    placed = [_moved(finding, *digitised.span(finding.start, finding.end)) for finding in found]
    placed += [*emails(folded.lower), *names(folded.text)]
    dates = [finding for finding in placed if finding.kind == "birth_date"]
    kept = [finding for finding in placed if finding in dates or not any(_inside(finding, date) for date in dates)]
    return without_overlaps(_moved(finding, *folded.span(finding.start, finding.end)) for finding in kept)


def mask(text: str, *, keep: frozenset[str] = frozenset(), regions: tuple[str, ...] = REGIONS) -> str:
    """Return the text with personal data replaced by its kind, for logs and briefs; kinds in `keep` stay."""
    return masked(text, [finding for finding in find_personal_data(text, regions=regions) if finding.kind not in keep])


def _moved(finding: Finding, start: int, end: int) -> Finding:
    return Finding(start, end, finding.kind, finding.value)


def _inside(finding: Finding, date: Finding) -> bool:
    return finding.start < date.end and date.start < finding.end
