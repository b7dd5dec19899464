"""A thousand replies that trip: not one millisecond of what is forbidden reaches the ear, by the ear and by the ledger.

The oracle knows nothing of the runtime: each sample of a reply says whether it belongs to a forbidden letter.
"""

import random
from dataclasses import dataclass

import pytest

from huntgroup.domain import facts
from huntgroup.wire import realtime as rt
from tests.calls.guarded import FORBIDDEN, GuardedCall, Script, script, sentence_by_sentence, settled

TRIPS_PER_CALL = 25


@dataclass
class Seen:
    """What happened to one reply."""

    reply: Script
    response_id: str


async def _one(call: GuardedCall, *, tripping: bool, barge_ins: bool = False) -> Seen:
    reply = script(call.rng, tripping=tripping)
    await call.says("Tell me.")
    barge_in = barge_ins and call.rng.random() < 0.3
    seen = Seen(reply, await call.play(reply, barge_in=barge_in))
    if barge_in:
        await call.finish_interruption()
    await settled(call)
    return seen


# 4 orders of text and sound, 2 speeds of guardrails, 5 seeds, 25 trips each: 1,000.
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("slow", [False, True], ids=["at-once", "slow"])
@pytest.mark.parametrize("lag_ms", [0, 40, 400, None])
async def test_nothing_forbidden_is_heard(lag_ms: int | None, slow: bool, seed: int) -> None:
    async with GuardedCall(seed * 1_000 + (lag_ms or 7), lag_ms=lag_ms, slow=slow) as call:
        seen = []
        while len(call.of(facts.GuardrailTripped)) < TRIPS_PER_CALL:
            seen.append(await _one(call, tripping=True, barge_ins=True))
        assert sum(sample == FORBIDDEN for sample in call.line.samples) == 0
        heard = {spoke.response_id: spoke.heard_ms for spoke in call.of(facts.AgentSpoke)}
        leaks = [one for one in seen if heard.get(one.response_id, 0) > one.reply.allowed_ms]
        assert leaks == []
        assert all(heard[response_id] == cut_ms for response_id, cut_ms in _remembered(call).items())


def _remembered(call: GuardedCall) -> dict[str, int]:
    """How much of each reply that was cut the model remembers."""
    of_item = {spoke.item_id: spoke.response_id for spoke in call.of(facts.AgentSpoke)}
    cuts = call.model.sent_of(rt.ConversationItemTruncate)
    return {of_item[cut.item_id]: cut.audio_end_ms for cut in cuts}


@pytest.mark.parametrize("slow", [False, True], ids=["at-once", "slow"])
@pytest.mark.parametrize("lag_ms", [0, 40, None])
async def test_what_is_allowed_is_heard_whole(lag_ms: int | None, slow: bool) -> None:
    async with GuardedCall(99, lag_ms=lag_ms, slow=slow) as call:
        seen = [await _one(call, tripping=False) for _ in range(25)]
        heard = {spoke.response_id: spoke.heard_text for spoke in call.of(facts.AgentSpoke)}
        assert [heard.get(one.response_id) for one in seen] == [one.reply.text for one in seen]
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
