"""Results of tools that come when their agent has the call no more."""

import json
from dataclasses import replace

from huntgroup.calls.model.responses import ResponseQueue
from huntgroup.calls.state.asks import Ask
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.state.reasons import Reason
from huntgroup.calls.tools.toolrun import Answer, Invocation, refusal
from huntgroup.domain import facts
from huntgroup.domain.errors import TooLate
from huntgroup.teams import Late

TOLD_IN_A_NOTE = json.dumps({"ok": True, "status": "late", "message": "The result is in a note."})


class LateResults:
    """Gives a late result to whom the tool wants it: as the call's output, as a note that may be spoken of, or nobody.

    Whatever becomes of it, the call id gets one answer, unless the call itself was taken out of the conversation; and
    nothing reaches the agent that has the call but what it may see.
    """

    def __init__(self, live: LiveCall, responses: ResponseQueue) -> None:
        self._live = live
        self._responses = responses

    def take(self, call: Invocation, answer: Answer, late: Late) -> Answer:
        """Pass a result on by the rule `late`; returns what the model is to be told as the output of the call."""
        self._live.log.add(
            facts.LateResult,
            tool=call.name,
            tool_call_id=call.tool_call_id,
            from_agent=call.agent,
            policy=late,
            output=answer.output,
        )
        if late == "drop":
            return refusal(TooLate("the result came after the call had changed hands"))
        shown = replace(answer, output=self._shown(answer.output))
        if late == "deliver" and self._live.items.has_call(call.tool_call_id):
            return shown
        note = f"A result of {call.agent}'s {call.name} came after you took the call: {shown.output}"
        if late == "deliver":
            self._live.model.send(self._live.items.note(note))
            return shown
        self._live.model.send(self._live.items.note(f"{note}\nSpeak of it if it matters to the caller now."))
        self._responses.ask(Ask(reason=Reason.LATE, agent=self._live.owner))
        return replace(answer, output=TOLD_IN_A_NOTE)

    def _shown(self, output: str) -> str:
        redaction = self._live.redaction
        return redaction.tool_text(output) if redaction is not None else output
