"""Callers of the scripted team, who speak by keys."""

from huntgroup.testing.phone_caller import PhoneCaller

ANSWER_LIMIT_MS = 60_000


async def get_going(phone: PhoneCaller) -> None:
    """Dial, hear the greeting, and have two turns."""
    await phone.dial()
    await phone.wait_for_agent(quiet_ms=200, timeout_ms=ANSWER_LIMIT_MS)
    for keys in ("1#", "2#"):
        await press(phone, keys)


async def press(phone: PhoneCaller, keys: str) -> None:
    """Press keys and hear the answer to its end."""
    await phone.press(keys)
    phone._listening_since_ms = phone.now_ms
    await phone.wait_for_agent(quiet_ms=200, timeout_ms=ANSWER_LIMIT_MS)
