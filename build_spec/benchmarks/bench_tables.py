"""The secretariat's tables with 2,000 applications: a key in the search field to the repainted table.

Counted is what follows the search field's pause of 60 ms, in which it waits for the next key: searching 2,000 rows,
ordering them, telling the view, and painting it.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from time import perf_counter

from big_round import application
from harness import Row
from PySide6.QtCore import QCoreApplication
from windows import running, wait

from qisp_desktop.domain.policy import Policy
from qisp_desktop.domain.round import Round
from qisp_desktop.gui.secretariat.applications.view import ApplicationsView
from qisp_desktop.gui.secretariat.desk_page import DeskPage, desk_screen
from qisp_desktop.gui.secretariat.screening.view import ScreeningView
from qisp_desktop.gui.widgets.data_table import DataTable
from qisp_desktop.services.rubrics import default_rubric
from qisp_desktop.store.round_store import RoundStore

MANY = 2000
GOES = 4
FRAME_S = 1 / 60
TYPED = ("深圳市示例检测机构1", "qisp-2026-19", "szssl", "示例 南山")
"""What is typed, key by key: a name, a number, the initials of a name, two words."""


def run() -> list[Row]:
    """The applications' table and the matrix of the formal check."""
    with tempfile.TemporaryDirectory() as folder:
        path = _round(Path(folder))
        with running(Path(folder)) as program:
            program.go.show(desk_screen(program.go.shell, path, "applications"))
            page = program.window.page
            if not isinstance(page, DeskPage):
                raise RuntimeError("the desk is not shown")
            return [_applications(page), _matrix(page)]


def _applications(page: DeskPage) -> Row:
    view = _shown(page, "applications", ApplicationsView)
    times = _typed(view.table)
    return Row("search among 2,000 applications: key to repainted table, p95", "one frame", _p95(times), FRAME_S, 1)


def _matrix(page: DeskPage) -> Row:
    view = _shown(page, "screening", ScreeningView)
    bar = view.matrix.verticalScrollBar()

    def scrolled(step: int) -> None:
        bar.setValue(bar.maximum() * step // 200)
        view.matrix.viewport().repaint()
        view.matrix.frozen.viewport().repaint()

    times = _typed(view.table) + _best([partial(scrolled, step) for step in range(200)])
    return Row("search and scrolling in the formal check of 2,000, p95 a frame", "one frame", _p95(times), FRAME_S, 1)


def _typed(table: DataTable) -> list[float]:  # type: ignore[type-arg]
    """The seconds from each key's search to the painted table."""
    table.search.setFocus()
    table.search.begun.emit()  # where no window is active no focus arrives
    wait(lambda: not table._shell.tasks.busy)

    def searched(query: str) -> None:
        table.search.searched.emit(query)
        table.view.viewport().repaint()

    queries = [word[:length] for word in TYPED for length in (*range(1, len(word) + 1), 0)]
    return _best([partial(searched, query) for query in queries])


def _best(acts: list[Callable[[], None]]) -> list[float]:
    """The shortest of a few goes through ``acts``, for each of them: a busy moment of the machine is none of ours."""
    goes = []
    for _ in range(GOES):
        times = []
        for act in acts:
            start = perf_counter()
            act()
            times.append(perf_counter() - start)
            QCoreApplication.processEvents()
        goes.append(times)
    return [min(times) for times in zip(*goes, strict=True)]


def _shown(page: DeskPage, section: str, kind):  # type: ignore[no-untyped-def]  # the view of that kind
    page.presenter.go_to(section)
    presenter = page.presenter.presenter_of(section)
    wait(lambda: presenter.data is not None and isinstance(page.view, kind))
    return page.view


def _round(folder: Path) -> Path:
    rubric, path = default_rubric(), folder / "many.qround"
    value = Round("bench", 2026, "基准", "示例局", "zh_CN", Policy(), rubric.digest, "PEM", "age1", date(2026, 7, 1))
    with RoundStore.create(path, value, rubric, actor="bench") as store, store.change("benchmark") as change:
        change.put_all(application(f"QISP-2026-{n:04d}") for n in range(1, MANY + 1))
    return path


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[18]
