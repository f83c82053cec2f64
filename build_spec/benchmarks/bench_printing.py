"""The printing desk with a job of 2,000 pages: how soon the first page is there, and what the job takes of memory."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from harness import Row

APPLICATIONS, EXPERTS = 100, 9
LEAST_PAGES = 2000
LIMIT_S, LIMIT_MB = 1.0, 100.0

DESK = """
import sys, time
from pathlib import Path

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from qisp_desktop.gui.printing import printers
from qisp_desktop.gui.printing.presenter import PrintingPresenter
from qisp_desktop.gui.printing.preview import Preview
from qisp_desktop.gui.tasks import Tasks
from qisp_desktop.gui import theme
from qisp_desktop.services.papers import PaperKind


def wait(claim):
    while not claim():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)


def memory():
    # What this process alone holds; pages of files and libraries belong to the system.
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("RssAnon"))


class Tray:
    name = "Tray"
    pages = 0
    most = 0.0

    def send(self, pdf, title, duplex):
        self.most = max(self.most, memory())
        return 1

    def finished(self, job):
        return True

    def waiting_for(self, job):
        return ""

    def withdraw(self, job):
        pass


if __name__ == "__main__":
    app = theme.application(sys.argv[:1])
    theme.install(app).apply("light", 100)
    tasks, tray = Tasks(), Tray()
    printers.printer_names, printers.printer_called = (lambda: ["Tray"]), (lambda name: tray)
    presenter, preview = PrintingPresenter(Path(sys.argv[1]), tasks), Preview()
    preview.resize(400, 600)
    preview.show()
    presenter.previewed.connect(preview.show_paper)
    presenter.load()
    wait(lambda: preview.document.pageCount() and not tasks.busy)
    presenter.choose(kinds=frozenset())
    before = memory()
    start = time.perf_counter()
    with_sheets = frozenset([PaperKind.SCORE_SHEET, PaperKind.REPORT])
    presenter.shown = None
    presenter.stock._cache.clear()
    shown = []
    presenter.previewed.connect(shown.append)
    presenter.choose(kinds=with_sheets)
    wait(lambda: shown)
    preview.grab()
    first = time.perf_counter() - start
    presenter.stop_counting()
    reports = []
    presenter.printed.connect(lambda: reports.append(presenter.report))
    presenter.print()
    wait(lambda: reports)
    presenter.close()
    tasks.shut_down()
    print(first, max(tray.most, memory()) - before, reports[0].pages)
"""


def run() -> list[Row]:
    """Against fixed limits: a second to the first page, 100 MB over the whole job."""
    from big_round import PASSPHRASE, make_round

    from qisp_desktop.services.collecting import collect

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        big = make_round(folder, applications=APPLICATIONS, experts=EXPERTS)
        collect(big.path, list(big.returns), passphrase=PASSPHRASE)
        script = folder / "desk.py"
        script.write_text(DESK, encoding="utf-8")
        ran = subprocess.run([sys.executable, script, big.path], capture_output=True, text=True, check=True)
    first, grown, pages = map(float, ran.stdout.split()[-3:])
    if pages < LEAST_PAGES:
        raise RuntimeError(f"the job has only {pages:.0f} pages")
    job = f"a job of {pages:.0f} pages"
    return [
        Row(f"first preview page of {job}", "one second", first, LIMIT_S, 1.0),
        Row(f"memory over {job}", "100 MB", grown, LIMIT_MB, 1.0, "MB"),
    ]
