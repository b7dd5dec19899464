"""What a model reads about a tool."""

import pytest

from huntgroup.domain.errors import TeamError
from huntgroup.teams import ToolContext, VoiceTool, tool


@tool(effect="write", requires=("verified",), patience_ms=100)
async def book(ctx: ToolContext, date: str, minutes: int = 30) -> dict[str, object]:
    """Book a visit.

    Examples:
        book me in

    Args:
        date: ISO date.
        minutes: How long.
    """
    return {"ok": True}


def test_examples_claims_and_effect_are_part_of_the_description() -> None:
    assert isinstance(book, VoiceTool)
    assert book.description.startswith("Book a visit.")
    assert "Examples:\n    book me in" in book.description
    assert "Requires: verified" in book.description
    assert "Effect: write" in book.description
    assert "Args:" not in book.description


def test_only_arguments_without_a_default_are_required() -> None:
    assert book.params_json_schema["required"] == ["date"]
    assert book.params_json_schema["properties"]["date"]["description"] == "ISO date."


def test_policy_stays_with_the_tool() -> None:
    assert (book.effect, book.requires, book.patience_ms) == ("write", ("verified",), 100)


def test_a_tool_without_a_docstring_is_refused() -> None:
    async def mute(ctx: ToolContext) -> str:
        return ""

    with pytest.raises(TeamError, match="mute"):
        tool()(mute)
