"""One run at the printer: papers go out in portions, each known to be out before the count moves on.

A portion is a print job of a few dozen pages. At most two lie in the printer's queue, so that a jam, an empty tray or a
printer that is taken away leaves little in doubt: what is out is listed, what is still in the queue is withdrawn, and
the next run continues at the paper and page where this one stopped.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

from qisp_desktop.base.errors import Cancelled, UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.base.work import Work
from qisp_desktop.documents.binding import Leaves, bound_for_printing
from qisp_desktop.services.printing import ALL_PAGES, FinishedPaper, ListedPaper, PageRanges, PaperStock

PORTION_PAGES = 40
"""Pages from which on a portion is sent."""
AHEAD = 2
"""Portions in the printer's queue: one that prints and one that is ready."""
MOST_COPIES = 99
FIRST_LOOK_S, LONGEST_LOOK_S = 0.1, 1.0


class Duplex(StrEnum):
    """How sheets are printed; the value is what IPP calls ``sides`` (RFC 8011, 5.2.8)."""

    OFF = "one-sided"
    LONG_EDGE = "two-sided-long-edge"
    SHORT_EDGE = "two-sided-short-edge"


@dataclass(frozen=True)
class PrintOrder:
    """What is to be printed: ``papers`` in their order, ``copies`` whole sets of them, these pages of each paper."""

    papers: tuple[ListedPaper, ...]
    copies: int = 1
    duplex: Duplex = Duplex.OFF
    pages: PageRanges = ALL_PAGES

    @property
    def lines(self) -> tuple[ListedPaper, ...]:
        """The papers as they come out, set after set."""
        return self.papers * self.copies


class Place(NamedTuple):
    """Where a run begins or stopped: the paper among ``PrintOrder.lines`` and its page, both counted from 1."""

    paper: int
    page: int


START = Place(1, 1)


class Part(NamedTuple):
    """Pages of one paper that go out together: its place among the lines (from 1) and the pages (from 1)."""

    line: int
    paper: ListedPaper
    pages: tuple[int, ...]


class PrinterTrouble(UserError):
    """The printer does not take a job or will not finish it."""


class Printer(Protocol):
    """A printer as a run sees it; all calls come from one thread."""

    @property
    def name(self) -> str:
        """What the person calls it."""

    def send(self, pdf: bytes, title: str, duplex: Duplex) -> int:
        """Hand over a portion; the number of its job. Raises PrinterTrouble when it is not taken."""

    def finished(self, job: int) -> bool:
        """Whether the job is out. Raises PrinterTrouble when it never will be."""

    def waiting_for(self, job: int) -> str:
        """What the printer says it is waiting for, in words; empty while it prints."""

    def withdraw(self, job: int) -> None:
        """Take a job back as far as it is not printed; never raises."""


@dataclass(frozen=True)
class PrintReport:
    """What came of a run.

    ``out`` are the parts that surely went out; ``doubtful`` those that the printer had when it stopped, of which some
    pages may lie in its tray; ``failed`` the papers that could not be made. ``stopped`` says why the run ended early,
    and ``resume`` where the next continues; both None after a whole run. ``copies`` says which of what went out are
    copies because their originals cannot be had.
    """

    order: PrintOrder
    printer: str
    out: tuple[Part, ...]
    doubtful: tuple[Part, ...]
    failed: tuple[FinishedPaper, ...]
    stopped: UserError | None
    resume: Place | None
    copies: UserError | None = None

    @property
    def pages(self) -> int:
        """Pages that surely went out, blank ones not counted."""
        return sum(len(part.pages) for part in self.out)

    @property
    def papers(self) -> tuple[ListedPaper, ...]:
        """Papers of which something surely went out, each once."""
        return tuple(dict.fromkeys(part.paper for part in self.out))


class _Portion(NamedTuple):
    pdf: bytes
    parts: tuple[Part, ...]


def print_papers(
    stock: PaperStock,
    order: PrintOrder,
    printer: Printer,
    *,
    start: Place = START,
    work: Work | None = None,
    went_out: Callable[[tuple[Part, ...]], None] = lambda parts: None,
) -> PrintReport:
    """Print ``order`` from ``start`` on and wait until it is out; ``went_out`` is told of each portion that is.

    Trouble with the printer and a stop that the person asked for are no exceptions but in the report.
    """
    run = _Run(stock, order, printer, start, work or Work(), went_out)
    stopped: UserError | None = None
    try:
        run.go()
    except Cancelled:
        stopped = UserError(_("Printing was stopped."), "", _("Continue where it stopped when you are ready."))
    except PrinterTrouble as trouble:
        stopped = trouble
    finally:
        run.withdraw()
    return run.report(stopped)


class _Run:
    def __init__(
        self,
        stock: PaperStock,
        order: PrintOrder,
        printer: Printer,
        start: Place,
        work: Work,
        went_out: Callable[[tuple[Part, ...]], None],
    ) -> None:
        self._stock = stock
        self._went_out = went_out
        self._order = order
        self._printer = printer
        self._start = start
        self._work = work
        self._lines = order.lines
        self._failed: list[FinishedPaper] = []
        self._out: list[Part] = []
        self._next = start
        """Where the first portion begins that is not out."""
        self._queue: deque[tuple[int, _Portion]] = deque()

    def go(self) -> None:
        """Send portion after portion, and wait for the last."""
        # Closed at once when the run stops: the processes that render ahead must not wait for the report to go.
        with closing(self._portions()) as portions:
            for portion in portions:
                while len(self._queue) >= AHEAD:
                    self._await_first()
                self._show()
                job = self._printer.send(portion.pdf, self._title(portion), self._order.duplex)
                self._queue.append((job, portion))
        while self._queue:
            self._await_first()

    def withdraw(self) -> None:
        """Take back what the printer has not printed."""
        for job, _portion in reversed(self._queue):
            self._printer.withdraw(job)

    def report(self, stopped: UserError | None) -> PrintReport:
        """What came of it."""
        doubtful = tuple(part for _job, portion in self._queue for part in portion.parts)
        resume = None
        if stopped is not None:
            resume = Place(doubtful[0].line, doubtful[0].pages[0]) if doubtful else self._next
        failed = tuple({made.paper: made for made in self._failed}.values())
        copies = self._stock.copies_among(dict.fromkeys(part.paper for part in self._out))
        return PrintReport(self._order, self._printer.name, tuple(self._out), doubtful, failed, stopped, resume, copies)

    def _portions(self) -> Generator[_Portion, None, None]:
        leaves: list[Leaves] = []
        parts: list[Part] = []
        for part, pdf in self._parts():
            parts.append(part)
            leaves.append(Leaves(pdf, [page - 1 for page in part.pages]))
            if sum(len(one.pages) for one in parts) >= PORTION_PAGES:
                yield self._bound(leaves, parts)
                leaves, parts = [], []
        if parts:
            yield self._bound(leaves, parts)

    def _parts(self) -> Iterator[tuple[Part, bytes]]:
        first = self._start.paper
        for line, made in enumerate(self._stock.finish_all(self._lines[first - 1 :]), first):
            self._work.report("", len(self._out), len(self._lines))
            if made.problem is not None:
                self._failed.append(made)
                continue
            wanted = self._order.pages.of(made.pages)
            if line == first:
                wanted = self._from_page(wanted)
            # A paper longer than a portion is still one portion: it lies in one piece in the tray.
            if wanted:
                yield Part(line, made.paper, tuple(wanted)), made.pdf

    def _from_page(self, wanted: list[int]) -> list[int]:
        """From the page on where the run begins; on two sides from the front of its sheet on."""
        skipped = sum(page < self._start.page for page in wanted)
        if self._order.duplex is not Duplex.OFF:
            skipped -= skipped % 2
        return wanted[skipped:]

    def _bound(self, leaves: list[Leaves], parts: list[Part]) -> _Portion:
        pdf = bound_for_printing(leaves, from_front=self._order.duplex is not Duplex.OFF)
        return _Portion(pdf, tuple(parts))

    def _await_first(self) -> None:
        job, portion = self._queue[0]
        pause = FIRST_LOOK_S
        while not self._printer.finished(job):
            self._show(self._printer.waiting_for(job))
            time.sleep(pause)
            pause = min(LONGEST_LOOK_S, pause * 1.5)
        self._queue.popleft()
        self._out.extend(portion.parts)
        self._next = Place(portion.parts[-1].line + 1, 1)
        self._went_out(portion.parts)
        self._show()

    def _show(self, waiting: str = "") -> None:
        text = _("Printing on {printer}").format(printer=self._printer.name)
        if waiting:
            text = _("{what}: {state}").format(what=text, state=waiting)
        self._work.report(text, self._next.paper - 1, len(self._lines))

    def _title(self, portion: _Portion) -> str:
        first, last = portion.parts[0].line, portion.parts[-1].line
        span = str(first) if first == last else f"{first}-{last}"
        return f"{self._stock.round.name} {span}/{len(self._lines)}"
