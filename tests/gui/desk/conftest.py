"""An expert's workspace made once, and a copy of it opened for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from qisp_desktop.exchange.panel_package import open_panel_package
from qisp_desktop.gui.app import Application
from qisp_desktop.gui.panel.desk.page import DeskPage, desk_screen
from qisp_desktop.gui.panel.desk.presenter import DeskPresenter
from qisp_desktop.gui.tasks import Tasks
from qisp_desktop.services.desk_editing import contents
from qisp_desktop.services.desk_opening import open_package
from tests.gui.desk.workspaces import OpenAgain, open_with
from tests.gui.program import page_of
from tests.gui.samples import IssuedRound, issued_round


@pytest.fixture(scope="session")
def issued(tmp_path_factory: pytest.TempPathFactory) -> IssuedRound:
    """A larger round than elsewhere: the expert has enough to score some, to give one up and to leave some."""
    return issued_round(tmp_path_factory.mktemp("issued"), applications=8)


@pytest.fixture(scope="session")
def fresh_workspace(issued: IssuedRound, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which nothing was done yet; tests work in copies of it."""
    folder = tmp_path_factory.mktemp("fresh") / "E.qwork"
    open_package(issued.package, folder, issued.passphrase).close()
    return folder


@pytest.fixture(scope="session")
def open_again(issued: IssuedRound) -> OpenAgain:
    """Opens workspaces of the issued package."""
    return partial(open_with, open_panel_package(issued.package, issued.passphrase))


@pytest.fixture
def workspace(fresh_workspace: Path, tmp_path: Path) -> Path:
    """A workspace of the test's own."""
    return Path(shutil.copytree(fresh_workspace, tmp_path / "own.qwork"))


@pytest.fixture
def tasks(qapp: QApplication) -> Iterator[Tasks]:
    """The workers of a test without a window."""
    tasks = Tasks()
    yield tasks
    tasks.shut_down()


@pytest.fixture
def presenter(workspace: Path, issued: IssuedRound, open_again: OpenAgain, tasks: Tasks) -> Iterator[DeskPresenter]:
    """The desk without a window, with its first application declared."""
    desk = open_again(workspace)
    desk.declare(issued.numbers[0])
    presenter = DeskPresenter(issued.package, contents(desk), tasks)
    yield presenter
    presenter.close()


@pytest.fixture
def desk_page(
    program: Application, workspace: Path, issued: IssuedRound, open_again: OpenAgain, qtbot: QtBot
) -> DeskPage:
    """The desk in the window, with its first application declared and the caret in its first field."""
    desk = open_again(workspace)
    desk.declare(issued.numbers[0])
    program.window.resize(1366, 768)
    program.go.show(desk_screen(program.go.shell, issued.package, contents(desk)))
    page = page_of(program, DeskPage)
    # The first page of the first material is there: nothing moves by itself any more.
    qtbot.waitUntil(lambda: page.scoring.reading.citation() is not None, timeout=20_000)
    assert page.scoring.scores.cards["Q1"].points.hasFocus(), "reading never takes the keyboard from scoring"
    return page
