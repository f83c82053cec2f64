"""The desk of an expert who is to visit an applicant, turned to the site inspection."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.app import Application
from qisp_desktop.gui.panel.desk.page import DeskPage
from qisp_desktop.gui.panel.inspection.view import InspectionView
from tests.gui.desk_rounds import show_desk, show_view
from tests.gui.samples import IssuedRound


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return tmp_path / "E001.qwork"


@pytest.fixture
def page(program: Application, qtbot: QtBot, planned: IssuedRound, workspace: Path) -> DeskPage:
    return show_desk(program, qtbot, planned, workspace)


@pytest.fixture
def view(page: DeskPage, qtbot: QtBot) -> InspectionView:
    return show_view(qtbot, page, InspectionView, "Site inspection")
