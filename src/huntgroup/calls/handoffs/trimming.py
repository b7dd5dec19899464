"""What of the model's conversation a receiver gets: which items go, and which are written anew."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field

from msgspec import UnsetType

from huntgroup.calls.state.items import ItemBook, is_note
from huntgroup.calls.state.redaction import Redaction
from huntgroup.domain import prices
from huntgroup.domain.facts import AgentSpoke, CallerSpoke, Fact, ToolCalled
from huntgroup.domain.prices import Tokens
from huntgroup.teams.edges import last_seen
from huntgroup.wire.realtime import ContentPart, FunctionCallItem, FunctionCallOutputItem, Item, MessageItem

NONE = Tokens()
SOUND = frozenset({"input_audio", "output_audio", "audio"})


@dataclass(frozen=True, kw_only=True)
class Trim:
    """Items that go, in order; items that are written anew, by the id of the old one; tokens of all and of the rest."""

    deleted: Sequence[str] = ()
    rewritten: Mapping[str, Item] = field(default_factory=dict)
    before: Tokens = NONE
    after: Tokens = NONE

    @property
    def changes(self) -> bool:
        return bool(self.deleted or self.rewritten)


class Trimmer:
    """Reads the conversation once for one change of hands; what was said and heard is in the facts."""

    def __init__(self, book: ItemBook, facts: Sequence[Fact], redaction: Redaction, receiver: str) -> None:
        self._book = book
        self._redaction = redaction
        self._said = {fact.item_id: fact for fact in facts if isinstance(fact, CallerSpoke)}
        self._spoken = {fact.item_id: fact for fact in facts if isinstance(fact, AgentSpoke)}
        self._own = {f.tool_call_id for f in facts if isinstance(f, ToolCalled) and f.agent == receiver}

    def trim(self, policy: str, known: Container[str], transfer_id: str | None) -> Trim:
        """Return what `policy` and the redaction make of the conversation.

        The policy is about the items that were `known` when the handoff began; the transfer's own call always stays.
        """
        hidden = self._hidden(policy, known, transfer_id)
        deleted, rewritten, before, after = [], {}, NONE, NONE
        for item in self._book.items():
            cost = self._tokens(item)
            before += cost
            put = None if str(item.id) in hidden else self._put(item, policy)
            if put is None:
                deleted.append(str(item.id))
                continue
            if put is not item:
                rewritten[str(item.id)] = put
                cost = self._tokens(put)
            after += cost
        return Trim(deleted=deleted, rewritten=rewritten, before=before, after=after)

    def _hidden(self, policy: str, known: Container[str], transfer_id: str | None) -> set[str]:
        """Return the ids that the policy hides; the answer of a hidden call is hidden with it, notes always are."""
        items = self._book.items()
        notes = {str(item.id) for item in items if is_note(item)}
        seen = last_seen(policy)
        if seen is None:
            return notes
        ids = [str(item.id) for item in items if str(item.id) in known and not is_note(item)]
        tail = set(ids[-seen:]) if seen else set()
        hidden = notes | {item_id for item_id in ids if item_id not in tail and item_id != transfer_id}
        kept_calls = {i.call_id for i in items if isinstance(i, FunctionCallItem) and str(i.id) not in hidden}
        orphans = (i for i in items if isinstance(i, FunctionCallOutputItem) and i.call_id not in kept_calls)
        return hidden | {str(item.id) for item in orphans}

    def _put(self, item: Item, policy: str) -> Item | None:
        """Return the item as the receiver may have it: the same one, another in its place, or None for none.

        Judged is the item as it was at first: what another receiver might not see may be for this one.
        """
        whole = self._book.original(str(item.id))
        match item, whole:
            case FunctionCallItem(), FunctionCallItem():
                told = self._tool_text(whole.call_id, whole.arguments)
                same = told == item.arguments
                return item if same else FunctionCallItem(name=item.name, arguments=told, call_id=item.call_id)
            case FunctionCallOutputItem(), FunctionCallOutputItem():
                told = self._tool_text(whole.call_id, whole.output)
                return item if told == item.output else FunctionCallOutputItem(call_id=item.call_id, output=told)
            case MessageItem(), MessageItem():
                return self._message(item, whole, policy)
            case _:
                return item

    def _tool_text(self, call_id: str | UnsetType, text: str) -> str:
        return text if call_id in self._own else self._redaction.tool_text(text)

    def _message(self, item: MessageItem, whole: MessageItem, policy: str) -> Item | None:
        words = self._words(whole)
        if words is None:
            return item
        safe = self._redaction.text(words)
        as_it_is = policy == "full" and safe == words
        if as_it_is if self._is_sound(item) else safe == self._words(item):
            return item
        if not safe:
            return None
        kind = "output_text" if item.role == "assistant" else "input_text"
        return MessageItem(role=item.role, content=[ContentPart(type=kind, text=safe)])

    def _words(self, item: MessageItem) -> str | None:
        """Return what was said, as far as it was heard; None while that is not known, or nothing was understood."""
        item_id = str(item.id)
        if item_id in self._said:
            return self._said[item_id].text or None
        if item_id in self._spoken:
            return self._spoken[item_id].heard_text
        written = [part.text for part in item.content if isinstance(part.text, str)]
        return " ".join(written) if written and not self._is_sound(item) else None

    def _tokens(self, item: Item) -> Tokens:
        item_id = str(item.id)
        if isinstance(item, FunctionCallItem):
            return prices.text_tokens(item.name) + prices.text_tokens(item.arguments)
        if isinstance(item, FunctionCallOutputItem):
            return prices.text_tokens(item.output)
        if not isinstance(item, MessageItem):
            return NONE
        if item_id in self._said:
            return prices.caller_tokens(self._said[item_id].end_ms - self._said[item_id].start_ms)
        if item_id in self._spoken:
            spoke = self._spoken[item_id]
            return prices.agent_tokens(spoke.heard_ms if spoke.interrupted else spoke.generated_ms)
        return prices.text_tokens(" ".join(part.text for part in item.content if isinstance(part.text, str)))

    def _is_sound(self, item: MessageItem) -> bool:
        """Whether it was spoken; the server may not say so of an item that is only begun."""
        spoken = str(item.id) in self._said or str(item.id) in self._spoken
        return spoken or any(part.type in SOUND for part in item.content)
