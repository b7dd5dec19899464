"""The engine behind a real loopback WebSocket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import uvicorn
from fastapi import FastAPI

from huntgroup.engine.model import OfflineEngine
from huntgroup.server.routes.realtime import realtime_router


@asynccontextmanager
async def served(engine: OfflineEngine) -> AsyncIterator[str]:
    """Serve on a free port; yields host and port."""
    app = FastAPI()
    app.include_router(realtime_router(engine))
    async with serving(app) as address:
        yield address


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[str]:
    config = uvicorn.Config(app, port=0, log_level="critical", ws_max_size=32 * 1024 * 1024, lifespan="off")
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    task = asyncio.create_task(server.serve())
    try:
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.005)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"127.0.0.1:{port}"
    finally:
        server.should_exit = True
        with suppress(asyncio.CancelledError):
            await task
