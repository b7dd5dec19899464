"""The log of one call: where each fact gets its number, its time and its owner."""

from collections.abc import Callable
from typing import Any, cast

from huntgroup.domain.facts import Fact, FactBase

Listener = Callable[[Fact], None]


class FactLog:
    """Appends facts in order and tells listeners at once. Listeners must be quick and must not raise."""

    def __init__(
        self,
        call_id: str,
        *,
        now_ms: Callable[[], int],
        owner: Callable[[], str | None],
        listeners: tuple[Listener, ...] = (),
    ) -> None:
        self.call_id = call_id
        self._now_ms = now_ms
        self._owner = owner
        self._listeners = listeners
        self._facts: list[Fact] = []

    @property
    def facts(self) -> tuple[Fact, ...]:
        return tuple(self._facts)

    def add(self, fact_type: type[FactBase], *, owned_by: str | None = None, **fields: Any) -> Fact:
        """Append a fact of this type; `owned_by` names its agent when it is not the current one."""
        made = fact_type(
            call_id=self.call_id,
            seq=len(self._facts),
            t_ms=self._now_ms(),
            agent=owned_by if owned_by is not None else self._owner(),
            **fields,
        )
        fact = cast(Fact, made)
        self._facts.append(fact)
        for listener in self._listeners:
            listener(fact)
        return fact
