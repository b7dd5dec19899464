"""What the agents say, by response and item, and how much of it was heard."""

from collections.abc import Callable, Iterable, Sequence

from huntgroup.calls.sound.utterance import SpokenResponse, Utterance, heard_part
from huntgroup.media.playout import Cut, PlayoutLedger


class Said:
    """The account of all that agents said in a call; what was heard of it, the playout ledger says.

    Times are the line's clock, which `now_ms` must read. `untold` is what was begun and is neither heard to its end nor
    cut, in order.
    """

    def __init__(self, ledger: PlayoutLedger, now_ms: Callable[[], int]) -> None:
        self._ledger = ledger
        self._now_ms = now_ms
        self._utterances: dict[str, Utterance] = {}
        self._responses: dict[str, SpokenResponse] = {}
        self.untold: dict[str, Utterance] = {}

    def begin(self, item_id: str, response_id: str, agent: str) -> Utterance:
        """Return the utterance of an item, new if need be."""
        utterance = self._utterances.get(item_id)
        if utterance is None:
            response = self.response(response_id)
            utterance = self._utterances[item_id] = Utterance(item_id, response, agent)
            response.utterances.append(utterance)
            self.untold[item_id] = utterance
        return utterance

    def response(self, response_id: str) -> SpokenResponse:
        """Return a response, new if need be."""
        response = self._responses.get(response_id)
        if response is None:
            response = self._responses[response_id] = SpokenResponse(response_id)
        return response

    def was_told(self, utterance: Utterance) -> None:
        """Nothing more will become of an utterance."""
        utterance.told = True
        self.untold.pop(utterance.item_id, None)

    def begun(self, item_id: str) -> Utterance:
        """Return the utterance of an item that has begun."""
        return self._utterances[item_id]

    def find(self, item_id: str) -> Utterance | None:
        return self._utterances.get(item_id)

    def of(self, response_id: str) -> Sequence[Utterance]:
        """Return the utterances of a response, in order."""
        response = self._responses.get(response_id)
        return response.utterances if response is not None else ()

    def held(self) -> list[SpokenResponse]:
        """Return the responses that are kept back whole."""
        return [response for response in self._responses.values() if response.fate.held]

    def takes_more(self, response_id: str) -> bool:
        """Whether more sound of a response is taken; so it is of one that has none yet."""
        response = self._responses.get(response_id)
        return response is None or response.fate.takes_more

    def item_ids(self) -> list[str]:
        """Return every item that was said or begun so far."""
        return list(self._utterances)

    def made_ms(self, utterance: Utterance) -> int:
        """How much sound the model made for it."""
        return self._ledger.generated_ms(utterance.item_id, content_index=utterance.content_index)

    def heard_ms(self, utterance: Utterance, now_ms: int | None = None) -> int:
        """How much of it was heard: by marks alone, or up to `now_ms`."""
        return self._ledger.heard_ms(utterance.item_id, now_ms, content_index=utterance.content_index)

    def span_ms(self, utterance: Utterance) -> tuple[int | None, int | None]:
        """When its first and its last heard sound reached the ear, by marks alone."""
        item_id, index = utterance.item_id, utterance.content_index
        first_ms = self._ledger.first_heard_at_ms(item_id, content_index=index)
        return first_ms, self._ledger.last_heard_at_ms(item_id, content_index=index)

    def shorten(self, utterance: Utterance) -> Cut:
        """It ends with what was given to the line: returns what that leaves of it."""
        item_id, index = utterance.item_id, utterance.content_index
        utterance.closed = True
        utterance.unsaid_ms = self._ledger.shorten(item_id, content_index=index)
        left_ms = self.made_ms(utterance)
        return Cut(item_id, utterance.response_id, index, left_ms, left_ms + int(utterance.unsaid_ms))

    def certain(self, cuts: Iterable[Cut]) -> list[Cut]:
        """Return the cuts to be told now; a response on hold keeps its own, for it may never be said."""
        certain: list[Cut] = []
        for cut in cuts:
            response = self.response(cut.response_id)
            (response.cuts if response.fate.held else certain).append(cut)
        return certain

    def all_of(self, utterance: Utterance) -> Cut:
        """Return an utterance as a cut that takes nothing away."""
        made_ms = self.made_ms(utterance)
        return Cut(utterance.item_id, utterance.response_id, utterance.content_index, made_ms, made_ms)

    def speaker_of(self, item_id: str) -> str | None:
        """Return the agent whose words an item is, whoever has the call since; None for an unknown item."""
        utterance = self._utterances.get(item_id)
        return utterance.agent if utterance is not None else None

    def words_of(self, cut: Cut) -> str:
        """Return the words of a cut item that were heard."""
        utterance = self._utterances.get(cut.item_id)
        return heard_part(utterance.text, cut.heard_ms, cut.generated_ms).strip() if utterance is not None else ""

    def is_on_line(self, response_id: str) -> bool:
        """Whether sound of a response was given to the line and not heard yet."""
        now_ms = self._now_ms()
        return any(self._unheard(utterance, now_ms) for utterance in self.of(response_id))

    def has_begun(self, response_id: str) -> bool:
        """Whether sound of a response was given to the line."""
        return any(utterance.released_ms for utterance in self.of(response_id))

    def has_spoken(self, response_id: str) -> bool:
        """Whether a response had words."""
        return any(utterance.text for utterance in self.of(response_id))

    def is_pending(self, response_id: str) -> bool:
        """Whether sound of this response is still to be heard."""
        return any(not utterance.told for utterance in self.of(response_id))

    def was_cut(self, response_id: str) -> bool:
        """Whether a response was cut short."""
        return any(self._ledger.is_cut(u.item_id, content_index=u.content_index) for u in self.of(response_id))

    def silent_items(self, response_id: str) -> list[str]:
        """Return the items of a response that have words and no sound."""
        return [u.item_id for u in self.of(response_id) if u.text and not self.made_ms(u)]

    def heard_of(self, response_id: str) -> int:
        """How many milliseconds of a response were heard so far."""
        now_ms = self._now_ms()
        return sum(self.heard_ms(utterance, now_ms) for utterance in self.of(response_id))

    def first_heard_ms(self, response_id: str) -> int | None:
        """When the first sound of a response reached the ear, on the line's clock."""
        now_ms, first = self._now_ms(), self._ledger.first_heard_at_ms
        times = [first(u.item_id, now_ms, content_index=u.content_index) for u in self.of(response_id)]
        return min((time for time in times if time is not None), default=None)

    def last_heard_ms(self, *, before: str) -> int | None:
        """When the last sound of any other response than `before` was heard."""
        others = [u for u in self._utterances.values() if u.response_id != before]
        times = [self._ledger.last_heard_at_ms(u.item_id, content_index=u.content_index) for u in others]
        return max((time for time in times if time is not None), default=None)

    def sounding(self) -> tuple[Utterance, int] | None:
        """Return the utterance that sounds or is next to, and how many ms of it were heard."""
        now_ms = self._now_ms()
        for utterance in self.untold.values():
            heard_ms = self.heard_ms(utterance, now_ms)
            if heard_ms < self.made_ms(utterance):
                return utterance, heard_ms
        return None

    def being_heard(self) -> list[tuple[Utterance, int]]:
        """Return what is not told yet and was begun to be heard, each with the ms that marks say were heard."""
        heard = [(utterance, self.heard_ms(utterance)) for utterance in self.untold.values()]
        return [(utterance, heard_ms) for utterance, heard_ms in heard if heard_ms]

    def last_heard(self) -> tuple[str, str]:
        """Return what was heard of the utterance that sounded last, and all of its text."""
        now_ms = self._now_ms()
        for utterance in reversed(self._utterances.values()):
            heard_ms = self.heard_ms(utterance, now_ms)
            if heard_ms:
                return heard_part(utterance.text, heard_ms, self.made_ms(utterance)), utterance.text
        return "", ""

    def said_lately(self, most: int) -> str:
        """Return the texts of the utterances that were begun last."""
        return " ".join(utterance.text for utterance in list(self._utterances.values())[-most:])

    def _unheard(self, utterance: Utterance, now_ms: int) -> bool:
        queued_ms = self._ledger.queued_ms(utterance.item_id, content_index=utterance.content_index)
        return self.heard_ms(utterance, now_ms) < queued_ms
