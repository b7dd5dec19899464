"""The desk passes a supervisor's verdict on to the call that it is meant for."""

from typing import Any

from huntgroup.house import Desk
from tests.calls.scripted import ScriptedCall
from tests.calls.test_approvals import done, team


def desk_over(call: ScriptedCall) -> Desk:
    """The desk of a house in which this is the only call, and there are no records."""
    none: dict[str, Any] = dict.fromkeys(("door", "archive", "figures", "recordings", "sound"))
    return Desk(**none, live={"call_1": call.session})


async def test_a_supervisor_sees_and_approves_by_the_calls_id() -> None:
    done.clear()
    async with ScriptedCall(team()) as call:
        desk = desk_over(call)
        await call.says("Give it back.")
        await call.use("refund")
        (waiting,) = desk.approvals("call_1") or []
        assert (waiting["tool"], waiting["approver"], waiting["arguments"]) == ("refund", "supervisor", {})
        assert desk.approvals("call_2") is None
        assert desk.decide("call_2", waiting["tool_call_id"], approved=True, by="Ada") == "unknown"
        assert desk.decide("call_1", waiting["tool_call_id"], approved=True, by="Ada") == "given"
        await call.pass_ms(100)
        assert done == ["refund"]
