"""Phrases said before."""

from huntgroup.engine.speaking.cache import PhraseCache


def key(text: str) -> tuple[str, float, str]:
    return "pico-amy", 1.0, text


def test_the_least_recently_used_goes_first():
    cache = PhraseCache(limit_bytes=20)
    cache.put(key("a"), bytes(10))
    cache.put(key("b"), bytes(10))
    cache.get(key("a"))
    cache.put(key("c"), bytes(10))
    assert [cache.get(key(name)) is not None for name in "abc"] == [True, False, True]
    assert cache.size_bytes == 20


def test_long_and_empty_phrases_are_not_kept():
    cache = PhraseCache(limit_bytes=20)
    cache.put(key("long"), bytes(21))
    cache.put(key("empty"), b"")
    assert cache.size_bytes == 0
