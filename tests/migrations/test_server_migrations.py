"""A round on a server is brought to this version's tables and back as a file is, by one of the clerks who open it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier
from typing import Any

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData

from qisp_desktop.base.errors import UserError
from qisp_desktop.domain.score_sheet import ScoreSheet
from qisp_desktop.store import migrating, schema, server_database
from qisp_desktop.store.places import ServerPlace
from qisp_desktop.store.round_store import RoundStore
from tests.postgres import PostgresServer
from tests.unit.store.past_the_program import raw, rows
from tests.unit.store.samples import RECORDS_OF_1_1, check_signature, expert, full_round, sheet

LAYOUT = {
    "columns": "SELECT table_name, column_name, data_type, is_nullable, column_default "
    "FROM information_schema.columns WHERE table_schema = 'public'",
    "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) "
    "FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
    "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
}


@pytest.fixture
def place(postgres: PostgresServer, tmp_path: Path) -> Iterator[ServerPlace]:
    """A round with one record of every kind that 1.1 knows, and a seal."""
    database = postgres.new_database()
    place = postgres.place(database, tmp_path / "files")
    full_round(place, records=RECORDS_OF_1_1)
    yield place
    postgres.drop(database)


def layout(place: ServerPlace) -> dict[str, list[Any]]:
    return {name: sorted(rows(place, query)) for name, query in LAYOUT.items()}


def content(place: ServerPlace) -> dict[str, list[Any]]:
    """Every row of every table, with its columns in the order of their names."""
    columns: dict[str, list[str]] = {}
    for table, column, *_ in rows(place, LAYOUT["columns"]):
        columns.setdefault(table, []).append(f'"{column}"')
    with raw(place) as connection:
        return {
            table: sorted(connection.execute(f'SELECT {", ".join(sorted(names))} FROM "{table}"').fetchall(), key=repr)
            for table, names in columns.items()
        }


@contextmanager
def connected(place: ServerPlace) -> Iterator[Connection]:
    engine = server_database.engine_for(place)
    try:
        with server_database.connected(engine, place) as connection:
            yield connection
    finally:
        engine.dispose()


def migrate(place: ServerPlace, revision: str, *, up: bool) -> None:
    with connected(place) as connection:
        (migrating.upgrade if up else migrating.downgrade)(connection, place, revision)


def steps() -> list[str]:
    """All formats, the newest first."""
    config = Config()
    config.set_main_option("script_location", migrating.SCRIPTS)
    return [step.revision for step in ScriptDirectory.from_config(config).walk_revisions()]


def test_a_new_round_has_the_tables_of_this_version(place: ServerPlace) -> None:
    with connected(place) as connection:
        everything = MetaData()
        for table in (*schema.metadata.sorted_tables, *schema.server_metadata.sorted_tables):
            table.to_metadata(everything)
        assert compare_metadata(MigrationContext.configure(connection), everything) == []


def test_down_and_up_again_keeps_every_row(place: ServerPlace) -> None:
    tables, before = layout(place), content(place)

    for step in steps()[1:]:
        migrate(place, step, up=False)
        older = content(place)
        assert older["alembic_version"] == [(step,)]
        assert older["audit_event"] == before["audit_event"]
        migrate(place, "head", up=True)
        assert layout(place) == tables
        # What a seal is 1.0 does not know.
        assert content(place) == before | ({"seal": []} if step == "r0001" else {})


def test_of_two_clerks_who_open_an_older_round_at_once_one_migrates_it(place: ServerPlace) -> None:
    migrate(place, "r0002", up=False)
    start = Barrier(2)

    def work(number: int) -> None:
        start.wait()
        with RoundStore.open(place, actor=f"clerk {number}", write=True) as store, store.change("import") as change:
            change.put(expert(number))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, (2, 3)))

    with RoundStore.open(place, actor="b") as store:
        assert store.all(ScoreSheet, total="3.5") == [sheet()]
        assert store.verify_audit(check_signature) == []
    for table in ("audit_event", "seal"):
        with raw(place) as connection, pytest.raises(psycopg.Error, match="append-only"):
            connection.execute(f"DELETE FROM {table}")


def test_who_only_reads_an_older_round_is_told_what_to_do(place: ServerPlace) -> None:
    migrate(place, "r0003", up=False)
    before = content(place)

    with pytest.raises(UserError, match="older version") as refused:
        RoundStore.open(place, actor="b")

    assert "for writing" in refused.value.do
    assert content(place) == before


def test_a_migration_that_fails_leaves_the_round_as_it_was(place: ServerPlace) -> None:
    migrate(place, "r0003", up=False)
    with raw(place) as connection:
        connection.execute("CREATE TABLE mending (id int)")  # in the way of a later step
    before = content(place)

    with pytest.raises(Exception, match="mending"):
        RoundStore.open(place, actor="b", write=True)

    assert content(place) == before
