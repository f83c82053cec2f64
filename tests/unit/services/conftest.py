"""A round with a panel, for all that is done with it; what works on another round makes its own ``store``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qisp_desktop.store.round_store import RoundStore
from tests.unit.services.panel_rounds import make_panel


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RoundStore]:
    with make_panel(tmp_path / "panel.qround") as opened:
        yield opened
