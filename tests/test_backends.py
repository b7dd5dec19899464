"""What the settings say of a backend reaches the backend."""

from huntgroup.backends import backends
from huntgroup.settings import load_settings


def test_the_lag_of_the_transcript_is_what_the_operator_promises_of_the_first_server() -> None:
    given = {"model": "openai", "realtime_url": "ws://one.example/v1", "fallback": "ws://two.example/v1"}
    first, second = backends(load_settings(**given, transcript_lag_ms=200), None)
    assert (first.profile.transcript_lag_ms, second.profile.transcript_lag_ms) == (200, None)
    assert backends(load_settings(**given), None)[0].profile.transcript_lag_ms is None
