"""A small round whose experts have signed: the one of the end-to-end tests, made once for all test processes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.conftest import collected_once, issued_once, prepared_once, shared, worked_once
from tests.e2e.small_round import Place

__all__ = ["collected_once", "issued_once", "prepared_once", "shared", "worked_once"]


@pytest.fixture
def round_path(collected_once: Place, tmp_path: Path) -> Path:
    """A copy of the round."""
    return collected_once.copied(tmp_path / "place").round
