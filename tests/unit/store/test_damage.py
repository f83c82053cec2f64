"""A round changed past this program, a full disk, a reader in the way: noticed, and nothing more is lost."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from qisp_desktop.base.errors import UserError
from qisp_desktop.domain.application import Application
from qisp_desktop.domain.panel import Expert
from qisp_desktop.domain.round import Round
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.domain.score_sheet import ScoreSheet
from qisp_desktop.store.file_database import FileDatabase
from qisp_desktop.store.round_store import RoundStore
from tests.unit.store.past_the_program import edit, rows
from tests.unit.store.samples import APPLICATION, EXPERT, ROUND, RUBRIC, application, expert


def test_a_change_made_past_this_program_is_noticed_when_it_is_read(filled: RoundStore) -> None:
    ((digest,),) = rows(filled.place, "SELECT sha256 FROM kept")
    edit(
        filled.place,
        "UPDATE score_sheet SET document = replace(document, '\"3.5\"', '\"4\"')",
        "UPDATE kept SET data = x'00'",
    )

    with pytest.raises(UserError, match="changed past this program"):
        filled.all(ScoreSheet)
    with pytest.raises(UserError, match="changed past this program"):
        filled.kept(digest)


def test_of_many_records_the_one_that_was_changed_past_this_program_is_named(store: RoundStore) -> None:
    with store.change("import") as change:
        change.put_all(expert(number) for number in range(200))
    culprit = expert(137)
    edit(
        store.place, f"UPDATE expert SET document = replace(document, '{culprit.id}', 'E999') WHERE id = '{culprit.id}'"
    )

    with pytest.raises(UserError, match=f"expert:{culprit.id} was changed past this program"):
        store.all(Expert)


def test_a_round_file_without_its_round_is_damaged(filled: RoundStore) -> None:
    with filled.change("bug") as change:
        change.remove(Round, ROUND.id)

    with pytest.raises(UserError, match="exactly one round"):
        filled.round()


def test_a_round_file_without_its_rubric_is_damaged(filled: RoundStore) -> None:
    with filled.change("bug") as change:
        change.remove(Rubric, RUBRIC.digest)

    with pytest.raises(UserError, match="rubric"):
        filled.rubric()


def test_an_event_that_cannot_be_read_is_damage(filled: RoundStore) -> None:
    edit(filled.place, "UPDATE audit_event SET time = 'yesterday' WHERE seq = 3")

    with pytest.raises(UserError, match="audit_event"):
        filled.audit_events()


def connection_of(store: RoundStore) -> Connection:
    assert isinstance(store._database, FileDatabase)
    return store._database.connection


def test_a_full_disk_costs_only_the_change_that_did_not_fit(filled_file: RoundStore) -> None:
    before = filled_file.audit_head()
    # What SQLite reports at its page limit is what it reports on a full disk.
    pages = connection_of(filled_file).execute(text("PRAGMA page_count")).scalar_one()
    connection_of(filled_file).execute(text(f"PRAGMA max_page_count={pages + 2}"))
    connection_of(filled_file).rollback()

    with pytest.raises(UserError, match="disk is full"), filled_file.change("collect") as change:
        change.put_all(application(number) for number in range(2, 400))

    assert filled_file.audit_head() == before
    assert filled_file.all(Application) == [APPLICATION]
    with filled_file.change("smaller") as change:
        change.put(replace(EXPERT, name="张三"))


def test_a_reader_in_the_way_of_a_commit_costs_only_that_change(filled_file: RoundStore) -> None:
    driver, place = connection_of(filled_file).connection.driver_connection, filled_file.place
    assert driver is not None
    assert isinstance(place, Path)
    driver.execute("PRAGMA busy_timeout=20")
    with closing(sqlite3.connect(place, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM round").fetchall()

        with pytest.raises(UserError, match="somebody else"), filled_file.change("import") as change:
            change.put(expert(2))
        reader.execute("COMMIT")

    assert filled_file.all(Expert) == [EXPERT]
    with filled_file.change("import") as change:
        change.put(expert(2))
    assert len(filled_file.all(Expert)) == 2


def test_the_database_is_set_up_for_network_shares_and_dead_batteries(filled_file: RoundStore) -> None:
    def pragma(name: str) -> object:
        with filled_file._reading() as connection:
            return connection.execute(text(f"PRAGMA {name}")).scalar()

    assert pragma("journal_mode") == "truncate"
    assert pragma("synchronous") == 2
    assert pragma("foreign_keys") == 1
    assert pragma("application_id") == int.from_bytes(b"QISP", "big")
    assert isinstance(filled_file.place, Path)
    assert filled_file.place.read_bytes()[68:72] == b"QISP"
