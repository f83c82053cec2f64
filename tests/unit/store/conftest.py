"""A round in a file and on a PostgreSQL server: nothing yet, new, and with one record of every kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qisp_desktop.store import server_files
from qisp_desktop.store.places import RoundPlace, ServerPlace
from qisp_desktop.store.round_store import RoundStore
from tests.postgres import PostgresServer
from tests.unit.store.samples import CLERK, ROUND, full_round, new_round

MAKERS: dict[str, Callable[[RoundPlace], None]] = {
    "new": lambda place: new_round(place).close(),
    "full": full_round,
}


@pytest.fixture(params=["file", "server"])
def kind(request: pytest.FixtureRequest) -> str:
    """Where the round lies; whatever a test does with it must come out the same."""
    return str(request.param)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """For what only a file does."""
    return tmp_path / "评价 2026 #1.qround"


@pytest.fixture
def server_place(postgres: PostgresServer, tmp_path: Path) -> Iterator[ServerPlace]:
    """An empty database, for what only a server does."""
    database = postgres.new_database()
    yield postgres.place(database, tmp_path / "材料 #1")
    postgres.drop(database)


@pytest.fixture
def full_server_place(
    postgres: PostgresServer, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> ServerPlace:
    """``full_place`` on a server, for what only a server does."""
    return _reused(postgres, "full", tmp_path, tmp_path_factory)


@pytest.fixture
def place(kind: str, request: pytest.FixtureRequest) -> RoundPlace:
    """Where nothing is yet."""
    found: RoundPlace = request.getfixturevalue("path" if kind == "file" else "server_place")
    return found


@pytest.fixture
def full_place(kind: str, request: pytest.FixtureRequest) -> RoundPlace:
    """Where a round lies with one record of every kind, a secret, kept bytes and a seal."""
    if kind == "server":
        found: RoundPlace = request.getfixturevalue("full_server_place")
        return found
    path: Path = request.getfixturevalue("path")
    full_round(path)
    return path


@pytest.fixture
def store(
    kind: str, path: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[RoundStore]:
    """A new round, open for writing."""
    if kind == "file":
        with new_round(path) as store:
            yield store
        return
    place = _reused(request.getfixturevalue("postgres"), "new", tmp_path, tmp_path_factory)
    with RoundStore.open(place, actor=CLERK, write=True) as store:
        yield store


@pytest.fixture
def filled(full_place: RoundPlace) -> Iterator[RoundStore]:
    """A round with one record of every kind, open for writing."""
    with RoundStore.open(full_place, actor=CLERK, write=True) as store:
        yield store


@pytest.fixture
def filled_file(path: Path) -> Iterator[RoundStore]:
    """``filled``, for what only a file does."""
    full_round(path)
    with RoundStore.open(path, actor=CLERK, write=True) as store:
        yield store


def _reused(
    postgres: PostgresServer, maker: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> ServerPlace:
    def make(database: str) -> None:
        MAKERS[maker](postgres.place(database, tmp_path_factory.mktemp(maker)))

    files = tmp_path / "材料 #1"
    server_files.claim(files, ROUND.id)
    return postgres.place(postgres.reused(maker, make), files)
