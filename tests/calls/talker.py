"""A scripted call in which the agent talks on and the caller makes sounds over it."""

import numpy as np

from huntgroup.domain.ids import new_id
from huntgroup.media.g711 import pcm16_to_ulaw
from huntgroup.wire import realtime as rt
from tests.calls.scripted import Part, ScriptedCall, speech

STORY = "We are open from nine to five on weekdays, and on Saturdays from ten to two in the afternoon."


def voice(ms: int, hz: int = 180) -> bytes:
    """Something as loud as a voice, in µ-law."""
    t = np.arange(8 * ms) / 8000
    wave = 6000 * np.sin(2 * np.pi * hz * t) * (1 + 0.5 * np.sin(2 * np.pi * 5 * t))
    return pcm16_to_ulaw(wave.astype("<i2").tobytes())


class Talker(ScriptedCall):
    """`await talk(...)` has the agent say something long; then the caller's sounds, heard by a server 100 ms late."""

    item_id = ""

    async def talk(self, *parts: Part, heard_ms: int = 500) -> list[rt.ServerEvent]:
        """Have the agent begin a reply; returns its events, all of which were pushed."""
        await self.says("Tell me.")
        reply = self.reply(*(parts or (speech(STORY, 4_000),)))
        await self.push(*reply)
        await self.pass_ms(heard_ms)
        return reply

    async def utter(self, ms: int, *, silence_ms: int = 300, commit: bool = True) -> None:
        """Make a sound; the server hears it begin and end, and makes it an item."""
        await self.begin(ms)
        await self.pass_ms(max(0, ms - 100) + silence_ms)
        await self.end(commit=commit)

    async def begin(self, ms: int, sound: bytes | None = None) -> None:
        self.line.speak(voice(ms) if sound is None else sound)
        self.item_id = new_id("item")
        start_ms = self.line.now_ms()
        await self.pass_ms(100)
        await self.push(rt.InputAudioBufferSpeechStarted(item_id=self.item_id, audio_start_ms=start_ms))

    async def end(self, *, commit: bool = True) -> None:
        await self.push(rt.InputAudioBufferSpeechStopped(item_id=self.item_id, audio_end_ms=self.line.now_ms()))
        if commit:
            await self.push(rt.InputAudioBufferCommitted(item_id=self.item_id))

    async def understood(self, text: str) -> None:
        """Let the server write down the last sound."""
        usage = rt.TranscriptionUsage(type="duration", seconds=1.0)
        await self.push(
            rt.ConversationItemInputAudioTranscriptionCompleted(
                item_id=self.item_id, content_index=0, transcript=text, usage=usage
            )
        )

    @property
    def deleted(self) -> list[str]:
        return [event.item_id for event in self.model.sent_of(rt.ConversationItemDelete)]

    @property
    def truncated(self) -> list[int]:
        return [event.audio_end_ms for event in self.model.sent_of(rt.ConversationItemTruncate)]
