"""Live messages between a call and a page, whether a data channel, a WebSocket or an event stream carries them.

One JSON object per message, told apart by `type`. What comes from a page is read strictly and within bounds; what goes
to a page may gain fields, and a reader passes over those that it does not know.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from huntgroup.domain.facts import NOTHING_CLEAR, Clear, Fact, encode_fact, masked

MAX_CLIENT_BYTES = 8_192
MAX_SAY_CHARS = 2_000
MAX_NAME_CHARS = 64
LABEL = "huntgroup"

Speaker = Literal["caller", "agent", "supervisor"]
Text = Annotated[str, Meta(min_length=1, max_length=MAX_SAY_CHARS)]
Name = Annotated[str, Meta(min_length=1, max_length=MAX_NAME_CHARS)]
WordsId = Annotated[str, Meta(pattern=r"^[0-9a-z]{8,24}\Z")]
Digit = Annotated[str, Meta(pattern=r"^[0-9*#]\Z")]


class BadMessage(Exception):
    """A message that cannot be taken. The connection goes on; answer with `refusal()` and note a `BadInput`.

    `code`: too_large, malformed_json, unknown_type, bad_message. `detail` names the place, never what stood there.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail

    def refusal(self) -> Refused:
        """Return the message that tells the sender."""
        return Refused(code=self.code, message=_SAID[self.code] + (f" ({self.detail})" if self.detail else ""))


class _FromServer(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """Server to page."""


class _FromClient(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", forbid_unknown_fields=True):
    """Page to server."""


class AgentCard(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    title: str


class EdgeCard(msgspec.Struct, frozen=True, kw_only=True):
    giver: str
    receiver: str


class Hello(_FromServer, tag="hello", frozen=True, kw_only=True):
    """The first message. `agent` has the call; `token` opens this call again, on any kind of line, for `expires_in_s`.

    A viewer who may only watch gets no token.
    """

    call_id: str
    team: str
    title: str
    agents: list[AgentCard]
    edges: list[EdgeCard]
    agent: str
    token: str | None = None
    expires_in_s: int | None = None


class FactNoted(_FromServer, tag="fact", frozen=True, kw_only=True):
    """`fact` is JSON as `domain.facts.encode_fact` writes it, personal fields covered for who reads it."""

    fact: msgspec.Raw


class Caption(_FromServer, tag="caption", frozen=True, kw_only=True):
    """All words so far of an utterance: the caller's, or what he has heard of an agent's or a supervisor's.

    It replaces the one before. `utterance` tells utterances apart within a call, `turn` is the caller's turn that it
    belongs to, 0 for none.
    """

    speaker: Speaker
    text: str
    utterance: str
    turn: int
    final: bool
    agent: str | None = None


class Latency(_FromServer, tag="latency", frozen=True, kw_only=True):
    """From the end of the caller's words to the first sound, or the first written words, of the answer."""

    turn: int
    ms: int


class Ended(_FromServer, tag="ended", frozen=True, kw_only=True):
    """The last message; `reason` is that of `CallEnded`."""

    reason: str


class Refused(_FromServer, tag="error", frozen=True, kw_only=True):
    """Something that the page sent was not taken; the call goes on. `id` is that of a `say`, when it had one."""

    code: str
    message: str
    id: str | None = None


class Kept(_FromServer, tag="kept", frozen=True, kw_only=True):
    """The words of the `say` with this id are in the call's record and survive this process: forget them."""

    id: str


class Missed(_FromServer, tag="missed", frozen=True, kw_only=True):
    """`facts` facts were not sent, as the reader was too slow; those that follow are whole again."""

    facts: int


class Moved(_FromServer, tag="moved", frozen=True, kw_only=True):
    """The call leaves this connection. `draining`: this process takes leave, connect again with the token.
    `another_line`: the caller went on elsewhere, and who was here must not come back by itself."""

    because: str = "draining"


class Storage(_FromServer, tag="storage", frozen=True, kw_only=True):
    """For a viewer at the desk: the database is `away`, or back. The call goes on and so does this feed."""

    away: bool


class Say(_FromClient, tag="say", frozen=True, kw_only=True):
    """Typed words, a turn of the caller.

    The page may give them an `id` of its own making, as good as random. Then it keeps them until it is told `kept`, and
    sends them again after each `hello` before that: words whose id is in the call's record are taken no second time.
    The item of their `CallerSpoke` is `typed_` and the id.
    """

    text: Text
    id: WordsId | None = None


class Key(_FromClient, tag="key", frozen=True, kw_only=True):
    digit: Digit


class Transfer(_FromClient, tag="transfer", frozen=True, kw_only=True):
    """The caller picks an agent."""

    agent: Name


class Interrupt(_FromClient, tag="interrupt", frozen=True, kw_only=True):
    """Stop the agent's words."""


class Bye(_FromClient, tag="bye", frozen=True, kw_only=True):
    """The caller hangs up."""


FromServer = Hello | FactNoted | Caption | Latency | Ended | Refused | Kept | Missed | Moved | Storage
FromClient = Say | Key | Transfer | Interrupt | Bye

_SAID = {
    "too_large": "The message is too long.",
    "malformed_json": "The message is not a JSON object.",
    "unknown_type": "Messages of this type are not known here.",
    "bad_message": "The message does not have the right fields.",
}
_PLACE = re.compile(r" - at `(\$[^`]*)`$")
_CLIENT: msgspec.json.Decoder[FromClient] = msgspec.json.Decoder(FromClient)
_SERVER: msgspec.json.Decoder[FromServer] = msgspec.json.Decoder(FromServer)
_ENCODER = msgspec.json.Encoder()


def encode(message: FromServer | FromClient) -> bytes:
    """Return one JSON object in UTF-8."""
    return _ENCODER.encode(message)


def fact_noted(fact: Fact, clear: Clear = NOTHING_CLEAR) -> FactNoted:
    """Return the message of a fact, with its personal fields covered except those that `clear` names."""
    return FactNoted(fact=msgspec.Raw(encode_fact(masked(fact, clear))))


def decode_client(data: bytes | str) -> FromClient:
    """Read one message of a page. Raises `BadMessage`."""
    if len(data) > MAX_CLIENT_BYTES or (
        isinstance(data, str) and len(data.encode(errors="replace")) > MAX_CLIENT_BYTES
    ):
        raise BadMessage("too_large")
    try:
        return _CLIENT.decode(data)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise _explain(error) from None


def decode_server(data: bytes | str) -> FromServer:
    """Read one message of a server. Raises `BadMessage`; a reader passes over an `unknown_type`."""
    try:
        return _SERVER.decode(data)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise _explain(error) from None


def _explain(error: Exception) -> BadMessage:
    """Name what does not decode by its place; msgspec's words may quote what it saw and stay here."""
    if not isinstance(error, msgspec.ValidationError):
        return BadMessage("malformed_json")
    text = str(error)
    found = _PLACE.search(text)
    place = found.group(1) if found else ""
    if "Expected `object`" in text and not place:
        return BadMessage("malformed_json")
    if place == "$.type" or "required field `type`" in text:
        return BadMessage("unknown_type")
    return BadMessage("bad_message", place)
