"""The small round in its states: each is made once for all test processes, and copied for each test."""

from __future__ import annotations

import fcntl
import os
import pickle
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from tests.e2e import small_round
from tests.e2e.returned import Returned, make_returns
from tests.e2e.small_round import Place, copy_round

T = TypeVar("T")


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run see."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session", autouse=True)
def home_of_the_run(shared: Path) -> Iterator[None]:
    """What is made once for all tests is made before a test has a home of its own."""
    with pytest.MonkeyPatch.context() as patch:
        for variable in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
            patch.setenv(variable, str(shared / "home"))
        yield


def made_once(shared: Path, name: str, make: Callable[[Path], T]) -> T:
    """What ``make`` made in the folder ``name``, by whichever process came first; the others wait for it."""
    note = shared / f"{name}.pickle"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not note.exists():
            note.write_bytes(pickle.dumps(make(shared / name)))
    made: T = pickle.loads(note.read_bytes())
    return made


@pytest.fixture(scope="session")
def prepared_once(shared: Path) -> Place:
    return made_once(shared, "prepared", small_round.prepare)


@pytest.fixture(scope="session")
def issued_once(shared: Path, prepared_once: Place) -> Place:
    return made_once(shared, "issued", lambda folder: small_round.issue(prepared_once.copied(folder)))


@pytest.fixture(scope="session")
def worked_once(shared: Path, issued_once: Place) -> Place:
    return made_once(shared, "worked", lambda folder: small_round.work(issued_once.copied(folder)))


@pytest.fixture(scope="session")
def collected_once(shared: Path, worked_once: Place) -> Place:
    return made_once(shared, "collected", lambda folder: small_round.collect(worked_once.copied(folder)))


@pytest.fixture(scope="session")
def returned(shared: Path, issued_once: Place) -> Returned:
    """Returns of every kind, for tests that only read them; what they collect into is a copy of the round."""
    return made_once(shared, "returned", lambda folder: make_returns(issued_once.copied(folder)))


@pytest.fixture
def prepared(prepared_once: Place, tmp_path: Path) -> Place:
    """A round imported, screened and assigned; nothing is handed out."""
    return prepared_once.copied(tmp_path / "place")


@pytest.fixture
def issued(issued_once: Place, tmp_path: Path) -> Place:
    """A round whose packages are handed out; no desk is open."""
    return issued_once.copied(tmp_path / "place")


@pytest.fixture
def worked(worked_once: Place, tmp_path: Path) -> Place:
    """A round whose experts have all signed; nothing is collected."""
    return worked_once.copied(tmp_path / "place")


@pytest.fixture
def collected(collected_once: Place, tmp_path: Path) -> Place:
    """A round with all returns in."""
    return collected_once.copied(tmp_path / "place")


@pytest.fixture
def awaiting(returned: Returned, tmp_path: Path) -> Place:
    """A copy of the round that ``returned`` was made for; nothing is collected."""
    place = Place(tmp_path / "office")
    place.folder.mkdir()
    copy_round(returned.place, place)
    return place
