"""The leader's desk in the running program, and a stick with the panel's papers."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from qisp_desktop.exchange.panel_package import OpenPanel, open_panel_package
from qisp_desktop.gui.app import Application
from qisp_desktop.gui.panel.countersigning.view import CountersigningView
from qisp_desktop.gui.panel.desk.page import DeskPage, desk_screen
from qisp_desktop.services.desk_editing import contents
from tests.gui.countersigning.panel_round import PanelRound, panel_round
from tests.gui.desk.workspaces import open_with
from tests.gui.desk_rounds import view_of
from tests.gui.program import wait_for_page


@pytest.fixture(scope="session")
def panel(tmp_path_factory: pytest.TempPathFactory) -> PanelRound:
    """Made once; tests do not change it."""
    return panel_round(tmp_path_factory.mktemp("panel"))


@pytest.fixture(scope="session")
def unlocked(panel: PanelRound) -> OpenPanel:
    """The leader's package; its passphrase was tried once."""
    return open_panel_package(panel.leader.package, panel.leader.passphrase)


@pytest.fixture
def stick(panel: PanelRound, tmp_path: Path) -> Path:
    """A few of the papers."""
    folder = tmp_path / "stick"
    folder.mkdir()
    for name in panel.few:
        shutil.copy(panel.papers / name, folder)
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "signed"
    folder.mkdir()
    return folder


@pytest.fixture
def page(program: Application, panel: PanelRound, unlocked: OpenPanel, tmp_path: Path, qtbot: QtBot) -> DeskPage:
    """The leader's desk, on which all is scored and signed."""
    workspace = Path(shutil.copytree(panel.workspaces / panel.leader.expert, tmp_path / "leader.qwork"))
    program.window.resize(1366, 768)
    opened = contents(open_with(unlocked, workspace))
    program.go.show(desk_screen(program.go.shell, panel.leader.package, opened))
    return wait_for_page(qtbot, program, DeskPage)


@pytest.fixture
def view(page: DeskPage, qtbot: QtBot) -> CountersigningView:
    """The leader's view, turned to by its keys."""
    qtbot.keyClick(page, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: page.presenter.view == "countersigning")
    return view_of(page, CountersigningView)
