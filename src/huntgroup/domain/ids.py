"""Identifiers that sort by the time they were made."""

import secrets
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_id(prefix: str) -> str:
    """Return `prefix_` and 20 url-safe characters: ten for the time in ms, ten random (50 bits)."""
    stamp = _base32(time.time_ns() // 1_000_000, 10)
    noise = _base32(secrets.randbits(50), 10)
    return f"{prefix}_{stamp}{noise}"


def _base32(number: int, digits: int) -> str:
    return "".join(_ALPHABET[(number >> (5 * place)) & 31] for place in reversed(range(digits)))
