"""A server that goes away, stops or is full: a change is kept whole or not at all, and the next try finds it again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from qisp_desktop.base.errors import UserError
from qisp_desktop.domain.application import Application
from qisp_desktop.domain.panel import Expert
from qisp_desktop.store.errors import Unreachable
from qisp_desktop.store.places import ServerPlace
from qisp_desktop.store.round_store import RoundStore
from tests.postgres import PostgresServer
from tests.unit.store.past_the_program import raw, rows
from tests.unit.store.samples import EXPERT, ROUND, application, check_signature, expert, new_round


def end_sessions(place: ServerPlace) -> None:
    """What a restart does to everybody who is connected."""
    with raw(place) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
            [place.database],
        )


def import_both(store: RoundStore, meanwhile: Callable[[], object] = lambda: None) -> None:
    """A change of two records; ``meanwhile`` happens between them."""
    with store.change("import") as change:
        change.put(expert(2))
        meanwhile()
        change.put(application(2))


def test_a_connection_that_broke_between_two_uses_is_made_anew(full_server_place: ServerPlace) -> None:
    with RoundStore.open(full_server_place, actor="a", write=True) as store:
        end_sessions(full_server_place)
        assert store.all(Expert) == [EXPERT]
        end_sessions(full_server_place)
        with store.change("import") as change:
            change.put(expert(2))


def test_a_connection_that_breaks_in_a_change_leaves_nothing_and_the_change_can_be_repeated(
    full_server_place: ServerPlace,
) -> None:
    with RoundStore.open(full_server_place, actor="a", write=True) as store:
        before = store.audit_head()

        with pytest.raises(Unreachable, match="was lost"):
            import_both(store, lambda: end_sessions(full_server_place))

        assert store.audit_head() == before
        assert store.all(Application) == [application(1)]
        import_both(store)
        assert len(store.all(Application)) == len(store.all(Expert)) == 2
        assert store.verify_audit(check_signature) == []


def test_a_snapshot_that_breaks_says_so_and_the_next_one_works(full_server_place: ServerPlace) -> None:
    with RoundStore.open(full_server_place, actor="a") as store:

        def look(meanwhile: Callable[[], None]) -> list[Expert]:
            with store.snapshot():
                meanwhile()
                return store.all(Expert)

        with pytest.raises(Unreachable) as lost:
            look(lambda: end_sessions(full_server_place))
        assert "change" not in lost.value.do
        assert look(lambda: None) == [EXPERT]


class BreaksAtCommit:
    """Ends a session while the server is told to keep the change: before it does, or just after it did."""

    def __init__(self, place: ServerPlace, monkeypatch: pytest.MonkeyPatch, *, kept: bool) -> None:
        self.place, self.kept, self.left = place, kept, 1
        self.real = psycopg.Connection.commit
        monkeypatch.setattr(psycopg.Connection, "commit", lambda connection: self.commit(connection))

    def commit(self, connection: psycopg.Connection[Any]) -> None:
        if connection.info.dbname == self.place.database:
            self.left -= 1
        if connection.info.dbname == self.place.database and self.left == 0:
            if self.kept:
                self.real(connection)
            end_sessions(self.place)
            connection.execute("SELECT 1")
        self.real(connection)


def test_a_change_that_was_kept_though_its_answer_was_lost_counts(
    full_server_place: ServerPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with RoundStore.open(full_server_place, actor="a", write=True) as store:
        BreaksAtCommit(full_server_place, monkeypatch, kept=True)

        with store.change("import") as change:
            change.put(expert(2))

        assert len(store.all(Expert)) == 2
        with store.change("edit") as change:
            assert change.put(replace(expert(2), phone="1"))


def test_a_change_that_was_not_kept_when_its_answer_was_lost_is_told(
    full_server_place: ServerPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with RoundStore.open(full_server_place, actor="a", write=True) as store:
        BreaksAtCommit(full_server_place, monkeypatch, kept=False)

        with pytest.raises(Unreachable, match="Nothing of the last change"), store.change("import") as change:
            change.put(expert(2))

        assert store.all(Expert) == [EXPERT]


@pytest.mark.parametrize("kept", [True, False])
def test_a_round_whose_making_got_no_answer_is_there_whole_or_can_be_made_again(
    server_place: ServerPlace, monkeypatch: pytest.MonkeyPatch, kept: bool
) -> None:
    broken = BreaksAtCommit(server_place, monkeypatch, kept=kept)
    broken.left = 2  # the first one only asks for the lock

    with pytest.raises(Unreachable):
        new_round(server_place)

    if not kept:
        assert rows(server_place, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'") == []
        new_round(server_place).close()
    with RoundStore.open(server_place, actor="a", write=True) as store:
        assert store.round() == ROUND


def test_a_server_that_stops_in_a_change_is_missed_and_found_again(
    postgres: PostgresServer, full_server_place: ServerPlace
) -> None:
    with RoundStore.open(full_server_place, actor="a", write=True) as store:
        before = store.audit_head()

        try:
            with pytest.raises(Unreachable):
                import_both(store, postgres.stop)
            with pytest.raises(Unreachable, match="could not be reached"):
                store.all(Expert)
        finally:
            postgres.start()

        assert store.audit_head() == before
        import_both(store)
        assert len(store.all(Application)) == len(store.all(Expert)) == 2
        assert store.verify_audit(check_signature) == []


def test_a_server_that_can_only_be_read_is_told(server_place: ServerPlace) -> None:
    new_round(server_place).close()
    with raw(server_place) as connection:
        connection.execute(f"ALTER DATABASE {server_place.database} SET default_transaction_read_only = on")

    with RoundStore.open(server_place, actor="a", write=True) as store:
        with pytest.raises(UserError, match="only lets its data be read"), store.change("import") as change:
            change.put(expert(2))
        assert store.all(Expert) == []


def test_a_full_disk_of_the_server_costs_only_the_change(
    full_server_place: ServerPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with RoundStore.open(full_server_place, actor="a", write=True) as store:
        before = store.audit_head()
        with raw(full_server_place) as connection:
            connection.execute(
                "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$"
            )
            connection.execute("CREATE TRIGGER full_disk BEFORE INSERT ON expert EXECUTE FUNCTION full_disk()")
        try:
            with pytest.raises(UserError, match="no room left"), store.change("import") as change:
                change.put_all([application(2), expert(2)])
        finally:
            with raw(full_server_place) as connection:
                connection.execute("DROP FUNCTION full_disk CASCADE")

        assert store.audit_head() == before
        assert store.all(Application) == [application(1)]


def test_a_text_that_no_server_can_hold_is_told(full_server_place: ServerPlace) -> None:
    with RoundStore.open(full_server_place, actor="a", write=True) as store:
        with pytest.raises(UserError, match="cannot hold this text"), store.change("note") as change:
            change.note("print", "letters", "a\0b")
        assert store.all(Expert) == [EXPERT]
