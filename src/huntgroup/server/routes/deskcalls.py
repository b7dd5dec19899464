"""Calls at the desk: searched, added up by day, seen whole, heard, taken along and deleted."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response

from huntgroup.domain.analytics import Analytics
from huntgroup.domain.errors import StoreUnavailable
from huntgroup.domain.facts import Fact
from huntgroup.server.byterange import ranged
from huntgroup.server.deskaccess import Someone
from huntgroup.server.deskviews import desk_call, speech
from huntgroup.server.frontdesk import FrontDesk
from huntgroup.server.house import House
from huntgroup.server.path_ids import is_id, require_ids
from huntgroup.server.routes.api import NO_NUL
from huntgroup.server.telling import told
from huntgroup.storage.archive import Wanted
from huntgroup.storage.recording import Recording, WavFile
from huntgroup.storage.recordings import Recordings

router = APIRouter(prefix="/desk/api", tags=["desk"], dependencies=[Depends(require_ids)])

LONGEST_CHART_DAYS = 366
PEAKS = 1_200
Sentiment = Literal["negative", "neutral", "positive"]
Outcome = Literal["running", "resolved", "partially", "unresolved", "escalated", "abandoned"]
Team = Annotated[str | None, Query(max_length=100, pattern=NO_NUL)]
# The database's driver takes the first and the last date that there are for infinite ones.
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2999, 12, 31)
Day = Annotated[date, Query(ge=FIRST_DAY, le=LAST_DAY)]
PerhapsDay = Annotated[date | None, Query(ge=FIRST_DAY, le=LAST_DAY)]


@router.get("/calls")
async def calls(
    request: Request,
    visitor: Someone,
    text: Annotated[str | None, Query(max_length=200, pattern=NO_NUL)] = None,
    team: Team = None,
    sentiment: Sentiment | None = None,
    lead_at_least: Annotated[int | None, Query(ge=0, le=100)] = None,
    outcome: Outcome | None = None,
    since: PerhapsDay = None,
    until: PerhapsDay = None,
    after: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """A page of calls, newest first, and `next` for the page after. Days are UTC's, `until` is included."""
    wanted = Wanted(
        text=text, team=team, sentiment=sentiment, lead_at_least=lead_at_least, outcome=outcome,
        since=_begin(since), before=_begin(until + timedelta(days=1) if until else None), after=_checked(after),
        limit=limit,
    )  # fmt: skip
    house = FrontDesk.of(request).house
    return {**await house.desk.archive.find(wanted), "teams": sorted({*await house.desk.archive.teams(), *house.teams})}


@router.get("/figures")
async def figures(request: Request, visitor: Someone, since: Day, until: Day, team: Team = None) -> dict[str, Any]:
    """The figures of each day. 422 for more than a year."""
    if not 0 <= (until - since).days < LONGEST_CHART_DAYS:
        raise HTTPException(422, f"from one day to {LONGEST_CHART_DAYS} days can be asked for")
    return {"days": await FrontDesk.of(request).house.desk.figures.by_day(since, until, team=team)}


@router.get("/calls/{call_id}")
async def call(request: Request, visitor: Someone, call_id: str) -> Response:
    """One call whole, what each agent cost, and how loud its sound is; `sound` is null when none was kept."""
    house = FrontDesk.of(request).house
    facts, analytics = await _whole(house, call_id, visitor.name, "viewed")
    return await told(lambda: _with_sound(house.desk.recordings, call_id, facts, analytics))


@router.get("/calls/{call_id}/export.json")
async def export(request: Request, visitor: Someone, call_id: str) -> Response:
    """One call whole, as a file."""
    facts, analytics = await _whole(FrontDesk.of(request).house, call_id, visitor.name, "exported")
    return await told(lambda: desk_call(call_id, facts, analytics), _as_file(call_id, "json"))


@router.get("/calls/{call_id}/sound.wav")
async def sound(
    request: Request,
    visitor: Someone,
    call_id: str,
    lane: Annotated[str, Query(max_length=100)] = "both",
    download: bool = False,
) -> Response:
    """The sound: both lanes in stereo, or the `caller`'s or one agent's, as far as the caller heard it."""
    desk = FrontDesk.of(request)
    recording = await asyncio.to_thread(desk.house.desk.recordings.find, call_id)
    if recording is None:
        raise HTTPException(404, "no sound of this call was kept")
    wav = await _wav(desk.house, call_id, recording, lane)
    from_begin = request.headers.get("range", "bytes=0-") == "bytes=0-"
    # Some players begin with two bytes, and any part may be asked for first.
    if download or from_begin or not desk.listening.knows(visitor.secret, call_id):
        await desk.house.desk.door.note(visitor.name, "downloaded" if download else "heard", call_id)
        desk.listening.noted(visitor.secret, call_id)
    return ranged(request, wav, "audio/wav", _as_file(call_id, "wav") if download else {})


@router.delete("/calls/{call_id}", status_code=204)
async def delete(request: Request, visitor: Someone, call_id: str) -> None:
    """Delete everything about a call, its sound included; 409 while it runs, in whichever process."""
    house = FrontDesk.of(request).house
    if house.facts_of(call_id) or await house.desk.live_calls.owner_of(call_id) is not None:
        raise HTTPException(409, "this call is still running")
    await house.desk.door.note(visitor.name, "deleted", call_id)
    try:
        await house.desk.sound.forget(call_id)
    except OSError:
        raise StoreUnavailable("the sound could not be deleted") from None


async def _whole(house: House, call_id: str, by: str, deed: str) -> tuple[list[Fact], Analytics | None]:
    analytics = await house.store.analytics(call_id)
    # A record may be kept for a shorter time than what was concluded from it.
    facts = await _facts(house, call_id) if analytics is None else await house.store.facts(call_id)
    await house.desk.door.note(by, deed, call_id)
    return facts, analytics


def _with_sound(recordings: Recordings, call_id: str, facts: list[Fact], analytics: Analytics | None) -> dict[str, Any]:
    return {**desk_call(call_id, facts, analytics), "sound": recordings.peaks(call_id, PEAKS)}


async def _facts(house: House, call_id: str) -> list[Fact]:
    facts = await house.store.facts(call_id)
    if not facts:
        raise HTTPException(404, "no such call")
    return facts


async def _wav(house: House, call_id: str, recording: Recording, lane: str) -> WavFile:
    if lane in ("both", "caller"):
        return WavFile(recording, lane)
    spans = speech(await _facts(house, call_id)).get(lane)
    if spans is None:
        raise HTTPException(404, "nobody of that name was heard in this call")
    return WavFile(recording, "heard", spans)


def _as_file(call_id: str, suffix: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{call_id}.{suffix}"'}


def _begin(day: date | None) -> datetime | None:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) if day is not None else None


def _checked(after: str | None) -> str | None:
    if after is None:
        return None
    started_at, _, call_id = after.partition(" ")
    try:
        moment = datetime.fromisoformat(started_at)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not FIRST_DAY <= moment.date() <= LAST_DAY or not is_id(call_id):
        raise HTTPException(422, "`after` is the `next` of the page before")
    return after
