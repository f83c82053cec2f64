"""A round file with one record of every kind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qisp_desktop.store.round_store import RoundStore
from tests.unit.store.samples import CLERK, full_round, new_round


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "评价 2026 #1.qround"


@pytest.fixture
def store(path: Path) -> Iterator[RoundStore]:
    """A new round, open for writing."""
    with new_round(path) as store:
        yield store


@pytest.fixture
def filled(path: Path) -> Iterator[RoundStore]:
    """A round with one record of every kind, open for writing."""
    full_round(path)
    with RoundStore.open(path, actor=CLERK, write=True) as store:
        yield store
