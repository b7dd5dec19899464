"""Twilio's signatures on webhooks and on the media socket's upgrade."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from twilio.request_validator import (  # type: ignore[import-untyped]
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
    get_signature_algorithm,
)


class Form:
    """A posted form, fields perhaps repeated, as Twilio's validator reads it."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            self._values.setdefault(name, []).append(value)

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def getlist(self, name: str) -> list[str]:
        """All values of a field."""
        return self._values.get(name, [])

    def first(self, name: str) -> str:
        """The first value of a field, or ""."""
        return next(iter(self.getlist(name)), "")


class Signatures:
    """Checks requests against one secret. Addresses must be the public ones, as they stand in the TwiML."""

    def __init__(self, secret: str) -> None:
        self._validator = RequestValidator(secret)

    def webhook_is_genuine(self, url: str, form: Form, headers: Mapping[str, str]) -> bool:
        """Whether Twilio posted this form to this address."""
        return self._matches(url, form, headers)

    def socket_is_genuine(self, url: str, headers: Mapping[str, str]) -> bool:
        """Whether Twilio opens this media socket. It is signed as wss or https, with or without a last slash."""
        base = url.rstrip("/")
        web = "http" + urlsplit(base).geturl().removeprefix("ws")
        return any(self._matches(candidate, Form([]), headers) for candidate in (base, base + "/", web, web + "/"))

    def _matches(self, url: str, form: Form, headers: Mapping[str, str]) -> bool:
        signature = headers.get(SIGNATURE_HEADER.lower(), "")
        algorithm = get_signature_algorithm(headers.get(SIGNATURE_SETTINGS_HEADER.lower(), ""))
        return bool(signature) and bool(self._validator.validate(url, form, signature, algorithm))
