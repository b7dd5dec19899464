"""The items of the model's conversation, as its server has them."""

from msgspec import UNSET, UnsetType

from huntgroup.domain.ids import new_id
from huntgroup.wire.realtime import (
    ContentPart,
    ConversationItemCreate,
    ConversationItemDelete,
    FunctionCallItem,
    Item,
    MessageItem,
)

NOTE = "note"


class ItemBook:
    """A mirror of the server's conversation, in its order, by what the server reports and what we create.

    Sound is not kept: what was said and heard in an item is in the facts. An item that we create is in the book from
    the moment it is sent.
    """

    def __init__(self) -> None:
        self._items: dict[str, Item] = {}
        self._order: list[str] = []
        self._responses: dict[str, str] = {}
        self._gone: set[str] = set()
        self._originals: dict[str, Item] = {}

    def __contains__(self, item_id: object) -> bool:
        """Whether the server has an item: it said so, or a response of its makes it."""
        return item_id in self._items or (item_id in self._responses and item_id not in self._gone)

    def create(
        self, item: Item, prefix: str, after: str | UnsetType = UNSET, *, known_as: str | None = None
    ) -> ConversationItemCreate:
        """Give an item of ours an id, note it behind the item `after`, and return the event that creates it.

        The id is the prefix and something new, or `known_as`, which must not have been used with this prefix before.
        """
        item.id = new_id(prefix) if known_as is None else f"{prefix}_{known_as}"
        self._place(item, after)
        return ConversationItemCreate(event_id=item.id, item=item, previous_item_id=after)

    def note(self, text: str) -> ConversationItemCreate:
        """Return the event that tells the agent that has the call something; the next agent does not get it."""
        return self.create(MessageItem(role="system", content=[ContentPart(type="input_text", text=text)]), NOTE)

    def added(self, item: Item, previous_item_id: str | None | UnsetType = UNSET) -> None:
        """Note an item that the server reports; one that is known is brought up to date."""
        if isinstance(item.id, UnsetType) or item.id in self._gone:
            return
        if item.id in self._items:
            self._items[item.id] = item
        else:
            self._place(item, previous_item_id)

    def delete(self, item_id: str) -> ConversationItemDelete:
        """Take an item out and return the event that deletes it; what the server still says of it counts no more."""
        self.deleted(item_id)
        return ConversationItemDelete(event_id=new_id("del"), item_id=item_id)

    def deleted(self, item_id: str) -> None:
        """Note that an item is gone."""
        self._gone.add(item_id)
        if self._items.pop(item_id, None) is not None:
            self._order.remove(item_id)
            self._responses.pop(item_id, None)
            self._originals.pop(item_id, None)

    def is_gone(self, item_id: str) -> bool:
        """Whether an item was deleted."""
        return item_id in self._gone

    def restart(self) -> None:
        """Another server begins with an empty conversation."""
        self._items.clear()
        self._order.clear()
        self._responses.clear()
        self._gone.clear()

    def made_by(self, item_id: str, response_id: str) -> None:
        """Note which response an item belongs to."""
        self._responses[item_id] = response_id

    def of_response(self, response_id: str) -> list[str]:
        """Return the items that a response has made so far."""
        return [item_id for item_id in self._order if self._responses.get(item_id) == response_id]

    def ids(self) -> frozenset[str]:
        """Return the ids of the whole conversation."""
        return frozenset(self._items)

    def items(self) -> list[Item]:
        """Return the whole conversation, oldest first."""
        return [self._items[item_id] for item_id in self._order]

    def replace(self, item_id: str, item: Item) -> tuple[ConversationItemDelete, ConversationItemCreate]:
        """Put an item of ours in the place of another; returns the events that do so, in order."""
        at = self._order.index(item_id)
        after = self._order[at - 1] if at else "root"
        whole = self.original(item_id)
        events = self.delete(item_id), self.create(item, "txt", after)
        self._originals[str(item.id)] = whole
        return events

    def original(self, item_id: str) -> Item:
        """Return an item as it was before anything of ours took its place."""
        return self._originals.get(item_id, self._items[item_id])

    def has_call(self, call_id: str) -> bool:
        """Whether a function call with this id is in the conversation."""
        return any(isinstance(item, FunctionCallItem) and item.call_id == call_id for item in self._items.values())

    def _place(self, item: Item, after: str | None | UnsetType) -> None:
        self._items[str(item.id)] = item
        if isinstance(after, str) and after in self._items:
            self._order.insert(self._order.index(after) + 1, str(item.id))
        elif after == "root":
            self._order.insert(0, str(item.id))
        else:
            self._order.append(str(item.id))


def is_note(item: Item) -> bool:
    """Whether an item is a word of ours to the agent that had the call when it was written."""
    return isinstance(item, MessageItem) and item.role == "system" and str(item.id).startswith(f"{NOTE}_")
