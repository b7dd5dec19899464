"""What a call keeps in memory: no more than its record asks for, and nothing for time and sound alone."""

import asyncio
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import replace

from huntgroup.domain import facts
from huntgroup.testing import scripted_events as make
from huntgroup.wire import realtime as rt
from tests.calls.scripted import ScriptedCall, speech
from tests.calls.teams import TEAM

OURS = ("huntgroup.calls", "huntgroup.media")
LEAVES = (str, bytes, bytearray, int, float, type, asyncio.Task, asyncio.Future)
PATIENT = replace(TEAM, max_call_ms=10**9, silence=replace(TEAM.silence, reprompt_ms=10**9))
TURNS = 400
# What is remembered of the last few seconds of sound is full after this.
FULL_MS = 6_000


def sizes(root: object, without: Sequence[object]) -> Counter[str]:
    """Return how many entries all containers below an object have, by class and attribute."""
    seen, found = {id(left_out) for left_out in without}, Counter[str]()
    waiting: list[tuple[object, str]] = [(root, "")]
    while waiting:
        value, name = waiting.pop()
        if id(value) in seen or isinstance(value, LEAVES):
            continue
        seen.add(id(value))
        if isinstance(value, dict | set | frozenset | list | deque | tuple):
            found[name] += len(value)
            waiting += [(entry, f"{name}[]") for entry in (value.values() if isinstance(value, dict) else value)]
        if type(value).__module__.startswith(OURS):
            waiting += [(getattr(value, one), f"{type(value).__name__}.{one}") for one in attributes(value)]
    return found


def attributes(value: object) -> list[str]:
    slots = [name for kind in type(value).__mro__ for name in getattr(kind, "__slots__", ())]
    return [name for name in (*getattr(value, "__dict__", ()), *slots) if hasattr(value, name)]


def kept(call: ScriptedCall) -> Counter[str]:
    """The record itself, and what the test's doubles keep, are not counted."""
    return sizes(call.session.desk, [call.session.log, call.model, call.line])


async def turn(call: ScriptedCall, number: int) -> None:
    now_ms = call.line.now_ms()
    await call.push(*make.caller_says("Why?", start_ms=now_ms, end_ms=now_ms + 10))
    if number % 10 == 0:
        await call.use("look", '{"what": "it"}')
    await call.answer("Because.", 40)
    if number % 7 == 0:
        await call.says("Wait!")
        await call.answer("Well.", 20)
    await call.pass_ms(60)


async def test_nothing_grows_faster_in_a_long_call_than_its_record() -> None:
    async with ScriptedCall(PATIENT) as call:
        for number in range(20):
            await turn(call, number)
        before, recorded = kept(call), len(call.session.log.facts)
        for number in range(TURNS):
            await turn(call, number)
        grown = kept(call)
        grown.subtract(before)
        recorded = len(call.session.log.facts) - recorded
        assert len(call.of(facts.CallerSpoke)) > TURNS
        # Spans have up to a dozen attributes each.
        assert {name: more for name, more in grown.items() if more > recorded and "Span" not in name} == {}
        assert sum(grown.values()) < 9 * recorded


async def test_nothing_grows_with_time_and_sound_alone() -> None:
    async with ScriptedCall(PATIENT) as call:
        await call.says("Why?")
        *reply, done = call.reply(speech("A long story.", 20_000))
        await call.push(*reply)
        await call.pass_ms(FULL_MS)
        before = kept(call)
        await call.pass_ms(12_000)
        assert kept(call).total() <= before.total() + 50
        await call.push(done)
        await call.pass_ms(5_000)
        before = kept(call)
        await call.pass_ms(60_000)
        assert kept(call).total() <= before.total() + 50


async def test_a_long_sound_in_many_pieces_leaves_as_little_as_in_one() -> None:
    async with ScriptedCall(PATIENT) as call:
        await call.pass_ms(FULL_MS)
        before = kept(call).total()
        await call.says("Why?")
        *_, done = reply = call.reply(speech("A long story.", 40))
        (piece,) = [event for event in reply if isinstance(event, rt.ResponseOutputAudioDelta)]
        at = reply.index(piece)
        await call.push(*reply[:at], *[piece] * 500, *reply[at:-1], done)
        await call.pass_ms(25_000)
        assert kept(call).total() < before + 60
