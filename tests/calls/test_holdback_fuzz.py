"""A thousand replies that trip: not one millisecond of what is forbidden reaches the ear, by the ear and by the ledger.

The oracle knows nothing of the runtime: each sample of a reply says whether it belongs to a forbidden letter.
"""

import random

import pytest

from huntgroup.domain import facts
from huntgroup.wire import realtime as rt
from tests.calls.guarded import FORBIDDEN, GuardedCall, Script, script, sentence_by_sentence, settled

TRIPS_PER_CALL = 25


async def _one(call: GuardedCall, *, tripping: bool, barge_ins: bool = False, items: int = 1) -> list[Script]:
    """Play one reply, whose last item trips, and let the call deal with it; returns its items."""
    reply = [*(script(call.rng, tripping=False) for _ in range(items - 1)), script(call.rng, tripping=tripping)]
    await call.says("Tell me.")
    barge_in = barge_ins and call.rng.random() < 0.3
    await call.play(*reply, barge_in=barge_in)
    if barge_in:
        await call.finish_interruption()
    await settled(call)
    return reply


# 4 orders of text and sound, 2 speeds of guardrails, 5 seeds, 25 trips each: 1,000.
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("slow", [False, True], ids=["at-once", "slow"])
@pytest.mark.parametrize("lag_ms", [0, 40, 400, None])
async def test_nothing_forbidden_is_heard(lag_ms: int | None, slow: bool, seed: int) -> None:
    async with GuardedCall(seed * 1_000 + (lag_ms or 7), lag_ms=lag_ms, slow=slow) as call:
        seen: list[Script] = []
        while len(call.of(facts.GuardrailTripped)) < TRIPS_PER_CALL:
            seen += await _one(call, tripping=True, barge_ins=True, items=call.rng.choice((1, 1, 2, 3)))
        assert sum(sample == FORBIDDEN for sample in call.line.samples) == 0
        heard = {spoke.item_id: spoke.heard_ms for spoke in call.of(facts.AgentSpoke)}
        assert [item for item in seen if heard.get(item.item_id, 0) > item.allowed_ms] == []
        cuts = call.model.sent_of(rt.ConversationItemTruncate)
        assert [cut for cut in cuts if heard[cut.item_id] != cut.audio_end_ms] == []


@pytest.mark.parametrize("slow", [False, True], ids=["at-once", "slow"])
@pytest.mark.parametrize("lag_ms", [0, 40, None])
async def test_what_is_allowed_is_heard_whole(lag_ms: int | None, slow: bool) -> None:
    async with GuardedCall(99, lag_ms=lag_ms, slow=slow) as call:
        seen = [item for _ in range(25) for item in await _one(call, tripping=False, items=call.rng.choice((1, 2)))]
        heard = {spoke.item_id: spoke.heard_text for spoke in call.of(facts.AgentSpoke)}
        assert [heard.get(item.item_id) for item in seen] == [item.text for item in seen]
        assert not call.of(facts.GuardrailTripped)


async def test_an_untripped_reply_starts_with_the_first_piece_of_sound_that_its_words_allow() -> None:
    async with GuardedCall(7, lag_ms=0) as call:
        for _ in range(40):
            await _one(call, tripping=False)
        assert [start.begun_at for start in call.starts] == [start.due_at for start in call.starts]


async def test_in_the_engines_order_it_starts_with_its_first_piece() -> None:
    async with GuardedCall(8, lag_ms=0) as call:
        for _ in range(20):
            reply = script(call.rng, tripping=False)
            await call.says("Tell me.")
            await call.play(reply, parts=list(sentence_by_sentence(reply)))
            await settled(call)
        assert [start.begun_at for start in call.starts] == [1] * 20


def test_the_oracle_would_see_a_leak() -> None:
    reply = script(random.Random(3), tripping=True)
    assert reply.audio().count(FORBIDDEN.to_bytes(2, "little")) > 0
