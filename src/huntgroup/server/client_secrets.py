"""Short-lived keys for browsers, each with the session configuration it stands for."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from huntgroup.domain.clock import Clock
from huntgroup.domain.ids import new_id
from huntgroup.wire import realtime as rt

MOST_SECRETS = 1000


class ExpiresAfter(Struct):
    anchor: str = "created_at"
    seconds: Annotated[int, Meta(ge=10, le=7200)] = 600


class SecretRequest(Struct):
    """The body of `POST /v1/realtime/client_secrets`."""

    expires_after: ExpiresAfter = msgspec.field(default_factory=ExpiresAfter)
    session: rt.SessionConfig = msgspec.field(default_factory=rt.SessionConfig)

    @property
    def model(self) -> str | None:
        """The model the session names, if it names one."""
        return self.session.model or None


@dataclass(frozen=True)
class ClientSecret:
    """One key, and the session that it stands for until `expires_at` (seconds of the epoch)."""

    value: str = field(repr=False)
    expires_at: int
    session: rt.SessionConfig


class ClientSecrets:
    """Keys by value, usable again and again until they expire; the oldest go first when there are too many."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: OrderedDict[str, ClientSecret] = OrderedDict()

    def make(self, asked: SecretRequest) -> tuple[str, int]:
        """A new key and the second it expires."""
        value, expires_at = new_id("ek"), self._now() + asked.expires_after.seconds
        self._kept[value] = ClientSecret(value, expires_at, asked.session)
        while len(self._kept) > MOST_SECRETS:
            self._kept.popitem(last=False)
        return value, expires_at

    def find(self, value: str | None) -> ClientSecret | None:
        """The secret that a key is; None for an unknown, an expired or no key."""
        kept = self._kept.get(value or "")
        return kept if kept is not None and kept.expires_at > self._now() else None

    def _now(self) -> int:
        return int(self._clock.utc_now().timestamp())
