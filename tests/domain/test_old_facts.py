"""Records outlive versions: what an older or newer code wrote is still read."""

import msgspec
import pytest

from huntgroup.domain import facts as f
from huntgroup.domain.record import as_record

FIRST_VERSION = """
{"type":"CallStarted","call_id":"c","seq":0,"t_ms":0,"agent":"desk","team":"t","line":"twilio","caller":null,"callee":null,"model":"m","started_at":"2026-11-22"}
{"type":"CallerSpoke","call_id":"c","seq":1,"t_ms":9,"agent":"desk","turn":1,"item_id":"i","text":"x","start_ms":1,"end_ms":9}
{"type":"AgentSpoke","call_id":"c","seq":2,"t_ms":9,"agent":"desk","turn":1,"response_id":"r","item_id":"i","text":"x","heard_text":"x","generated_ms":1,"heard_ms":1,"start_ms":1,"end_ms":2,"interrupted":false}
{"type":"ToolCalled","call_id":"c","seq":3,"t_ms":9,"agent":"desk","turn":1,"tool":"look","tool_call_id":"fc","arguments":{},"effect":"read"}
{"type":"ToolAnswered","call_id":"c","seq":4,"t_ms":9,"agent":"desk","tool":"look","tool_call_id":"fc","output":"{}","ok":true,"error":null,"duration_ms":1}
{"type":"HandoffProposed","call_id":"c","seq":5,"t_ms":9,"agent":"desk","from":"desk","to":"nurse","tool_call_id":"fc"}
{"type":"HandoffRefused","call_id":"c","seq":6,"t_ms":9,"agent":"desk","from":"desk","to":"nurse","tool_call_id":"fc","reason":"busy"}
{"type":"HandoffCommitted","call_id":"c","seq":7,"t_ms":9,"agent":"nurse","from":"desk","to":"nurse","tool_call_id":"fc","brief":{},"opener":"silent","voice":"keep","apply_ms":1,"gap_ms":40}
{"type":"HandoffHeard","call_id":"c","seq":8,"t_ms":9,"agent":"nurse","from":"desk","to":"nurse","gap_ms":40}
{"type":"HandoffRolledBack","call_id":"c","seq":9,"t_ms":9,"agent":"nurse","from":"desk","to":"nurse","reason":"deadline"}
{"type":"HandoffReturned","call_id":"c","seq":10,"t_ms":9,"agent":"desk","from":"nurse","to":"desk","result":{}}
{"type":"Consulted","call_id":"c","seq":11,"t_ms":9,"agent":"desk","specialist":"nurse","question":"q","answer":{},"ok":true,"duration_ms":1}
{"type":"Interrupted","call_id":"c","seq":12,"t_ms":9,"agent":"desk","response_id":"r","item_id":"i","heard_ms":1,"generated_ms":2}
{"type":"GuardrailTripped","call_id":"c","seq":13,"t_ms":9,"agent":"desk","guardrail":"g","stage":"output","action":"retracted","heard_ms":1}
{"type":"DtmfPressed","call_id":"c","seq":14,"t_ms":9,"agent":"desk","digit":"1"}
{"type":"ClaimGranted","call_id":"c","seq":15,"t_ms":9,"agent":"desk","claim":"verified","subject":"p"}
{"type":"SilencePrompted","call_id":"c","seq":16,"t_ms":9,"agent":"desk","stage":"reprompt"}
{"type":"FillerSpoken","call_id":"c","seq":17,"t_ms":9,"agent":"desk","tool":"look","tool_call_id":"fc"}
{"type":"EmergencyDeclared","call_id":"c","seq":18,"t_ms":9,"agent":"desk","sign":"s"}
{"type":"HumanRequested","call_id":"c","seq":19,"t_ms":9,"agent":"desk","reason":"r"}
{"type":"LineLost","call_id":"c","seq":20,"t_ms":9,"agent":"desk","reason":"r"}
{"type":"ModelLost","call_id":"c","seq":21,"t_ms":9,"agent":"desk","reason":"r"}
{"type":"ModelError","call_id":"c","seq":22,"t_ms":9,"agent":"desk","code":"x","detail":""}
{"type":"BadInput","call_id":"c","seq":23,"t_ms":9,"agent":"desk","source":"line","code":"x","detail":""}
{"type":"UsageReported","call_id":"c","seq":24,"t_ms":9,"agent":"desk","response_id":"r","input_tokens":1,"output_tokens":1,"cached_tokens":0,"input_audio_tokens":0,"output_audio_tokens":0}
{"type":"CallEnded","call_id":"c","seq":25,"t_ms":9,"agent":"desk","reason":"goodbye","duration_ms":9}
""".strip().splitlines()  # fmt: skip


@pytest.mark.parametrize("line", FIRST_VERSION, ids=lambda line: line.split('"')[3])
def test_every_fact_of_the_first_version_is_read_for_ever(line: str) -> None:
    assert not isinstance(f.decode_any(line), f.UnreadableFact)


def test_a_type_that_this_version_does_not_know_is_kept_by_name() -> None:
    fact = f.decode_any(b'{"type":"FromTheFuture","call_id":"c","seq":7,"t_ms":90,"agent":"desk","secret":"x"}')
    assert fact == f.UnreadableFact(call_id="c", seq=7, t_ms=90, agent="desk", kind="FromTheFuture")
    assert as_record([fact])[0]["kind"] == "FromTheFuture"


def test_a_fact_that_lacks_what_it_needs_is_kept_by_name() -> None:
    fact = f.decode_any(b'{"type":"DtmfPressed","call_id":"c","seq":7,"t_ms":90}')
    assert isinstance(fact, f.UnreadableFact)
    assert fact.kind == "DtmfPressed"


def test_what_is_no_fact_at_all_is_refused() -> None:
    with pytest.raises(msgspec.MsgspecError):
        f.decode_any(b'{"type":"DtmfPressed"}')
