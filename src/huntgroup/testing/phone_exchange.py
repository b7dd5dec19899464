"""The carrier's HTTP side: what Twilio posts when a number is called, and what it makes of the TwiML it gets."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit
from xml.etree import ElementTree

import httpx
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]


class DialFailed(Exception):
    """The webhook did not answer with TwiML; the message has the HTTP status."""


class Unreachable(DialFailed):
    """No server answered at all."""


@dataclass(frozen=True, slots=True)
class Instructions:
    """What a TwiML document tells the carrier to do. `pause_s` comes before the redirect, `offer_url` takes a key."""

    stream_url: str | None = None
    parameters: dict[str, str] = field(default_factory=dict)
    redirect_url: str | None = None
    said: str = ""
    hangs_up: bool = False
    pause_s: float = 0.0
    offer_url: str | None = None


class PhoneExchange:
    """Posts webhooks to the server at `base_url` as the carrier does, signed when a token is given.

    The server may call itself by another, public address; it is reached at `base_url` all the same, and signatures are
    made for the public address, as the carrier makes them. When it does not answer, the `others` are tried in turn, as
    a load balancer would; streams go to the server that answered last.
    """

    def __init__(
        self,
        base_url: str,
        *,
        public_url: str | None = None,
        auth_token: str | None = None,
        others: Sequence[str] = (),
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self._others = [other.rstrip("/") for other in others]
        self.public_url = (public_url or base_url).rstrip("/")
        self._validator = RequestValidator(auth_token) if auth_token else None
        self.account_sid = "AC" + secrets.token_hex(16)
        self.call_sid = "CA" + secrets.token_hex(16)

    async def dial(self, team: str, *, caller: str, called: str) -> Instructions:
        """Call the number of `team`. Raises `DialFailed`."""
        fields = {"From": caller, "To": called, "Direction": "inbound", "CallStatus": "ringing"}
        return await self.post(f"{self.public_url}/twilio/voice/{team}", fields)

    async def post(self, url: str, fields: dict[str, str]) -> Instructions:
        """Post a webhook to a (public) address and read the TwiML. Raises `DialFailed`."""
        fields = {"AccountSid": self.account_sid, "CallSid": self.call_sid, **fields}
        for tries_left in range(len(self._others), -1, -1):
            try:
                return await self._post(url, fields)
            except Unreachable:
                if not tries_left:
                    raise
                self._others.append(self.base_url)
                self.base_url = self._others.pop(0)
        raise AssertionError("unreachable")

    async def _post(self, url: str, fields: dict[str, str]) -> Instructions:
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=15) as http:
                answer = await http.post(self.reachable(url), data=fields, headers=self.signed(url, fields))
        except httpx.HTTPError as error:
            raise Unreachable(f"the server does not answer: {type(error).__name__}") from None
        if answer.status_code != httpx.codes.OK:
            raise DialFailed(f"the webhook answered {answer.status_code}")
        return read_twiml(answer.text)

    def signed(self, url: str, fields: dict[str, str] | None = None) -> dict[str, str]:
        """The signature header for a request to a (public) address, or nothing."""
        if self._validator is None:
            return {}
        return {"X-Twilio-Signature": self._validator.compute_signature(url, fields or {})}

    def reachable(self, url: str) -> str:
        """A public address as it is reached from here."""
        base, parts = urlsplit(self.base_url), urlsplit(url)
        secure = base.scheme == "https"
        web = parts.scheme.startswith("http")
        scheme = ("https" if secure else "http") if web else ("wss" if secure else "ws")
        return urlunsplit((scheme, base.netloc, base.path + parts.path, parts.query, ""))


def read_twiml(document: str) -> Instructions:
    """The verbs that matter of a TwiML document. Raises `DialFailed` when it is none."""
    try:
        root = ElementTree.fromstring(document)  # noqa: S314 (our own server's answer)
    except ElementTree.ParseError:
        raise DialFailed("the webhook answered something that is no TwiML") from None
    if root.tag != "Response":
        raise DialFailed("the webhook answered something that is no TwiML")
    stream = root.find("Connect/Stream")
    parameters = [] if stream is None else stream.findall("Parameter")
    return Instructions(
        stream_url=None if stream is None else stream.get("url"),
        parameters={p.get("name", ""): p.get("value", "") for p in parameters},
        redirect_url=root.findtext("Redirect"),
        said=" ".join(element.text or "" for element in root.iter("Say")),
        hangs_up=root.find("Hangup") is not None,
        pause_s=sum(float(pause.get("length", "1")) for pause in root.findall("Pause")),
        offer_url=None if (gather := root.find("Gather")) is None else gather.get("action"),
    )
