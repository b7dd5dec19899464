"""A house passes a supervisor's verdict on to the call that it is meant for."""

from dataclasses import MISSING, fields
from typing import Any

from huntgroup.house import House
from tests.calls.scripted import ScriptedCall
from tests.calls.test_approvals import done, team


def house_of(call: ScriptedCall) -> House:
    """A house in which this call is the only thing that is there."""
    nothing: dict[str, Any] = {
        spec.name: None for spec in fields(House) if spec.default is MISSING and spec.default_factory is MISSING
    }
    house = House(**nothing)
    house.live["call_1"] = call.session
    return house


async def test_a_supervisor_sees_and_approves_by_the_calls_id() -> None:
    done.clear()
    async with ScriptedCall(team()) as call:
        house = house_of(call)
        await call.says("Give it back.")
        await call.use("refund")
        (waiting,) = house.approvals("call_1") or []
        assert (waiting["tool"], waiting["approver"], waiting["arguments"]) == ("refund", "supervisor", {})
        assert house.approvals("call_2") is None
        assert house.decide("call_2", waiting["tool_call_id"], approved=True, by="Ada") == "unknown"
        assert house.decide("call_1", waiting["tool_call_id"], approved=True, by="Ada") == "given"
        await call.pass_ms(100)
        assert done == ["refund"]
