"""What a trimmed conversation is worth on the next response: by estimate at the handoff, by the bill after it."""

import msgspec

from huntgroup.calls.handoffs.moves import Move
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.state.toolset import Toolset
from huntgroup.domain import facts, prices
from huntgroup.domain.prices import Tokens
from huntgroup.wire.realtime import InputTokenDetails, Usage


class ContextMeter:
    """Records a trim with its estimate, and what the receiver's next response really read.

    A change of hands changes the instructions, which come first in the prompt, so all that the last response read is
    lost to the cache; that loss is set against what the trim saves.
    """

    def __init__(self, live: LiveCall) -> None:
        self._live = live
        self._last_read = Tokens()
        self._expected: tuple[Move, Tokens] | None = None

    def committed(self, move: Move, toolset: Toolset) -> None:
        """The trim of a move is in force; must be called before the receiver's next response is used."""
        if move.trim.changes:
            head = _head_tokens(toolset)
            if move.call is not None:
                head += prices.text_tokens(move.answer.output)
            self._tell(move, head + move.trim.before, head + move.trim.after)
            self._expected = move, head + move.trim.after

    def used(self, response_id: str, usage: Usage) -> None:
        """A response in the conversation is over; the first of a receiver after a trim is compared."""
        read = usage.input_token_details
        if read is None:
            return
        if self._expected is not None and self._expected[0].response_id == response_id:
            _, estimate = self._expected
            self._expected = None
            self._measure(response_id, estimate, read)
        self._last_read = Tokens(read.text_tokens or 0, read.audio_tokens or 0)

    def _tell(self, move: Move, before: Tokens, after: Tokens) -> None:
        model = self._live.profile.model
        move.span.set(tokens_saved=before.total - after.total)
        saved, lost = prices.input_usd(model, before - after), prices.cache_usd(model, self._last_read)
        self._live.log.add(
            facts.ContextTrimmed,
            from_agent=move.frm,
            to_agent=move.to,
            policy=move.policy,
            items_deleted=len(move.trim.deleted),
            items_rewritten=len(move.trim.rewritten),
            tokens_before=before.total,
            tokens_after=after.total,
            cached_tokens_lost=self._last_read.total,
            saved_usd=round(saved, 8),
            cache_lost_usd=round(lost, 8),
            net_usd=round(saved - lost, 8),
            priced_as=prices.priced_as(model),
        )

    def _measure(self, response_id: str, estimate: Tokens, read: InputTokenDetails) -> None:
        model = self._live.profile.model
        whole = Tokens(read.text_tokens or 0, read.audio_tokens or 0)
        kinds = read.cached_tokens_details
        cached = Tokens(kinds.text_tokens or 0, kinds.audio_tokens or 0) if kinds is not None else Tokens()
        self._live.log.add(
            facts.ContextMeasured,
            response_id=response_id,
            tokens_estimated=estimate.total,
            tokens_read=whole.total,
            cached_tokens=cached.total,
            input_usd=round(prices.input_usd(model, whole) - prices.cache_usd(model, cached), 8),
            priced_as=prices.priced_as(model),
        )


def _head_tokens(toolset: Toolset) -> Tokens:
    """Return what instructions and tools take at the head of every prompt."""
    schema = msgspec.json.encode(list(toolset.specs)).decode()
    tools = prices.text_tokens(schema) if toolset.specs else Tokens()
    return prices.text_tokens(toolset.instructions) + tools
