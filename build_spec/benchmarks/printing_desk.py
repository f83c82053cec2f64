"""A process of its own for ``bench_printing``: the printing desk with a job of everything on one round.

``printing_desk.py ROUND FOLDER`` prints the seconds to the first preview page, the MB that the job took, and its pages.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from qisp_desktop.gui import theme
from qisp_desktop.gui.printing import printers
from qisp_desktop.gui.printing.presenter import PrintingPresenter
from qisp_desktop.gui.printing.preview import Preview
from qisp_desktop.gui.printing.work import FirstChoice
from qisp_desktop.gui.settings import Settings
from qisp_desktop.gui.tasks import Tasks
from qisp_desktop.services.papers import PaperKind
from qisp_desktop.services.print_runs import Duplex, Printer
from qisp_desktop.services.printing import FinishedPaper

JOB = frozenset([PaperKind.SCORE_SHEET, PaperKind.REPORT])
TURN_MS = 5


class Tray:
    """A printer that takes every page at once and notes how much memory the process held meanwhile."""

    name = "Tray"

    def __init__(self) -> None:
        self.most = 0.0

    def send(self, pdf: bytes, title: str, duplex: Duplex) -> int:
        self.most = max(self.most, _memory())
        return 1

    def finished(self, job: int) -> bool:
        return True

    def waiting_for(self, job: int) -> str:
        return ""

    def withdraw(self, job: int) -> None:
        """Nothing lies here."""


def main(place: Path, folder: Path) -> tuple[float, float, int]:
    """Choose, preview and print; seconds, MB and pages."""
    app = theme.application(sys.argv[:1])
    theme.install(app).apply("light", 100)
    tasks, tray = Tasks(), Tray()

    def called(name: str) -> Printer:
        return tray

    printers.printer_names, printers.printer_called = (lambda: [tray.name]), called
    # Another kind first, so that nothing of the job is made before it is chosen.
    presenter = PrintingPresenter(place, tasks, FirstChoice(kinds=frozenset([PaperKind.ASSIGNMENTS])))
    preview = Preview(Settings(folder / "settings.ini"))
    preview.resize(400, 600)
    preview.show()
    shown: list[FinishedPaper] = []

    def show(made: FinishedPaper) -> None:
        preview.show_paper(made, None)
        shown.append(made)

    presenter.previewed.connect(show)
    presenter.load()
    _wait(lambda: bool(shown) and not tasks.busy)
    shown.clear()
    before, start = _memory(), perf_counter()
    presenter.choose(kinds=JOB)
    _wait(lambda: bool(shown))
    preview.grab()
    first = perf_counter() - start
    presenter.stop_counting()
    presenter.print()
    _wait(lambda: presenter.report is not None)
    pages = presenter.page_total[0]
    presenter.close()
    tasks.shut_down()
    return first, max(tray.most, _memory()) - before, pages


def _wait(claim: Callable[[], bool]) -> None:
    while not claim():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, TURN_MS)


def _memory() -> float:
    """MB that this process alone holds; pages of files and libraries belong to the system."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("RssAnon"))


if __name__ == "__main__":
    print(*main(Path(sys.argv[1]), Path(sys.argv[2])))
