"""Vendor trouble in our words: why a session could not be opened, or is over."""

from __future__ import annotations

from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI

from huntgroup.domain.errors import ModelUnavailable

FATAL_CODES = frozenset(
    {
        "insufficient_quota",
        "invalid_api_key",
        "account_deactivated",
        "billing_hard_limit_reached",
        "model_not_found",
    }
)
_FATAL_STATUS = {400: "bad_request", 401: "invalid_api_key", 403: "forbidden", 404: "not_found"}
_QUOTA = b"insufficient_quota"
_CLOSED = {
    1000: "closed",
    1001: "going_away",
    1002: "protocol_error",
    1006: "connection_lost",
    1008: "policy_violation",
    1009: "message_too_big",
    1011: "server_error",
    1012: "service_restart",
    1013: "try_again_later",
}


def unavailable(error: Exception) -> ModelUnavailable:
    """Why no session could be opened. The vendor's text is not passed on: it can quote keys."""
    if isinstance(error, InvalidStatus):
        return refused_with(error.response.status_code, bytes(error.response.body or b""))
    if isinstance(error, TimeoutError):
        return ModelUnavailable("timeout")
    if isinstance(error, InvalidURI):
        return ModelUnavailable("bad_url", retryable=False)
    if isinstance(error, ConnectionClosed):
        return ModelUnavailable(close_reason(error))
    if isinstance(error, InvalidHandshake):
        return ModelUnavailable("bad_handshake")
    return ModelUnavailable("unreachable")


def refused_with(status: int, body: bytes) -> ModelUnavailable:
    """Why a server refused a request, by its HTTP status and the body, of which nothing is passed on."""
    if status == 429:
        quota = _QUOTA in body
        return ModelUnavailable("insufficient_quota" if quota else "rate_limited", retryable=not quota)
    if status in _FATAL_STATUS:
        return ModelUnavailable(_FATAL_STATUS[status], retryable=False)
    return ModelUnavailable("server_error" if status >= 500 else f"http_{status}", retryable=status >= 500)


def close_reason(error: ConnectionClosed, last_error: str | None = None) -> str:
    """A short code for the end of a session; a fatal or final error event just before it says it best."""
    if last_error in FATAL_CODES or last_error == "session_expired":
        return last_error
    code = error.rcvd.code if error.rcvd else 1006
    return _CLOSED.get(code, f"closed_{code}")
