"""Every test of a screen must leave nothing behind."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from qisp_desktop.gui import theme
from qisp_desktop.gui.app import Application
from tests.gui.desk_rounds import planned_round
from tests.gui.leaks import LeakWatch
from tests.gui.samples import IssuedRound, issued_round


@pytest.fixture(scope="session")
def qapp_cls() -> Callable[[list[str]], QApplication]:
    """The application object as the program makes it."""
    return theme.application


@pytest.fixture(autouse=True)
def no_leaks(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test that leaves threads, running timers or windows; what ``qtbot.addWidget`` holds is closed before."""
    watch = LeakWatch(monkeypatch)
    # As in the program: a worker must not take Qt objects apart while it happens to collect garbage.
    gc.disable()
    # What the test before held is gone now. The rest is in use and set aside, so that the next collections need not go
    # over all modules and shared rounds again, which takes longer than many a test.
    gc.collect()
    gc.freeze()
    yield
    leaks = watch.leaks()
    watch.clean_up()
    gc.collect()
    gc.enable()
    if leaks:
        pytest.fail("left behind: " + "; ".join(leaks), pytrace=False)


@pytest.fixture(autouse=True)
def empty_clipboard(qapp: QApplication) -> Iterator[None]:
    """What one test copies is not there for the next, nor when the process ends: it crashes over Python's contents."""
    yield
    qapp.clipboard().clear()


@pytest.fixture(scope="session")
def issued(tmp_path_factory: pytest.TempPathFactory) -> IssuedRound:
    """A round of four applications with one package issued; tests do not change it."""
    return issued_round(tmp_path_factory.mktemp("issued"))


@pytest.fixture(scope="session")
def planned(tmp_path_factory: pytest.TempPathFactory) -> IssuedRound:
    """A round of three applications, the first of which the expert is to visit; tests do not change it."""
    return planned_round(tmp_path_factory.mktemp("planned"))


@pytest.fixture
def look(qapp: QApplication) -> theme.Theme:
    """The light theme at 100 %, for a widget on its own."""
    installed = theme.install(qapp)
    installed.apply("light", 100)
    return installed


@pytest.fixture
def program(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Application]:
    """The program with its own empty settings, its window on the screen and painted."""
    program = Application(qapp, tmp_path / "config")
    assert program.instance.acquire()
    program.settings.language = "en"
    program.settings.theme = "light"
    with qtbot.waitSignal(program.window.painted):
        program.start()
    qtbot.waitUntil(lambda: not program.tasks.busy, timeout=20_000)
    yield program
    program.stop()
    program.deleteLater()
