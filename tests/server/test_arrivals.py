"""A page comes with a token that another process gave out: what is let in, and what is not."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from huntgroup.calls.processes.resumption import LINE_LOST
from huntgroup.server.changingline import line_for
from huntgroup.server.stream_tokens import LIFETIME_MS
from huntgroup.server.webcalls import Visit, WebRefused
from tests.server.dummy_house import DummyHouse
from tests.server.test_resume import Server, resumption
from tests.server.test_web_calls import ServedLoopback


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    made = Server(DummyHouse(max_calls=3, web_calls_per_address=2))
    async with made.http:
        yield made


def announced_elsewhere(team: str = "parrot", **settings: object) -> Visit:
    return Server(DummyHouse(**settings)).desk.web.admit(team, "192.0.2.1")  # type: ignore[no-any-return]


async def come(server: Server, visit: Visit) -> Visit:
    arrived: Visit = server.desk.web.find(visit.token)
    await line_for(server.desk, arrived, object)
    return arrived


async def test_a_call_that_was_another_process_s_goes_on_here(server: Server) -> None:
    visit = announced_elsewhere()
    server.house.verdicts[visit.call_id] = resumption(visit.call_id)
    arrived = await come(server, visit)
    server.desk.web.begin(arrived, ServedLoopback(server.clock))
    await server.house.begun.wait()
    assert server.house.resumed == [visit.call_id]
    assert (server.desk.seats.taken, server.house.longest_ms) == (1, 600_000)


async def test_a_call_that_nobody_answered_yet_is_claimed_and_answered_here(server: Server) -> None:
    visit = announced_elsewhere()
    server.desk.web.begin(await come(server, visit), ServedLoopback(server.clock))
    await server.house.begun.wait()
    assert server.house.claimed == [visit.call_id]
    assert server.house.calls[0][:2] == ("parrot", visit.call_id)


async def test_an_announcement_that_is_too_old_opens_nothing(server: Server) -> None:
    visit = announced_elsewhere()
    await server.clock.advance(LIFETIME_MS)
    with pytest.raises(WebRefused, match="token_unknown"):
        await come(server, visit)
    assert (len(server.desk.web), server.desk.seats.taken) == (0, 0)


async def test_calls_that_were_announced_elsewhere_count_for_their_address(server: Server) -> None:
    visits = [announced_elsewhere() for _ in range(3)]
    for visit in visits[:2]:
        await come(server, visit)
    with pytest.raises(WebRefused, match="too_many_calls"):
        await come(server, visits[2])
    with pytest.raises(WebRefused, match="too_many_calls"):
        server.desk.web.admit("parrot", "192.0.2.1")


@pytest.mark.parametrize("verdict", ["ended", "unknown", LINE_LOST])
async def test_a_call_that_is_over_is_over_everywhere(server: Server, verdict: str) -> None:
    visit = announced_elsewhere()
    await server.clock.advance(LIFETIME_MS)
    lost = replace(resumption(visit.call_id), reason=LINE_LOST)
    server.house.verdicts[visit.call_id] = lost if verdict == LINE_LOST else verdict  # type: ignore[assignment]
    with pytest.raises(WebRefused, match="token_unknown"):
        await come(server, visit)
    assert server.house.given_back == ([visit.call_id] if verdict == LINE_LOST else [])
    assert len(server.desk.web) == 0


async def test_while_its_owner_may_live_it_is_asked_for_again_and_takes_no_seat(server: Server) -> None:
    visit = announced_elsewhere()
    server.house.verdicts[visit.call_id] = "later"
    for _ in range(2):
        with pytest.raises(WebRefused, match="later"):
            await come(server, visit)
    assert server.desk.seats.taken == 0
    server.house.verdicts[visit.call_id] = resumption(visit.call_id)
    assert (await come(server, visit)).ticket.resumption is not None


async def test_a_page_that_connects_as_its_call_is_given_back_takes_it_over_anew(server: Server) -> None:
    visit = announced_elsewhere()
    server.house.verdicts[visit.call_id] = resumption(visit.call_id)
    arrived = await come(server, visit)
    await server.clock.advance(LIFETIME_MS)
    assert server.house.given_back == [visit.call_id]
    with pytest.raises(WebRefused, match="later"):
        server.desk.web.begin(arrived, ServedLoopback(server.clock))
    again = server.house.verdicts[visit.call_id] = resumption(visit.call_id)
    arrived = await come(server, visit)
    assert arrived.ticket.resumption is again
    server.desk.web.begin(arrived, ServedLoopback(server.clock))
    await server.clock.advance(LIFETIME_MS)
    assert server.house.given_back == [visit.call_id]


async def test_a_page_that_waits_for_a_seat_takes_its_call_over_anew_once_it_was_given_back(server: Server) -> None:
    visit = announced_elsewhere()
    server.house.verdicts[visit.call_id] = resumption(visit.call_id)
    server.house.room = False
    with pytest.raises(WebRefused, match="no_seat"):
        await come(server, visit)
    await server.clock.advance(30_000)
    server.house.room = True
    arrived = await come(server, visit)
    await server.clock.advance(31_000)
    assert server.house.given_back == [visit.call_id]
    with pytest.raises(WebRefused, match="later"):
        server.desk.web.begin(arrived, ServedLoopback(server.clock))


async def test_a_process_that_takes_leave_sends_pages_to_another(server: Server) -> None:
    server.desk.draining = server.house.others_live = True
    server.house.verdicts["c"] = resumption()
    with pytest.raises(WebRefused, match="later"):
        await come(server, announced_elsewhere())
    server.house.others_live = False
    assert await come(server, announced_elsewhere())


async def test_what_nobody_has_opened_is_left_to_others_when_the_process_leaves(server: Server) -> None:
    visit = server.desk.web.admit("parrot", "192.0.2.1")
    server.desk.web.forget_unopened()
    assert server.desk.seats.taken == 0
    elsewhere = Server(DummyHouse())
    elsewhere.desk.web.begin(await come(elsewhere, visit), ServedLoopback(elsewhere.clock))
    await elsewhere.house.begun.wait()


async def test_another_key_or_an_unknown_team_is_no_way_in(server: Server) -> None:
    other = Server(DummyHouse())
    other.desk.web._passes._key = b"another"
    with pytest.raises(WebRefused, match="token_unknown"):
        server.desk.web.find(other.desk.web.admit("parrot", "192.0.2.1").token)
    with pytest.raises(WebRefused, match="token_unknown"):
        await come(server, announced_elsewhere("of another house"))
