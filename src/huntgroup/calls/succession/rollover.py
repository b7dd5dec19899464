"""A session has a limit: before it is reached another one is opened beside it, and takes over in a quiet moment."""

from collections.abc import Callable

from huntgroup.calls.state.backoff import Backoff
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.succession.succession import Succession
from huntgroup.calls.succession.switchboard import Connection, Switchboard
from huntgroup.domain import facts
from huntgroup.domain.errors import ModelUnavailable

LEAD_SHARE = 0.2
MOST_LEAD_MS = 120_000
LAST_CALL_MS = 1_500
DIAL_LIMIT_MS = 5_000
POLL_MS = 20


class Rollover:
    """Watches the age of one session after another.

    `quiet` says whether nothing is under way that belongs to the session: no reply being written, no handoff, no speech
    of the caller that is not understood yet. `on_connected` is told of the session that took over. When no quiet moment
    comes in time the session is replaced in the middle of things, which costs the caller a broken sentence.
    """

    def __init__(
        self,
        live: LiveCall,
        switchboard: Switchboard,
        succession: Succession,
        *,
        quiet: Callable[[], bool],
        on_connected: Callable[[Connection], None],
    ) -> None:
        self._live = live
        self._switchboard = switchboard
        self._succession = succession
        self._quiet = quiet
        self._on_connected = on_connected

    def watch(self, connection: Connection) -> None:
        """Replace this session before its limit."""
        self._live.tasks.spawn(self._watch(connection), "session limit")

    async def _watch(self, connection: Connection) -> None:
        clock, limit_ms = self._live.clock, connection.profile.session_limit_ms
        lead_ms = min(MOST_LEAD_MS, int(limit_ms * LEAD_SHARE))
        end_ms = connection.opened_ms + limit_ms
        await clock.sleep_ms(end_ms - lead_ms - clock.now_ms())
        deadline_ms = end_ms - min(LAST_CALL_MS, lead_ms // 2)
        pauses = Backoff(first_ms=500, most_ms=5_000).pauses_ms(self._live.call_id)
        while self._lasts(connection) and clock.now_ms() < deadline_ms:
            other = await self._open_beside()
            if other is None:
                await clock.sleep_ms(next(pauses))
                continue
            opened_ms = clock.now_ms()
            await self._moment(connection, other, deadline_ms)
            if self._lasts(connection) and other.lost is None:
                self._replace(other, opened_ms)
                return
            self._switchboard.hang_up(other)

    def _lasts(self, connection: Connection) -> bool:
        return connection is self._switchboard.current and connection.lost is None

    async def _open_beside(self) -> Connection | None:
        """Return another session, configured; None when there is none to be had now."""
        other: Connection | None = None
        try:
            other = await self._switchboard.dial(DIAL_LIMIT_MS)
            await other.configure(self._succession.configuration(other), DIAL_LIMIT_MS, self._live.clock)
        except ModelUnavailable:
            if other is not None:
                self._switchboard.hang_up(other)
            return None
        return other

    async def _moment(self, connection: Connection, other: Connection, deadline_ms: int) -> None:
        """Wait for a quiet moment, the deadline, or the end of one of the two."""
        clock = self._live.clock
        while not self._quiet() and clock.now_ms() < deadline_ms and self._lasts(connection) and other.lost is None:
            await clock.sleep_ms(POLL_MS)

    def _replace(self, other: Connection, opened_ms: int) -> None:
        quiet = self._quiet()
        succeeded = self._succession.replace(other)
        overlap_ms = self._live.clock.now_ms() - opened_ms
        self._live.log.add(facts.ModelRolledOver, overlap_ms=overlap_ms, items=succeeded.items, quiet=quiet)
        self._on_connected(other)
