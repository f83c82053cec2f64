"""Every test of a screen must leave nothing behind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from tests.gui.leaks import LeakWatch


@pytest.fixture(autouse=True)
def no_leaks(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test that leaves threads, running timers or windows; what ``qtbot.addWidget`` holds is closed before."""
    watch = LeakWatch(monkeypatch)
    yield
    leaks = watch.leaks()
    watch.clean_up()
    if leaks:
        pytest.fail("left behind: " + "; ".join(leaks), pytrace=False)
