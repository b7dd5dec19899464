"""How often the right tool is chosen for phrases that no example contains. The figures are printed with `-s`."""

import pytest

from huntgroup.engine.understanding.embedding import find_minilm, load_encoder
from huntgroup.engine.understanding.matching import Matcher
from tests.engine.understanding.evaluation import Score, choose
from tests.engine.understanding.slot_evaluation import measure

DOMAINS = ("clinic", "salon", "it_desk", "pizza", "stock_sdk")


def report(name: str, scores: dict[str, Score]) -> float:
    right, total = (sum(getattr(scores[d], f) for d in DOMAINS) for f in ("right", "total"))
    print(f"\n{name}: {right}/{total} = {right / total:.0%}")  # noqa: T201
    for domain, score in scores.items():
        print(f"  {domain}: {score.right}/{score.total}")  # noqa: T201
    return right / total


@pytest.mark.skipif(find_minilm() is None, reason="the sentence embedding is not installed")
def test_the_embedding_chooses_well_and_leaves_alone_what_fits_nothing() -> None:
    scores = choose(Matcher(load_encoder()), "test")
    assert report("embedding", scores) >= 0.7
    assert scores["nothing_fits"].share >= 0.8


def test_words_alone_choose_some_and_guess_little() -> None:
    scores = choose(Matcher(None), "test")
    assert report("words alone", scores) >= 0.25
    assert scores["nothing_fits"].share >= 0.8


@pytest.mark.skipif(find_minilm() is None, reason="the sentence embedding is not installed")
def test_arguments_are_filled_from_one_utterance() -> None:
    score = measure(Matcher(load_encoder()), "test")
    print(f"\narguments: {score.right}/{score.total} = {score.share:.0%}")  # noqa: T201
    assert score.share >= 0.9
