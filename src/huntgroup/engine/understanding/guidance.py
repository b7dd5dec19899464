"""What a prompt tells the assistant to do, as far as plain sentences can be followed by rules."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from .dates import find_dates
from .tokens import content_words, normalise, sentences, tokenize

_QUOTED = r"[\"“](?P<quote>[^\"”]{2,400})[\"”]"
_EXACT = re.compile(
    r"\b(?:say|says|reply|answer|respond|speak|read out)(?: (?:exactly|only|just|this|the following|to the caller|"
    r"verbatim|aloud|with|word for word))*\s*[:,]?\s*" + _QUOTED,
    re.IGNORECASE,
)
_EXACT_PLAIN = re.compile(
    r"\b(?:say|repeat|read)(?: (?:to the caller|aloud))? ?(?:exactly|verbatim|word for word|this)(?: this| the "
    r"following)?(?: sentence| phrase)?\s*:\s*(?P<rest>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_SAY_COLON = re.compile(r"^\s*(?:please )?say\s*:\s*(?P<rest>[^\"“].+)$", re.IGNORECASE | re.MULTILINE)
_GREET = re.compile(
    r"\b(?:greet|greeting|answer the (?:phone|call)|open(?:ing)? (?:the call )?with|start (?:the call )?(?:by|with)|"
    r"begin (?:the call )?(?:by|with)|welcome)\b",
    re.IGNORECASE,
)
_GREET_PLAIN = re.compile(
    r"\b(?:greet(?: the (?:caller|customer|user|patient))?|greeting|opening line)(?: with| by saying| them with| "
    r"as)?\s*:\s*(?P<rest>[^\"“\n].+)",
    re.IGNORECASE,
)
_RULE = re.compile(
    r"\b(?:if|when|whenever)\b (?P<when>[^,:\"]{4,160}?)(?:,|:)? (?:then )?(?:always |please |just |you )*(?:say|"
    r"answer|reply|respond|tell (?:them|the caller|him|her))"
    r"(?: that| with| exactly| only)*[:,]?\s*" + _QUOTED,
    re.IGNORECASE,
)
_INSTEAD = re.compile(r"\bin (?:the )?place of (?:your|what|an answer|the)\b", re.IGNORECASE)
_GOODBYE = re.compile(r"\b(?:goodbye|good bye|farewell|end the (?:call|conversation)|close the call)\b", re.IGNORECASE)
_NEVER = re.compile(
    r"\b(?:never|do not|don't) (?:mention|say|talk about|use the words?|speak about|discuss)\s+(?P<what>[^.\n]+)",
    re.IGNORECASE,
)
_PERSONA = re.compile(r"\byou are (?P<who>(?:an? |the )?[^.,\n]{2,90})", re.IGNORECASE)
_TODAY = re.compile(r"\b(?:today(?:'s date)?|current date|the date)(?: is|:)\s*(?P<when>[^.\n]{4,60})", re.IGNORECASE)
_ONE_SENTENCE = re.compile(r"\b(?:one|a single|1) (?:short )?sentence\b", re.IGNORECASE)
_DIRECTIVE = re.compile(
    r"^(?:never|always|do not|don't|if|when|whenever|you|your|use|call|ask|greet|say|answer|be|keep|speak|confirm|"
    r"read|only|must|then|before|after|first|please|"
    r"transfer|hand|offer|make|give|tell|let|put|collect|verify|help|stay|avoid|after|once|work|take|pass|repeat|"
    r"spell|today|for|no )\b",
    re.IGNORECASE,
)


_INSIDE = re.compile(r"\b(?:callers?|handed|told|tools?|agent|specialist|transfer|assistant)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Rule:
    """If the caller's words are like `when`, say `answer`."""

    when: str
    answer: str


@dataclass(frozen=True)
class Guidance:
    """`facts` are sentences of the prompt that may answer a question; a sentence with a `banned` word is not said."""

    greeting: str = ""
    persona: str = ""
    rules: tuple[Rule, ...] = ()
    facts: tuple[str, ...] = ()
    banned: tuple[str, ...] = ()
    one_sentence: bool = False
    today: date | None = None
    goodbye: str = ""
    anything_else: str = ""
    begin_with: str = ""


@dataclass(frozen=True)
class Order:
    """What one response shall be: exact words, or a kind of reply ("greet", "goodbye", "narrower", "").

    Exact words of the kind "instead" take the place of what was to be said, which is not said any more.
    """

    exact: str = ""
    kind: str = ""
    extra: Guidance = field(default_factory=Guidance)


@lru_cache(maxsize=256)
def read_guidance(instructions: str, now: date) -> Guidance:
    text = normalise_lines(instructions)
    rules = tuple(Rule(_condition(m.group("when")), m.group("quote").strip()) for m in _RULE.finditer(text))
    parts = [s for line in text.split("\n") for s in sentences(line.strip(" -*•#\t"))]
    persona = _PERSONA.search(text)
    return Guidance(
        greeting=_greeting(parts, text),
        persona=persona.group("who").strip() if persona else "",
        rules=rules,
        facts=tuple(s for s in parts if _is_fact(s)),
        banned=_banned(text),
        one_sentence=bool(_ONE_SENTENCE.search(text)),
        today=_today(text, now),
        goodbye=_goodbye(parts),
        anything_else=_anything_else(parts),
        begin_with=_begin_with(text),
    )


def normalise_lines(text: str) -> str:
    return "\n".join(normalise(line) for line in text.splitlines())


def _condition(when: str) -> str:
    plain = re.sub(
        r"^(?:the caller|a caller|someone|somebody|they|anyone|the customer|the user|the patient|asked)\s+",
        "",
        when.strip(),
        flags=re.IGNORECASE,
    )
    return re.sub(
        r"^(?:asks?|wants?(?: to know)?|says?|mentions?|is asking)\s+(?:about |for |if |whether |that )?",
        "",
        plain,
        flags=re.IGNORECASE,
    )


def _greeting(parts: list[str], text: str) -> str:
    for i, sentence in enumerate(parts):
        if not _GREET.search(sentence) or _RULE.search(sentence):
            continue
        quoted = re.search(_QUOTED, sentence) or re.search(_QUOTED, " ".join(parts[i : i + 3]))
        if quoted:
            return quoted.group("quote").strip()
        plain = _GREET_PLAIN.search(sentence)
        if plain:
            return " ".join([plain.group("rest").strip(), *_continued(parts[i + 1 : i + 3])]).strip()
    first_say = next(
        (
            m
            for s in parts
            if not _RULE.search(s) and not re.match(r"(?:if|when)\b", s, re.IGNORECASE)
            for m in [_EXACT.search(s)]
            if m
        ),
        None,
    )
    return (
        first_say.group("quote").strip()
        if first_say and not _GOODBYE.search(text[: text.find(first_say.group(0))][-60:])
        else ""
    )


def _continued(parts: list[str]) -> list[str]:
    """Questions and greetings that go on after an unquoted greeting."""
    return [p for p in parts[:1] if p.endswith(("?", "!"))]


def _goodbye(parts: list[str]) -> str:
    for sentence in parts:
        quoted = re.search(_QUOTED, sentence)
        if quoted and _GOODBYE.search(sentence[: quoted.start()]):
            return quoted.group("quote").strip()
    return ""


def _begin_with(text: str) -> str:
    """Words that an agent who took over shall begin with."""
    match = re.search(r"^\s*begin with:?\s*" + _QUOTED, text, re.IGNORECASE | re.MULTILINE)
    return match.group("quote").strip() if match else ""


def _anything_else(parts: list[str]) -> str:
    """The question that the prompt wants when a request is done."""
    for sentence in parts:
        quoted = re.search(_QUOTED, sentence)
        if quoted and re.match(
            r"(?:is there |do you need |can i (?:do|help with) )?any(?:thing|body)? ?(?:else|more)",
            quoted.group("quote"),
            re.IGNORECASE,
        ):
            return quoted.group("quote").strip()
    return ""


def _is_fact(sentence: str) -> bool:
    plain = sentence.strip()
    return (
        len(content_words(plain)) >= 3
        and not _DIRECTIVE.match(plain)
        and not plain.endswith((":", "?"))
        and '"' not in plain
        and not _INSIDE.search(plain)
    )


def _banned(text: str) -> tuple[str, ...]:
    found: list[str] = []
    for match in _NEVER.finditer(text):
        quoted = re.findall(r"[\"“]([^\"”]+)[\"”]", match.group("what"))
        found += quoted
    return tuple(w.lower() for w in found)


def _today(text: str, now: date) -> date | None:
    match = _TODAY.search(text)
    if match is None:
        return None
    found = find_dates(tokenize(match.group("when")), date(now.year, 1, 1))
    exact = [d for d in found if not d.weekday_only]
    return exact[0].day if exact else None


def read_order(text: str | None) -> Order:  # noqa: PLR0911
    """The instructions of a single response."""
    if not text or not text.strip():
        return Order()
    plain = normalise_lines(text)
    exact = _EXACT.search(plain) or _first_plain(plain)
    if exact:
        rest = exact.groupdict().get("quote") or exact.groupdict().get("rest") or ""
        return Order(exact=rest.strip().strip('"'), kind="instead" if _INSTEAD.search(plain) else "")
    if _GREET.search(plain):
        greeting = _greeting(sentences(plain), plain)
        return Order(exact=greeting) if greeting else Order(kind="greet")
    if _GOODBYE.search(plain):
        return Order(exact=_goodbye(sentences(plain)), kind="goodbye")
    if re.search(
        r"\bnarrow|\bsimpler question|\bmore specific|\bask again|\brephrase|\bstill there|\bre-?prompt",
        plain,
        re.IGNORECASE,
    ):
        return Order(kind="narrower")
    if re.search(r"\bapologi[sz]e|\bsorry\b", plain, re.IGNORECASE):
        return Order(kind="apologise")
    return Order()


def _first_plain(text: str) -> re.Match[str] | None:
    return _EXACT_PLAIN.search(text) or _SAY_COLON.search(text)
