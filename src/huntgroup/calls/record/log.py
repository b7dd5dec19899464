"""The log of one call: where each fact gets its number, its time and its owner."""

from collections.abc import Callable, Sequence
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
        earlier: Sequence[Fact] = (),
    ) -> None:
        """`earlier` is the record so far of a call that goes on: it is part of `facts`, and told to nobody again."""
        self.call_id = call_id
        self._now_ms = now_ms
        self._owner = owner
        self._listeners = listeners
        self._facts: list[Fact] = list(earlier)
        self._next_seq = max((fact.seq for fact in earlier), default=-1) + 1

    @property
    def facts(self) -> tuple[Fact, ...]:
        return tuple(self._facts)

    def add(self, fact_type: type[FactBase], *, owned_by: str | None = None, **fields: Any) -> Fact:
        """Append a fact of this type; `owned_by` names its agent when it is not the current one."""
        made = fact_type(
            call_id=self.call_id,
            seq=self._next_seq,
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
        self._next_seq += 1
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
