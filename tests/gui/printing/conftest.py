"""A small round whose experts have signed: the one of the end-to-end tests, made once for all test processes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from qisp_desktop.gui.printing import printers
from qisp_desktop.services.print_runs import Printer
from tests.e2e.conftest import collected_once, issued_once, prepared_once, shared, worked_once
from tests.e2e.small_round import Place
from tests.gui.printing.tray import Tray

__all__ = ["collected_once", "issued_once", "prepared_once", "shared", "worked_once"]


@pytest.fixture
def round_path(collected_once: Place, tmp_path: Path) -> Path:
    """A copy of the round."""
    return collected_once.copied(tmp_path / "place").round


@pytest.fixture
def tray(monkeypatch: pytest.MonkeyPatch) -> Tray:
    """The only printer of this system."""
    tray = Tray()
    called: Callable[[str], Printer] = lambda _name: tray  # noqa: E731
    monkeypatch.setattr(printers, "printer_names", lambda: ["Tray"])
    monkeypatch.setattr(printers, "printer_called", called)
    return tray
