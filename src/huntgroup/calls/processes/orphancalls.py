"""Calls whose process is gone: taken over when the caller is back on the line, closed when nobody comes back."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from huntgroup.calls.ports import CallLeases, CallStore, Clock, ToolOutcomes
from huntgroup.calls.processes.ownership import REVIVED_AFTER_MS, Ownership
from huntgroup.calls.processes.rebuild import CallState, rebuild
from huntgroup.calls.processes.resumption import Resumption, prepare, settle_open
from huntgroup.calls.record.log import FactLog
from huntgroup.calls.record.recorder import RETRY_MS, FactWriter
from huntgroup.domain.errors import StoreUnavailable
from huntgroup.domain.facts import CallEnded, CallStarted, Fact
from huntgroup.teams import Team

logger = logging.getLogger(__name__)
NoResumption = Literal["unknown", "ended", "later"]
"""`unknown`: no record of such a call; `ended`: it came to its end; `later`: its owner may still live, facts of it
are not stored yet, or the database is away, so it is worth asking again."""
BURY_EVERY_MS = 15_000
BURY_DEAD_AFTER_MS = 60_000
NEVER_LATER_MS = 60_000
# The carrier asks for a minute or two, whatever the database does meanwhile.
LINE_BACK_WITHIN_MS = 600_000
MOST_AT_ONCE = 8
# Since the database is back: an owner that lives has renewed its lease by then, and tried to store what it spooled.
TRUSTED_AFTER_MS = RETRY_MS[-1] + REVIVED_AFTER_MS
# The carrier gives a webhook 15 seconds.
LIMIT_S = 6.0


@dataclass(kw_only=True)
class OrphanCalls:
    """Decides about calls that this process does not have.

    `is_dead` says of a process's name whether it has certainly ended. `longest_ms` is how long a call may last: a lease
    that ended longer ago belongs to nobody alive, however long its owner could not reach the database.
    """

    store: CallStore
    leases: CallLeases
    ownership: Ownership
    outcomes: ToolOutcomes
    writer: FactWriter
    teams: Mapping[str, Team]
    clock: Clock
    is_dead: Callable[[str], bool]
    longest_ms: int
    on_buried: Callable[[str], object] = lambda call_id: None

    def __post_init__(self) -> None:
        # All calls of a dead process come at once, and those that live here need the database too.
        self._room = asyncio.Semaphore(MOST_AT_ONCE)

    async def take_over(self, call_id: str) -> Resumption | NoResumption:
        """Take the call when it has no owner any more. Whoever gets a resumption must go on with it or release it.

        The caller has made sure that the call is not live in this process.
        """
        try:
            async with asyncio.timeout(LIMIT_S), self._room:
                return await self._take_over(call_id)
        except (StoreUnavailable, TimeoutError):
            return "later"

    async def run(self) -> None:
        """Close abandoned records until cancelled."""
        while True:
            await self.clock.sleep_ms(BURY_EVERY_MS)
            try:
                await self.bury()
            except StoreUnavailable:
                continue
            except Exception as error:
                logger.error("abandoned calls could not be closed: %s", type(error).__name__)

    async def bury(self) -> int:
        """Close the records of calls that nobody comes back to; returns how many. Raises `StoreUnavailable`."""
        dead = [one for one in await self.leases.abandoned(after_ms=BURY_DEAD_AFTER_MS) if self.is_dead(one[1])]
        old = await self.leases.abandoned(after_ms=self.longest_ms + NEVER_LATER_MS)
        return sum([await self._bury(call_id, owner) for call_id, owner in dict([*old, *dead]).items()])

    # -- take over ------------------------------------------------------------------------------------------------

    async def _take_over(self, call_id: str) -> Resumption | NoResumption:
        if self.writer.holds(call_id):
            # They would come under a past ownership, and be kept apart from the record.
            return "later"
        lease = await self.leases.find(call_id)
        if lease is None and not self._had_time():
            # It may have begun in an outage: who has it has not told of it yet.
            return "later"
        # Whatever id is asked about, a lease is made only for calls that there are.
        if lease is None and not await self.store.facts(call_id):
            return "unknown"
        gone = lease.owner if lease is not None and self._has_it_no_more(lease.owner) else None
        if gone is not None and gone != self.ownership.owner and not await self.writer.adopt(gone):
            # What it had spooled comes first: under a new owner it would be late.
            return "later"
        if lease is not None and gone is None and not (lease.free and await self._is_trusted(lease.owner)):
            return "later"
        epoch = await self.ownership.take(call_id, gone=gone)
        return "later" if epoch is None else await self._taken(call_id, epoch)

    async def _taken(self, call_id: str, epoch: int) -> Resumption | NoResumption:
        """The record is complete now: whoever had the call before can add nothing to it any more."""
        found: Resumption | NoResumption = "unknown"
        try:
            record = await self.store.facts(call_id)
            team = self._team_of(record)
            if team is not None:
                found = "ended"
                if self._may_go_on(rebuild(record, team)):
                    found = await prepare(record, team, self.outcomes, process=self.ownership.owner, epoch=epoch)
        finally:
            if not isinstance(found, Resumption):
                await self.ownership.release(call_id)
        return found

    def _has_it_no_more(self, owner: str) -> bool:
        """Whether that process cannot have the call; this one took it once, and its stream never came."""
        return owner == self.ownership.owner or self.is_dead(owner)

    async def _is_trusted(self, owner: str) -> bool:
        """Whether the end of a lease says that `owner`, which may live, has stored all it knew of the call.

        After an outage it says so only when the owner had the time to renew: it renews until its facts are stored.
        """
        return self._had_time() and not await self.writer.is_spooling(owner)

    def _had_time(self) -> bool:
        """Whether the database has answered for so long that every process that lives has renewed its leases."""
        return self.ownership.answered_for_ms > TRUSTED_AFTER_MS

    def _may_go_on(self, state: CallState) -> bool:
        """Whether a call has no end, or only that of its line, and not so long ago that no carrier asks about it."""
        if state.ended != "line_lost" or state.started_at is None:
            return state.ended is None
        ended_at = datetime.fromisoformat(state.started_at) + timedelta(milliseconds=state.last_ms)
        return self.clock.utc_now() - ended_at <= timedelta(milliseconds=LINE_BACK_WITHIN_MS)

    def _team_of(self, facts: list[Fact]) -> Team | None:
        started = next((fact for fact in facts if isinstance(fact, CallStarted)), None)
        return self.teams.get(started.team) if started is not None else None

    # -- bury -----------------------------------------------------------------------------------------------------

    async def _bury(self, call_id: str, owner: str) -> bool:
        if self.writer.holds(call_id):
            return False
        if self.is_dead(owner):
            if not await self.writer.adopt(owner):
                return False
        elif owner != self.ownership.owner and await self.writer.is_spooling(owner):
            return False
        epoch = await self.ownership.take(call_id)
        if epoch is None:
            return False
        try:
            record = await self.store.facts(call_id)
            team = self._team_of(record)
            if team is None or rebuild(record, team).ended is not None:
                return False
            await self._close(await prepare(record, team, self.outcomes, process=owner, epoch=epoch))
        finally:
            await self.ownership.release_when(call_id, lambda: not self.writer.holds(call_id))
        self.on_buried(call_id)
        return True

    async def _close(self, found: Resumption) -> None:
        state = found.state
        log = FactLog(
            state.call_id,
            now_ms=lambda: state.last_ms,
            owner=lambda: state.owner,
            listeners=(self.writer.put,),
            earlier=found.record,
        )
        settle_open(state, found.answers, log, state.last_ms)
        reason = "line_lost" if state.moved else "process_lost"
        log.add(CallEnded, reason=reason, duration_ms=state.last_ms)
        await self.writer.acknowledged()
        logger.warning("call %s was left without an end and is closed", state.call_id)
