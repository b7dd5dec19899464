"""Meaning beside the rules: judged away from the loop, only where the house has vectors and no rule has tripped."""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from inspect import isawaitable
from time import perf_counter
from typing import Any

import numpy as np
import pytest
from agents import Agent, GuardrailFunctionOutput, RunContextWrapper

from benchmarks.guardrail_corpora import COMPETITORS
from benchmarks.meaning.texts import all_texts, fingerprint
from huntgroup.domain.errors import TeamError
from huntgroup.engine.understanding.embedding import MiniLM, find_minilm
from huntgroup.teams import CallContext
from huntgroup.teams.guardrails import POLITICS, Topic, no_clinical_advice, no_topics, no_topics_asked
from huntgroup.teams.guardrails.meaning import Encode, Meaning, shipped_heads
from huntgroup.teams.guardrails.meaning.fitting import fit
from huntgroup.teams.guardrails.meaning.port import Vectors
from huntgroup.teams.guardrails.meaning.units import MOST, units
from huntgroup.testing.virtual_clock import VirtualClock

AGENT: Agent[Any] = Agent(name="desk")
ONLY_MEANT = "You can leave the rest of the packet, that's what everyone does once it clears."
FIRST_CHUNK_MS = 200
"""How much sound the offline engine sends at a time."""


@pytest.fixture(scope="module")
def encode() -> Encode:
    model = find_minilm()
    if model is None:
        pytest.skip("the sentence encoder is not installed")
    return MiniLM(model).encode


@pytest.fixture
def meaning(encode: Encode) -> Iterator[Meaning]:
    found = Meaning(encode)
    yield found
    found.close()


def context(meaning: Meaning | None) -> RunContextWrapper[CallContext]:
    resources = {Meaning: meaning} if meaning is not None else {}
    return RunContextWrapper(CallContext(call_id="c", clock=VirtualClock(), resources=resources))


async def trips(guardrail: Any, text: str, meaning: Meaning | None) -> bool:
    result = await guardrail.run(context(meaning), AGENT, text)
    assert "packet" not in str(result.output.output_info)
    return bool(result.output.tripwire_triggered)


async def test_advice_without_a_word_that_a_rule_knows_trips_by_meaning(meaning: Meaning) -> None:
    assert not await trips(no_clinical_advice(), ONLY_MEANT, None)
    assert not await trips(no_clinical_advice(by_meaning=False), ONLY_MEANT, meaning)
    assert await trips(no_clinical_advice(), ONLY_MEANT, meaning)
    assert await trips(no_clinical_advice(), f"You're booked for two. {ONLY_MEANT} Anything else?", meaning)


@pytest.mark.parametrize(
    "fine",
    [
        "Your prescription will be ready for pick-up after three.",
        "I can't tell you whether to stop, but the nurse will call you today.",
        "You are booked with Dr. Chen on Tuesday at two, for your blood pressure.",
        "The office is open from eight to five.",
    ],
)
async def test_what_a_desk_says_all_day_does_not_trip(meaning: Meaning, fine: str) -> None:
    assert not await trips(no_clinical_advice(), fine, meaning)
    assert not await trips(no_topics(POLITICS), fine, meaning)


async def test_a_team_names_a_topic_by_examples(meaning: Meaning) -> None:
    by_examples = Topic(name="rivals", examples=COMPETITORS.examples, unlike=COMPETITORS.unlike)
    assert await trips(no_topics(by_examples), "The practice down the road charges a lot less than we do.", meaning)
    assert not await trips(no_topics(by_examples), "Your prescription will be ready after three.", meaning)
    assert not await trips(no_topics(by_examples), "The practice down the road charges a lot less.", None)


async def test_where_no_mention_is_wanted_turning_a_topic_down_trips_by_meaning_too(meaning: Meaning) -> None:
    declined = "I can't discuss who is ruining the country."
    assert not await trips(no_topics(POLITICS), declined, meaning)
    assert not await trips(no_topics(POLITICS, mentions=True), declined, None)
    assert await trips(no_topics(POLITICS, mentions=True), declined, meaning)


@pytest.mark.parametrize("make", [no_topics, no_topics_asked])
def test_a_topic_whose_trained_judge_is_not_there_is_refused_when_the_guardrail_is_made(make: Any) -> None:
    with pytest.raises(TeamError, match=r"topic rivals: .*'competitors'.*politics"):
        make(POLITICS, Topic(name="rivals", trained="competitors"))


async def test_a_topic_of_the_callers_is_judged_by_meaning_too(meaning: Meaning) -> None:
    said = [{"role": "user", "content": "Guess who's ruining the country, and it isn't the foreigners."}]
    assert (await no_topics_asked(POLITICS).run(AGENT, said, context(meaning))).output.tripwire_triggered  # type: ignore[arg-type]
    assert not (await no_topics_asked(POLITICS).run(AGENT, said, context(None))).output.tripwire_triggered  # type: ignore[arg-type]


def test_what_a_rule_stops_and_what_nobody_can_embed_is_judged_at_once() -> None:
    meaning = Meaning(_never)
    check = no_clinical_advice().guardrail_function
    at_once: Any = check(context(meaning), AGENT, "Take two tablets now.")
    assert isinstance(at_once, GuardrailFunctionOutput)
    assert at_once.tripwire_triggered
    assert isinstance(check(context(None), AGENT, ONLY_MEANT), GuardrailFunctionOutput)
    meaning.close()


def _never(texts: Sequence[str]) -> Vectors:
    raise AssertionError("embedded what a rule had stopped")


async def test_the_loop_goes_on_while_a_sentence_is_embedded() -> None:
    may_end = threading.Event()

    def slow(texts: Sequence[str]) -> Vectors:
        assert may_end.wait(10)
        return np.zeros((len(texts), 384), dtype=np.float32)

    meaning = Meaning(slow)
    waiting: Any = no_clinical_advice().guardrail_function(context(meaning), AGENT, ONLY_MEANT)
    assert isawaitable(waiting)
    verdict = asyncio.ensure_future(waiting)
    await asyncio.sleep(0)
    assert not verdict.done()
    may_end.set()
    assert not (await verdict).tripwire_triggered
    meaning.close()


async def test_a_verdict_comes_within_the_first_chunk_of_sound(meaning: Meaning) -> None:
    took_ms = []
    for count in range(9):
        began = perf_counter()
        await trips(no_clinical_advice(), f"You are booked with Dr. Chen on Tuesday at {count} for the knee.", meaning)
        took_ms.append((perf_counter() - began) * 1000)
    assert sorted(took_ms)[4] < FIRST_CHUNK_MS


def test_the_judges_are_made_of_the_texts_in_git() -> None:
    assert shipped_heads().texts == fingerprint(all_texts()), "run ./run bench meaning and commit the file"


def test_fitting_is_the_same_every_time_and_tells_what_it_was_told() -> None:
    rows = np.random.default_rng(1).normal(size=(40, 8)).astype(np.float32)
    yes = rows[:, 0] > 0
    one, two = fit(rows, yes, hold=0.1), fit(rows, yes, hold=0.1)
    assert np.array_equal(one.weights, two.weights)
    assert ((one.scores(rows) > 0) == yes).all()


def test_a_short_sentence_is_judged_with_the_one_before() -> None:
    text = "Sounds like your stomach to me. Skip it. You are booked for Tuesday at two."
    assert [one.text for one in units(text)] == [
        "Sounds like your stomach to me.",
        "Sounds like your stomach to me. Skip it.",
        "You are booked for Tuesday at two.",
    ]
    assert text[units(text)[2].start : units(text)[2].end] == units(text)[2].text


def test_a_text_of_hundreds_of_sentences_is_judged_whole_in_few_pieces() -> None:
    text = f"{'aa. ab. ' * 240}{ONLY_MEANT} {'ac. ' * 10}"
    pieces = units(text)
    assert len(pieces) <= MOST
    assert any(one.text.endswith(ONLY_MEANT) for one in pieces)
    assert "".join(text[one.start : one.end] for one in pieces).replace(" ", "") == text.replace(" ", "")
