"""Another rule tried on 300 applications × 9 experts in the window: from the change to the repainted ranking."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from pathlib import Path
from time import perf_counter

from big_round import make_scored_round
from harness import Row
from PySide6.QtCore import QCoreApplication
from PySide6.QtTest import QTest
from windows import Painted, running, wait

from qisp_desktop.gui.secretariat.desk_page import DeskPage, desk_screen
from qisp_desktop.gui.secretariat.results.view import ResultsView

APPLICATIONS, EXPERTS = 300, 9
CHANGES = 60
FRAME_S = 1 / 60


def run() -> list[Row]:
    """The row of the issue: the median of a clerk's changes of the pass score and of the rule."""
    with tempfile.TemporaryDirectory() as name:
        big = make_scored_round(Path(name), applications=APPLICATIONS, experts=EXPERTS)
        with running(Path(name)) as program:
            program.go.show(desk_screen(program.go.shell, big.path, "results"))
            page = program.window.page
            if not isinstance(page, DeskPage):
                raise RuntimeError("the desk is not shown")
            wait(lambda: isinstance(page.view, ResultsView) and page.view.presenter.data is not None)
            view = page.view
            if not isinstance(view, ResultsView):
                raise RuntimeError("the results are not shown")
            times = _changes(view)
    work = f"what if: a changed rule on {APPLICATIONS} × {EXPERTS} to the repainted ranking, median"
    return [Row(work, "one frame", sorted(times)[len(times) // 2], FRAME_S, 1)]


def _changes(view: ResultsView) -> list[float]:
    view.try_rule.click()
    view.table.view.selectRow(0)
    QTest.qWait(100)
    painted = Painted(view.table.view.viewport())
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
