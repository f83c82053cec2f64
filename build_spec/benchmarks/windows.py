"""The program in its window, as the benchmarks that look at screens use it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from PySide6.QtCore import QEvent, QEventLoop, QObject
from PySide6.QtWidgets import QApplication, QWidget

from qisp_desktop.gui import theme
from qisp_desktop.gui.app import Application

PATIENCE_S = 60
SMALL_SCREEN = (1366, 768)


@contextmanager
def running(folder: Path) -> Iterator[Application]:
    """The program in Chinese on a small screen; its settings lie in ``folder``."""
    app = QApplication.instance() or theme.application([])
    if not isinstance(app, QApplication):
        raise RuntimeError("another kind of application runs in this process")
    program = Application(app, folder / "config")
    try:
        program.settings.language = "zh_CN"
        program.start()
        wait(lambda: program.ready)
        program.window.resize(*SMALL_SCREEN)
        yield program
    finally:
        program.stop()


def wait(done: Callable[[], bool]) -> None:
    """Let the window work until it is ``done``; TimeoutError when it never is."""
    deadline = perf_counter() + PATIENCE_S
    while not done():
        if perf_counter() > deadline:
            raise TimeoutError("the window did not get there")
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)


class Painted(QObject):
    """Notices that a widget was painted: ``seen``."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.seen = False
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let everything pass."""
        self.seen = self.seen or event.type() == QEvent.Type.Paint
        return False
