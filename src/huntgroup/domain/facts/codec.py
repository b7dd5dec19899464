"""Facts as JSON objects, of this version and of others."""

import msgspec

from huntgroup.domain.facts.base import UnreadableFact
from huntgroup.domain.facts.every import Fact

_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Fact)


def encode_fact(fact: Fact) -> bytes:
    """Return the fact as one JSON object."""
    return _ENCODER.encode(fact)


def decode_fact(data: bytes | str) -> Fact:
    """Read one fact. Raises `msgspec.ValidationError` for an unknown type or a missing field."""
    fact: Fact = _DECODER.decode(data)
    return fact


def decode_any(data: bytes | str) -> Fact:
    """Read one fact of any version: fields it lacks get their defaults, fields it has too many are passed over.

    What cannot be read even so becomes an `UnreadableFact`, so that one fact does not hide the call. Raises
    `msgspec.MsgspecError` only for what is no fact at all.
    """
    try:
        return decode_fact(data)
    except msgspec.ValidationError:
        head = _HEADS.decode(data)
        return UnreadableFact(call_id=head.call_id, seq=head.seq, t_ms=head.t_ms, agent=head.agent, kind=head.type)


class _Head(msgspec.Struct, frozen=True):
    """What all facts of all versions have."""

    type: str
    call_id: str
    seq: int
    t_ms: int
    agent: str | None = None


_HEADS = msgspec.json.Decoder(_Head)
