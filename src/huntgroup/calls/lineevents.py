"""What comes from the line, and which desk it is for."""

from huntgroup.calls.ports import LineAudio, LineBadInput, LineDtmf, LineEnded, LineMark, LineReturned, LineTick
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.wiring import Desks
from huntgroup.domain import facts

MAX_BAD_INPUTS = 50


class LineEvents:
    """Carries out the line's events on the desks of one call."""

    def __init__(self, live: LiveCall, desks: Desks) -> None:
        self._live = live
        self._desks = desks
        self._bad_inputs = 0

    async def read(self) -> None:
        """Take the line's events until it ends."""
        desks = self._desks
        while True:
            event = await self._live.line.receive()
            match event:
                case LineAudio(audio):
                    desks.talk.caller.push(audio)
                    desks.talk.floor.frame(audio)
                    desks.supervisors.frame(audio)
                case LineTick():
                    desks.talk.floor.tick()
                case LineMark(name):
                    desks.talk.mouth.marked(name)
                    desks.ending.look()
                case LineDtmf(digit):
                    self.press(digit)
                case LineBadInput(code, detail):
                    self._bad_input(code, detail)
                case LineReturned(away_ms):
                    self._live.log.add(facts.LineReturned, away_ms=away_ms)
                case LineEnded(reason, lost):
                    desks.ending.line_over(reason, lost=lost)
                    return

    def press(self, digit: str) -> None:
        """Take a key of the caller's, whatever brought it."""
        self._desks.talk.silence.reset()
        self._desks.talk.barge_in.silence_for_keys()
        self._desks.talk.keys.press(digit)

    def _bad_input(self, code: str, detail: str) -> None:
        """Record rubbish from the line; a flood of it is recorded only in its beginning."""
        self._bad_inputs += 1
        if self._bad_inputs <= MAX_BAD_INPUTS:
            self._live.log.add(facts.BadInput, source="line", code=code, detail=detail[:200])
