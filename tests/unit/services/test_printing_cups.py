"""Real print jobs: CUPS with its scheduler and filters, pages counted in what comes out, and printers that fail."""

from __future__ import annotations

import os
import pwd
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pikepdf
import pytest

from qisp_desktop.base.work import Work
from qisp_desktop.services import cups
from qisp_desktop.services.cups import CupsPrinter, printer_names
from qisp_desktop.services.print_runs import START, Duplex, Place, PrinterTrouble, PrintOrder, PrintReport, print_papers
from qisp_desktop.services.printing import PaperStock
from tests.unit.services.printable import stock_of
from tests.unit.services.private_cups import PATIENCE_S, PrintService, Tray, running

CUPS_PDF = Path("/usr/lib/cups/backend/cups-pdf")
CUPS_PDF_PPD = Path("/usr/share/ppd/cups-pdf/CUPS-PDF_noopt.ppd")


@pytest.fixture(scope="module")
def service() -> Iterator[PrintService]:
    """A print service of this module's own. Not below pytest's folder, which the service's own user may not enter."""
    if not cups.available():
        pytest.skip("libcups is not installed (package libcups2)")
    root = Path(tempfile.mkdtemp(prefix="qisp-cups-"))
    root.chmod(0o755)
    try:
        with running(root) as service:
            yield service
    except RuntimeError as error:
        pytest.skip(str(error))
    finally:
        shutil.rmtree(root, ignore_errors=True)


@pytest.fixture(autouse=True)
def this_service(service: PrintService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUPS_SERVER", service.server)


@pytest.fixture
def tray(service: PrintService, request: pytest.FixtureRequest) -> Tray:
    """A printer of the test's own."""
    name = "".join(c for c in request.node.name if c.isalnum())[-40:]
    return service.add_printer(name)


def printed(stock: PaperStock, tray: Tray, start: Place = START, work: Work | None = None) -> PrintReport:
    order = PrintOrder(stock.papers, duplex=Duplex.LONG_EDGE)
    return print_papers(stock, order, CupsPrinter(tray.name), start=start, work=work)


def eventually(claim: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not claim():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_a_run_of_several_jobs_comes_out_page_by_page_on_both_sides(tray: Tray) -> None:
    report = printed(stock_of(21, 30, 3, 40, 1), tray)

    assert report.stopped is None
    assert report.pages == 95
    assert tray.pages == 22 + 30 + 4 + 40 + 2
    assert len(tray.jobs) == 3
    assert "sides=two-sided-long-edge" in tray.options
    assert "Duplex=DuplexNoTumble" in tray.options
    assert tray.name in printer_names()


def test_a_printer_without_paper_says_so_and_prints_on_once_it_has_some(tray: Tray) -> None:
    tray.set("empty")
    told: list[str] = []

    class Clerk(Work):
        def show(self, what: str, done: int, total: int) -> None:
            told.append(what)
            if "out of paper" in what and (tray.folder / "empty").exists():
                tray.mend("empty")

    report = printed(stock_of(3), tray, work=Clerk())

    assert any(f"Printing on {tray.name}: it is out of paper" in what for what in told)
    assert report.stopped is None
    assert tray.pages == 4


def test_a_printer_that_fails_is_stopped_the_queue_is_emptied_and_the_run_continues_elsewhere(
    tray: Tray, service: PrintService
) -> None:
    stock = stock_of(40, 40, 40, 40)
    done = threading.Event()

    class Clerk(Work):
        def show(self, what: str, done_papers: int, total: int) -> None:
            if done_papers and not done.is_set():
                done.set()
                tray.set("broken")

    first = printed(stock, tray, work=Clerk())

    assert first.stopped is not None
    assert first.stopped.what == f"{tray.name} was stopped."
    assert first.resume is not None
    assert tray.pages == first.pages
    other = service.add_printer("Other")
    rest = printed(stock, other, first.resume)
    assert rest.stopped is None
    assert tray.pages + other.pages == 160


def test_a_printer_that_refuses_jobs_is_said_with_its_reason(tray: Tray) -> None:
    tray.reject()
    report = printed(stock_of(2), tray)

    assert isinstance(report.stopped, PrinterTrouble)
    assert report.stopped.what == f"{tray.name} does not take the job."
    assert "not accepting jobs" in report.stopped.why
    assert (report.out, report.resume) == ((), START)


def test_a_printer_that_is_taken_away_while_it_prints_ends_the_run_with_a_word(tray: Tray) -> None:
    tray.set("empty")

    class Clerk(Work):
        def show(self, what: str, done: int, total: int) -> None:
            if "out of paper" in what and tray.name in printer_names():
                tray.mend("empty")
                tray.remove()

    report = printed(stock_of(40, 40), tray, work=Clerk())

    assert isinstance(report.stopped, PrinterTrouble)
    assert tray.name in report.stopped.what
    assert report.resume == START


def test_an_unknown_printer_is_refused_with_a_word() -> None:
    stock = stock_of(1)
    report = print_papers(stock, PrintOrder(stock.papers), CupsPrinter("moon"))

    assert isinstance(report.stopped, PrinterTrouble)
    assert report.resume == START


def test_a_job_that_the_filters_cannot_read_ends_the_run_with_a_word(tray: Tray, service: PrintService) -> None:
    filters = service.root / "bin" / "backend" / "no-filter"
    filters.write_text("#!/bin/sh\nexit 1\n")
    filters.chmod(0o755)
    ppd = (service.root / "tray.ppd").read_text()
    (service.root / "bad.ppd").write_text(ppd.replace("vnd.cups-pdf 0 -", f"vnd.cups-pdf 0 {filters}"))
    service.run("lpadmin", "-p", tray.name, "-P", str(service.root / "bad.ppd"))
    report = printed(stock_of(1), tray)

    assert report.stopped is not None
    assert report.stopped.what == f"{tray.name} gave up a job."
    assert report.resume == START


def test_who_stops_a_run_finds_the_queue_empty(tray: Tray) -> None:
    tray.set("empty")

    class Clerk(Work):
        def show(self, what: str, done: int, total: int) -> None:
            if "out of paper" in what:
                self.cancel()

    report = printed(stock_of(40, 40, 40), tray, work=Clerk())
    tray.mend("empty")

    assert report.stopped is not None
    assert report.stopped.what == "Printing was stopped."
    assert len(report.doubtful) == 2
    later = printed(stock_of(1), tray)
    assert later.stopped is None
    assert tray.pages == 2


def test_the_pdf_printer_of_debian_gets_every_page(service: PrintService) -> None:
    if os.geteuid() != 0 or not CUPS_PDF.exists() or not os.access("/etc/cups/cups-pdf.conf", os.R_OK):
        pytest.skip("cups-pdf works for root only, and wants the package printer-driver-cups-pdf")
    out = Path(pwd.getpwuid(0).pw_dir) / "PDF"
    before = set(out.glob("*.pdf")) if out.exists() else None
    device = service.root / "bin" / "backend" / "cups-pdf"
    shutil.copy(CUPS_PDF, device)
    device.chmod(0o700)
    service.run("lpadmin", "-p", "CupsPdf", "-E", "-v", "cups-pdf:/", "-P", str(CUPS_PDF_PPD))
    stock = stock_of(3, 34, 2)  # one job: it names files by the part of the title that is ASCII
    try:
        report = print_papers(stock, PrintOrder(stock.papers), CupsPrinter("CupsPdf"))
        assert report.stopped is None
        eventually(lambda: bool(set(out.glob("*.pdf")) - (before or set())))
        (made,) = set(out.glob("*.pdf")) - (before or set())
        assert _pages(made) == 39
    finally:
        for path in set(out.glob("*.pdf")) - (before or set()):
            path.unlink()
        if before is None:
            out.rmdir()


def test_without_a_service_the_printer_cannot_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUPS_SERVER", "127.0.0.1:1")
    stock = stock_of(1)
    report = print_papers(stock, PrintOrder(stock.papers), CupsPrinter("Office"))

    assert isinstance(report.stopped, PrinterTrouble)
    assert report.out == ()
    assert printer_names() == []


def _pages(path: Path) -> int:
    with pikepdf.open(path) as pdf:
        return len(pdf.pages)
