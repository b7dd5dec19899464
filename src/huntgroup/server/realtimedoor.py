"""How the Realtime protocol is met at the door: its errors over HTTP, its subprotocol over a WebSocket."""

from __future__ import annotations

import msgspec
from fastapi import Response, WebSocket

from huntgroup.wire import realtime as rt


def refusal(status: int, code: str | None, message: str, param: str | None = None) -> Response:
    """Return an error as the protocol's clients expect it."""
    body = {"error": rt.ErrorBody(code=code, message=message, param=param)}
    return Response(msgspec.json.encode(body), status, media_type="application/json")


async def accept(socket: WebSocket) -> None:
    """Accept a socket under the subprotocol `realtime`, if the client offers it."""
    offered = socket.scope.get("subprotocols", [])
    await socket.accept(subprotocol="realtime" if "realtime" in offered else None)
