"""The small round in its states: each is made once for a test process, and copied for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e import small_round
from tests.e2e.small_round import Place


@pytest.fixture(scope="session")
def prepared_once(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return small_round.prepare(tmp_path_factory.mktemp("prepared"))


@pytest.fixture(scope="session")
def issued_once(prepared_once: Place, tmp_path_factory: pytest.TempPathFactory) -> Place:
    return small_round.issue(prepared_once.copied(tmp_path_factory.mktemp("issued")))


@pytest.fixture(scope="session")
def worked_once(issued_once: Place, tmp_path_factory: pytest.TempPathFactory) -> Place:
    return small_round.work(issued_once.copied(tmp_path_factory.mktemp("worked")))


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
