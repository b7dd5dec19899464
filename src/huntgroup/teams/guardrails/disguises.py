"""Disguises of text: look-alike letters, spacing, numbers for letters, encodings; each is undone and looked at."""

import base64
import binascii
import codecs
import html
import re
from collections.abc import Iterator
from urllib.parse import unquote

from huntgroup.teams.guardrails.folding import hidden_ascii, latin

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_HEX = re.compile(r"(?:0x)?(?:[0-9a-fA-F]{2}[\s:]?){10,}|(?:\\x[0-9a-fA-F]{2}){6,}|(?:\\u[0-9a-fA-F]{4}){6,}")
_SPACED = re.compile(r"(?<![A-Za-z0-9])(?:[A-Za-z0-9@$][\s._*|/-]{1,3}){4,}[A-Za-z0-9@$](?![A-Za-z0-9])")
_LEET = str.maketrans("0134578@$!", "oieastbasi")
_LEETED = re.compile(r"\b(?=\w*[a-z])(?=[a-z]*[013457@$!])[a-z013457@$!]{3,}\b")
_SLANG_WORDS = {"u": "you", "ur": "your", "r": "are", "n": "and", "dont": "don't", "pls": "please",
                "plz": "please", "gimme": "give me", "lemme": "let me", "wanna": "want to", "gonna": "going to",
                "doesnt": "doesn't"}  # fmt: skip
_SLANG = re.compile(rf"\b(?:{'|'.join(_SLANG_WORDS)})\b")
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-f]+|[a-z]{2,8});", re.IGNORECASE)
LONGEST_DECODED = 4_000


def disguises(given: str, folded: str) -> Iterator[tuple[str, str]]:
    """Yield what a text may hide, as (disguise, text); `given` as it came, `folded` with its case.

    Only disguises that are there are yielded, so that plain text costs little.
    """
    if not given.isascii():
        yield from _by_letters(given, folded)
    if "&" in given and _ENTITY.search(given):
        yield "entities", html.unescape(given)
    if given.count("%") > 1:
        yield "percent", unquote(given)
    spelt = _SPACED.sub(lambda match: re.sub(r"[\s._*|/-]+", "", match.group()), folded)
    if spelt != folded:
        yield "spacing", spelt
        yield "spacing", re.sub(r"[\s._*|/-]+", "", folded)
    lower = folded.lower()
    leet = _LEETED.sub(lambda match: match.group().translate(_LEET), lower)
    if leet != lower:
        yield "leet", leet
    spelt_out = _SLANG.sub(lambda match: _SLANG_WORDS[match.group()], lower)
    if spelt_out != lower:
        yield "slang", spelt_out
    yield from _decoded(folded)


def turned(folded: str) -> Iterator[tuple[str, str]]:
    """Yield the text read backwards and by ROT13: for texts in which nothing reads as words."""
    yield "rot13", codecs.decode(folded, "rot13")
    yield "backwards", folded[::-1]


def _by_letters(given: str, folded: str) -> Iterator[tuple[str, str]]:
    looks = latin(folded)
    if looks != folded:
        yield "look-alikes", looks
    raw = latin(given)
    if raw not in (given, looks):
        yield "look-alikes", raw
    hidden = hidden_ascii(given)
    if hidden:
        yield "invisible", hidden


def _decoded(text: str) -> Iterator[tuple[str, str]]:
    for match in _BASE64.finditer(text):
        words = _as_words(_from_base64(match.group()))
        if words:
            yield "base64", words
    for match in _HEX.finditer(text):
        words = _as_words(_from_hex(match.group()))
        if words:
            yield "hex", words


def _from_base64(coded: str) -> bytes:
    plain = coded.rstrip("=").translate(str.maketrans("-_", "+/"))[:LONGEST_DECODED]
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _from_hex(coded: str) -> bytes:
    if "\\u" in coded:
        return "".join(chr(int(part, 16)) for part in coded.split("\\u") if part).encode("utf-8", "replace")
    digits = re.sub(r"[^0-9a-fA-F]", "", coded.replace("0x", "").replace("\\x", ""))
    return bytes.fromhex(digits[: len(digits) // 2 * 2])


def _as_words(decoded: bytes) -> str:
    """Return decoded bytes when they read as text, else nothing: most identifiers decode to noise."""
    try:
        text = decoded.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    plain = sum(char.isalpha() or char in " .,:;!?'\"-_\n" for char in text)
    return text if len(text) >= 8 and plain >= 0.85 * len(text) else ""
