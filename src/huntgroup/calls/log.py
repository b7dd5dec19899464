"""The log of one call: where each fact gets its number, its time and its owner."""

from collections.abc import Callable
from typing import Any, cast

from msgspec import structs

from huntgroup.domain.facts import Fact, FactBase, encode_fact

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
        try:
            encode_fact(fact)
        except UnicodeEncodeError:
            fact = cast(Fact, fact_type(**{name: storable(value) for name, value in structs.asdict(made).items()}))
        self._facts.append(fact)
        for listener in self._listeners:
            listener(fact)
        return fact


def storable(value: Any) -> Any:
    """Return `value` with every string made text: a lone surrogate can neither be stored nor sent."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {storable(key): storable(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [storable(inner) for inner in value]
    return value
