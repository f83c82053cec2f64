"""The running program for a test: what ``program`` in the conftest gives."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.app import Application
from qisp_desktop.gui.page import Page

P = TypeVar("P", bound=Page)
PATIENCE_MS = 10_000


def page_of(program: Application, kind: type[P]) -> P:
    """The page that is shown, which must be of that kind."""
    page = program.window.page
    assert isinstance(page, kind), f"the window shows {type(page).__name__}"
    return page


def wait_for_page(qtbot: QtBot, program: Application, kind: type[P]) -> P:
    """Wait until a page of that kind is shown and nothing runs any more."""
    qtbot.waitUntil(lambda: isinstance(program.window.page, kind) and not program.tasks.busy, timeout=PATIENCE_MS)
    return page_of(program, kind)


def drop(program: Application, *paths: Path) -> None:
    """Drop files on the window."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(QPoint(50, 50), Qt.DropAction.CopyAction, mime, buttons, keys)
    QApplication.sendEvent(program.window, entering)
    if entering.isAccepted():
        dropped = QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, mime, buttons, keys)
        QApplication.sendEvent(program.window, dropped)


def shown(qtbot: QtBot, widget: QWidget) -> None:
    """Show a widget in a window of its own."""
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()
    widget.activateWindow()
