"""Who may come into the desk, who is there, and what they did, in PostgreSQL."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from huntgroup.domain.clock import Clock
from huntgroup.storage.base import Database

LINK_LIFETIME = timedelta(hours=1)
SESSION_LIFETIME = timedelta(days=7)
IDLE_LIFETIME = timedelta(hours=12)
# A session that is used is not written anew with each request.
SEEN_EVERY = timedelta(minutes=1)

_LINK = text("insert into huntgroup.desk_links (hash, name, until) values (:hash, :name, :until)")
_USE_LINK = text("delete from huntgroup.desk_links where hash = :hash returning name, until")
_SESSION = text("insert into huntgroup.desk_sessions (hash, name, seen_at, until) values (:hash, :name, :now, :until)")
_WHO = text("select name, seen_at from huntgroup.desk_sessions where hash = :hash and until > :now and seen_at > :idle")
_SEEN = text("update huntgroup.desk_sessions set seen_at = :now where hash = :hash")
_LEAVE = text("delete from huntgroup.desk_sessions where hash = :hash returning name")
_STALE_LINKS = text("delete from huntgroup.desk_links where until <= :now")
_STALE_SESSIONS = text("delete from huntgroup.desk_sessions where until <= :now or seen_at <= :idle")
_DEED = text("insert into huntgroup.desk_deeds (by, what, call_id, at) values (:by, :what, :call_id, :now)")
_DEEDS = text(
    """
    select by, what, call_id, at from huntgroup.desk_deeds
    where cast(:call_id as text) is null or call_id = :call_id order by id desc limit :limit
    """
)
_EVER = text("select exists (select from huntgroup.desk_deeds where what = 'login')")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody at the desk: their name for the record, and the secret of their cookie."""

    name: str
    secret: str

    @property
    def visit(self) -> str:
        """Tells this session from others, of people of the same name too, and gives nothing of the secret away."""
        return hashlib.sha256(f"visit {self.secret}".encode()).hexdigest()[:16]


class PgDeskDoor:
    """`server.house.DeskDoor`. Secrets are 256 random bits, and the database has only their hashes.

    Every method raises `StoreUnavailable`.
    """

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def make_link(self, name: str) -> str:
        """Return the secret of a link that lets `name` in once, within the hour."""
        secret, now = secrets.token_urlsafe(32), self._clock.utc_now()
        async with self._db.session() as session:
            await session.execute(_STALE_LINKS, {"now": now})
            await session.execute(_LINK, {"hash": _hash(secret), "name": name, "until": now + LINK_LIFETIME})
            await session.execute(_DEED, {"by": name, "what": "link_made", "call_id": None, "now": now})
        return secret

    async def enter(self, link: str) -> Visitor | None:
        """Use a link up and begin a session; None for one that is unknown, used or too old."""
        now, secret = self._clock.utc_now(), secrets.token_urlsafe(32)
        async with self._db.session() as session:
            found = (await session.execute(_USE_LINK, {"hash": _hash(link)})).first()
            if found is None or found.until <= now:
                return None
            await session.execute(_STALE_SESSIONS, {"now": now, "idle": now - IDLE_LIFETIME})
            begun = {"hash": _hash(secret), "name": found.name, "now": now, "until": now + SESSION_LIFETIME}
            await session.execute(_SESSION, begun)
            await session.execute(_DEED, {"by": found.name, "what": "login", "call_id": None, "now": now})
        return Visitor(found.name, secret)

    async def visitor(self, secret: str) -> Visitor | None:
        """Return whose session a secret is, and note that it is used; None when it is none, or over."""
        now, key = self._clock.utc_now(), _hash(secret)
        async with self._db.session() as session:
            found = (await session.execute(_WHO, {"hash": key, "now": now, "idle": now - IDLE_LIFETIME})).first()
            if found is None:
                return None
            if now - _moment(found.seen_at) >= SEEN_EVERY:
                await session.execute(_SEEN, {"hash": key, "now": now})
        return Visitor(found.name, secret)

    async def leave(self, secret: str) -> None:
        """End a session."""
        async with self._db.session() as session:
            name = (await session.execute(_LEAVE, {"hash": _hash(secret)})).scalar()
            if name is not None:
                deed = {"by": name, "what": "logout", "call_id": None, "now": self._clock.utc_now()}
                await session.execute(_DEED, deed)

    async def note(self, by: str, what: str, call_id: str | None = None) -> None:
        """Note what somebody did."""
        async with self._db.session() as session:
            deed = {"by": by, "what": what, "call_id": call_id, "now": self._clock.utc_now()}
            await session.execute(_DEED, deed)

    async def deeds(self, call_id: str | None = None, *, limit: int = 200) -> list[dict[str, Any]]:
        """Return what was done, newest first: by whom, what, on which call, and when (ISO 8601)."""
        async with self._db.session() as session:
            rows = await session.execute(_DEEDS, {"call_id": call_id, "limit": limit})
            return [{**row, "at": row["at"].isoformat()} for row in rows.mappings()]

    async def ever_used(self) -> bool:
        """Whether anybody has ever logged in."""
        async with self._db.session() as session:
            return bool((await session.execute(_EVER)).scalar())


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _moment(value: Any) -> datetime:
    assert isinstance(value, datetime)
    return value
