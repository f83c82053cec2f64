"""The pane on the screen, as the desk embeds it."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.panel.materials.pane import MaterialPane
from qisp_desktop.gui.tasks import Tasks
from qisp_desktop.gui.theme import Theme
from tests.gui.materials.reader import Reader


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    """The workers of the program."""
    tasks = Tasks()
    bugs: list[BaseException] = []
    tasks.bug.connect(bugs.append)
    yield tasks
    tasks.shut_down()
    tasks.deleteLater()
    if bugs:
        raise bugs[0]


@pytest.fixture
def reader(qtbot: QtBot, look: Theme, tasks: Tasks) -> Iterator[Reader]:
    """An expert before the pane; when they go, the process that opened files goes too."""
    pane = MaterialPane(tasks)
    pane.resize(700, 600)
    pane.show()
    qtbot.waitExposed(pane)
    yield Reader(qtbot, pane)
    pane.close()
    pane.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    qtbot.waitUntil(lambda: not multiprocessing.active_children())
