"""Tools as the protocol writes them, and what their parameters want."""

import pytest

from huntgroup.engine.understanding.kinds import Kind, kind_of
from huntgroup.engine.understanding.toolspec import read_tools
from tests.engine.understanding.garage import TEXT, tool, workshop


@pytest.mark.parametrize(
    ("name", "schema", "description", "kind"),
    [
        ("first_name", TEXT, "", Kind.FIRST_NAME),
        ("name", TEXT, "The caller's name.", Kind.FULL_NAME),
        ("name", TEXT, "Name of the service.", Kind.ENTITY),
        ("dob", TEXT, "", Kind.BIRTH_DATE),
        ("birthday", {"type": "string", "format": "date"}, "", Kind.BIRTH_DATE),
        ("new_date", TEXT, "", Kind.DATE),
        ("start_time", TEXT, "", Kind.TIME),
        ("slot", TEXT, "24 h time HH:MM", Kind.TIME),
        ("when", {"type": "string", "format": "date-time"}, "", Kind.DATE_TIME),
        ("callback_number", TEXT, "", Kind.PHONE),
        ("appointment_id", {"type": "integer"}, "", Kind.IDENTIFIER),
        ("order_number", TEXT, "", Kind.IDENTIFIER),
        ("size", {"enum": ["S", "L"]}, "", Kind.ENUM),
        ("guests", {"type": "integer"}, "", Kind.INTEGER),
        ("city", TEXT, "", Kind.PLACE),
        ("question", TEXT, "", Kind.FREE_TEXT),
        ("nickname", TEXT, "", Kind.PHRASE),
    ],
)
def test_kinds(name: str, schema: dict[str, object], description: str, kind: Kind) -> None:
    assert kind_of(name, schema, description) is kind


def test_a_description_carries_examples_effect_and_claims() -> None:
    specs = {t.name: t for t in read_tools(workshop())}
    booking = specs["book_service"]
    assert booking.examples[1] == "my car needs a service"
    assert (booking.effect, booking.requires, booking.description) == (
        "write",
        ("known_customer",),
        "Book a service for a car.",
    )
    assert specs["find_customer"].grants == ("known_customer",)
    assert specs["report_breakdown"].urgent
    assert specs["end_call"].ends_call
    assert (specs["transfer_to_parts"].role, specs["transfer_to_parts"].peer) == ("transfer", "parts")


def test_nullable_and_defaulted_parameters_are_optional() -> None:
    spec = read_tools(
        [tool("f", "F.", a={"anyOf": [TEXT, {"type": "null"}]}, b={"type": "string", "default": "x"}, c=dict(TEXT))]
    )[0]
    assert [p.name for p in spec.required] == ["c"]


def test_references_are_followed() -> None:
    schema = {
        "type": "object",
        "properties": {"size": {"$ref": "#/$defs/Size"}},
        "$defs": {"Size": {"enum": ["S", "L"], "type": "string"}},
        "required": ["size"],
    }
    spec = read_tools([{"type": "function", "name": "f", "description": "", "parameters": schema}])[0]
    assert spec.params[0].enum == ("S", "L")


def test_entries_that_are_no_functions_are_left_out() -> None:
    assert read_tools([{"type": "mcp", "server_label": "x"}, {"type": "function"}]) == ()
