"""The rows that a call wrote are found by the database's own marks."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Mapped, mapped_column

from huntgroup.cli.rows import RowWatch
from huntgroup.storage.base import Database, declarative_base_for
from huntgroup.storage.embedded import EmbeddedPostgres

Base = declarative_base_for("rows_test")


class Thing(Base):  # type: ignore[misc,valid-type]
    __tablename__ = "things"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


@pytest.mark.timeout(120)
async def test_inserted_and_changed_rows_are_found_and_others_not(tmp_path: Path) -> None:
    async with EmbeddedPostgres(tmp_path / "pg", durable=False) as server:
        database = Database(server.url)
        async with database.session() as session:
            await session.execute(text("create schema rows_test"))
            await session.run_sync(lambda sync: Base.metadata.create_all(sync.connection()))
            session.add_all([Thing(id=1, name="old"), Thing(id=2, name="changed later")])
        watch = RowWatch(database, [Base.metadata])
        await watch.begin()
        async with database.session() as session:
            session.add(Thing(id=3, name="new"))
            await session.execute(text("update rows_test.things set name = 'changed' where id = 2"))
        written = await watch.written()
        await database.close()
    assert sorted(row["row"]["name"] for row in written) == ["changed", "new"]
    assert {row["table"] for row in written} == {"rows_test.things"}
