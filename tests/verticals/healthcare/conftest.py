"""A clinic of a test's own: seeded for Sunday, November 22nd 2026, and a caller who uses its tools."""

import json
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from huntgroup.domain.facts import FactBase
from huntgroup.storage.base import Database
from huntgroup.teams import CallContext, ToolContext, VoiceTool
from huntgroup.testing.virtual_clock import VirtualClock
from huntgroup.verticals.healthcare.seed import seed

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 22, 14, 5, tzinfo=ZONE)


async def fill(url: str) -> None:
    database = Database(url)
    await seed(database, NOW)
    await database.close()


@pytest.fixture
def clinic_url(databases: Any) -> Iterator[str]:
    databases.template("clinic", fill, of="migrated")
    url = databases.create("clinic")
    yield url
    databases.drop(url)


@pytest.fixture
async def clinic(clinic_url: str) -> AsyncIterator[Database]:
    database = Database(clinic_url, pool_size=20)
    yield database
    await database.close()


class Caller:
    """One call to the clinic, below the level of words: it calls tools as a model would."""

    def __init__(self, database: Database, call_id: str = "call_1", caller: str | None = None) -> None:
        self.facts: list[str] = []
        self.hung_up: list[str] = []
        self._numbers = 0
        self.context = CallContext(
            call_id=call_id,
            clock=VirtualClock(NOW),
            caller=caller,
            resources={Database: database},
            on_record=self._record,
            on_hang_up=self.hung_up.append,
        )

    async def use(self, tool: VoiceTool, *, tool_call_id: str | None = None, **arguments: Any) -> dict[str, Any]:
        self._numbers += 1
        key = tool_call_id or f"tool_{self._numbers}"
        self.context.claims.require(tool.requires)
        spoken = json.dumps(arguments)
        ctx: ToolContext = ToolContext(self.context, tool_name=tool.name, tool_call_id=key, tool_arguments=spoken)
        answer: dict[str, Any] = await tool.on_invoke_tool(ctx, spoken)
        return answer

    def verified_as(self, patient_id: int) -> "Caller":
        self.context.claims.grant("verified_patient", str(patient_id))
        return self

    def _record(self, fact_type: type[FactBase], fields: Any) -> None:
        self.facts.append(fact_type.__name__)


@pytest.fixture
def caller(clinic: Database) -> Caller:
    return Caller(clinic)


MARIA, JAMES, EMMA = 1, 2, 3


@pytest.fixture
def maria(clinic: Database) -> Caller:
    return Caller(clinic, "call_maria").verified_as(MARIA)


@pytest.fixture
def james(clinic: Database) -> Caller:
    return Caller(clinic, "call_james").verified_as(JAMES)


async def value(database: Database, sql: str) -> Any:
    async with database.session() as session:
        return (await session.execute(text(sql))).scalar()
