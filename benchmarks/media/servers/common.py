"""What the servers under test that are not ours share: the command line and the webhook's answer."""

from __future__ import annotations

import argparse

from starlette.responses import Response


def options() -> argparse.Namespace:
    """The command line of every server under test."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--model", required=True, help="WebSocket address of the Realtime server")
    parser.add_argument("--audio", choices=("pcmu", "pcm16"), required=True)
    parser.add_argument("--piece-ms", type=int, default=50, help="how much sound is collected (Agents SDK only)")
    return parser.parse_args()


def twiml(port: int) -> Response:
    """Connect the call to `/media` of the same server."""
    stream = f'<Stream url="ws://127.0.0.1:{port}/media"></Stream>'
    return Response(f"<Response><Connect>{stream}</Connect></Response>", media_type="application/xml")
