"""The running program for a test: what ``program`` in the conftest gives."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.app import Application
from qisp_desktop.gui.page import Page
from tests.gui.dropping import drop_on

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
    drop_on(program.window, *paths)


def shown(qtbot: QtBot, widget: QWidget) -> None:
    """Show a widget in a window of its own."""
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()
    widget.activateWindow()
