"""A run at the printer: portions, copies, sides, trouble, and where the next run continues."""

from __future__ import annotations

import pytest

from qisp_desktop.base.work import Work
from qisp_desktop.services.print_runs import (
    START,
    Duplex,
    Place,
    PrinterTrouble,
    PrintOrder,
    PrintReport,
    print_papers,
)
from qisp_desktop.services.printing import PageRanges, PaperStock
from tests.unit.services.printable import Sent, page_marks, stock_of


class Tray:
    """A printer with a tray, which fails at a job when told to; a job is out at the second look."""

    name = "Tray"

    def __init__(self, *, fails_at: int = 0, refuses_at: int = 0) -> None:
        self.sent: list[Sent] = []
        self.withdrawn: list[int] = []
        self.most_waiting = 0
        self._fails_at = fails_at
        self._refuses_at = refuses_at
        self._looks: dict[int, int] = {}
        self._out = 0

    def send(self, pdf: bytes, title: str, duplex: Duplex) -> int:
        if len(self.sent) + 1 == self._refuses_at:
            raise PrinterTrouble("Tray does not take the job.")
        self.sent.append(Sent(pdf, title, duplex.value))
        self.most_waiting = max(self.most_waiting, len(self.sent) - self._out)
        return len(self.sent)

    def finished(self, job: int) -> bool:
        if job == self._fails_at:
            raise PrinterTrouble("Tray gave up a job.")
        self._looks[job] = self._looks.get(job, 0) + 1
        self._out += self._looks[job] == 2
        return self._looks[job] >= 2

    def waiting_for(self, job: int) -> str:
        return "out of paper"

    def withdraw(self, job: int) -> None:
        self.withdrawn.append(job)

    @property
    def marks(self) -> list[list[int]]:
        """Which page of its paper each page of each portion was."""
        return [page_marks(one.pdf) for one in self.sent]


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qisp_desktop.services.print_runs.FIRST_LOOK_S", 0.0)


def run(stock: PaperStock, tray: Tray, start: Place = START, **order: object) -> PrintReport:
    return print_papers(stock, PrintOrder(stock.papers, **order), tray, start=start)  # type: ignore[arg-type]


def test_a_whole_run_puts_every_page_out_in_order() -> None:
    stock, tray = stock_of(2, 3, 1), Tray()
    report = run(stock, tray)

    assert tray.marks == [[1, 2, 1, 2, 3, 1]]
    assert (report.pages, report.stopped, report.resume, report.doubtful) == (6, None, None, ())
    assert report.papers == stock.papers
    assert tray.sent[0].title == "2026年度评价 1-3/3"


def test_on_both_sides_each_paper_begins_on_a_front() -> None:
    stock, tray = stock_of(1, 3, 2), Tray()
    run(stock, tray, duplex=Duplex.LONG_EDGE)

    assert tray.marks == [[1, 1, 1, 2, 3, 3, 1, 2]]
    assert tray.sent[0].sides == "two-sided-long-edge"


def test_copies_are_whole_sets_one_after_the_other() -> None:
    tray = Tray()
    report = run(stock_of(1, 2), tray, copies=3)

    assert tray.marks == [[1, 1, 2] * 3]
    assert [part.line for part in report.out] == [1, 2, 3, 4, 5, 6]


def test_page_ranges_hold_for_each_paper_and_one_without_such_a_page_is_left_out() -> None:
    tray = Tray()
    report = run(stock_of(4, 1, 3), tray, pages=PageRanges(((2, 3),)))

    assert tray.marks == [[2, 3, 2, 3]]
    assert [part.line for part in report.out] == [1, 3]


def test_long_jobs_go_in_portions_of_which_at_most_two_wait() -> None:
    tray = Tray()
    report = run(stock_of(*[20] * 12), tray)

    assert [len(one) for one in tray.marks] == [40] * 6
    assert tray.most_waiting == 2
    assert report.pages == 240


def test_trouble_says_what_is_out_what_is_in_doubt_and_where_to_continue() -> None:
    stock, tray = stock_of(*[20] * 12), Tray(fails_at=3)
    report = run(stock, tray)

    assert str(report.stopped) == "Tray gave up a job."
    assert [part.line for part in report.out] == [1, 2, 3, 4]
    assert [part.line for part in report.doubtful] == [5, 6, 7, 8]
    assert report.resume == Place(5, 1)
    assert tray.withdrawn == [4, 3]


def test_a_refused_job_leaves_nothing_in_doubt_beyond_what_was_taken() -> None:
    report = run(stock_of(20, 20, 20, 20), Tray(refuses_at=1))

    assert (report.out, report.doubtful, report.resume) == ((), (), START)
    assert str(report.stopped) == "Tray does not take the job."


def test_a_run_continues_at_the_page_and_both_runs_make_the_whole() -> None:
    stock = stock_of(20, 30, 20, 30)
    first, second = Tray(fails_at=2), Tray()
    stopped = run(stock, first)
    assert stopped.resume == Place(3, 1)
    rest = print_papers(stock, stopped.order, second, start=stopped.resume)

    assert rest.stopped is None
    assert [part.line for part in (*stopped.out, *rest.out)] == [1, 2, 3, 4]
    assert first.marks[0] + second.marks[0] == 2 * [*range(1, 21), *range(1, 31)]


def test_inside_a_paper_a_run_continues_at_the_page_and_on_two_sides_at_the_front_of_its_sheet() -> None:
    stock, one_sided, two_sided = stock_of(2, 7, 1), Tray(), Tray()
    run(stock, one_sided, Place(2, 4))
    run(stock, two_sided, Place(2, 4), duplex=Duplex.SHORT_EDGE)

    assert one_sided.marks == [[4, 5, 6, 7, 1]]
    assert two_sided.marks == [[3, 4, 5, 6, 7, 7, 1, 1]]


def test_a_paper_that_cannot_be_made_is_named_once_and_does_not_stop_the_others() -> None:
    report = run(stock_of(1, 0, 2), Tray(), copies=2)

    assert [made.paper.application for made in report.failed] == ["QISP-2026-002"]
    assert report.stopped is None
    assert [part.line for part in report.out] == [1, 3, 4, 6]


def test_who_stops_a_run_learns_where_it_stopped_and_the_queue_is_emptied() -> None:
    stock, tray = stock_of(*[40] * 6), Tray()

    class Impatient(Work):
        def show(self, what: str, done: int, total: int) -> None:
            if done == 2:
                self.cancel()

    report = print_papers(stock, PrintOrder(stock.papers), tray, work=Impatient())

    assert str(report.stopped).startswith("Printing was stopped.")
    assert [part.line for part in report.out] == [1, 2]
    assert report.resume == Place(3, 1)
    assert set(tray.withdrawn) == {part.line for part in report.doubtful}
    assert tray.withdrawn


def test_what_the_printer_waits_for_is_shown() -> None:
    told: list[str] = []

    class Listening(Work):
        def show(self, what: str, done: int, total: int) -> None:
            told.append(what)

    stock = stock_of(1)
    print_papers(stock, PrintOrder(stock.papers), Tray(), work=Listening())

    assert "Printing on Tray: out of paper" in told
