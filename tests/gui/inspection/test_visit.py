"""A visit is written on site: judged, photographed, signed, and kept with every change."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from qisp_desktop.gui.app import Application
from qisp_desktop.gui.panel.inspection.view import InspectionView
from tests.gui.desk_rounds import show_desk
from tests.gui.samples import IssuedRound


def test_smoke(program: Application, qtbot: QtBot, planned: IssuedRound, tmp_path: Path) -> None:
    page = show_desk(program, qtbot, planned, tmp_path / "E.qwork")
    program.window.resize(1366, 768)
    page.turn_to("inspection")
    view = page._other
    assert isinstance(view, InspectionView)
    qtbot.wait(200)
    program.window.grab().save("/tmp/insp1.png")
