"""Calls whose model breaks: a scripted model of many sessions, and a house with phrases."""

from huntgroup.calls.ports import Phrase, PhraseKind
from huntgroup.domain.facts import AgentSpoke
from huntgroup.wire import realtime as rt
from tests.calls.scripted import ScriptedCall

PHRASES: dict[PhraseKind, str] = {
    "outage": "One moment, please.",
    "still_here": "I am still here.",
    "apology": "I am sorry. Please call again.",
}


class HummedPhrases:
    """`HousePhrases`: 400 ms of sound each."""

    def phrase(self, kind: PhraseKind, voice: str) -> Phrase:
        return Phrase(PHRASES[kind], b"\x11\x11" * 24 * 400)


def seeds(call: ScriptedCall) -> list[str]:
    """What the present session was told of the call so far, as short lines."""
    lines = []
    for event in call.model.sent_of(rt.ConversationItemCreate):
        match event.item:
            case rt.MessageItem():
                lines.append(f"{event.item.role}: {event.item.content[0].text}")
            case rt.FunctionCallItem():
                lines.append(f"call {event.item.name}")
            case rt.FunctionCallOutputItem():
                lines.append(f"answer {event.item.output}")
    return lines


def sound_ms(call: ScriptedCall) -> int:
    """How much of the caller's sound the present session was fed."""
    return sum(len(event.audio) for event in call.model.sent_of(rt.InputAudioBufferAppend)) // 48


def texts(call: ScriptedCall) -> list[str]:
    return [spoke.heard_text for spoke in call.of(AgentSpoke)]
