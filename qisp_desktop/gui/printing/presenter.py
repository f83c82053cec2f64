"""The printing desk without its widgets: what is chosen, counted, looked at, printed and saved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from qisp_desktop.base.errors import UserError
from qisp_desktop.gui.presenter import Presenter
from qisp_desktop.gui.printing.page_counter import PageCounter, Uncounted
from qisp_desktop.gui.printing.paper_state import PaperState, paper_key
from qisp_desktop.gui.printing.scans_presenter import ScansPresenter
from qisp_desktop.gui.printing.work import (
    USUAL_CHOICE,
    FirstChoice,
    Run,
    Saved,
    Saving,
    enter_waiting_notes,
    find_printers,
    open_round,
    print_and_note,
    save_papers,
    saving_stopped,
)
from qisp_desktop.gui.tasks import Task, Tasks

if TYPE_CHECKING:
    from datetime import date

    from qisp_desktop.services.papers import PaperKind
    from qisp_desktop.services.print_runs import Place, PrintOrder, PrintReport
    from qisp_desktop.services.printing import FinishedPaper, ListedPaper, Order, PaperStock
    from qisp_desktop.store.places import RoundPlace


class PrintingPresenter(Presenter):
    """The desk of the round at ``place``; ``stock`` is None until the round was read."""

    loaded = Signal()
    load_failed = Signal(UserError)
    unproven = Signal(UserError)
    """The passphrase is wrong."""
    printers_changed = Signal()
    list_changed = Signal()
    pages_changed = Signal()
    """More is known of how many pages there are, or of what is out."""
    counting = Signal(object)
    """How far counting is (Progress), or None when it ended."""
    previewed = Signal(object)
    """A FinishedPaper."""
    busy_changed = Signal()
    progressed = Signal(object)
    failed = Signal(UserError)
    printed = Signal()
    """``report`` is there."""
    saved = Signal(object)
    """What was saved (Saved)."""
    notes_wait = Signal(UserError)
    """What was printed could not be entered into the audit trail yet, and why."""

    def __init__(self, place: RoundPlace, tasks: Tasks, first: FirstChoice = USUAL_CHOICE) -> None:
        super().__init__()
        self.place = place
        self._tasks, self._first = tasks, first
        self.stock: PaperStock | None = None
        self.error: UserError | None = None
        self.kinds: frozenset[PaperKind] = frozenset()
        self.applications: frozenset[str] = frozenset()
        self.experts: frozenset[str] = frozenset()
        self.order: Order | None = None
        self.listed: tuple[ListedPaper, ...] = ()
        self.left_out: frozenset[str] = frozenset()
        """The papers that are listed but not wanted, by their keys."""
        self.places: dict[ListedPaper, int] = {}
        """Where each wanted paper comes in the tray, from 1."""
        self.reply_by: date | None = None
        """The day that letters of supplement name where the round has no notice."""
        self.sealed = False
        """Whether files are signed for the secretariat when they are saved."""
        self.shown: ListedPaper | None = None
        self.printers: list[str] | None = None
        """None while they are looked for."""
        self.printer = ""
        self.copies = 1
        self.duplex = "one-sided"
        self.pages_text = ""
        self.busy = ""
        """What is going on: ``print``, ``save``, ``unlock`` or nothing."""
        self.report: PrintReport | None = None
        self.states: dict[ListedPaper, PaperState] = {}
        self.scans = ScansPresenter(place, tasks, self)
        self._task: Task[Run] | Task[Saved] | Task[PaperStock] | None = None
        self._to_be_locked = False
        self._counter = PageCounter(tasks, self._uncounted, self)
        self._counter.progressed.connect(self.counting)
        self._counter.counted.connect(self.pages_changed)

    def close(self) -> None:
        """Stop what runs; what was printed until then still goes into the audit trail."""
        self._counter.stop()
        self.scans.stop()
        self.cancel()

    # The round ------------------------------------------------------------------------------------------------------

    def load(self) -> None:
        """Read the round, look for printers, and enter what is still to be noted of earlier prints."""
        place = self.place
        self._tasks.run(self, lambda job: open_round(place, None, job), self._opened, failed=self._refused)
        self.look_for_printers()

    def look_for_printers(self) -> None:
        """Ask the system for its printers."""
        self.printers = None
        self.printers_changed.emit()
        self._tasks.run(self, lambda _job: find_printers(), self._printers_found, store=False)

    def unlock(self, passphrase: str) -> None:
        """Open the returns with the secretariat's passphrase: signed originals take the place of copies."""
        if self.busy:
            return
        place = self.place
        self._counter.stop()
        self._set_busy("unlock")
        self._task = self._tasks.run(
            self,
            lambda job: open_round(place, passphrase, job),
            self._unlocked,
            failed=lambda error: self._end(lambda: self.unproven.emit(error)),
            progress=self.progressed.emit,
            cancelled=lambda: self._end(None),
        )

    def lock(self) -> None:
        """Forget the secretariat's keys and what they opened, as soon as nothing is done with them."""
        self._to_be_locked = bool(self.busy)
        if not self.busy and self.stock is not None and self.stock.originals:
            # At once, and not only when the round was read again: it may be out of reach.
            self._counter.stop()
            self.stock, self.shown, self.listed, self.places = None, None, (), {}
            self.list_changed.emit()
            self.load()

    def _opened(self, stock: PaperStock) -> None:
        from qisp_desktop.services.papers import PaperKind
        from qisp_desktop.services.printing import Order

        place, first = self.place, self.order is None
        self.stock, self.error = stock, None
        stock.reply_by = self.reply_by
        if first:
            known = frozenset(self.known_applications)
            self.applications = (self._first.applications & known) or known
            self.experts = frozenset(self.known_experts)
            here = {paper.kind for paper in stock.papers}
            self.kinds = (self._first.kinds or frozenset([PaperKind.SCORE_SHEET])) & here
            self.order = Order.KIND
            self._tasks.run(self, lambda _job: enter_waiting_notes(place, stock), self._notes_entered)
        self._list()
        self.loaded.emit()

    def _unlocked(self, stock: PaperStock) -> None:
        self.shown = None
        self._end(None)
        self._opened(stock)

    def _refused(self, error: UserError) -> None:
        self.error = error
        self.load_failed.emit(error)

    def _printers_found(self, names: list[str]) -> None:
        self.printers = names
        if self.printer not in names:
            self.printer = next(iter(names), "")
        self.printers_changed.emit()

    # The choice -----------------------------------------------------------------------------------------------------

    @property
    def known_kinds(self) -> dict[PaperKind, int]:
        """The kinds of which there are papers, and how many."""
        return dict(Counter(paper.kind for paper in self._papers))

    @property
    def known_applications(self) -> dict[str, str]:
        """Numbers and applicants of the applications that papers belong to."""
        return dict(sorted({one.application: one.applicant for one in self._papers if one.application}.items()))

    @property
    def known_experts(self) -> dict[str, str]:
        """Ids and names of the experts that papers belong to."""
        return dict(sorted({one.expert: one.expert_name for one in self._papers if one.expert}.items()))

    @property
    def _papers(self) -> tuple[ListedPaper, ...]:
        return self.stock.papers if self.stock is not None else ()

    @property
    def lacking(self) -> int:
        """How many papers are copies although the round once had their originals."""
        return 0 if self.stock is None else self.stock.copies

    def choose(
        self,
        *,
        kinds: frozenset[PaperKind] | None = None,
        applications: frozenset[str] | None = None,
        experts: frozenset[str] | None = None,
        order: Order | None = None,
    ) -> None:
        """Change the choice; what is None stays. The list follows at once, the first paper is shown."""
        self.kinds = self.kinds if kinds is None else kinds
        self.applications = self.applications if applications is None else applications
        self.experts = self.experts if experts is None else experts
        self.order = order or self.order
        self._list()

    def show_paper(self, paper: ListedPaper) -> None:
        """Look at ``paper``; ``previewed`` brings it."""
        stock = self.stock
        if stock is None or paper == self.shown:
            return
        self.shown = paper
        self._tasks.run(self, lambda _job: stock.finished(paper), self._preview)

    @property
    def wanted(self) -> tuple[ListedPaper, ...]:
        """The listed papers without those left out: what is printed and saved."""
        return tuple(self.places)

    def leave_out(self, keys: frozenset[str]) -> None:
        """Leave exactly the listed papers of these keys out; those of another list stay as they are."""
        here = {paper_key(paper) for paper in self.listed}
        self.left_out = (self.left_out - here) | keys
        self._number()
        self.pages_changed.emit()
        self._counter.soon()

    def write_letters_for(self, day: date | None) -> None:
        """Name ``day`` in letters of supplement; None leaves a blank for the hand."""
        if day == self.reply_by:
            return
        self.reply_by = day
        if self.stock is not None:
            self.stock.reply_by = day
            shown, self.shown = self.shown, None
            if shown is not None:
                self.show_paper(shown)

    @property
    def page_total(self) -> tuple[int, bool]:
        """The pages that are wanted as far as they are counted, and whether that is all."""
        if self.stock is None:
            return 0, True
        known = [self.stock.pages(paper) for paper in self.places]
        return sum(count or 0 for count in known), None not in known

    def _list(self) -> None:
        from qisp_desktop.services.printing import Order, chosen, ordered

        if self.stock is None:
            return
        found = chosen(self.stock.papers, self.kinds, self.applications, self.experts)
        self.listed = tuple(ordered(found, self.order or Order.KIND))
        self._number()
        self._counter.stop()
        self.list_changed.emit()
        if self.shown not in self.listed:
            self.shown = None
            if self.listed:
                self.show_paper(self.listed[0])
        self._counter.soon()

    def _number(self) -> None:
        wanted = (paper for paper in self.listed if paper_key(paper) not in self.left_out)
        self.places = {paper: place for place, paper in enumerate(wanted, 1)}

    def _preview(self, made: FinishedPaper) -> None:
        if made.paper == self.shown:
            self.previewed.emit(made)

    def stop_counting(self) -> None:
        """The person does not want to wait for the number of pages."""
        self._counter.stop()

    def _uncounted(self) -> Uncounted | None:
        if self.stock is None or self.busy or self.page_total[1]:
            return None
        return Uncounted(self.stock, self.wanted)

    # Printing -------------------------------------------------------------------------------------------------------

    def print(self) -> None:
        """Print what is wanted; ends in ``printed`` with a ``report``, or in ``failed``."""
        from qisp_desktop.services.print_runs import START, Duplex, PrintOrder
        from qisp_desktop.services.printing import page_ranges

        try:
            pages = page_ranges(self.pages_text)
        except UserError as error:
            self.failed.emit(error)
            return
        self._print(PrintOrder(self.wanted, self.copies, Duplex(self.duplex), pages), START)

    def resume(self, place: Place) -> None:
        """Continue the run that stopped at ``place``, on the printer that is chosen now."""
        if self.report is not None:
            self._print(self.report.order, place)

    def cancel(self) -> None:
        """Stop what is going on at the next step."""
        if self._task is not None:
            self._task.cancel()

    def _print(self, order: PrintOrder, start: Place) -> None:
        stock, printer, place = self.stock, self.printer, self.place
        if self.busy or stock is None or not order.papers or not printer:
            return
        self._counter.stop()
        self._set_busy("print")
        self._task = self._tasks.run(
            self,
            lambda job: print_and_note(place, stock, order, printer, start, job),
            self._run_ended,
            progress=self.progressed.emit,
            cancelled=lambda: self._end(None),
            failed=lambda error: self._end(lambda: self.failed.emit(error)),
            store=False,
        )

    def _run_ended(self, run: Run) -> None:
        report = self.report = run.report
        for part in report.out:
            self.states[part.paper] = PaperState.OUT
        for part in report.doubtful:
            self.states[part.paper] = PaperState.DOUBTFUL
        for made in report.failed:
            self.states[made.paper] = PaperState.FAILED
        self._end(self.printed.emit)
        self.pages_changed.emit()
        self._notes_entered(run.unnoted)

    def _notes_entered(self, problem: UserError | None) -> None:
        if problem is not None:
            self.notes_wait.emit(problem)

    # Saving ---------------------------------------------------------------------------------------------------------

    def save(self, saving: Saving, path: Path) -> None:
        """Save what is wanted into the folder or file ``path``; ends in ``saved`` or ``failed``."""
        stock, papers, order = self.stock, self.wanted, self.order
        if self.busy or stock is None or order is None or not papers:
            return
        sealed_in = self.place if self.sealed and stock.originals else None
        self._counter.stop()
        self._set_busy("save")
        self._task = self._tasks.run(
            self,
            lambda job: save_papers(stock, papers, order, saving, path, job, sealed_in),
            lambda saved: self._end(lambda: self.saved.emit(saved)),
            failed=lambda error: self._end(lambda: self.failed.emit(error)),
            progress=self.progressed.emit,
            cancelled=lambda: self._end(lambda: self.failed.emit(saving_stopped(saving))),
            store=False,
        )

    # ----------------------------------------------------------------------------------------------------------------

    def _set_busy(self, what: str) -> None:
        self.busy = what
        if what == "print":
            self.report = None
        self.busy_changed.emit()

    def _end(self, tell: Callable[[], None] | None) -> None:
        self._task = None
        self._set_busy("")
        if tell is not None:
            tell()
        self._counter.soon()
        if self._to_be_locked:
            self.lock()
