"""The secretariat's desk at size: the longest time its window is ever held up while a clerk walks through it.

The round holds 2,000 applications, each scored by 9 experts, and an audit trail of 38,000 events. In every section the
clerk opens it, reads it again, and in each of its tables searches (also by initials), filters, sorts, selects all,
searches with all selected, copies and writes a workbook; a workbook of 2,000 rows is looked through and mended; the day
of acceptance is changed; in the results another rule is tried; at last language and theme are changed. These stand in a
row of their own: Qt goes over all widgets in one call then, which nobody can divide, and people do it once.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from time import perf_counter, thread_time

from big_round import make_scored_round
from harness import Row
from import_walk import import_steps, write_import
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication

from qisp_desktop.gui import theme
from qisp_desktop.gui.app import Application
from qisp_desktop.gui.secretariat.applications.view import ApplicationsView
from qisp_desktop.gui.secretariat.desk_page import DeskPage, desk_screen
from qisp_desktop.gui.secretariat.results.view import ResultsView
from qisp_desktop.gui.secretariat.screening.view import ScreeningView
from qisp_desktop.gui.secretariat.sections import SECTIONS
from qisp_desktop.gui.widgets.data_table import DataTable

APPLICATIONS, EXPERTS, TIMES = 2000, 9, 3
LONGEST_S, LOOK_S = 0.05, 0.1
BEAT_MS, TURN_MS, QUIET_S = 1, 8, 0.08
"""Quiet is more than a search field waits for the next key, so that each step has its own work."""
PATIENCE_S = 60
QUERIES = ("0", "深圳", "sl", "")
SORTED_COLUMNS = 3


class _Heartbeat:
    """Notes the longest stretch between two turns of the event loop: the shorter of wall-clock time and the processor
    time of this thread, for while other programs have the processor nobody's code here holds the window up."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._timer = QTimer()
        self._timer.timeout.connect(self._beat)
        self.reset()
        self._timer.start(BEAT_MS)

    def reset(self) -> None:
        self.longest = 0.0
        self._last, self._used = perf_counter(), thread_time()

    def stop(self) -> None:
        self._timer.stop()

    def _beat(self) -> None:
        now, used = perf_counter(), thread_time()
        self.longest = max(self.longest, min(now - self._last, used - self._used))
        self._last, self._used = now, used


class _Walk:
    """Does what a clerk does and keeps, for each step by its name, the shortest of its longest stretches."""

    def __init__(self, program: Application, folder: Path) -> None:
        self.longest: dict[str, float] = {}
        self.looks: set[str] = set()
        """The steps that change how everything looks."""
        self._program, self._folder = program, folder
        self._book, self._materials = write_import(folder)
        self._heart = _Heartbeat()

    def through(self, path: Path) -> None:
        """One walk through the round at ``path``."""
        program = self._program
        self._step("open the desk", lambda: program.go.show(desk_screen(program.go.shell, path)))
        for kind in SECTIONS:
            self._step(f"{kind.key}: open", partial(self._page.presenter.go_to, kind.key))
            self._step(f"{kind.key}: read again", self._page.session.changed.emit)
            for table in tuple(self._tables()):
                self._use(f"{kind.key}, {table.name}", table)
            view = self._page.view
            if isinstance(view, ApplicationsView):
                for name, act in import_steps(view, self._book, self._materials):
                    self._step(name, act)
            elif isinstance(view, ScreeningView):
                self._accept(view)
            elif isinstance(view, ResultsView):
                self._try_rules(view)
        self._change_looks()

    def stop(self) -> None:
        """No more steps."""
        self._heart.stop()
        QApplication.clipboard().clear()  # without a screen, Qt would look for it once Python is gone

    @property
    def _page(self) -> DeskPage:
        page = self._program.window.page
        if not isinstance(page, DeskPage):
            raise RuntimeError("the desk is not shown")
        return page

    def _tables(self) -> Iterator[DataTable[object]]:
        view = self._page.view
        if view is not None:
            yield from (table for table in view.findChildren(DataTable) if table.isVisible() and table.model.total)

    def _use(self, name: str, table: DataTable[object]) -> None:
        header = table.view.horizontalHeader()
        table.window().activateWindow()  # without a screen no window is active again once a dialog has gone
        self._step(f"{name}: go to the search", table.search.setFocus)
        for query in QUERIES:
            self._step(f"{name}: search “{query}”", partial(table.search.setText, query))
        for key in () if table.filters is None else (*table.filters.buttons, next(iter(table.filters.buttons))):
            self._step(f"{name}: only “{key}”", partial(table.show_filter, key))
        for column in range(min(SORTED_COLUMNS, len(table.model.columns))):
            self._step(
                f"{name}: sort by column {column}",
                partial(header.setSortIndicator, column, Qt.SortOrder.DescendingOrder),
            )
        self._step(f"{name}: select all", table.view.selectAll)
        self._step(f"{name}: copy", table.view.copy)
        self._step(f"{name}: search with all selected", lambda: table.search.setText("1"))
        self._step(f"{name}: show all again", table.search.clear)
        self._step(f"{name}: to a workbook", lambda: table.save_as(self._folder / "table.xlsx"))
        self._step(f"{name}: select none", table.view.clearSelection)

    def _try_rules(self, view: ResultsView) -> None:
        self._step("results: what if", view.try_rule.click)
        self._step("results: another pass score", lambda: view.presenter.try_rule(pass_score=Decimal(70)))
        self._step("results: another quorum", lambda: view.what_if.quorum.setValue(8))
        self._step("results: end of what if", view.presenter.end_what_if)

    def _accept(self, view: ScreeningView) -> None:
        self._step("screening: another day of acceptance", partial(view.presenter.accept, date(2026, 7, 2)))

    def _change_looks(self) -> None:
        """In the sections that show most, which are made anew in another language."""
        settings = self._program.settings
        for key in ("applications", "screening", "results", "collecting"):
            self._step(f"{key}: open again", partial(self._page.presenter.go_to, key))
            for language in ("en", "zh_CN"):
                self._look(f"{key}: language {language}", partial(setattr, settings, "language", language))
            for theme_name in ("dark", "light"):
                self._look(f"{key}: theme {theme_name}", partial(setattr, settings, "theme", theme_name))

    def _look(self, name: str, act: Callable[[], object]) -> None:
        self._step(name, act)
        self.looks.add(name)

    def _step(self, name: str, act: Callable[[], object]) -> None:
        self._heart.reset()
        QTimer.singleShot(0, act)
        self._until_quiet()
        self.longest[name] = min(self.longest.get(name, float("inf")), self._heart.longest)

    def _until_quiet(self) -> None:
        deadline, quiet = perf_counter() + PATIENCE_S, perf_counter() + QUIET_S
        while perf_counter() < quiet:
            _turn(TURN_MS)
            if self._program.tasks.busy:
                quiet = perf_counter() + QUIET_S
            if perf_counter() > deadline:
                raise TimeoutError("the window did not come to rest")


def run() -> list[Row]:
    """The one row: the worst step, each step counted with the best of its times."""
    app = QApplication.instance() or theme.application([])
    if not isinstance(app, QApplication):
        raise RuntimeError("another kind of application runs in this process")
    with tempfile.TemporaryDirectory() as name:
        big = make_scored_round(Path(name), applications=APPLICATIONS, experts=EXPERTS)
        program = Application(app, Path(name) / "config")
        try:
            program.start()
            while not program.ready:
                _turn(TURN_MS)
            program.settings.language = "zh_CN"
            program.window.resize(1366, 768)
            walk = _Walk(program, Path(name))
            for number in range(TIMES):
                copy = Path(name) / f"copy-{number}.qround"
                shutil.copyfile(big.path, copy)
                walk.through(copy)
            walk.stop()
        finally:
            program.stop()
    work = {step: longest for step, longest in walk.longest.items() if step not in walk.looks}
    step, worst = max(work.items(), key=lambda entry: entry[1])
    look, slowest = max(((one, walk.longest[one]) for one in walk.looks), key=lambda entry: entry[1])
    desk = f"longest block of the desk at {APPLICATIONS:,} × {EXPERTS}, in"
    return [
        Row(f"{desk} {len(work)} steps ({step})", "50 ms", worst, LONGEST_S, 1.0),
        Row(f"{desk} {len(walk.looks)} changes of language or theme ({look})", "0.1 s", slowest, LOOK_S, 1.0),
    ]


def _turn(milliseconds: int) -> None:
    # A loop of its own, as in the program: what is to be deleted later is deleted only there.
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
