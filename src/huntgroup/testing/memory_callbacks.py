"""Callers to be called back, in memory."""

from dataclasses import dataclass, field

from msgspec import structs

from huntgroup.domain.call import Callback
from huntgroup.domain.clock import Clock, SystemClock
from huntgroup.domain.errors import StoreUnavailable
from huntgroup.domain.ids import new_id


@dataclass
class MemoryCallbacks:
    """`server.house.Callbacks` in this process. While `away` every method raises `StoreUnavailable`."""

    clock: Clock = field(default_factory=SystemClock)
    away: bool = False
    _kept: dict[str, Callback] = field(default_factory=dict)

    async def wish(self, team: str, caller: str, callee: str | None, carrier_call: str) -> None:
        self._check()
        at = self.clock.utc_now().isoformat()
        made = Callback(id=new_id("cb"), team=team, caller=caller, callee=callee, wished_at=at, state="waiting")
        self._kept.setdefault(carrier_call, made)

    async def waiting(self, *, limit: int = 100, every: bool = False) -> list[Callback]:
        self._check()
        return [one for one in self._kept.values() if every or one.state == "waiting"][:limit]

    async def done(self, callback_id: str) -> bool:
        self._check()
        for key, one in self._kept.items():
            if one.id == callback_id and one.state == "waiting":
                self._kept[key] = structs.replace(one, state="done")
                return True
        return False

    def _check(self) -> None:
        if self.away:
            raise StoreUnavailable("the callbacks in memory are told to be away")
