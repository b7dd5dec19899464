"""What every call of a house shares."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from huntgroup.calls.ports import Clock, HousePhrases, RealtimeModel
from huntgroup.calls.record.log import Listener
from huntgroup.calls.succession.announcer import NoPhrases
from huntgroup.calls.succession.standbys import Allowance
from huntgroup.calls.telemetry.spans import TraceSink
from huntgroup.domain.progress import HeardListener
from huntgroup.teams.context import DEFAULT_TENANT

MOST_STANDBYS = 8


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What every call of a house shares. `listeners` hear each fact at once and must be quick.

    `hearer` returns who is told how far agents' words are heard in a call; None when nobody is.
    `acknowledged` returns when every fact so far would survive this process, or raises `StoreUnavailable`.
    """

    model: RealtimeModel
    clock: Clock
    resources: Mapping[type, object] = field(default_factory=dict)
    listeners: tuple[Listener, ...] = ()
    sinks: Sequence[TraceSink] = ()
    passthrough: bool = False
    acknowledged: Callable[[], Awaitable[None]] | None = None
    phrases: HousePhrases = field(default_factory=NoPhrases)
    standbys: Allowance = field(default_factory=lambda: Allowance(MOST_STANDBYS))
    tenant: str = DEFAULT_TENANT
    hearer: Callable[[str], HeardListener | None] = lambda call_id: None
