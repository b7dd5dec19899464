"""Children that speak: they may die, hang and be abandoned."""

import asyncio
import sys
import textwrap

import pytest

from huntgroup.engine.speaking.trouble import SpeechLost
from huntgroup.engine.speaking.workers import SpeechWorkers

CHILD = textwrap.dedent(
    """
    import json, struct, sys, time
    while len(head := sys.stdin.buffer.read(4)) == 4:
        wish = json.loads(sys.stdin.buffer.read(struct.unpack(">I", head)[0]))["do"]
        if wish == "die":
            sys.exit(3)
        if wish == "hang":
            time.sleep(60)
        answer = b"\\1ValueError" if wish == "fail" else b"\\0" + wish.encode()
        sys.stdout.buffer.write(struct.pack(">I", len(answer)) + answer)
        sys.stdout.buffer.flush()
    """
)
COMMAND = (sys.executable, "-I", "-S", "-c", CHILD)


@pytest.fixture
async def workers():
    async with SpeechWorkers(COMMAND, patience_s=0.3) as running:
        yield running


async def test_answers_come_to_who_asked(workers):
    answers = await asyncio.gather(*(workers.render({"do": f"say {n}"}) for n in range(20)))
    assert answers == [f"say {n}".encode() for n in range(20)]


@pytest.mark.parametrize("trouble", ["die", "hang"])
async def test_a_lost_child_costs_one_sentence_only(workers, trouble):
    with pytest.raises(SpeechLost):
        await workers.render({"do": trouble})
    assert await workers.render({"do": "again"}) == b"again"


async def test_a_childs_error_is_an_error_of_that_sentence(workers):
    with pytest.raises(SpeechLost, match="ValueError"):
        await workers.render({"do": "fail"})
    assert await workers.render({"do": "again"}) == b"again"


async def test_an_abandoned_sentence_does_not_shift_the_next_answers(workers):
    abandoned = asyncio.create_task(workers.render({"do": "one"}))
    await asyncio.sleep(0)
    abandoned.cancel()
    assert await workers.render({"do": "two"}) == b"two"


async def test_closing_wakes_who_still_waits():
    async with SpeechWorkers(COMMAND) as running:
        waiting = [asyncio.create_task(running.render({"do": "hang"})) for _ in range(3)]
        await asyncio.sleep(0.05)
    results = await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 10)
    assert all(isinstance(result, asyncio.CancelledError | SpeechLost) for result in results)


async def test_after_closing_it_says_so(workers):
    async with SpeechWorkers(COMMAND) as running:
        pass
    with pytest.raises(SpeechLost, match="closed"):
        await running.render({"do": "x"})
