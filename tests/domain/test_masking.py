"""What a viewer sees of a fact that holds personal data."""

from typing import Any

import msgspec
import pytest

from huntgroup.domain import facts

CALLED = facts.ToolCalled(
    call_id="c", seq=1, t_ms=5, agent="a", turn=1, tool="book", tool_call_id="t", effect="write",
    arguments={"name": "Ada", "slots": [{"day": "Monday"}], "note": None},
)  # fmt: skip
SPOKE = facts.AgentSpoke(
    call_id="c", seq=2, t_ms=9, turn=1, response_id="r", item_id="i", text="Hello Ada, bye", heard_text="Hello Ada",
    generated_ms=900, heard_ms=500, start_ms=1, end_ms=2, interrupted=True,
)  # fmt: skip


def test_a_covered_object_keeps_its_names_and_shape() -> None:
    shown = facts.masked(CALLED)
    assert isinstance(shown, facts.ToolCalled)
    assert shown.arguments == {"name": facts.MASK, "slots": [{"day": facts.MASK}], "note": None}
    assert facts.decode_fact(facts.encode_fact(shown)) == shown


def test_the_caller_reads_what_he_heard_and_not_what_he_did_not() -> None:
    shown = facts.masked(SPOKE, facts.FOR_THE_CALLER)
    assert isinstance(shown, facts.AgentSpoke)
    assert (shown.text, shown.heard_text) == (facts.MASK, "Hello Ada")


def test_a_fact_without_personal_fields_is_the_same() -> None:
    lost = facts.LineLost(call_id="c", seq=0, t_ms=0, reason="gone")
    assert facts.masked(lost) is lost


@pytest.mark.parametrize("kind", [kind for kind in facts.FACT_TYPES if kind.PERSONAL])
def test_no_personal_field_of_any_fact_gets_through(kind: type[facts.FactBase]) -> None:
    fact = msgspec.convert(_filled(kind), kind)
    assert b"SECRET" in facts.encode_fact(fact)  # type: ignore[arg-type]
    assert b"SECRET" not in facts.encode_fact(facts.masked(fact))  # type: ignore[type-var, arg-type]


def _filled(kind: type[facts.FactBase]) -> dict[str, Any]:
    values: dict[str, Any] = {"type": kind.__name__}
    for field in msgspec.structs.fields(kind):
        hint = str(field.type)
        secret: Any = {"name": "SECRET"} if "dict" in hint else "SECRET"
        plain: Any = 1 if "int" in hint else 1.0 if "float" in hint else "x"
        values[field.encode_name] = secret if field.name in kind.PERSONAL else plain
        if "bool" in hint:
            values[field.encode_name] = True
    return values
