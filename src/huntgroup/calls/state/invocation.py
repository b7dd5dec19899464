"""A tool call as the model wrote it, and the one answer to it."""

import json
from dataclasses import dataclass
from typing import Any

from huntgroup.domain.errors import BadArguments, NotSaved, TellModel


@dataclass(frozen=True)
class Invocation:
    """A tool call as the model wrote it, with the agent that owned the response it came in."""

    name: str
    tool_call_id: str
    arguments: str
    agent: str
    response_id: str
    item_id: str = ""


@dataclass(frozen=True)
class Answer:
    """The one answer to a tool call; `error` is the code of a refusal, None when the tool itself spoke."""

    output: str
    ok: bool
    error: str | None = None


def parse_arguments(text: str) -> dict[str, Any]:
    """Return the arguments as an object. Raises `BadArguments`."""
    try:
        arguments = json.loads(text or "{}")
    except (ValueError, RecursionError) as error:
        raise BadArguments("the arguments are no JSON that can be read") from error
    if not isinstance(arguments, dict):
        raise BadArguments("the arguments are no JSON object")
    return arguments


def refusal(error: TellModel | NotSaved) -> Answer:
    """Return an error as an answer that a model can act on."""
    code = error.code if isinstance(error, TellModel) else "not_saved"
    body: dict[str, Any] = {"ok": False, "error": code, "message": str(error)}
    needs = getattr(error, "needs", None)
    if needs:
        body["needs"] = list(needs)
    return Answer(json.dumps(body), False, code)


def interrupted() -> Answer:
    """Return the answer to a call that the caller's own words made void."""
    body = {"ok": False, "error": "interrupted", "message": "The caller spoke first; this was not done."}
    return Answer(json.dumps(body), False, "interrupted")
