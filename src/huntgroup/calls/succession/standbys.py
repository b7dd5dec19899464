"""Sessions that wait: opened ahead for the agents to whom the call may go in another voice."""

import asyncio
import logging

from agents import RunContextWrapper

from huntgroup.calls.model import config
from huntgroup.calls.state.backoff import Backoff
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.state.toolset import resolve
from huntgroup.calls.succession.switchboard import Connection, Switchboard
from huntgroup.domain.errors import ModelUnavailable
from huntgroup.media.formats import AudioFormat
from huntgroup.wire.realtime import SessionConfig

logger = logging.getLogger(__name__)
OPEN_LIMIT_MS = 5_000
LOOK_EVERY_MS = 250
MOST_TRIES = 5
FRESH_SHARE = 0.7


class Allowance:
    """How many sessions may wait at the same time, over all calls of a house."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.taken = 0

    def take(self) -> bool:
        """Take one; False when all are taken. Whoever took one must give it back."""
        if self.taken >= self.limit:
            return False
        self.taken += 1
        return True

    def give_back(self) -> None:
        self.taken -= 1


class Standbys:
    """Keeps a session ready for each agent that the owner can hand the call to in another voice.

    `review` is to be called whenever the owner may be another; `take` hands a ready session over to its caller.
    """

    def __init__(self, live: LiveCall, switchboard: Switchboard, sound: AudioFormat, allowance: Allowance) -> None:
        self._live = live
        self._switchboard = switchboard
        self._sound = sound
        self._allowance = allowance
        self._owner: str | None = None
        self._keeping: dict[str, asyncio.Task[None]] = {}
        self._ready: dict[str, Connection] = {}
        self._reasons: dict[str, str] = {}

    def review(self) -> None:
        """Open what the present owner may need, close what it does not."""
        if self._owner == self._live.owner:
            return
        self._owner = self._live.owner
        wanted = self._wanted()
        for target in set(self._keeping) - wanted:
            self._keeping.pop(target).cancel()
        for target in sorted(wanted - set(self._keeping)):
            self._reasons[target] = "not_ready"
            self._keeping[target] = self._live.tasks.spawn(self._keep_ready(target), f"standby for {target}")

    def take(self, target: str) -> Connection:
        """Return the session that waits for an agent; it is the caller's now. Raises `ModelUnavailable`."""
        if self._live.profile.plays_itself:
            raise ModelUnavailable("server_plays_itself", retryable=False)
        connection = self._ready.pop(target, None)
        task = self._keeping.pop(target, None)
        if task is not None:
            task.cancel()
        self._owner = None
        if connection is None or connection.lost is not None:
            reason = connection.lost if connection is not None else self._reasons.get(target)
            raise ModelUnavailable(reason or "not_ready")
        return connection

    def _wanted(self) -> set[str]:
        live = self._live
        if live.profile.plays_itself:
            return set()
        wanted = {edge.to for edge in live.team.edges_from(live.owner) if edge.voice == "switch"}
        if live.returns and live.returns[-1].to == live.owner and live.returns[-1].voice == "switch":
            wanted.add(live.returns[-1].frm)
        now = config.voice_now(live.log.facts, live.team, live.profile)
        return {name for name in wanted if config.voice_of(live.team, name, live.profile) != now}

    async def _keep_ready(self, target: str) -> None:
        if not self._allowance.take():
            self._reasons[target] = "no_room"
            return
        try:
            pauses = Backoff(first_ms=250, most_ms=4_000).pauses_ms(self._live.call_id + target)
            for _ in range(MOST_TRIES):
                await self._one(target)
                await self._live.clock.sleep_ms(next(pauses))
        finally:
            self._allowance.give_back()

    async def _one(self, target: str) -> None:
        """Open one session and stand by it until it is lost, or too old to be of use."""
        connection: Connection | None = None
        stood_by = False
        try:
            connection = await self._switchboard.dial(OPEN_LIMIT_MS)
            await connection.configure(await self._configuration(target, connection), OPEN_LIMIT_MS, self._live.clock)
            self._ready[target], stood_by = connection, True
            fresh_ms = connection.opened_ms + int(connection.profile.session_limit_ms * FRESH_SHARE)
            while connection.lost is None and self._live.clock.now_ms() < fresh_ms:
                await self._live.clock.sleep_ms(LOOK_EVERY_MS)
            self._reasons[target] = connection.lost or "not_ready"
        except ModelUnavailable as error:
            self._reasons[target] = error.reason[:80]
        except Exception as error:
            logger.warning("the standby for %s could not be prepared: %s", target, type(error).__name__)
            self._reasons[target] = "not_prepared"
        finally:
            ours = connection is not None and self._ready.get(target) is connection
            if ours:
                del self._ready[target]
            # One that stood by and is not here any more was taken, and is its taker's.
            if connection is not None and (ours or not stood_by):
                self._switchboard.hang_up(connection)

    async def _configuration(self, target: str, connection: Connection) -> SessionConfig:
        """Return the target's voice, instructions and tools as far as they are known before anything is told to it."""
        live = self._live
        toolset = await resolve(live.team, target, RunContextWrapper(context=live.context), [])
        voice = config.voice_of(live.team, target, connection.profile)
        return config.session_config(live, toolset, connection.profile, self._sound, voice=voice)
