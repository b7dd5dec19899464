"""Facts as rows: one statement for a batch of any size."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from huntgroup.domain.facts import Fact, decode_any, encode_fact
from huntgroup.storage.gone import hold_leases, not_forgotten

_INSERT = text(
    f"""
    insert into huntgroup.facts (call_id, seq, type, t_ms, agent, body)
    select call_id, seq, body ->> 'type', t_ms, agent, body
    from unnest(
        cast(:call_ids as text[]), cast(:seqs as integer[]), cast(:times as integer[]),
        cast(:agents as text[]), cast(:bodies as jsonb[])
    ) as batch (call_id, seq, t_ms, agent, body)
    where {not_forgotten("batch.call_id")}
    on conflict (call_id, seq) do nothing
    """  # noqa: S608
)
_STRAYS = text(
    f"""
    insert into huntgroup.stray_facts (call_id, epoch, seq, body)
    select call_id, epoch, seq, body
    from unnest(
        cast(:call_ids as text[]), cast(:epochs as integer[]), cast(:seqs as integer[]), cast(:bodies as jsonb[])
    ) as batch (call_id, epoch, seq, body)
    where not exists (
        select from huntgroup.facts known
        where known.call_id = batch.call_id and known.seq = batch.seq and known.body = batch.body
    ) and {not_forgotten("batch.call_id")}
    on conflict (call_id, epoch, seq) do nothing
    returning call_id
    """  # noqa: S608
)
_SELECT = text("select cast(body as text) from huntgroup.facts where call_id = :call_id order by seq")


async def insert_facts(session: AsyncSession, facts: Sequence[Fact]) -> None:
    """Add the facts that are not there yet; the first with a call id and number stays. A forgotten call stays so."""
    if not facts:
        return
    columns = {
        "call_ids": [fact.call_id for fact in facts],
        "seqs": [fact.seq for fact in facts],
        "times": [fact.t_ms for fact in facts],
        "agents": [storable_text(fact.agent) for fact in facts],
        "bodies": [storable_json(fact) for fact in facts],
    }
    await session.execute(_INSERT, columns)


async def insert_fenced(
    session: AsyncSession, facts: Sequence[Fact], epochs: Sequence[int]
) -> tuple[list[Fact], frozenset[str]]:
    """Add facts as `insert_facts` does, but keep those apart whose call has gone on under a later epoch.

    Returns the facts that were let in, and the calls of those that were not.
    """
    latest = await hold_leases(session, (fact.call_id for fact in facts))
    pairs = list(zip(facts, epochs, strict=True))
    admitted = [fact for fact, epoch in pairs if epoch >= latest.get(fact.call_id, 0)]
    late = [(fact, epoch) for fact, epoch in pairs if epoch < latest.get(fact.call_id, 0)]
    await insert_facts(session, admitted)
    return admitted, await _keep_apart(session, late)


async def _keep_apart(session: AsyncSession, late: Sequence[tuple[Fact, int]]) -> frozenset[str]:
    """A fact that is stored already, and only told again, is no stray."""
    if not late:
        return frozenset()
    columns = {
        "call_ids": [fact.call_id for fact, _ in late],
        "epochs": [epoch for _, epoch in late],
        "seqs": [fact.seq for fact, _ in late],
        "bodies": [storable_json(fact) for fact, _ in late],
    }
    return frozenset((await session.execute(_STRAYS, columns)).scalars())


async def select_facts(session: AsyncSession, call_id: str) -> list[Fact]:
    """Return a call's facts in order; those that this version cannot read are `UnreadableFact`s."""
    rows = await session.execute(_SELECT, {"call_id": call_id})
    return [decode_any(body) for body in rows.scalars()]


def storable_json(fact: Fact) -> str:
    """Return the fact as JSON that `jsonb` takes: callers and models can bring NUL characters, which it refuses."""
    encoded = encode_fact(fact)
    if b"\\u0000" not in encoded:
        return encoded.decode()
    return msgspec.json.encode(_without_nul(msgspec.to_builtins(fact))).decode()


def storable_text(value: str | None) -> str | None:
    """Return the text with each NUL character replaced, as `storable_json` does it."""
    return None if value is None else value.replace("\0", "\N{REPLACEMENT CHARACTER}")


def _without_nul(value: object) -> object:
    match value:
        case str():
            return storable_text(value)
        case dict():
            return {_without_nul(key): _without_nul(item) for key, item in value.items()}
        case list():
            return [_without_nul(item) for item in value]
    return value
