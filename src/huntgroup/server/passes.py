"""Tokens of calls from pages: signed, so that every process on the same database knows what another gave out."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

import msgspec

from huntgroup.domain.clock import Clock

MAX_TOKEN_CHARS = 1_000
_MAC_BYTES = 32


class Pass(msgspec.Struct, frozen=True, array_like=True):
    """What a token says: one call to one team. `address` is a digest of where it was asked for."""

    call_id: str
    team: str
    address: str
    issued_ms: int


class Passes:
    """Issues tokens under `key`, which all processes of one database share, and reads those of every one of them.

    A token says for which call it is, and no more: what may be done with that call is written in its record and its
    lease. `lifetime_ms` is how long a call can be that a token is for.
    """

    def __init__(self, key: bytes, clock: Clock, lifetime_ms: int) -> None:
        self._key = key
        self._clock = clock
        self._lifetime_ms = lifetime_ms

    def issue(self, call_id: str, team: str, address: str) -> str:
        """Return the token of a call; `address` is a digest from `anonymous`."""
        said = msgspec.msgpack.encode(Pass(call_id, team, address, self._utc_ms()))
        return _text(said + self._mac(b"pass", said))

    def read(self, token: str) -> Pass | None:
        """Return what a token says; None when nobody here gave it out, or it is too old to be of use."""
        try:
            padded = token[:MAX_TOKEN_CHARS].encode()
            signed = base64.b64decode(padded + b"=" * (-len(padded) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, UnicodeError):
            return None
        said, mac = signed[:-_MAC_BYTES], signed[-_MAC_BYTES:]
        if not hmac.compare_digest(self._mac(b"pass", said), mac):
            return None
        found = msgspec.msgpack.decode(said, type=Pass)
        return found if self.age_ms(found) <= self._lifetime_ms else None

    def age_ms(self, found: Pass) -> int:
        """How long ago the token was given out."""
        return self._utc_ms() - found.issued_ms

    def anonymous(self, address: str) -> str:
        """Return what stands for an address in tokens and limits: the same in every process, and no way back."""
        return _text(self._mac(b"address", address.encode())[:12])

    def _mac(self, use: bytes, said: bytes) -> bytes:
        return hmac.digest(self._key, use + b"\0" + said, hashlib.sha256)

    def _utc_ms(self) -> int:
        return int(self._clock.utc_now().timestamp() * 1000)


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
