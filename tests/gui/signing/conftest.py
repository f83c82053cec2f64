"""The desk of an expert who has scored everything, its page for signing, and a stick for what is handed in."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.app import Application
from qisp_desktop.gui.panel.desk.page import DeskPage
from qisp_desktop.gui.panel.signing.view import SigningView
from tests.gui.desk_rounds import show_desk, show_view
from tests.gui.samples import IssuedRound


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def page(program: Application, qtbot: QtBot, planned: IssuedRound, tmp_path: Path) -> DeskPage:
    return show_desk(program, qtbot, planned, tmp_path / "E001.qwork", complete=planned.numbers)


@pytest.fixture
def view(page: DeskPage, qtbot: QtBot) -> SigningView:
    return show_view(qtbot, page, SigningView, "Sign and export…")
