"""The application: every route around one house."""

from __future__ import annotations

from functools import partial
from importlib.metadata import PackageNotFoundError, version

from fastapi import APIRouter, FastAPI

from huntgroup.domain.clock import Clock, SystemClock
from huntgroup.domain.errors import StoreUnavailable
from huntgroup.engine.model import OfflineEngine
from huntgroup.server.elsewhere import answer_others
from huntgroup.server.frontdesk import FrontDesk
from huntgroup.server.house import House
from huntgroup.server.iceservers import network
from huntgroup.server.origins import origin_of
from huntgroup.server.outages import store_is_away
from huntgroup.server.routes import (
    api,
    approvals,
    callback,
    chat,
    desk,
    deskcalls,
    desklive,
    deskpages,
    health,
    pages,
    resume,
    twilio,
    vendor,
    web,
    webrtc,
)
from huntgroup.server.routes.realtime import realtime_router
from huntgroup.settings import Settings


def create_app(house: House, *, clock: Clock | None = None, start_timeout_s: float = 10.0) -> FastAPI:
    """The ASGI application that lets callers reach `house`. A media socket must say its call within the time-out."""
    app = FastAPI(title="huntgroup", version=_version(), redoc_url=None)
    app.add_exception_handler(StoreUnavailable, store_is_away)
    app.state.house = house
    front = app.state.desk = FrontDesk(house, clock or SystemClock(), start_timeout_s=start_timeout_s)
    answer_others(house, front.clock)
    routers = (
        twilio.router,
        resume.router,
        callback.router,
        web.router,
        webrtc.router,
        vendor.router,
        chat.router,
        pages.router,
        api.router,
        approvals.router,
        health.router,
        desk.router,
        deskcalls.router,
        desklive.router,
        deskpages.router,
    )
    for router in routers:
        app.include_router(router)
    if house.engine is not None:
        app.include_router(_engine_router(house.engine, house.settings, front.clock))
    return app


def _engine_router(engine: OfflineEngine, settings: Settings, clock: Clock) -> APIRouter:
    origins = settings.allowed_realtime_origins | origin_of(settings.public_url)
    return realtime_router(engine, origins=origins, reach=partial(network, settings, clock))


def _version() -> str:
    try:
        return version("huntgroup")
    except PackageNotFoundError:
        return "0"
