"""Facts: one JSON object each, and the record joined from them."""

import pickle

import msgspec
import pytest

from huntgroup.domain import facts
from huntgroup.domain.record import as_record


def committed(seq: int, to: str) -> facts.HandoffCommitted:
    return facts.HandoffCommitted(
        call_id="c", seq=seq, t_ms=seq, agent=to, from_agent="a", to_agent=to, tool_call_id=None,
        brief={}, opener="silent", voice="keep", apply_ms=3,
    )  # fmt: skip


def heard(seq: int, to: str, gap_ms: int) -> facts.HandoffHeard:
    return facts.HandoffHeard(call_id="c", seq=seq, t_ms=seq, agent=to, from_agent="a", to_agent=to, gap_ms=gap_ms)


@pytest.mark.parametrize("fact_type", facts.FACT_TYPES)
def test_every_fact_names_only_fields_of_its_own_as_personal(fact_type: type[facts.FactBase]) -> None:
    assert {field.name for field in msgspec.structs.fields(fact_type)} >= fact_type.PERSONAL


def test_every_fact_there_is_can_be_read_back_and_is_found_in_one_place() -> None:
    defined = {kind for kind in facts.FactBase.__subclasses__() if kind.__module__.startswith(facts.__name__)}
    assert defined == set(facts.FACT_TYPES)
    assert {kind.__name__ for kind in facts.FACT_TYPES} <= set(facts.__all__)


@pytest.mark.parametrize("fact_type", facts.FACT_TYPES)
def test_every_fact_is_tagged_by_its_name_and_can_be_pickled(fact_type: type[facts.FactBase]) -> None:
    assert fact_type.__struct_config__.tag == fact_type.__name__
    assert pickle.loads(pickle.dumps(fact_type)) is fact_type


def test_a_fact_survives_its_json_and_says_its_type() -> None:
    data = facts.encode_fact(committed(0, "b"))
    assert b'"type":"HandoffCommitted"' in data
    assert b'"from":"a"' in data
    assert facts.decode_fact(data) == committed(0, "b")


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        facts.decode_fact(b'{"type":"Nonsense","call_id":"c","seq":0,"t_ms":0}')


def test_the_record_joins_each_gap_to_its_own_handoff() -> None:
    record = as_record([committed(0, "b"), committed(1, "c"), heard(2, "c", 40)])
    assert [fact.get("gap_ms") for fact in record] == [None, 40, 40]


def test_the_record_is_in_order_whatever_order_the_store_gives() -> None:
    record = as_record([heard(1, "b", 7), committed(0, "b")])
    assert [fact["seq"] for fact in record] == [0, 1]
    assert record[0]["gap_ms"] == 7
