"""The expert signs and hands in: nothing is done before every file was read again, and the office accepts it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.app import Application
from qisp_desktop.gui.panel.signing.view import SigningView
from tests.gui.desk_rounds import show_desk
from tests.gui.samples import IssuedRound


def draw(qtbot: QtBot, pad: QWidget) -> None:
    left = Qt.MouseButton.LeftButton
    qtbot.mousePress(pad, left, pos=QPoint(60, 60))
    for x in range(70, 200, 10):
        qtbot.mouseMove(pad, QPoint(x, 60 + x % 30))
    qtbot.mouseRelease(pad, left, pos=QPoint(200, 80))


def test_smoke(program: Application, qtbot: QtBot, planned: IssuedRound, tmp_path: Path) -> None:
    page = show_desk(program, qtbot, planned, tmp_path / "E.qwork", complete=planned.numbers)
    program.window.resize(1366, 768)
    page.turn_to("signing")
    view = page._other
    assert isinstance(view, SigningView)
    qtbot.wait(1500)
    program.window.grab().save("/tmp/sign1.png")
    out = tmp_path / "stick"
    out.mkdir()
    view.ui.partial.click()
    draw(qtbot, view.ui.pad.pad)
    view.ui.folder.setText(str(out))
    view.ui.passphrase.set_text(planned.passphrase)
    print(view.ui.hindrance.text())
    view.ui.sign.click()
    qtbot.waitUntil(lambda: not view.presenter.busy, timeout=30000)
    qtbot.wait(500)
    program.window.grab().save("/tmp/sign2.png")
    print(view.presenter.report, view.banner.what.text(), view.ui.wrong.text())
    assert view.presenter.report
