"""What an expert does to sign, in a test."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.panel.signing.view import SigningView

LEFT = Qt.MouseButton.LeftButton
PATIENCE_MS = 30_000


def prepare(view: SigningView, qtbot: QtBot, folder: Path, passphrase: str) -> None:
    """Fill the page in, on paper and without what is missing."""
    if not view.ui.partial.isHidden() and not view.ui.partial.isChecked():
        qtbot.keyClick(view.ui.partial, Qt.Key.Key_Space)
    view.ui.onPaper.setChecked(True)
    view.ui.folder.setText(str(folder))
    view.ui.passphrase.set_text(passphrase)


def sign(view: SigningView, qtbot: QtBot) -> None:
    assert view.ui.hindrance.text() == ""
    qtbot.mouseClick(view.ui.sign, LEFT)
    done(view, qtbot)


def done(view: SigningView, qtbot: QtBot) -> None:
    desk = view.presenter.desk
    qtbot.waitUntil(lambda: not view.presenter.busy and not desk.frozen, timeout=PATIENCE_MS)
