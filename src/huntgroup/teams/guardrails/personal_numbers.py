# ruff: noqa: E501  (a pattern is read in one piece; broken lines hide its brackets)
"""Personal numbers in a digitised text: which runs of digits are somebody's, judged by form and by the words around."""

import re
from collections.abc import Iterator

from huntgroup.teams.guardrails.digit_runs import Part, is_card, is_social_security, parts, phone_kind, runs
from huntgroup.teams.guardrails.findings import Finding

REGIONS = ("US", "ES", "DE", "MX", "GB")
_CARD = r"card|visa|mastercard|amex|american express|discover|tarjeta|karten?nummer|kreditkarte|pan\b"
_CODE = r"cvv|cvc|security code|codigo de seguridad|prufziffer|\bpin\b"
_SOCIAL = r"social security|\bssn\b|\bsocial\b|seguro social|seguridad social|sozialversicherung"
_RECORD = (
    r"\bmrn\b|medical record|record number|chart number|patient (?:id|number)|member (?:id|number)|subscriber|policy|"
    r"account(?! of)|acct|routing|\biban\b|group number|(?:driver'?s?|driving) licen[cs]e|your licen[cs]e|licen[cs]e number|passport|medicare|medicaid|"
    r"health card|insurance (?:id|number|card)|customer (?:id|number)|client (?:id|number)|tax(?:payer)? id|loyalty|"
    r"historia clinica|expediente|numero de (?:cuenta|poliza|afiliado|paciente|socio|cliente|pasaporte)|cuenta|poliza|\bdni\b|"
    r"patientennummer|versichertennummer|versicherungsnummer|kontonummer|konto\b|kundennummer|mitgliedsnummer|"
    r"ausweisnummer|krankenkassen|steuernummer|steuer[- ]?id"
)
_PHONE = (
    r"phone|call(?:ing|ed)? (?:you|him|her|them|back)|reach|cell|mobile|number|text|contact|dial|fax|landline|telefono|movil|celular|"
    r"llama|numero|telefon|handy|nummer|anruf|erreich|ruckruf"
)
_IMPERSONAL = (
    r"confirmation|reference|ticket|order|tracking|invoice|\bcase\b|claim number|serial|model|\bcode\b|slot|appointment[_ ]id|request|"
    r"batch|version|extension|suite|room|zip|po box|postal|npi\b|bestell|auftrag|vorgang|confirmacion|referencia|pedido|booking|"
    r"reservation|work order|part number|sku|isbn|vin\b|lot\b|receipt|claim\b|created|updated|timestamp|epoch|count|total|bytes|index|sequence"
)
_LAST_FOUR = r"(?:ending|ends|end|last (?:four|4|4 digits|four digits)|termina\w*|ultimos|endet|letzten)\b[^.?!]{0,40}$"


def _near(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{pattern})", re.IGNORECASE)


_CARD_CUE, _CODE_CUE, _SOCIAL_CUE, _RECORD_CUE, _PHONE_CUE, _IMPERSONAL_CUE, _LAST_FOUR_CUE = map(
    _near, (_CARD, _CODE, _SOCIAL, _RECORD, _PHONE, _IMPERSONAL, _LAST_FOUR)
)
_CODED = re.compile(r"\b(?:mrn|id|acct|pol|mbr|pt)[-_ #:]?\s?(?=[a-z0-9-]*\d{4})[a-z0-9-]{4,20}\b")
_SPELT = re.compile(r"(?:\b(?:[a-z]|\d{1,2})\b[\s,.-]{0,2}){5,}")
_IBAN = re.compile(r"\b[a-z]{2}\d{2}(?:\s?[a-z0-9]{2,4}){3,8}\b")
_OTHER_CODE = re.compile(r"\b(?:zip|area|country|discount|promo|gate|door|garage|postal|error|dress)\b")
_TOLL_FREE = re.compile(r"1?(?:800|888|877|866|855|844|833|900)\d{7}")
_BEFORE, _AFTER = 70, 45


def personal_numbers(text: str, regions: tuple[str, ...] = REGIONS) -> Iterator[Finding]:
    """Yield cards, social security, phone and record numbers of a digitised, lower-case text."""
    for run in runs(text):
        found = _judge(text, run, regions)
        yield from [found] if found else []
    yield from _coded_numbers(text)


def _coded_numbers(text: str) -> Iterator[Finding]:
    for match in _CODED.finditer(text):
        if any(char.isdigit() for char in match.group()):
            yield Finding(*match.span(), "record_number", _plain(match.group()))
    for match in _IBAN.finditer(text):
        if _is_iban(_plain(match.group())):
            yield Finding(*match.span(), "record_number", _plain(match.group()))
    for match in _SPELT.finditer(text):
        written = _plain(match.group())
        if sum(char.isdigit() for char in written) >= 3 and _RECORD_CUE.search(
            text[max(0, match.start() - _BEFORE) : match.start()]
        ):
            yield Finding(*match.span(), "record_number", written)


def _judge(text: str, run: Part, regions: tuple[str, ...]) -> Finding | None:
    if _is_public(run):
        return None
    before = _clause_before(text[max(0, run.start - _BEFORE) : run.start])
    after = _clause_after(text[run.end : run.end + _AFTER])
    around = f"{before} | {after}"
    return (
        _card(run, around, before)
        or _social(run, around)
        or _record(run, around, before)
        or _phone(run, around, regions)
        or _long(run, around)
    )


def _found(part: Part, kind: str) -> Finding:
    return Finding(part.start, part.end, kind, part.digits)


def _card(run: Part, around: str, before: str) -> Finding | None:
    for part in parts(run, 12, 19):
        if is_card(part.digits) or (len(part.digits) >= 12 and _CARD_CUE.search(around)):
            return _found(part, "card_number")
    if _CODE_CUE.search(around) and not _OTHER_CODE.search(before):
        code = next(parts(run, 3, 6), None)
        return _found(code, "card_number") if code else None
    return None


def _social(run: Part, around: str) -> Finding | None:
    cued = bool(_SOCIAL_CUE.search(around))
    for part in parts(run, 9, 12 if cued else 9):
        if cued or (part.shape == (3, 2, 4) and is_social_security(part.digits)):
            return _found(part, "social_security_number")
    if cued and 4 <= len(run.digits) < 9:
        return _found(run, "social_security_number")
    return None


def _record(run: Part, around: str, before: str) -> Finding | None:
    if len(run.digits) < 4 or not _RECORD_CUE.search(around) or _LAST_FOUR_CUE.search(before):
        return None
    if _PHONE_CUE.search(before) and _RECORD_CUE.search(before) is None:
        return None
    return _found(run, "record_number")


def _phone(run: Part, around: str, regions: tuple[str, ...]) -> Finding | None:
    cued = bool(_PHONE_CUE.search(around))
    impersonal = bool(_IMPERSONAL_CUE.search(around)) and not re.search(
        r"phone|cell|mobile|call|text|dial|reach", around
    )
    for part in parts(run, 9, 15):
        if impersonal and part.shape not in {(3, 3, 4), (1, 3, 3, 4)}:
            continue
        kind = phone_kind(f"+{part.digits}" if part.plus else part.digits, ("US",) if _is_american(part) else regions)
        if kind == "public":
            continue
        if kind == "personal" and (part.plus or len(part.digits) >= 10 or cued or len(part.groups) > 1):
            return _found(part, "phone_number")
        if part.shape in {(3, 3, 4), (1, 3, 3, 4)} or (cued and len(part.digits) == 10):
            return _found(part, "phone_number")
    return _local(run, cued and not impersonal)


def _is_public(run: Part) -> bool:
    """Whether it is a toll-free or service number, which is nobody's own."""
    return _TOLL_FREE.fullmatch(run.digits) is not None or phone_kind(run.digits, ("US",)) == "public"


def _is_american(part: Part) -> bool:
    return part.shape in {(3, 3, 4), (1, 3, 3, 4)} or (len(part.digits) == 10 and part.digits[0] in "2345")


def _local(run: Part, cued: bool) -> Finding | None:
    """A number without its area code: three and four digits, where the words speak of a phone."""
    if len(run.digits) == 7 and (cued or run.shape == (3, 4)) and run.digits[0] in "23456789":
        return _found(run, "phone_number")
    if len(run.digits) in {8, 11, 12} and cued:
        return _found(run, "phone_number")
    return None


def _long(run: Part, around: str) -> Finding | None:
    """Nine digits and more that nothing explains: somebody's number, whatever it is called."""
    longest = max(run.shape)
    if set(run.shape) == {2}:
        return None  # A list of times or amounts: "ten, ten twenty, ten forty".
    if not 9 <= len(run.digits) <= 20 or _IMPERSONAL_CUE.search(around) or (longest < 9 and len(run.groups) < 3):
        return None
    if re.search(r"\bid\b|[a-z]id\b", around) or sum(run.shape) / len(run.groups) > 3 > longest:
        return None
    return _found(run, "record_number")


def _clause_before(text: str) -> str:
    """The words before, back to the last sentence's end or the bracket or field that opened."""
    cut = max(text.rfind(mark) for mark in ("? ", "! ", "{", '", "', ', "', ";"))
    stop = max((match.end() for match in re.finditer(r"(?<!\bdr)(?<!\bno)\.\s(?!\d)", text)), default=-1)
    return text[max(cut, stop, 0) :].replace("_", " ")


def _clause_after(text: str) -> str:
    return re.split(r"[.?!;}](?:\s|$)|\",|\"}", text, maxsplit=1)[0].replace("_", " ")


def _plain(written: str) -> str:
    return re.sub(r"[^a-z0-9]", "", written)


def _is_iban(written: str) -> bool:
    if not 15 <= len(written) <= 34:
        return False
    turned = written[4:] + written[:4]
    return int("".join(str(int(char, 36)) for char in turned)) % 97 == 1
