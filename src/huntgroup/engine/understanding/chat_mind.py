"""A language model in the mind's place: any server of the chat-completions protocol."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx

from huntgroup.domain.errors import RetryError
from huntgroup.engine.ports import CallTool, Expects, Said, Say, Thought, ToolResult, ToolUse

from .chat_stream import PartialCall, Stream, read_stream
from .tokens import sentences

_TROUBLE = "I'm sorry, I'm having trouble thinking right now. Could you say that again in a moment?"
_READ_TIMEOUT_S = 30.0


class ChatUnavailable(RetryError):
    """The chat-completions server could not be reached, refused, or broke off. `code` holds no text of the call."""

    def __init__(self, code: str) -> None:
        super().__init__(f"the chat-completions server failed: {code}")
        self.code = code


class ChatMind:
    """`url` is the server's base ("…/v1") or the full path of its completions. The client belongs to the caller.

    After a failure the caller hears one sentence and `trouble` holds the error; the next thought tries again.
    """

    def __init__(self, client: httpx.AsyncClient, url: str, model: str, key: str | None = None) -> None:
        base = url.rstrip("/")
        self._url = base if base.endswith("/completions") else f"{base}/chat/completions"
        self._client, self._model = client, model
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self.trouble: ChatUnavailable | None = None

    @property
    def expects(self) -> Expects | None:
        return None

    async def think(self, request: Thought) -> AsyncIterator[Say | CallTool]:
        self.trouble = None
        spoken = False
        try:
            async for act in self._stream(request):
                spoken = spoken or isinstance(act, Say)
                yield act
        except ChatUnavailable as trouble:
            self.trouble = trouble
            yield Say(_TROUBLE)

    async def _stream(self, request: Thought) -> AsyncIterator[Say | CallTool]:
        held = Stream()
        try:
            async with self._client.stream(
                "POST", self._url, json=self._body(request), headers=self._headers, timeout=_READ_TIMEOUT_S
            ) as answer:
                if answer.status_code >= 400:
                    raise ChatUnavailable(f"http_{answer.status_code}")
                async for delta in read_stream(answer.aiter_lines()):
                    for sentence in held.take(delta):
                        yield Say(sentence)
        except httpx.TimeoutException as error:
            raise ChatUnavailable("timeout") from error
        except (httpx.HTTPError, ValueError) as error:
            raise ChatUnavailable("connection") from error
        for act in _finished(held, request):
            yield act

    def _body(self, request: Thought) -> dict[str, Any]:
        body: dict[str, Any] = {"model": self._model, "stream": True, "messages": messages_of(request)}
        if request.tools:
            body["tools"] = [{"type": "function", "function": _function(t)} for t in request.tools]
            body["tool_choice"] = _choice(request.tool_choice)
        return body


def _finished(held: Stream, request: Thought) -> list[Say | CallTool]:
    """What is left when the stream has ended: the last words, and the tool calls whose tools exist."""
    names = {str(t.get("name")) for t in request.tools}
    acts: list[Say | CallTool] = [Say(s) for s in sentences(held.rest())]
    acts += [CallTool(c.name, _object(c)) for c in held.calls.values() if c.name in names]
    return acts


def _object(call: PartialCall) -> str:
    try:
        return call.arguments if isinstance(json.loads(call.arguments or "{}"), dict) and call.arguments else "{}"
    except ValueError:
        return "{}"


def _function(tool: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": tool.get("name"),
        "description": tool.get("description") or "",
        "parameters": tool.get("parameters") or {"type": "object", "properties": {}},
    }


def _choice(choice: str | Mapping[str, Any]) -> Any:
    if isinstance(choice, Mapping) and choice.get("name"):
        return {"type": "function", "function": {"name": choice["name"]}}
    return choice if isinstance(choice, str) else dict(choice)


def messages_of(request: Thought) -> list[dict[str, Any]]:
    """The history as chat messages; tool calls that were never answered get an empty answer, as the protocol wants."""
    head = "\n\n".join(x for x in (request.instructions, request.response_instructions) if x)
    messages: list[dict[str, Any]] = [{"role": "system", "content": head}] if head else []
    results = {e.call_id: e.output for e in request.history if isinstance(e, ToolResult)}
    for entry in request.history:
        if isinstance(entry, Said):
            messages.append({"role": entry.role, "content": entry.text})
        elif isinstance(entry, ToolUse):
            messages += _tool_messages(entry, results.get(entry.call_id, ""))
    return messages


def _tool_messages(use: ToolUse, output: str) -> list[dict[str, Any]]:
    function = {"name": use.name, "arguments": use.arguments}
    call = {"id": use.call_id, "type": "function", "function": function}
    return [
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": use.call_id, "content": output},
    ]
