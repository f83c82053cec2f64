"""A printing desk in a test: a printer that keeps what it gets, and the acts that every test begins with."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from qisp_desktop.documents.binding import page_count
from qisp_desktop.gui.app import Application
from qisp_desktop.gui.printing.page import PrintingPage, printing_screen
from qisp_desktop.services.papers import PaperKind
from qisp_desktop.services.print_runs import Duplex, PrinterTrouble
from qisp_desktop.store.round_store import RoundStore
from tests.gui.program import wait_for_page

PATIENCE_MS = 30_000


class Tray:
    """A printer of this test: keeps what it gets, and fails when it is told to."""

    def __init__(self) -> None:
        self.jobs: list[bytes] = []
        self.withdrawn: list[int] = []
        self.broken = False
        self.prints = 99
        """How many jobs come out."""

    @property
    def name(self) -> str:
        return "Tray"

    def send(self, pdf: bytes, title: str, duplex: Duplex) -> int:
        if self.broken:
            raise PrinterTrouble("Tray is on fire.", "", "Put it out.")
        self.jobs.append(pdf)
        return len(self.jobs)

    def finished(self, job: int) -> bool:
        return job <= self.prints

    def waiting_for(self, job: int) -> str:
        return ""

    def withdraw(self, job: int) -> None:
        self.withdrawn.append(job)

    @property
    def pages(self) -> int:
        return sum(map(page_count, self.jobs))


def show_desk(program: Application, qtbot: QtBot, path: Path) -> PrintingPage:
    program.window.resize(1366, 768)
    program.go.show(printing_screen(program.go.shell, path))
    page = wait_for_page(qtbot, program, PrintingPage)
    qtbot.waitUntil(lambda: page.preview.document.pageCount() > 0, timeout=PATIENCE_MS)
    return page


def choose(page: PrintingPage, *kinds: PaperKind) -> None:
    page.presenter.choose(kinds=frozenset(kinds))


def settled(qtbot: QtBot, page: PrintingPage) -> None:
    qtbot.waitUntil(lambda: not page.presenter.busy and page.presenter.page_total[1], timeout=PATIENCE_MS)


def notes_of(path: Path) -> list[str]:
    with RoundStore.open(path, actor="tests") as store:
        return [event.detail for event in store.audit_events() if event.action == "print"]
