"""A round on a PostgreSQL server goes as one in a file, through the same commands; and nothing of it is half."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from qisp_desktop.domain.score_sheet import ScoreSheet
from qisp_desktop.services.collect_report import CollectReport
from qisp_desktop.services.collecting import collect, collect_open
from qisp_desktop.services.office import unlock
from qisp_desktop.services.results import round_results
from qisp_desktop.store.change import Change
from qisp_desktop.store.errors import Unreachable
from qisp_desktop.store.places import ServerPlace
from qisp_desktop.store.round_store import RoundStore
from tests.e2e.command import done, qisp, refused
from tests.e2e.small_round import EXPERTS, PASSPHRASE, READERS, Place
from tests.postgres import PASSWORD_USER, PostgresServer


@pytest.fixture
def on_server(postgres: PostgresServer, tmp_path: Path) -> Iterator[ServerPlace]:
    """An empty database, and a folder on a share."""
    database = postgres.new_database()
    yield postgres.place(database, tmp_path / "share" / "评审材料")
    postgres.drop(database)


@pytest.fixture
def copied(worked: Place, on_server: ServerPlace) -> ServerPlace:
    """The round of ``worked`` with its materials, whose experts have all signed; nothing is collected."""
    done("round", "copy", worked.round, on_server)
    return on_server


def without(value: Any, *keys: str) -> Any:
    """A document with what differs from round to round left out."""
    if isinstance(value, dict):
        return {key: without(one, *keys) for key, one in value.items() if key not in keys}
    return [without(one, *keys) for one in value] if isinstance(value, list) else value


def test_a_round_is_prepared_and_handed_out_on_a_server_as_in_a_file(prepared: Place, on_server: ServerPlace) -> None:
    def step(*arguments: object) -> list[Any]:
        """The same command on both; what it printed as JSON."""
        return [done(*(round if one is ROUND else one for one in arguments), "--json").json for round in rounds]

    ROUND, sample, file = object(), prepared.sample, prepared.folder / "new.qround"
    rounds: tuple[object, object] = (file, on_server)
    for round in rounds:
        done(*prepared.office("round", "new", round, "--year", 2026, "--name", "2026年度评价"))
    for arguments in (
        ("import", "applications", ROUND, sample.applications_book, "--materials", sample.materials),
        ("import", "experts", ROUND, sample.experts_book),
        ("screen", ROUND, "--accepted-on", "2026-07-01"),
        ("assign", ROUND, "--per-application", READERS),
        ("round", "show", ROUND),
        ("results", ROUND),
    ):
        in_file, in_database = step(*arguments)
        assert without(in_database, "round", "id") == without(in_file, "round", "id")

    done(*prepared.office("issue", on_server, prepared.folder / "issued", "--plain-letters"))
    assert len(list((prepared.folder / "issued" / "packages").iterdir())) == len(EXPERTS)
    ran = done("audit", on_server, "--verify")
    assert str(on_server) not in ran.err


def test_collecting_deciding_and_exporting_give_the_same_from_a_server(worked: Place, copied: ServerPlace) -> None:
    in_file, in_database = (
        done(*worked.office("collect", round, worked.returns), "--json").json for round in (worked.round, copied)
    )
    assert in_database == in_file
    assert done("results", copied, "--json").json == worked.results()

    for round, book in ((worked.round, "file.xlsx"), (copied, "server.xlsx")):
        done(*worked.office("freeze", round, "--reason", "结果公示"))
        done("export", "workbook", round, worked.folder / book)
        done("audit", round, "--verify")
        done("export", "papers", round, worked.folder / "papers" / book, "--kind", "round-report")
    assert without(done("results", copied, "--json").json, "at") == without(worked.results(), "at")

    link = worked.folder / "link.qround"
    done("round", "link", copied, link)
    assert done("results", link, "--json").json == done("results", copied, "--json").json
    refused("round", "link", worked.round, worked.folder / "other.qround", words="needs no link")

    back = worked.folder / "taken-along.qround"
    done("round", "copy", copied, back)
    assert done("results", back, "--json").json == done("results", copied, "--json").json
    done("audit", back, "--verify")


# Going away in the middle ----------------------------------------------------------------------------------------


class StopsTheServer:
    """Takes the server away when the ``after``-th kind of record of a merge is written."""

    def __init__(self, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch, *, after: int) -> None:
        self.postgres, self.left, self.real = postgres, after, Change.put_all
        monkeypatch.setattr(Change, "put_all", lambda change, values: self.put_all(change, values))

    def put_all(self, change: Change, values: Iterable[object]) -> int:
        self.left -= 1
        if self.left == 0:
            self.postgres.stop()
        return self.real(change, values)


def verdicts(report: CollectReport) -> list[object]:
    return [(one.path.name, one.verdict, one.sheets) for one in report.files]


@pytest.mark.parametrize("after", [1, 2, 4])
def test_a_server_that_goes_away_in_a_merge_leaves_nothing_half_and_the_merge_succeeds_on_its_return(
    worked: Place, copied: ServerPlace, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    in_file = collect(worked.round, [worked.returns], passphrase=PASSPHRASE)
    with RoundStore.open(copied, actor="clerk", write=True) as store:
        office, before = unlock(store, PASSPHRASE), store.audit_head()
        with monkeypatch.context() as patch:
            StopsTheServer(postgres, patch, after=after)
            try:
                with pytest.raises(Unreachable, match="was lost"):
                    collect_open(store, office, [worked.returns])
                with pytest.raises(Unreachable, match="could not be reached"):
                    collect_open(store, office, [worked.returns])
            finally:
                postgres.start()

        assert store.audit_head() == before
        assert store.listing(ScoreSheet, "digest") == []
        assert verdicts(collect_open(store, office, [worked.returns])) == verdicts(in_file)
    assert round_results(copied).to_json() == round_results(worked.round).to_json()
    done("audit", copied, "--verify")


def test_two_clerks_who_collect_at_once_get_what_one_gets(worked: Place, copied: ServerPlace) -> None:
    collect(worked.round, [worked.returns], passphrase=PASSPHRASE)
    files = [worked.signed(expert) for expert in EXPERTS]

    def clerk(mine: list[Path]) -> None:
        with RoundStore.open(copied, actor=mine[0].name, write=True) as store:
            office = unlock(store, PASSPHRASE)
            for path in mine:
                collect_open(store, office, [path])

    with ThreadPoolExecutor(2) as pool:  # both have E003 and E004
        list(pool.map(clerk, (files[:4], files[:1:-1])))

    assert round_results(copied).to_json() == round_results(worked.round).to_json()
    done("audit", copied, "--verify")


# What the command line says --------------------------------------------------------------------------------------


def test_an_address_that_is_none_is_a_mistake_of_usage(on_server: ServerPlace) -> None:
    ran = qisp("results", "postgresql+psycopg://clerk:topsecret@office:port/round")

    assert ran.code == 2
    assert "address" in ran.err
    assert "topsecret" not in ran.out + ran.err


def test_a_server_that_lets_nobody_in_is_refused_without_the_password(
    postgres: PostgresServer, on_server: ServerPlace
) -> None:
    address = str(on_server).replace("tests@", f"{PASSWORD_USER}:topsecret@")

    ran = refused("results", address, words="user and password")

    assert "topsecret" not in ran.out + ran.err
    refused("results", str(on_server).replace(f":{postgres.port}", ":1"), words="could not be reached")
    refused("results", on_server, words="There is no round in")
