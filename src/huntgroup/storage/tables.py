"""The tables that all verticals share, in the schema `huntgroup`."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Computed, ForeignKey, Identity, Index, func, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from huntgroup.storage.base import COLUMN_TYPES, metadata_for

SCHEMA = "huntgroup"
DEFAULT_TENANT = "default"


class Base(DeclarativeBase):
    metadata = metadata_for(SCHEMA)
    type_annotation_map = COLUMN_TYPES


class Tenant(Base):
    """A business that calls belong to. `keep_calls_days` is how long its calls are kept; null means for ever."""

    __tablename__ = "tenants"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    keep_calls_days: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Call(Base):
    """A call as lists show it; everything here but `tenant_id` and `keep_until` is derived from its facts."""

    __tablename__ = "calls"
    __table_args__ = (
        Index("ix_calls_started_at", text("started_at desc"), text("call_id desc")),
        Index("ix_calls_team_started_at", "team", text("started_at desc")),
        Index("ix_calls_keep_until", "keep_until", postgresql_where=text("keep_until is not null")),
        Index("ix_calls_caller", "caller"),
        Index("ix_calls_running", "started_at", postgresql_where=text("ended_at is null")),
    )

    call_id: Mapped[str] = mapped_column(primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey(Tenant.id), server_default=DEFAULT_TENANT)
    team: Mapped[str]
    line: Mapped[str]
    caller: Mapped[str | None]
    callee: Mapped[str | None]
    model: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    duration_ms: Mapped[int | None]
    end_reason: Mapped[str | None]
    keep_until: Mapped[datetime | None]


class StoredFact(Base):
    """One fact of a call; `body` is the fact as `encode_fact` writes it."""

    __tablename__ = "facts"
    __table_args__ = (Index("ix_facts_type_at", "type", "at"),)

    call_id: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    type: Mapped[str]
    t_ms: Mapped[int]
    agent: Mapped[str | None]
    body: Mapped[dict[str, Any]]
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class CallWords(Base):
    """The words that were heard in a call, derived from its facts of speech, for the search."""

    __tablename__ = "call_words"
    __table_args__ = (Index("ix_call_words_words", "words", postgresql_using="gin"),)

    call_id: Mapped[str] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(TSVECTOR)


class StoredAnalytics(Base):
    """The analytics of a call, with what lists show as columns of their own."""

    __tablename__ = "analytics"

    call_id: Mapped[str] = mapped_column(primary_key=True)
    sentiment_score: Mapped[float]
    lead_score: Mapped[int]
    resolution: Mapped[str]
    sentiment: Mapped[str | None] = mapped_column(Computed("body ->> 'sentiment_label'", persisted=True))
    body: Mapped[dict[str, Any]]
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class ToolResult(Base):
    """What a tool call answered when it first did its work, by idempotency key."""

    __tablename__ = "tool_results"
    __table_args__ = (Index("ix_tool_results_call_id", "call_id"),)

    key: Mapped[str] = mapped_column(primary_key=True)
    call_id: Mapped[str | None]
    result: Mapped[dict[str, Any]]
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class CallLease(Base):
    """Which process owns a call. `epoch` grows with each change of owner; the row stays, so that it can be compared."""

    __tablename__ = "call_leases"

    call_id: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str]
    epoch: Mapped[int]
    until: Mapped[datetime]


class Process(Base):
    """A server process that lives until `until`; one that is `draining` takes no calls."""

    __tablename__ = "processes"

    owner: Mapped[str] = mapped_column(primary_key=True)
    draining: Mapped[bool]
    until: Mapped[datetime]


class StrayFact(Base):
    """A fact that was written under an ownership that had passed on: kept, but no part of the call's record."""

    __tablename__ = "stray_facts"

    call_id: Mapped[str] = mapped_column(primary_key=True)
    epoch: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[dict[str, Any]]
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class ForgottenCall(Base):
    """A call that was deleted: of such a one nothing is stored any more. The id alone is kept, and says nothing."""

    __tablename__ = "forgotten_calls"

    call_id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class Callback(Base):
    """A caller for whom there was no room, and who wants to be called back. `state`: waiting, done."""

    __tablename__ = "callbacks"
    __table_args__ = (Index("ix_callbacks_state_wished_at", "state", "wished_at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey(Tenant.id), server_default=DEFAULT_TENANT)
    team: Mapped[str]
    caller: Mapped[str]
    callee: Mapped[str | None]
    carrier_call: Mapped[str] = mapped_column(unique=True)
    wished_at: Mapped[datetime] = mapped_column(server_default=func.now())
    state: Mapped[str] = mapped_column(server_default="waiting")


class Key(Base):
    """A secret that the processes of one database share; it is made by the first that asks for it."""

    __tablename__ = "keys"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[bytes]
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())


class DeskLink(Base):
    """A way into the desk that was given to `name`, good for one login until `until`; only a hash of it is kept."""

    __tablename__ = "desk_links"

    hash: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    until: Mapped[datetime]


class DeskSession(Base):
    """Somebody who is logged in at the desk. `until` is when the session ends, however it is used."""

    __tablename__ = "desk_sessions"

    hash: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    seen_at: Mapped[datetime]
    until: Mapped[datetime]


class DeskDeed(Base):
    """What somebody did at the desk: `what` is a short code, `call_id` the call that it was about."""

    __tablename__ = "desk_deeds"
    __table_args__ = (Index("ix_desk_deeds_call_id", "call_id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    by: Mapped[str]
    what: Mapped[str]
    call_id: Mapped[str | None]
    at: Mapped[datetime] = mapped_column(server_default=func.now())
