"""What a page sends, done to its call."""

from __future__ import annotations

from msgspec.structs import replace

from huntgroup.calls.turns.hand import Hand
from huntgroup.domain.errors import TeamError, TellModel
from huntgroup.wire import live

_NO_CALL = live.Refused(code="no_call", message="There is no call to do this in.")


async def carry_out(message: live.FromClient, hand: Hand | None) -> live.Refused | None:
    """Do what a page wishes; returns what it is told when that was not taken. Returns late for a transfer only."""
    if hand is None:
        return refusal_of(message, _NO_CALL)
    match message:
        case live.Say(text=text, id=words_id):
            if not text.strip():
                return live.Refused(code="blank", message="There are no words in this.", id=words_id)
            return None if hand.say(text, words_id) else refusal_of(message, _NO_CALL)
        case live.Key(digit=digit):
            return None if hand.press(digit) else _NO_CALL
        case live.Transfer(agent=agent):
            return await _transfer(agent, hand)
        case live.Interrupt():
            hand.interrupt()
        case live.Bye():
            hand.hang_up()
    return None


def refusal_of(message: live.FromClient, refused: live.Refused) -> live.Refused:
    """Return the refusal with the id of the words that it is about, if it is about any."""
    return replace(refused, id=message.id) if isinstance(message, live.Say) else refused


async def _transfer(agent: str, hand: Hand) -> live.Refused | None:
    try:
        done = await hand.transfer(agent, by="menu")
    except TellModel as error:
        return live.Refused(code=error.code, message=_WHY.get(error.code, "This transfer is not possible now."))
    except TeamError:
        return live.Refused(code="no_agent", message="There is nobody of this name in the team.")
    return None if done else live.Refused(code="rolled_back", message="They could not take the call; it stays here.")


_WHY = {
    "no_edge": "The agent who has the call cannot hand it there.",
    "claim_missing": "Something has to be done first, such as proving who you are.",
    "hop_limit": "This call was handed on too often.",
    "loop": "This call went to and fro too often.",
    "busy": "The call is being handed on already.",
}
