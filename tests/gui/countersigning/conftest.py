"""The leader's desk in the running program, and a stick with the panel's papers."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.app import Application
from qisp_desktop.gui.panel.desk.page import DeskPage
from tests.gui.countersigning.panel_round import PanelRound, panel_round
from tests.gui.desk_rounds import show_desk


@pytest.fixture(scope="session")
def panel(tmp_path_factory: pytest.TempPathFactory) -> PanelRound:
    """Made once; tests do not change it."""
    return panel_round(tmp_path_factory.mktemp("panel"))


@pytest.fixture
def stick(panel: PanelRound, tmp_path: Path) -> Path:
    """A copy of the papers."""
    return Path(shutil.copytree(panel.papers, tmp_path / "stick"))


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "signed"
    folder.mkdir()
    return folder


@pytest.fixture
def page(program: Application, qtbot: QtBot, panel: PanelRound, tmp_path: Path) -> DeskPage:
    """The leader's desk."""
    return show_desk(program, qtbot, panel.leader, tmp_path / "leader.qwork")
