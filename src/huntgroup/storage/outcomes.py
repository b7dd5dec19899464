"""What tool calls have done, asked after a process died in the middle of one."""

from typing import Any

from huntgroup.storage.base import Database, recall, remember

CLOSED: dict[str, Any] = {
    "ok": False,
    "error": "abandoned",
    "message": "The call was cut off before this was done, and it was not done.",
}


class PgToolOutcomes:
    """`calls.ports.ToolOutcomes` over the results that `storage.base.once` keeps."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def settle(self, key: str, call_id: str) -> dict[str, Any] | None:
        """Waits for a transaction under the same key that is still under way, also one of a process that is dead:
        its commit may have been on the way when it died."""
        async with self._db.session() as session:
            found = await recall(session, key)
            if found is None:
                await remember(session, key, CLOSED, call_id=call_id)
            return None if found is None or found == CLOSED else found
