"""The goodbye of a page that is still connecting, or cut off: the call ends, and its seat is free at once."""

import asyncio

import httpx

from huntgroup.domain import facts
from huntgroup.server.app import create_app
from huntgroup.server.serve import running
from tests.calls.desk import say
from tests.server.test_chat import LIMIT_S, TalkingHouse, page


async def test_a_call_that_was_announced_and_not_opened_gives_its_seat_back() -> None:
    app = create_app(TalkingHouse(say("Hello.")))  # type: ignore[arg-type]
    async with running(app) as address, httpx.AsyncClient(base_url=address.url) as http:
        token = (await http.post("/web/calls", json={"team": "office"})).json()["token"]
        assert app.state.desk.seats.taken == 1
        assert (await http.post("/web/calls/bye", json={"token": token})).status_code == 200
        assert (app.state.desk.seats.taken, len(app.state.desk.web)) == (0, 0)
        assert (await http.post("/web/calls/bye", json={"token": token})).status_code == 200
        assert (await http.post("/web/calls/bye", json={"token": "wrong"})).status_code == 403
        assert len(app.state.desk.web) == 0


async def test_a_call_whose_line_is_cut_ends_at_once() -> None:
    house = TalkingHouse(say("Hello."))
    app = create_app(house)  # type: ignore[arg-type]
    async with running(app) as address, httpx.AsyncClient(base_url=address.url) as http:
        token = (await http.post("/web/calls", json={"team": "office"})).json()["token"]
        async with page(address.url, token) as caller:
            await caller.hears("Hello.")
        visit = app.state.desk.web.find(token)
        assert (await http.post("/web/calls/bye", json={"token": token})).status_code == 200
        await asyncio.wait_for(visit.over.wait(), LIMIT_S)
        (session,) = house.sessions.values()
        ended = session.log.facts[-1]
        assert isinstance(ended, facts.CallEnded)
        assert ended.reason == "caller_hung_up"
        assert app.state.desk.seats.taken == 0
