"""The search's words of calls whose facts came without them: from a process that was older than the search's index."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import text

from huntgroup.domain.clock import Clock
from huntgroup.domain.errors import StoreUnavailable
from huntgroup.storage.base import Database
from huntgroup.storage.facts import select_facts
from huntgroup.storage.gone import hold_leases
from huntgroup.storage.heard import note_words

logger = logging.getLogger(__name__)

EVERY_MS = 3_600_000
# An older process lives on beside newer ones for as long as its last call, and this is more than any.
LOOKED_BACK = timedelta(days=2)
_MOST_IDS = 100
# A call that goes on may get its words yet. By the index of the list's order this costs as much as two days have calls.
_WORDLESS = text(
    """
    select call_id from huntgroup.calls
    where started_at > :since and ended_at is not null and call_id > :after
        and not exists (select from huntgroup.call_words as known where known.call_id = calls.call_id)
        and exists (
            select from huntgroup.facts as said where said.call_id = calls.call_id
                and type in ('CallerSpoke', 'AgentSpoke') and coalesce(body ->> 'heard_text', body ->> 'text') <> ''
        )
    order by call_id limit :most
    """
)


class LateWords:
    """Looks once an hour for such calls of the last two days, and fills their words in."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def run(self) -> None:
        """Look at once and then every hour, until cancelled."""
        while True:
            try:
                await self.fill(self._clock.utc_now())
            except StoreUnavailable:
                logger.info("no words are filled in while the database is away")
            except Exception as error:
                logger.error("the words of calls could not be filled in: %s", type(error).__name__)
            await self._clock.sleep_ms(EVERY_MS)

    async def fill(self, now: datetime) -> int:
        """Fill in the words of all such calls; returns of how many. Raises `StoreUnavailable`."""
        filled, after = 0, ""
        while call_ids := await self._wordless(now, after):
            for call_id in call_ids:
                async with self._db.session() as session:
                    await hold_leases(session, [call_id])
                    await note_words(session, await select_facts(session, call_id))
            filled, after = filled + len(call_ids), call_ids[-1]
        return filled

    async def _wordless(self, now: datetime, after: str) -> list[str]:
        async with self._db.session() as session:
            values = {"since": now - LOOKED_BACK, "after": after, "most": _MOST_IDS}
            return list((await session.execute(_WORDLESS, values)).scalars())
