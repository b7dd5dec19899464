"""What the engine made of what was said: word error rate and slots, over the telephone's µ-law."""

import re
from collections.abc import Sequence
from typing import Any

from huntgroup.domain.facts import CallerSpoke, ToolCalled
from huntgroup.testing.scenario_runner import Played

_WORD = re.compile(r"[a-z0-9']+")


def words_and_slots(conversations: Sequence[Played]) -> dict[str, Any]:
    """Word error rate over all utterances, and how many expected tool arguments were filled as expected."""
    errors = words = slots = filled = 0
    for played in conversations:
        said = _words(" ".join(played.scenario.lines()))
        heard = _words(" ".join(fact.text for fact in played.facts if isinstance(fact, CallerSpoke)))
        errors += edits(said, heard)
        words += len(said)
        wanted, right = _slots(played)
        slots, filled = slots + wanted, filled + right
    return {
        "words": words,
        "word error rate": round(errors / words, 4) if words else None,
        "slots": slots,
        "slot accuracy": round(filled / slots, 4) if slots else None,
    }


def edits(expected: Sequence[str], given: Sequence[str]) -> int:
    """Words to insert, delete or replace to make one of the other."""
    row = list(range(len(given) + 1))
    for i, word in enumerate(expected, start=1):
        previous, row[0] = row[0], i
        for j, other in enumerate(given, start=1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (word != other))
    return row[-1]


def _slots(played: Played) -> tuple[int, int]:
    """Expected arguments, and those that some call of the tool had; numbers and choices count as texts."""
    wanted = right = 0
    for tool in played.scenario.expect.tools:
        calls = [fact.arguments for fact in played.facts if isinstance(fact, ToolCalled) and fact.tool == tool.tool]
        for name, value in tool.arguments.items():
            wanted += 1
            given = [str(arguments.get(name, "")) for arguments in calls]
            right += any(re.search(str(value), text, re.IGNORECASE) for text in given)
    return wanted, right


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower().replace("’", "'"))
