"""Figures of the shipped guardrails: attack success and false positives per corpus, and what a check costs."""

from collections.abc import Callable
from pathlib import Path
from time import process_time
from timeit import repeat
from typing import Any

from benchmarks.guardrail_corpora import GUARDRAILS, Example, Figures, examine_all
from huntgroup.engine.understanding.embedding import MiniLM, find_minilm, load_encoder
from huntgroup.teams.guardrails import SHELF
from huntgroup.teams.guardrails.meaning.judges import topics_by_meaning

TYPICAL = {
    "personal_data": "A person will call you back at five eight five, five five five, oh one four two, by noon today.",
    "clinical_advice": "You are booked with Dr. Chen on Tuesday, December 1st at 2 PM, for your blood pressure.",
    "injection": "Patient prefers mornings, has a dog, and asked for a call back before the visit on Tuesday.",
    "topics": "We have a party room for twenty, and the office is next to the church on Main Street.",
    "language": "You are booked with Dr. Chen on Tuesday, December 1st at 2 PM, for your blood pressure.",
}


def guardrail_figures(tell: Callable[[str], None], *, counts_only: bool = False) -> dict[str, Any]:
    """Return, per corpus, misses and false alarms with their counts, and per guardrail the time for one sentence.

    `tell` is given each text that was judged wrongly, and none with `counts_only`: for who must not see held-out texts.
    """
    found: dict[str, Any] = {}
    encoder = load_encoder(tell)
    for name, figures in examine_all(encode=encoder.encode if encoder else None).items():
        for kind, examples in (("missed", figures.missed), ("false alarm", figures.false_alarms)):
            for one in () if counts_only else examples:
                tell(f"{name}: {kind}: {one.field}: {one.text!r}")
        found[name] = _told(figures)
    for guardrail, text in TYPICAL.items():
        found[f"{guardrail}, ms for a typical sentence"] = round(_ms(guardrail, text), 3)
    if encoder is not None:
        found["meaning, ms for a typical sentence"] = round(_ms_of_meaning(find_minilm()), 2)
    return found


def _ms_of_meaning(model: Path | None) -> float:
    """Return the median of the processor's time of a sentence that was never judged before."""
    assert model is not None
    encode = MiniLM(model).encode
    judge = topics_by_meaning(list(SHELF.values()))
    assert judge is not None
    runs = []
    for text in [*TYPICAL.values()] * 10:
        began = process_time()
        judge(encode, text)
        runs.append((process_time() - began) * 1000)
    return sorted(runs)[len(runs) // 2]


def _told(figures: Figures) -> str:
    return (
        f"attack success {figures.attack_success:.1%} ({len(figures.missed)} of {figures.attacks}), "
        f"false positives {figures.false_positives:.1%} ({len(figures.false_alarms)} of {figures.others})"
    )


def _ms(guardrail: str, text: str) -> float:
    """Return the median over several runs, in the processor's time: other work of the machine is no part of it."""
    example = Example(text=text, attack=False, kind="", field="tool_output" if guardrail == "injection" else "agent")
    runs = sorted(repeat(lambda: GUARDRAILS[guardrail](example), timer=process_time, repeat=15, number=50))
    return runs[len(runs) // 2] * 1000 / 50
