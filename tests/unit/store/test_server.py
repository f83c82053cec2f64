"""A round on a server: who gets in, what is refused, where its materials and backups lie."""

from __future__ import annotations

import builtins
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from qisp_desktop.base.errors import UserError
from qisp_desktop.domain.panel import Expert
from qisp_desktop.store import backups, server_database, server_files
from qisp_desktop.store.errors import Unreachable
from qisp_desktop.store.places import ServerPlace
from qisp_desktop.store.round_store import RoundStore
from qisp_desktop.store.schema import FORMAT
from tests.postgres import PASSWORD, PASSWORD_USER, PostgresServer
from tests.unit.store.past_the_program import edit, raw, rows
from tests.unit.store.samples import EXPERT, ROUND, check_signature, expert, full_round, new_round


@pytest.fixture
def clerk(postgres: PostgresServer, server_place: ServerPlace) -> ServerPlace:
    """An empty database whose owner needs a password."""
    with postgres.raw("postgres") as connection:
        if not connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [PASSWORD_USER]).fetchall():
            connection.execute(f"CREATE ROLE {PASSWORD_USER} LOGIN PASSWORD '{PASSWORD}'")
        connection.execute(f"ALTER DATABASE {server_place.database} OWNER TO {PASSWORD_USER}")
    return replace(server_place, user=PASSWORD_USER)


# Getting in ------------------------------------------------------------------------------------------------------


def test_a_clerk_with_a_password_gets_in_and_the_password_stays_secret(clerk: ServerPlace) -> None:
    with new_round(clerk.with_password(PASSWORD)) as store:
        assert store.round() == ROUND
        assert PASSWORD not in f"{store.place} {store.place!r}"
        events = str(store.audit_events())

    assert PASSWORD not in events


def test_a_missing_and_a_wrong_password_are_told_apart(clerk: ServerPlace) -> None:
    with pytest.raises(UserError, match="asks for a password") as refused:
        new_round(clerk)
    assert ".pgpass" in refused.value.do
    with pytest.raises(UserError, match="does not take this user and password") as refused:
        new_round(clerk.with_password("topsecret"))
    assert "topsecret" not in str(refused.value)


def test_a_user_and_a_database_that_are_not_there_are_named(server_place: ServerPlace) -> None:
    for place, name in (
        (replace(server_place, user="nobody"), "nobody"),
        (replace(server_place, database="nowhere"), "nowhere"),
    ):
        with pytest.raises(UserError, match=f"is not there.*{name}"):
            RoundStore.open(place, actor="a")


def test_a_server_that_does_not_answer_is_unreachable(server_place: ServerPlace) -> None:
    for place in (replace(server_place, port=1), replace(server_place, host="office.invalid")):
        with pytest.raises(Unreachable, match="could not be reached"):
            RoundStore.open(place, actor="a", write=True)


def test_a_server_with_too_many_guests_says_so(postgres: PostgresServer, clerk: ServerPlace) -> None:
    new_round(clerk.with_password(PASSWORD)).close()
    with postgres.raw("postgres") as connection:
        connection.execute(f"ALTER DATABASE {clerk.database} CONNECTION LIMIT 0")

    with pytest.raises(Unreachable, match="too many connections"):
        RoundStore.open(clerk.with_password(PASSWORD), actor="a")


def test_who_may_not_make_tables_is_told(postgres: PostgresServer, clerk: ServerPlace) -> None:
    with postgres.raw("postgres") as connection:
        connection.execute(f"ALTER DATABASE {clerk.database} OWNER TO tests")

    with pytest.raises(UserError, match="does not let this user"):
        new_round(clerk.with_password(PASSWORD))

    assert clerk.files is not None
    assert list(clerk.files.iterdir()) == []


def test_who_may_only_read_can_read_and_is_told_so_when_writing(postgres: PostgresServer, clerk: ServerPlace) -> None:
    owner = replace(clerk, user="tests")
    full_round(owner)
    with raw(owner) as connection:
        connection.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {PASSWORD_USER}")
        connection.execute(f"ALTER DATABASE {clerk.database} OWNER TO tests")

    with RoundStore.open(clerk.with_password(PASSWORD), actor="auditor", write=True) as store:
        assert store.verify_audit(check_signature) == []
        with pytest.raises(UserError, match="does not let this user"), store.change("import") as change:
            change.put(expert(2))


def test_a_server_that_allows_little_time_says_so(server_place: ServerPlace) -> None:
    new_round(server_place).close()
    with RoundStore.open(server_place, actor="a") as store, raw(server_place) as connection:
        connection.execute(f"ALTER DATABASE {server_place.database} SET statement_timeout = '300ms'")
        connection.execute("BEGIN")
        connection.execute("LOCK TABLE expert")
        store._database.close()  # the next use connects anew, under the new setting
        with pytest.raises(UserError, match="stopped the work"):
            store.all(Expert)
        connection.execute("ROLLBACK")


def test_an_installation_without_the_driver_says_what_to_install(
    server_place: ServerPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without_driver(name: str, *rest: Any) -> Any:
        if name == "psycopg":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without_driver)
    for work in (lambda: new_round(server_place), lambda: RoundStore.open(server_place, actor="a")):
        with pytest.raises(UserError, match=r"qisp-desktop\[postgresql\]"):
            work()


# What is there ---------------------------------------------------------------------------------------------------


def test_a_database_without_a_round_is_named_as_that(server_place: ServerPlace) -> None:
    with pytest.raises(UserError, match="There is no round in"):
        RoundStore.open(server_place, actor="a")


def test_a_round_is_never_overwritten(full_server_place: ServerPlace) -> None:
    with pytest.raises(UserError, match=r"There is a round in .* already"):
        new_round(full_server_place)

    assert rows(full_server_place, "SELECT id FROM expert") == [("E001",)]


def test_a_database_of_something_else_is_left_alone(server_place: ServerPlace) -> None:
    with raw(server_place) as connection:
        connection.execute("CREATE TABLE payroll (id int)")

    with pytest.raises(UserError, match="payroll"):
        new_round(server_place)

    assert rows(server_place, "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'") == [("payroll",)]


def test_a_database_that_lacks_characters_is_refused(postgres: PostgresServer, tmp_path: Path) -> None:
    with postgres.raw("postgres") as connection:
        connection.execute("CREATE DATABASE ascii TEMPLATE template0 ENCODING 'SQL_ASCII'")
    try:
        with pytest.raises(UserError, match="SQL_ASCII"):
            new_round(postgres.place("ascii", tmp_path / "files"))
    finally:
        postgres.drop("ascii")


def test_newer_formats_are_refused_as_in_files(full_server_place: ServerPlace) -> None:
    edit(full_server_place, f"UPDATE file_format SET minor = {FORMAT.minor + 1}")
    with RoundStore.open(full_server_place, actor="a") as store:
        assert store.all(Expert) == [EXPERT]
    with pytest.raises(UserError, match="newer version"):
        RoundStore.open(full_server_place, actor="a", write=True)

    edit(full_server_place, f"UPDATE file_format SET major = {FORMAT.major + 1}")
    with pytest.raises(UserError, match="newer version"):
        RoundStore.open(full_server_place, actor="a")


def test_who_has_it_open_while_a_newer_version_changes_its_tables_writes_nothing_more(
    full_server_place: ServerPlace,
) -> None:
    with RoundStore.open(full_server_place, actor="a", write=True) as store:
        edit(full_server_place, f"UPDATE file_format SET minor = {FORMAT.minor + 1}")

        with pytest.raises(UserError, match="newer version"), store.change("import") as change:
            change.put(expert(2))

        assert store.all(Expert) == [EXPERT]


def test_a_round_whose_trail_was_cut_is_damaged_and_the_newest_good_backup_is_named(
    full_server_place: ServerPlace,
) -> None:
    with RoundStore.open(full_server_place, actor="a", write=True) as store:
        (backup,) = backups.backups_in(store.files / server_database.BACKUP_FOLDER)
    edit(full_server_place, "DELETE FROM audit_event WHERE seq > 5")

    with pytest.raises(UserError, match="is damaged") as refused:
        RoundStore.open(full_server_place, actor="a", write=True)

    assert str(backup) in refused.value.do
    with RoundStore.open(backup, actor="a") as kept:
        assert kept.all(Expert) == [EXPERT]
        assert kept.verify_audit(check_signature) == []


def test_a_table_that_was_dropped_is_damage(server_place: ServerPlace) -> None:
    new_round(server_place).close()
    with raw(server_place) as connection:
        connection.execute("DROP TABLE explanation")

    with pytest.raises(UserError, match="is damaged"), RoundStore.open(server_place, actor="a") as store:
        store.verify_audit(check_signature)


# The folder of the materials -------------------------------------------------------------------------------------


def test_a_new_round_needs_a_folder_that_all_clerks_see(server_place: ServerPlace) -> None:
    with pytest.raises(UserError, match="does not say where the materials"):
        new_round(replace(server_place, files=None))


def test_the_folder_is_recorded_for_addresses_that_do_not_name_it(server_place: ServerPlace) -> None:
    with new_round(server_place) as store:
        digest = store.add_file(b"content")

    with RoundStore.open(replace(server_place, files=None), actor="b", write=True) as store:
        assert store.file(digest).read_bytes() == b"content"
        assert store.files == server_place.files


def test_another_rounds_folder_is_not_taken(server_place: ServerPlace, tmp_path: Path) -> None:
    other = tmp_path / "other"
    server_files.claim(other, "another round")
    with pytest.raises(UserError, match="another round"):
        new_round(replace(server_place, files=other))
    assert rows(server_place, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'") == []

    new_round(server_place).close()
    for wrong in (other, tmp_path / "nowhere"):
        with pytest.raises(UserError, match="is not that of the round"):
            RoundStore.open(replace(server_place, files=wrong), actor="b", write=True)


def test_who_only_reads_needs_no_folder(full_server_place: ServerPlace, tmp_path: Path) -> None:
    with RoundStore.open(replace(full_server_place, files=tmp_path / "nowhere"), actor="b") as store:
        assert store.all(Expert) == [EXPERT]
        with pytest.raises(UserError, match="missing"):
            store.file("0" * 64)


def test_a_mark_that_cannot_be_read_is_somebody_elses(server_place: ServerPlace) -> None:
    assert server_place.files is not None
    server_place.files.mkdir()
    (server_place.files / server_files.MARK).write_bytes(b"[" * 4000)

    with pytest.raises(UserError, match="another round"):
        new_round(server_place)


def test_backups_are_an_hour_apart_at_least(full_server_place: ServerPlace) -> None:
    for number in (2, 3):
        with RoundStore.open(full_server_place, actor="a", write=True) as store, store.change("import") as change:
            change.put(expert(number))

    assert len(backups.backups_in(store.files / server_database.BACKUP_FOLDER)) == 1
