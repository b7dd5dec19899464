"""A thousand replies that trip: not one millisecond of what is forbidden reaches the ear, by the ear and by the ledger.

The oracle knows nothing of the runtime: each sample of a reply says whether it belongs to a forbidden letter.
"""

import random
from dataclasses import dataclass

import pytest

from huntgroup.domain import facts
from tests.calls.guarded import FORBIDDEN, GuardedCall, Script, script, settled

REPLIES_PER_CALL = 25


@dataclass
class Seen:
    """What happened to one reply."""

    reply: Script
    response_id: str


async def _many(call: GuardedCall, *, tripping: bool, barge_ins: bool) -> list[Seen]:
    seen = []
    for _ in range(REPLIES_PER_CALL):
        reply = script(call.rng, tripping=tripping)
        await call.says("Tell me.")
        barge_in = barge_ins and call.rng.random() < 0.3
        seen.append(Seen(reply, await call.play(reply, barge_in=barge_in)))
        if barge_in:
            await call.finish_interruption()
        await settled(call)
    return seen


# 4 orders of text and sound, 2 speeds of guardrails, 5 seeds, 25 replies: 1,000.
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("slow", [False, True], ids=["at-once", "slow"])
@pytest.mark.parametrize("lag_ms", [0, 40, 400, None])
async def test_nothing_forbidden_is_heard(lag_ms: int | None, slow: bool, seed: int) -> None:
    async with GuardedCall(seed * 1_000 + (lag_ms or 7), lag_ms=lag_ms, slow=slow) as call:
        seen = await _many(call, tripping=True, barge_ins=True)
        assert sum(sample == FORBIDDEN for sample in call.line.samples) == 0
        heard = {spoke.response_id: spoke.heard_ms for spoke in call.of(facts.AgentSpoke)}
        leaks = [one for one in seen if heard.get(one.response_id, 0) > one.reply.allowed_ms]
        assert leaks == []
        tripped = call.of(facts.GuardrailTripped)
        assert len(tripped) >= REPLIES_PER_CALL // 2
        assert len(tripped) + call.interrupted >= REPLIES_PER_CALL


@pytest.mark.parametrize("slow", [False, True], ids=["at-once", "slow"])
@pytest.mark.parametrize("lag_ms", [0, 40, None])
async def test_what_is_allowed_is_heard_whole(lag_ms: int | None, slow: bool) -> None:
    async with GuardedCall(99, lag_ms=lag_ms, slow=slow) as call:
        seen = await _many(call, tripping=False, barge_ins=False)
        heard = {spoke.response_id: spoke.heard_text for spoke in call.of(facts.AgentSpoke)}
        assert [heard.get(one.response_id) for one in seen] == [one.reply.text for one in seen]
        assert not call.of(facts.GuardrailTripped)


def test_the_oracle_would_see_a_leak() -> None:
    reply = script(random.Random(3), tripping=True)
    assert reply.audio().count(FORBIDDEN.to_bytes(2, "little")) > 0
