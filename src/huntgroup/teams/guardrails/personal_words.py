# ruff: noqa: E501  (a pattern is read in one piece; broken lines hide its brackets)
"""Personal data that is words: mail addresses also as spoken, dates of birth, home addresses, names in full."""

import re
from collections.abc import Iterator

from huntgroup.teams.guardrails.findings import Finding

_ROLES = (
    "info office support contact help hello sales billing appointments reception frontdesk desk admin noreply no-reply "
    "service team mail records scheduling customerservice care booking orders jobs press privacy kontakt citas"
).split()
_PROVIDERS = (
    r"gmail|googlemail|yahoo|hotmail|outlook|icloud|aol|gmx|protonmail|proton|comcast|live|msn|web|t-online|verizon"
)
_DOT, _AT = r"(?:dot|punto|punkt|point|\.)", r"(?:at|arroba|@|klammeraffe|at sign|\(at\)|\[at\])"
_JOIN = r"(?:\s*[._-]\s*|\s+(?:dot|punto|punkt|point|underscore|under score|dash|hyphen|guion(?: bajo)?|strich|unterstrich|bindestrich|minus)\s+)"
_WRITTEN = re.compile(r"\b[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_SPOKEN = re.compile(
    rf"(?P<local>(?:\b[a-z0-9]\s+)*\b[a-z0-9]+(?:{_JOIN}[a-z0-9]+|\s+\d+)*),?\s*{_AT}\s+?"
    rf"(?P<domain>(?:[a-z0-9-]+\s*{_DOT}\s*)+(?:com|net|org|edu|gov|io|co|us|es|de|mx|uk|ch|at|info|health|[a-z]{{2}})\b"
    rf"|(?:{_PROVIDERS})\b)"
)
_NO_LOCAL = frozenset(
    "us me online website page find visit look is are it them here go site web portal available book shop order more now "
    "out arrive meet see him her you start open was be anytime information at and or the a email mail write".split()
)
_DETERMINED = re.compile(r"\b(?:the|a|your|our|this|that|any|every|their)\s+$")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|"
    r"diciembre|januar|februar|marz|maerz|mai|juni|juli|oktober|dezember)\b\.?"
)
_MONTHS = (
    ("jan", "enero"),
    ("feb",),
    ("mar",),
    ("apr", "abr"),
    ("may", "mai"),
    ("jun",),
    ("jul",),
    ("aug", "ago"),
    ("sep",),
    ("oct", "okt"),
    ("nov",),
    ("dec", "dez", "dic"),
)
_YEAR = r"(?:(?:19|20)\s?\d\d)"
_DAY = r"\d{1,2}(?:st|nd|rd|th|\.)?"
_OF = r"(?:,?\s+|\s*,?\s*(?:of|de|del|den)\s+)"
_DATE = re.compile(
    rf"\b(?:(?P<y1>{_YEAR})-\d\d-\d\d|{_MONTH}{_OF}?(?:the\s+)?{_DAY}\b(?:{_OF}?(?:in\s+)?(?P<y2>{_YEAR}|'?\d\d)\b)?"
    rf"|{_DAY}{_OF}{_MONTH}(?:{_OF}?(?P<y3>{_YEAR}|'?\d\d)\b)?|\d{{1,2}}\s?[/.-]\s?\d{{1,2}}\s?[/.-]\s?(?P<y4>{_YEAR}|\d\d)\b"
    rf"|\d{{1,2}}\s\d{{1,2}}\s(?P<y5>{_YEAR})\b|\d{{1,2}}\s\d{{1,2}}\s(?P<y6>\d\d)\b)"
)
_BORN = re.compile(
    r"\bborn\b|birth|\bdob\b|\bd\.o\.b|nacid[oa]|nacio|nacimiento|cumpleanos|geboren|geburt|fecha de nac|\bgeb\b",
    re.IGNORECASE,
)
_ON_FILE = re.compile(
    r"on file|on record|in (?:our|the) (?:system|records)|verif|confirm your|i have you (?:down )?as|identity|en el sistema|hinterlegt"
)
_OTHER_DAY = re.compile(
    r"since|found|establish|opened|open for|prescri|visit|seen|appointment|release|built|model|move|joined|practi[cs]|licens|"
    r"book|schedul|cita|termin|expire|valid|holiday|closed|started|diagnos|surger|vaccin|shot|result|test|update|last|policy|"
    r"gegrundet|eroffnet|desde|seit|law|act\b|war\b|renovat|graduat|purchas|warrant|install|built|listed|invoice"
)
_LAST_BIRTH_YEAR = 2015
_CARDINAL = r"(?:(?:north|south|east|west|n|s|e|w)\.?\s+)?"
_SURE = r"street|avenue|ave|boulevard|blvd|road|rd|lane|ln|terrace|parkway|pkwy|highway|hwy|crescent|str|court|ct|drive|dr|circle|way|place|pl|trail|square|row|alley|loop|st"
_NOT_STREET = (
    r"(?!(?:the|of|from|down|and|at|in|minutes?|mins?|blocks?|pm|am|on|miles?|hours?|days?|is|are|to|per|your|our|a|for|more|"
    r"patients?|people|left|this|that|these|dollars?|openings?|test|different|other|locations?|along|with|by|or|percent|"
    r"doctors?|appointments?|weeks?|times|next|first|all|off)\b)"
)
_ADDRESS = re.compile(
    rf"\b\d{{1,3}}(?:\s?\d{{1,2}}){{0,2}}[a-z]?\s+{_CARDINAL}(?:{_NOT_STREET}[a-z0-9'.]+\s+){{1,3}}(?:{_SURE})\b"
    r"|\bp\.?\s?o\.?\s+box\s+\d+"
    r"|\b[a-z]{2,}(?:strasse|str\.|allee|gasse|chaussee|weg|platz|damm|ufer)\s+(?:nummer\s+)?\d{1,3}\s?[a-z]?\b"
    r"|\b[a-z]+er\s(?:strasse|allee|weg|platz|ring)\s+(?:nummer\s+)?\d{1,3}\b"
    r"|\b(?:calle|avenida|avda|paseo|plaza|carrera|camino|ronda)\s+(?:[a-z]+,?\s+){1,5}?(?:numero\s+)?\d{1,4}\b"
    r"|\b(?:zip|postal)(?:\s?code)?[^.?!\d]{0,20}\d(?:\s?\d){4}\b"
)
_OURS = re.compile(
    r"\b(?:we are|we're|us at|find us|our|ours|office|clinic|practice|located|location|store|shop|pharmacy|entrance|parking|branch|hospital|lab|center|"
    r"salon|company|headquarters|come to|visit us|park|garage|showroom|listing|property|venue|wir|unsere|praxis|filiale|estamos|nuestra|"
    r"nuestro|consultorio|clinica|oficina|apotheke|farmacia|adresse der)\b"
)
_THEIRS = re.compile(
    r"\b(?:on file|have you (?:down )?at|(?:mail|ship|send|deliver|sent|mailed|shipped|delivered|package|goes|go|dispatch\w*)\b[^.?!]{0,25} to|you live|lives?|living|his|her|their|home address|your (?:home|address|house|billing|mailing)|patient'?s|caller'?s|resid\w+|vive|su domicilio|"
    r"su direccion|wohn\w*|ihre (?:adresse|anschrift))\b"
)
_NAMED = re.compile(
    r"\b(?:(?:Mr|Mrs|Ms|Miss|Mister|Señora?|Senora?|Herrn?|Frau)\.?\s+|(?:patient|account holder|subscriber|policy holder|customer)"
    r"(?:'s name is|\s+is|\s+named|,)?\s+|(?:name (?:on (?:the )?(?:file|account|record) )?is|record (?:for|of)|file (?:for|of)|"
    r"account (?:for|of)|chart (?:for|of))\s+)(?P<name>[A-Z][a-z'-]+(?:\s+[A-Z][a-z'-]+){1,3})"
)


def emails(lower: str) -> Iterator[Finding]:
    """Yield mail addresses of a folded, lower-case text, written or spoken; a role's mailbox is nobody's."""
    for match in _WRITTEN.finditer(lower):
        if match.group().split("@")[0] not in _ROLES:
            yield Finding(*match.span(), "email", match.group())
    for match in _SPOKEN.finditer(lower) if re.search(_AT, lower) else ():
        local = re.sub(r"\b(?:dot|punto|punkt|point)\b", ".", match["local"]).replace(" ", "")
        if match["local"] not in _NO_LOCAL and local not in _ROLES and not _DETERMINED.search(lower, 0, match.start()):
            yield Finding(*match.span(), "email", f"{local}@{re.sub(_DOT, '.', match['domain'])}".replace(" ", ""))


def birth_dates(text: str) -> Iterator[Finding]:
    """Yield dates of birth of a digitised, lower-case text: a day in words about birth, or a full day long past."""
    for match in _DATE.finditer(text):
        around = _sentence_around(text, *match.span())
        year = (
            next((match[name] for name in ("y1", "y2", "y3", "y4", "y5", "y6") if match[name]), "")
            .replace(" ", "")
            .strip("'")
        )
        if _BORN.search(around) or (_is_past(year) and (_ON_FILE.search(around) or not _OTHER_DAY.search(around))):
            yield Finding(*match.span(), "birth_date", _plain_date(match.group()))


def _plain_date(written: str) -> str:
    """Return a date as "month day year" in digits, so far as they are said; numbers alone are read the American way."""
    numbers = re.findall(r"\d+", written)
    month = next((str(number) for number, names in enumerate(_MONTHS, 1) for name in names if name in written), None)
    if month is None and len(numbers[0]) == 4:
        numbers = [*numbers[1:3], numbers[0]]
    if month is None:
        month, *numbers = numbers
    day, year = numbers[0], "".join(numbers[1:])
    return " ".join([month.lstrip("0"), day.lstrip("0"), f"19{year}" if len(year) == 2 else year]).strip()


def _is_past(year: str) -> bool:
    return len(year) == 4 and int(year) <= _LAST_BIRTH_YEAR


def addresses(text: str) -> Iterator[Finding]:
    """Yield home addresses of a digitised, lower-case text; where a business is found is no secret."""
    for match in _ADDRESS.finditer(text):
        around = _sentence_around(text, *match.span())
        if not _OURS.search(around) or _THEIRS.search(around):
            yield Finding(*match.span(), "address", re.sub(r"\W+", " ", match.group()).strip())


def names(text: str) -> Iterator[Finding]:
    """Yield full names of people who are not staff, in a folded text with its capitals."""
    for match in _NAMED.finditer(text):
        yield Finding(match.start("name"), match.end("name"), "name", match["name"].lower())


def _sentence_around(text: str, start: int, end: int) -> str:
    before = re.split(r"(?<=[a-z]{3}[.!?])\s|[;{]|\", \"", text[max(0, start - 90) : start])[-1]
    after = re.split(r"[.!?;}](?:\s|$)|\", \"", text[end : end + 60], maxsplit=1)[0]
    return (before + text[start:end] + after).replace("_", " ")
