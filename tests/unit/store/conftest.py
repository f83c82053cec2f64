"""A round with one record of every kind, in a file and on a PostgreSQL server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qisp_desktop.store.places import RoundPlace, ServerPlace
from qisp_desktop.store.round_store import RoundStore
from tests.postgres import PostgresServer
from tests.unit.store.samples import CLERK, full_round, new_round


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """For what only a file does."""
    return tmp_path / "评价 2026 #1.qround"


@pytest.fixture
def server_place(postgres: PostgresServer, tmp_path: Path) -> ServerPlace:
    """For what only a server does."""
    return postgres.new_place(tmp_path / "材料 #1")


@pytest.fixture(params=["file", "server"])
def place(request: pytest.FixtureRequest) -> RoundPlace:
    """For what a round does wherever it lies."""
    found: RoundPlace = request.getfixturevalue("path" if request.param == "file" else "server_place")
    return found


@pytest.fixture
def store(place: RoundPlace) -> Iterator[RoundStore]:
    """A new round, open for writing."""
    with new_round(place) as store:
        yield store


@pytest.fixture
def filled(place: RoundPlace) -> Iterator[RoundStore]:
    """A round with one record of every kind, open for writing."""
    full_round(place)
    with RoundStore.open(place, actor=CLERK, write=True) as store:
        yield store


@pytest.fixture
def filled_file(path: Path) -> Iterator[RoundStore]:
    """``filled``, for what only a file does."""
    full_round(path)
    with RoundStore.open(path, actor=CLERK, write=True) as store:
        yield store
