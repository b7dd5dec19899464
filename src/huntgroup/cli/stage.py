"""A house as the stage of simulated calls: its server on a port, its database, its voices for the caller."""

import asyncio
import contextlib
import importlib
import importlib.util
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import text

from huntgroup.domain.errors import DataMissing
from huntgroup.domain.facts import Fact
from huntgroup.engine.speaking.voices import resolve
from huntgroup.house import House
from huntgroup.server.addresses import Address
from huntgroup.server.app import create_app
from huntgroup.server.serve import serve
from huntgroup.testing.scenario import Scenario
from huntgroup.testing.scenario_runner import Stage

CALLER_VOICES = ("pico-kate", "pico-hugh", "pico-tom", "pico-amy")
_SETTLING_TIMEOUT_S = 15.0


@asynccontextmanager
async def serving(house: House, port: int) -> AsyncIterator[tuple[Address, asyncio.Task[None]]]:
    """Serve the house inside the block; the task ends when somebody asks the process to stop."""
    ready: asyncio.Future[Address] = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(serve(create_app(house), house.settings.host, port, ready), name="server")
    task.add_done_callback(lambda done: _pass_on(done, ready))
    try:
        yield await ready, task
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def stage_of(house: House, url: str, *, hurry: bool, sounds: Mapping[str, Path] | None = None) -> Stage:
    """What a scenario runner needs of `house`, which serves at `url`. `sounds` are WAV files said in place of words."""
    secret = house.settings.twilio_auth_token

    async def speak(words: str, voice: str | None) -> bytes | Path:
        if sounds is not None and words in sounds:
            return sounds[words]
        return await spoken(house, words, voice or caller_voice(house))

    async def facts(call_id: str) -> list[Fact]:
        return await settled_facts(house, call_id)

    async def query(sql: str) -> Any:
        async with house.database.session() as session:
            return (await session.execute(text(sql))).scalar()

    async def arrange(team: str, hook: str, arguments: Mapping[str, Any]) -> None:
        module = _arrangements(team)
        if module is None:
            raise DataMissing(f"the vertical {team} has no arrange.py, and a scenario asks for {hook}")
        await getattr(module, hook)(house.database, house.clock.utc_now(), **arguments)

    return Stage(
        base_url=url,
        speak=speak,
        facts=facts,
        query=query,
        arrange=arrange,
        first_agent=lambda team: house.teams[team].first,
        hurry=hurry,
        auth_token=secret.get_secret_value() if secret is not None else None,
        public_url=house.settings.public_url,
    )


def on_this_day(house: House, scenario: Scenario) -> Scenario:
    """The scenario with its days counted from the house's present, in the vertical's own zone where it has one."""
    now = house.clock.utc_now()
    module = _arrangements(scenario.team)
    if module is None:
        return scenario.at(now)
    return scenario.at(module.localize(now), module.closed_days(now))


async def fresh_data(house: House, team: str) -> None:
    """Put a vertical's demo data back as they were on the first day. For a house that is only for simulated calls."""
    name = f"huntgroup.verticals.{team}.seed"
    if importlib.util.find_spec(name) is not None:
        await importlib.import_module(name).seed(house.database, house.clock.utc_now(), reset=True)


async def settled_facts(house: House, call_id: str) -> list[Fact]:
    """The whole record of a call whose caller is gone; analytics are there, too, when they could be made."""
    async with asyncio.timeout(_SETTLING_TIMEOUT_S):
        while call_id in house.live:  # noqa: ASYNC110
            await asyncio.sleep(0.02)  # the session tells nobody when it has left the house
        await house.settled()
    return await house.store.facts(call_id)


async def spoken(house: House, words: str, voice: str) -> bytes:
    """Words as PCM16 at 24 kHz."""
    if house.voice is None:
        raise DataMissing("there is no voice for a simulated caller: install py-nanotts, or call with --wav")
    return b"".join([chunk async for chunk in house.voice.speak(words, voice=voice)])


def caller_voice(house: House) -> str:
    """A voice that none of the agents has."""
    taken = {resolve(house.model.profile.default_voice)}
    for team in house.teams.values():
        taken |= {resolve(voice) for voice in (team.voice, *(getattr(a, "voice", None) for a in team.agents)) if voice}
    offered = [*CALLER_VOICES, *(house.voice.voices() if house.voice is not None else ())]
    return next((voice for voice in offered if voice not in taken), offered[0])


def _pass_on(done: asyncio.Task[None], ready: asyncio.Future[Address]) -> None:
    """A server that ended before it was ready: whoever waits gets its error."""
    if ready.done():
        return
    error = None if done.cancelled() else done.exception()
    if error is None:
        ready.cancel()
    else:
        ready.set_exception(error)


def _arrangements(team: str) -> ModuleType | None:
    name = f"huntgroup.verticals.{team}.arrange"
    try:
        found = importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return None
    return importlib.import_module(name) if found else None
