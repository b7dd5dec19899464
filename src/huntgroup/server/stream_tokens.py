"""One-time tickets that tie a media socket to the webhook that announced it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from huntgroup.calls.processes.resumption import Resumption
from huntgroup.domain.clock import Clock

LIFETIME_MS = 60_000
MAX_OUTSTANDING = 10_000


@dataclass(frozen=True, slots=True)
class Ticket:
    """A call that was announced and not yet connected. Its numbers stay here, out of the stream's parameters.

    `resumption` is what a call goes on with that was taken over from another process; `longest_ms` how long it may last
    when that is less than its team allows.
    """

    call_id: str
    team: str
    carrier_call: str
    caller: str | None
    callee: str | None
    resumption: Resumption | None = None
    longest_ms: int | None = None


class TokenRefused(Exception):
    """The stream may not begin a call; `reason` is token_missing, token_unknown, token_wrong, token_expired or
    token_other_call."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class StreamTokens:
    """Issues a random token per announced call. A token is good once, for a minute, for its own call and team."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._outstanding: dict[str, tuple[bytes, int, Ticket]] = {}

    def issue(self, ticket: Ticket) -> str:
        """A token for this call; an earlier one for the same call is void."""
        self._forget_expired()
        while len(self._outstanding) >= MAX_OUTSTANDING:
            self._outstanding.pop(next(iter(self._outstanding)))
        token = secrets.token_urlsafe(32)
        expires_ms = self._clock.now_ms() + LIFETIME_MS
        self._outstanding[ticket.call_id] = (_digest(token), expires_ms, ticket)
        return token

    def redeem(self, token: str, *, call_id: str, team: str, carrier_call: str = "") -> Ticket:
        """The call's ticket, which is thereby used up. Raises `TokenRefused`; a wrong token uses nothing up."""
        if not token or not call_id:
            raise TokenRefused("token_missing")
        found = self._outstanding.get(call_id)
        if found is None:
            raise TokenRefused("token_unknown")
        digest, expires_ms, ticket = found
        if not hmac.compare_digest(digest, _digest(token)):
            raise TokenRefused("token_wrong")
        del self._outstanding[call_id]
        if self._clock.now_ms() > expires_ms:
            raise TokenRefused("token_expired")
        if team != ticket.team or (ticket.carrier_call and carrier_call != ticket.carrier_call):
            raise TokenRefused("token_other_call")
        return ticket

    def __len__(self) -> int:
        return len(self._outstanding)

    def _forget_expired(self) -> None:
        now_ms = self._clock.now_ms()
        # Entries are in order of their making, and all live equally long.
        for call_id, (_, expires_ms, _) in list(self._outstanding.items()):
            if expires_ms >= now_ms:
                break
            del self._outstanding[call_id]


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
