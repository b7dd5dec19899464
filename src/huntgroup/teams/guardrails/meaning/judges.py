"""The judges by meaning of the shipped guardrails: a function of the encoder and a text each."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from huntgroup.domain.errors import TeamError
from huntgroup.teams.guardrails.clinical import is_excused
from huntgroup.teams.guardrails.findings import Finding
from huntgroup.teams.guardrails.meaning.fewshot import Likeness
from huntgroup.teams.guardrails.meaning.heads import shipped_heads
from huntgroup.teams.guardrails.meaning.port import Encode
from huntgroup.teams.guardrails.topics import Topic, is_turned_down

Judge = Callable[[Encode, str], list[Finding]]
CLINICAL = "clinical_advice"


def clinical_by_meaning(encode: Encode, text: str) -> list[Finding]:
    """Return the sentences that mean clinical advice; the kind is `clinical_meaning`.

    A vector hardly tells who says something from who refuses to, or reads it out: that the rules know.
    """
    found = shipped_heads().find(encode, text, (CLINICAL,))
    return [replace(one, kind="clinical_meaning") for one in found if not is_excused(text[one.start : one.end])]


def topics_by_meaning(topics: Sequence[Topic], *, mentions: bool = False) -> Judge | None:
    """Return a judge of these topics, from the trained ones and from examples; None when none of them has either.

    A sentence that turns a topic down counts only where `mentions` is set, as for `find_topics`.

    Raises `TeamError` for a topic whose `trained` names no judge of the house.
    """
    trained = tuple(topic.trained for topic in topics if topic.trained)
    names = {topic.trained: topic.name for topic in topics if topic.trained}
    like = [Likeness(f"topic_{one.name}", one.examples, one.unlike) for one in topics if one.examples]
    if not trained and not like:
        return None
    _require_trained(topics)

    def judge(encode: Encode, text: str) -> list[Finding]:
        found = [finding for one in like for finding in one.find(encode, text)]
        for one in shipped_heads().find(encode, text, trained) if trained else ():
            found.append(replace(one, kind=f"topic_{names[one.kind]}"))
        return [one for one in found if mentions or not is_turned_down(text[one.start : one.end])]

    return judge


def _require_trained(topics: Sequence[Topic]) -> None:
    for topic in topics:
        if topic.trained and topic.trained not in shipped_heads().names:
            known = ", ".join(sorted(shipped_heads().names))
            raise TeamError(f"topic {topic.name}: no judge is trained as {topic.trained!r}; there are {known}")
