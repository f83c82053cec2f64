"""Another rule tried on 300 applications × 9 experts in the window: from the change to the repainted ranking."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from time import perf_counter

from big_round import make_scored_round
from harness import Row
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from qisp_desktop.gui.app import Application
from qisp_desktop.gui.secretariat.desk_page import DeskPage, desk_screen
from qisp_desktop.gui.secretariat.results.view import ResultsView

APPLICATIONS, EXPERTS = 300, 9
CHANGES = 60
FRAME_S = 1 / 60
PATIENCE_S = 60


def run() -> list[Row]:
    """The row of the issue: the median of a clerk's changes of the pass score and of the rule."""
    app = QApplication.instance() or QApplication([])
    if not isinstance(app, QApplication):
        raise RuntimeError("another kind of application runs in this process")
    with tempfile.TemporaryDirectory() as name:
        big = make_scored_round(Path(name), applications=APPLICATIONS, experts=EXPERTS)
        program = Application(app, Path(name) / "config")
        try:
            program.settings.language = "zh_CN"
            program.start()
            _wait(lambda: program.ready)
            program.window.resize(1366, 768)
            program.go.show(desk_screen(program.go.shell, big.path, "results"))
            page = program.window.page
            if not isinstance(page, DeskPage):
                raise RuntimeError("the desk is not shown")
            _wait(lambda: isinstance(page.view, ResultsView) and page.view.presenter.data is not None)
            view = page.view
            if not isinstance(view, ResultsView):
                raise RuntimeError("the results are not shown")
            times = _changes(view)
        finally:
            program.stop()
    work = f"what if: a changed rule on {APPLICATIONS} × {EXPERTS} to the repainted ranking, median"
    return [Row(work, "one frame", sorted(times)[len(times) // 2], FRAME_S, 1)]


class _Painted(QObject):
    """Notices that a widget was painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.seen = False
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.seen = self.seen or event.type() == QEvent.Type.Paint
        return False


def _changes(view: ResultsView) -> list[float]:
    view.try_rule.click()
    view.table.view.selectRow(0)
    QTest.qWait(100)
    painted = _Painted(view.table.view.viewport())
    times = []
    for change in range(CHANGES):
        QCoreApplication.processEvents()
        painted.seen = False
        start = perf_counter()
        if change % 2:
            view.presenter.try_rule(pass_score=Decimal(60 + change % 20))
        else:
            view.what_if.quorum.setValue(4 + change % 5)
        while not painted.seen:
            QCoreApplication.processEvents()
        times.append(perf_counter() - start)
    return times


def _wait(ready: Callable[[], bool]) -> None:
    deadline = perf_counter() + PATIENCE_S
    while not ready():
        if perf_counter() > deadline:
            raise RuntimeError("the window does not get ready")
        QTest.qWait(10)
