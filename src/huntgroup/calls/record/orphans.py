"""Spool files that dead processes have left: whoever can lock one stores what is in it."""

import asyncio
import logging
from pathlib import Path

from huntgroup.calls.record.spool import SUFFIX, Spool, orphan, read_chunk, set_aside, spools_in
from huntgroup.calls.record.storing import Storing
from huntgroup.domain.errors import SpoolUnusable

logger = logging.getLogger(__name__)
CHUNK_FACTS = 200


class Orphans:
    """Takes up what lies beside `own`, the spool of this process. Nothing here raises."""

    def __init__(self, own: Spool, storing: Storing) -> None:
        self._own = own
        self._storing = storing

    async def take_up(self, owner: str | None = None) -> bool:
        """Store and remove every orphan, or only that of `owner`; False when one of them is still there."""
        found = [path for path in spools_in(self._own.folder) if path != self._own.path and owner in (None, path.stem)]
        return all([await self._take_up(path) for path in found])

    async def has_facts_of(self, owner: str) -> bool:
        """Whether the spool file of `owner` is there and not empty; a folder that cannot be read counts as such."""
        try:
            return await asyncio.to_thread(lambda: self._own.path.with_name(f"{owner}{SUFFIX}").stat().st_size > 0)
        except FileNotFoundError:
            return False
        except OSError:
            return True

    async def _take_up(self, path: Path) -> bool:
        try:
            with orphan(path) as ours:
                if ours:
                    return await self._move(path)
        except (OSError, SpoolUnusable) as error:
            logger.error("a spool of a dead process cannot be taken up: %s", type(error).__name__)
        return not await asyncio.to_thread(path.exists)

    async def _move(self, path: Path) -> bool:
        at = count = 0
        while True:
            chunk = await asyncio.to_thread(read_chunk, path, at, CHUNK_FACTS)
            if chunk.end == at:
                break
            if not await self._storing.store(chunk.entries):
                return False
            if chunk.unreadable:
                logger.error("%d spooled facts are unreadable and stay beside the spool", len(chunk.unreadable))
                await asyncio.to_thread(set_aside, path, chunk.unreadable)
            at, count = chunk.end, count + len(chunk.entries)
        await asyncio.to_thread(path.unlink, missing_ok=True)
        if count:
            logger.warning("%d facts of a process that died are stored", count)
        return True
