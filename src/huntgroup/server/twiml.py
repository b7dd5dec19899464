"""The few documents of TwiML that a call needs, escaped."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

MEDIA_TYPE = "application/xml"


def connect_stream(url: str, parameters: Mapping[str, str], *, then: str) -> str:
    """Connect the call to a media stream; when our side closes it, or it is lost, go on at `then`."""
    inner = "".join(f"<Parameter name={_attr(name)} value={_attr(value)}/>" for name, value in parameters.items())
    stream = f"<Stream url={_attr(url)}>{inner}</Stream>"
    return _response(f"<Connect>{stream}</Connect>{_redirect(then)}")


def wait_and_go_on(then: str, *, sentence: str | None = None, pause_s: int = 1) -> str:
    """Say a sentence, or nothing, wait, and go on at `then`."""
    said = f"<Say>{escape(sentence)}</Say>" if sentence else ""
    return _response(f'{said}<Pause length="{pause_s}"/>{_redirect(then)}')


def offer(sentence: str, *, then: str, wait_s: int = 6) -> str:
    """Make an offer that a key accepts or declines: `then` is told the key, or none when the caller just stays."""
    gather = f'<Gather numDigits="1" timeout="{wait_s}" method="POST" action={_attr(then)}>'
    return _response(f"{gather}<Say>{escape(sentence)}</Say></Gather>{_redirect(then)}")


def say_and_hang_up(sentence: str) -> str:
    """Say one sentence in the carrier's own voice and end the call."""
    return _response(f"<Say>{escape(sentence)}</Say><Hangup/>")


def hang_up() -> str:
    """End the call."""
    return _response("<Hangup/>")


def _redirect(then: str) -> str:
    return f'<Redirect method="POST">{escape(then)}</Redirect>'


def _response(inner: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{inner}</Response>'


def _attr(text: str) -> str:
    return quoteattr(text)
