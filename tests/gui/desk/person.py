"""What a panel member does at the desk, by keyboard."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.app import Application
from qisp_desktop.gui.panel.desk.page import DeskPage
from qisp_desktop.gui.panel.unlock_page import UnlockPage
from tests.gui.program import page_of
from tests.gui.samples import IssuedRound

CTRL = Qt.KeyboardModifier.ControlModifier


def keys(qtbot: QtBot, *typed: Qt.Key | str, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    for one in typed:
        widget = QApplication.focusWidget()
        assert widget is not None
        if isinstance(one, str):
            qtbot.keyClicks(widget, one, modifier)
        else:
            qtbot.keyClick(widget, one, modifier)


def unlock(program: Application, qtbot: QtBot, issued: IssuedRound) -> DeskPage:
    page = page_of(program, UnlockPage)
    for digit in issued.passphrase.replace("-", ""):
        keys(qtbot, digit)
    keys(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(program.window.page, DeskPage), timeout=20_000)
    assert page is not program.window.page
    return page_of(program, DeskPage)


def score_by_keyboard(page: DeskPage, qtbot: QtBot) -> None:
    """Declare with one key, type every score, finish with another."""
    qtbot.waitUntil(lambda: page.scoring.reading.declaration.no_interest.hasFocus())
    keys(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.scoring.scores.cards["Q1"].points.hasFocus())
    for criterion in page.presenter.rubric.criteria:
        keys(qtbot, str(criterion.maximum), Qt.Key.Key_Return)
    keys(qtbot, Qt.Key.Key_Return, modifier=CTRL)
