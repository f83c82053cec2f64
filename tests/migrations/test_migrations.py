"""Every format leads to the tables of this version and back, with all data."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from qisp_desktop.base.errors import UserError
from qisp_desktop.domain.score_sheet import ScoreSheet
from qisp_desktop.store import dialect, migrating, schema
from qisp_desktop.store.aggregates import aggregate_of
from qisp_desktop.store.backups import backups
from qisp_desktop.store.round_store import RoundStore
from tests.unit.store.samples import RECORDS_OF_1_1, check_signature, full_round, new_round, sheet

OLD_FILES = sorted((Path(__file__).resolve().parents[1] / "data" / "old_files").glob("*.qround"))


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", migrating.SCRIPTS)
    return ScriptDirectory.from_config(config)


@contextmanager
def connected(path: Path, *, create: bool = False) -> Iterator[Connection]:
    engine = dialect.engine_for(path, write=True, create=create)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


PRAGMAS = {"table": ("table_info", "foreign_key_list", "index_list"), "index": ("index_info",)}


def layout(path: Path) -> dict[str, object]:
    """Tables with their columns, keys and references; indexes; triggers. As SQLite sees them, whatever the spelling."""
    with closing(sqlite3.connect(path)) as raw:
        found: dict[str, object] = {}
        for kind, name in raw.execute("SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'").fetchall():
            for pragma in PRAGMAS.get(kind, ("",)):
                # References are numbered in the order in which they were written, which means nothing.
                first = 2 if pragma == "foreign_key_list" else 0
                rows = raw.execute(f"PRAGMA {pragma}('{name}')").fetchall() if pragma else []
                found[f"{kind} {name} {pragma}"] = sorted((row[first:] for row in rows), key=repr)
        deferred = "SELECT name, sql LIKE '%DEFERRABLE INITIALLY DEFERRED%' FROM sqlite_master WHERE type = 'table'"
        return found | {"deferred": sorted(raw.execute(deferred).fetchall())}


def content(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, with its columns in the order of their names."""
    with closing(sqlite3.connect(path)) as raw:
        tables = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()]
        rows: dict[str, list[tuple[object, ...]]] = {}
        for table in tables:
            names = sorted(column[1] for column in raw.execute(f"PRAGMA table_info('{table}')"))
            columns = ", ".join(f'"{name}"' for name in names)
            rows[table] = sorted(raw.execute(f'SELECT {columns} FROM "{table}"').fetchall(), key=repr)
        return rows


def test_the_migrations_are_one_line_and_end_where_the_program_says() -> None:
    assert scripts().get_heads() == [schema.REVISION]
    assert len(list(scripts().walk_revisions())) >= 2


def test_the_migrations_lead_to_the_tables_of_this_version(tmp_path: Path) -> None:
    migrated, made = tmp_path / "migrated.qround", tmp_path / "made.qround"
    with connected(migrated, create=True) as connection:
        migrating.upgrade(connection, migrated)
        with dialect.reading(connection):
            assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []
            assert migrating.format_of(connection, migrated) == schema.FORMAT
    new_round(made).close()

    assert layout(migrated) == layout(made)


def test_down_and_up_again_keeps_every_row(tmp_path: Path) -> None:
    path = tmp_path / "round.qround"
    full_round(path)
    tables, rows = layout(path), content(path)

    steps = [step.revision for step in scripts().walk_revisions()][1:]
    for step in steps:
        with connected(path) as connection:
            migrating.downgrade(connection, path, step)
            with dialect.reading(connection):
                assert migrating.format_of(connection, path) < schema.FORMAT
        older = content(path)
        assert older["alembic_version"] == [(step,)]
        assert older["audit_event"] == rows["audit_event"]
        with connected(path) as connection:
            migrating.upgrade(connection, path)

    assert layout(path) == tables
    # What a seal is 1.0 does not know, nor 1.1 an override, nor 1.2 an export, nor 1.3 what clerks record at their
    # desk, so going back gives them up; all else is as it was.
    given_up = ("seal", "day_override", "export", "mending", "supplement_notice", "exclusion", "replacement")
    assert content(path) == rows | {
        key: [] for key in (*given_up, "paper_entry", "paper_confirmation", "round_options")
    }


def test_a_file_whose_records_point_to_nothing_is_damaged_and_left_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "round.qround"
    shutil.copyfile(OLD_FILES[0], path)
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("DELETE FROM expert")
    before = content(path), layout(path)

    for write in (True, False):
        with pytest.raises(UserError, match="point to others"):
            RoundStore.open(path, actor="b", write=write)

    assert (content(path), layout(path)) == before


def test_a_sheet_edited_past_the_program_does_not_keep_the_file_from_being_migrated(tmp_path: Path) -> None:
    path = tmp_path / "round.qround"
    shutil.copyfile(OLD_FILES[0], path)
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("UPDATE score_sheet SET document = '{}'")

    with RoundStore.open(path, actor="b", write=True) as store:
        assert any("score_sheet" in problem for problem in store.verify_audit(check_signature))


@pytest.mark.parametrize("old", OLD_FILES, ids=lambda path: path.stem)
class TestOldFiles:
    def test_a_file_of_an_older_version_opens_with_everything_in_it(self, old: Path, tmp_path: Path) -> None:
        path = tmp_path / old.name
        shutil.copyfile(old, path)

        with RoundStore.open(path, actor="b", write=True) as store:
            for record in RECORDS_OF_1_1:
                key = aggregate_of(type(record)).encoded(record).key
                assert store.get(type(record), *key) == record
            assert store.all(ScoreSheet, total="3.5") == [sheet()]
            assert store.secret("identity") == b"encrypted key"
            with store.change("collect") as change:
                assert change.put(sheet(points="4"))
                change.seal(lambda data: b"signed:" + data)

        assert backups(path)[-1].read_bytes()[:100] == old.read_bytes()[:100]
        with closing(sqlite3.connect(backups(path)[-1])) as backup:
            assert backup.execute("SELECT minor FROM file_format").fetchone() < (schema.FORMAT.minor,)

    def test_a_reader_sees_it_in_the_new_form_and_changes_no_byte(self, old: Path, tmp_path: Path) -> None:
        path = tmp_path / old.name
        shutil.copyfile(old, path)

        with RoundStore.open(path, actor="b") as store:
            assert store.all(ScoreSheet, total="3.5") == [sheet()]

        assert path.read_bytes() == old.read_bytes()
        assert [entry.name for entry in tmp_path.iterdir()] == [old.name]

    def test_its_audit_trail_still_holds(self, old: Path, tmp_path: Path) -> None:
        path = tmp_path / old.name
        shutil.copyfile(old, path)

        with RoundStore.open(path, actor="b") as store:
            found = store.verify_audit(check_signature)

        assert found == []


def test_a_newer_file_is_not_touched_by_the_migrations(tmp_path: Path) -> None:
    path = tmp_path / "round.qround"
    full_round(path)
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("UPDATE file_format SET major = 2")
    before = path.read_bytes()

    with pytest.raises(UserError, match="newer version"):
        RoundStore.open(path, actor="b", write=True)

    assert path.read_bytes() == before
