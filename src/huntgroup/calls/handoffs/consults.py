"""A consult: the owner keeps the caller while a specialist works behind the line and returns a typed answer.

It runs as responses outside of the conversation on the same model session, so that nothing of it reaches the
conversation but the answer.
"""

import asyncio
import json
import logging
from typing import Any

from pydantic import ValidationError

from huntgroup.calls.state.acting import acting_for
from huntgroup.calls.state.deadline import limited
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.state.toolset import Toolset, own_tools
from huntgroup.calls.tools.toolnotes import note_answer, note_call
from huntgroup.calls.tools.toolrun import (
    Answer,
    Invocation,
    find,
    parse_arguments,
    refusal,
    run_tool,
)
from huntgroup.domain import facts
from huntgroup.domain.errors import BadArguments, TellModel, TooDeep, ToolFailed, ToolTimedOut
from huntgroup.domain.ids import new_id
from huntgroup.teams import Consult
from huntgroup.teams.payload import schema_of, validated_json
from huntgroup.wire.realtime import (
    ContentPart,
    FunctionCallItem,
    FunctionCallOutputItem,
    InputItem,
    MessageItem,
    Response,
    ResponseConfig,
    ResponseCreate,
)

logger = logging.getLogger(__name__)
CONSULT_KEY = "huntgroup_consult"
MAX_ROUNDS = 6
MAX_DEPTH = 2


class ConsultDesk:
    """Puts questions to specialists. The session hands every complete response to `response_done`.

    A specialist may itself ask another one, at most `MAX_DEPTH` deep.
    """

    def __init__(self, live: LiveCall) -> None:
        self._live = live
        self._waiting: dict[str, asyncio.Future[Response]] = {}
        self._requests: dict[str, ResponseCreate] = {}

    def response_done(self, response: Response) -> bool:
        """Take a response that belongs to a consult; False when it is not one."""
        key = (response.metadata or {}).get(CONSULT_KEY)
        self._settle(key, response)
        return key is not None

    def refused(self, event_id: str | None) -> bool:
        """Note an error for a consult's request; False when it was not one."""
        return self._settle(event_id, Response(status="failed"))

    def ask_again(self) -> None:
        """Another session has taken over: put to it what the one before has not answered."""
        for request in self._requests.values():
            self._live.model.send(request)

    def _settle(self, key: str | None, response: Response) -> bool:
        """Give a request its response; False when there is no such request. One that has run out of time takes none."""
        waiting = self._pop(key)
        if waiting is not None and not waiting.done():
            waiting.set_result(response)
        return waiting is not None

    def _pop(self, key: str | None) -> asyncio.Future[Response] | None:
        self._requests.pop(key or "", None)
        return self._waiting.pop(key or "", None)

    async def serve(self, asked: Consult, call: Invocation, depth: int = 1) -> Answer:
        """Ask a specialist and return its answer for the tool call; never raises but for cancellation.

        `depth` is 1 for a question of the agent that has the call.
        """
        started_ms = self._live.clock.now_ms()
        span = self._live.tracer.consult(asked.to, call.agent)
        question = ""
        try:
            self._live.context.claims.require(asked.requires)
            question = str(parse_arguments(call.arguments).get("question", ""))
            if not question:
                raise BadArguments("a consult needs a question")
            if not self._live.profile.supports_out_of_band:
                raise ToolFailed(f"{asked.to} cannot be asked behind this model; hand the call over instead")
            body = await self._limited(asked, question, depth)
            answer = Answer(json.dumps({"ok": True, "from": asked.to, **body}), True)
        except TellModel as error:
            body, answer = {}, refusal(error)
        except Exception as error:
            logger.warning("the consult of %s raised %s", asked.to, type(error).__name__)
            body, answer = {}, refusal(ToolFailed(f"{asked.to} cannot be asked now"))
        span.end("ok" if answer.ok else "error")
        self._live.log.add(
            facts.Consulted,
            owned_by=call.agent,
            specialist=asked.to,
            question=question,
            answer=body,
            ok=answer.ok,
            duration_ms=self._live.clock.now_ms() - started_ms,
        )
        return answer

    async def _limited(self, asked: Consult, question: str, depth: int) -> dict[str, Any]:
        try:
            return await limited(self._converse(asked, question, depth), asked.timeout_ms, self._live.clock)
        except TimeoutError as error:
            raise ToolTimedOut(f"{asked.to} did not answer in time") from error

    async def _converse(self, asked: Consult, question: str, depth: int) -> dict[str, Any]:
        tools = await own_tools(self._live.team, asked.to, self._live.run_context(), consults=depth < MAX_DEPTH)
        instructions = f"{tools.instructions}\n\n{_task(asked)}"
        part = ContentPart(type="input_text", text=question)
        items: list[InputItem] = [MessageItem(role="user", content=[part])]
        for _ in range(MAX_ROUNDS):
            response = await self._respond(asked, tools, instructions, items)
            calls = [item for item in response.output or [] if isinstance(item, FunctionCallItem)]
            if not calls:
                return read_answer(asked, text_of(response))
            for call in calls:
                items.extend(await self._use(tools, asked, call, depth))
        raise BadArguments(f"{asked.to} found no answer")

    async def _respond(self, asked: Consult, tools: Toolset, instructions: str, items: list[InputItem]) -> Response:
        key = new_id("con")
        waiting = self._waiting[key] = asyncio.get_running_loop().create_future()
        config = ResponseConfig(
            conversation="none",
            metadata={CONSULT_KEY: key, "agent": asked.to},
            instructions=instructions,
            tools=list(tools.specs),
            input=list(items),
            output_modalities=["text"],
        )
        request = self._requests[key] = ResponseCreate(event_id=key, response=config)
        self._live.model.send(request)
        try:
            response: Response = await waiting
        finally:
            self._pop(key)
        if response.status != "completed":
            raise BadArguments("the specialist could not answer")
        return response

    async def _use(self, tools: Toolset, asked: Consult, call: FunctionCallItem, depth: int) -> list[InputItem]:
        call_id = call.call_id if isinstance(call.call_id, str) else new_id("call")
        invocation = Invocation(call.name, call_id, call.arguments, asked.to, "")
        started_ms = self._live.line.now_ms()
        note_call(self._live, tools, invocation)
        try:
            answer = await self._answer(tools, invocation, depth)
        except TellModel as error:
            answer = refusal(error)
        note_answer(self._live, invocation, answer, self._live.line.now_ms() - started_ms)
        return [
            FunctionCallItem(name=call.name, arguments=call.arguments, call_id=call_id),
            FunctionCallOutputItem(call_id=call_id, output=answer.output),
        ]

    async def _answer(self, tools: Toolset, call: Invocation, depth: int) -> Answer:
        action = tools.actions.get(call.name)
        if isinstance(action, Consult):
            return await self.serve(action, call, depth + 1)
        deeper = {asked.tool_name for asked in self._live.team.consults_of(call.agent)}
        if depth >= MAX_DEPTH and call.name in deeper:
            raise TooDeep(f"a question within a question goes {MAX_DEPTH} deep, and {call.name} would be one more")
        with acting_for(call.agent):
            return await run_tool(self._live, find(tools, call.name), call)


def _task(asked: Consult) -> str:
    """Return the specialist's task; its words reach a colleague, not the caller."""
    lines = [f"{asked.frm} asks you a question while the caller waits. Answer briefly, to your colleague."]
    if asked.returns is not None:
        schema = json.dumps(schema_of(asked.returns))
        lines.append(f"Answer with one JSON object of this schema and nothing else: {schema}")
    return "\n".join(lines)


def specialist_of(response: Response) -> str | None:
    """Return whose work a consult's response is; None when the server kept no note of it."""
    return (response.metadata or {}).get("agent")


def text_of(response: Response) -> str:
    """Return all text of a response's messages."""
    messages = [item for item in response.output or [] if isinstance(item, MessageItem)]
    parts = [part.text or part.transcript for message in messages for part in message.content]
    return " ".join(part for part in parts if isinstance(part, str))


def read_answer(asked: Consult, text: str) -> dict[str, Any]:
    """Return the typed answer; plain words where the answer is not the JSON that was asked for."""
    if asked.returns is None:
        return {"answer": text}
    try:
        return validated_json(asked.returns, text)
    except ValidationError:
        return {"answer": text}
