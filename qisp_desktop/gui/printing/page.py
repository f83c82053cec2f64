"""The printing desk: on the left what to print, in the middle the list, on the right the paper, below the printer.

Its other side reads scanned papers back and compares them with the round.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, Qt, QTimer, QUrl
from PySide6.QtGui import (
    QDesktopServices,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from qisp_desktop.base.errors import UserError, sentences
from qisp_desktop.base.i18n import _
from qisp_desktop.base.paths import safe_name
from qisp_desktop.gui import theme
from qisp_desktop.gui.idle import IdleWatch
from qisp_desktop.gui.page import Page, Screen, Shell
from qisp_desktop.gui.printing.choice_card import WIDTH, ChoiceCard
from qisp_desktop.gui.printing.leave_card import LeaveCard
from qisp_desktop.gui.printing.list_and_paper import ListAndPaper
from qisp_desktop.gui.printing.list_card import ListCard
from qisp_desktop.gui.printing.presenter import PrintingPresenter
from qisp_desktop.gui.printing.preview import Preview
from qisp_desktop.gui.printing.print_card import PrintCard, ResumeCard
from qisp_desktop.gui.printing.scans_view import SUFFIXES, ScansView
from qisp_desktop.gui.printing.work import USUAL_CHOICE, FirstChoice, Saved, Saving
from qisp_desktop.gui.widgets.progress_strip import ProgressStrip
from qisp_desktop.gui.widgets.segments import Choice, Segments
from qisp_desktop.services.printing import FinishedPaper

if TYPE_CHECKING:
    from qisp_desktop.store.places import RoundPlace

NAMED_COPIES = 6
"""Papers without an original that are named above the list, which shows them all."""
PAPERS, SCANS, PREVIEW = "papers", "scans", "preview"
"""The sides of the page; the preview is one where it has no room beside the list, or where it is wanted large."""
NARROW = 1050
"""Pixels at 100 % below which there is none."""


def printing_screen(shell: Shell, place: RoundPlace, *, first: FirstChoice = USUAL_CHOICE, section: str = "") -> Screen:
    """The printing desk of the round at ``place``, open at the papers of ``first``; from there one goes back to
    ``section`` of the round."""
    presenter = PrintingPresenter(place, shell.tasks, first)
    presenter.load()
    if minutes := shell.settings.auto_lock_minutes:
        # With the originals, the secretariat's keys lie open here too.
        IdleWatch(minutes * 60, presenter).idle.connect(presenter.lock)
    return Screen(lambda: PrintingPage(shell, presenter, section), presenter)


class PrintingPage(Page):
    """The view of ``PrintingPresenter``."""

    def __init__(self, shell: Shell, presenter: PrintingPresenter, section: str = "") -> None:
        super().__init__(_("Printing"), back=self._go_back)
        self._shell = shell
        self._section = section
        self.presenter = presenter
        self._leave: Callable[[], object] | None = None
        """Where the person goes once what is going on has stopped."""
        self.setAcceptDrops(True)
        self.back.setText(_("Round"))
        self.back.setToolTip(_("Back to the round (Alt+Left)"))
        self.sides = Segments(
            [
                Choice(PAPERS, _("Print and save")),
                Choice(SCANS, _("Check scans")),
                Choice(PREVIEW, _("As it will be printed")),
            ]
        )
        self.sides.name(_("Printing desk"))
        self.sides.show_key(PAPERS)
        self.sides.buttons[PREVIEW].hide()
        self._narrow = False
        self.corner.addWidget(self.sides)
        self.progress = ProgressStrip()
        self.choice = ChoiceCard(presenter)
        self.list_card = ListCard(presenter, shell.settings)
        self.preview = Preview(shell.settings)
        self.beside = ListAndPaper(self.list_card, shell.settings)
        self.print_card = PrintCard(presenter)
        self.resume_card = ResumeCard(presenter)
        self.leave_card = LeaveCard()
        self.scans = ScansView(presenter.scans, shell.settings)
        self.stack = QStackedWidget()
        self._lay_out()
        self._wire()
        if presenter.stock is not None:
            self._show_round()
        elif presenter.error is not None:
            self._refused(presenter.error)
        else:
            self.progress.begin(_("Reading the round…"))
        if presenter.report is not None:
            self.resume_card.show_report(presenter.report)
        self._show_busy()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a small screen with large type there is no room for the paper beside the list."""
        self._set_narrow(self.width() < theme.current().px(NARROW))
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leads from the large paper back to the list."""
        if event.key() == Qt.Key.Key_Escape and self.sides.key == PREVIEW:
            self.turn_to(PAPERS)
        else:
            super().keyPressEvent(event)

    def _set_narrow(self, narrow: bool) -> None:
        if narrow != self._narrow:
            self._narrow = narrow
            self.print_card.set_narrow(narrow)
            self._place_preview()

    def turn_to(self, side: str) -> None:
        """Show one of the page's sides."""
        self.sides.show_key(side)
        self._place_preview()
        self.stack.setCurrentIndex((PAPERS, SCANS, PREVIEW).index(side))
        if side == PREVIEW:
            self.preview.take_focus()
        elif side == PAPERS and self.focusWidget() is None:
            self.list_card.table.setFocus()

    def _place_preview(self) -> None:
        """Beside the list, or where it has the whole page: because there is no room, or the person wants it large."""
        large = self._narrow or self.sides.key == PREVIEW
        self.sides.buttons[PREVIEW].setVisible(large)
        self.preview.show_enlarged(self.sides.key == PREVIEW)
        if large != (self.stack.indexOf(self.preview) >= 0):
            if large:
                self.beside.give()
                self.stack.addWidget(self.preview)
            else:
                self.stack.removeWidget(self.preview)
                self.beside.take(self.preview)
            self.preview.set_large(large)

    def holds(self, leave: Callable[[], object]) -> bool:
        """While it prints or saves, the page asks first; what went out is noted before it is left."""
        busy = self.presenter.busy
        if busy not in ("print", "save"):
            return False
        self._leave = leave
        self.leave_card.ask(busy)
        return True

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take scans; other files are for the window."""
        if _scans(event.mimeData()):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        """Read what was dropped."""
        paths = _scans(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.turn_to(SCANS)
            self.scans.take_in(paths)

    def _lay_out(self) -> None:
        self.choice.setFixedWidth(theme.current().px(WIDTH))
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.choice)
        row.addWidget(self.beside, 1)
        papers = QWidget()
        column = QVBoxLayout(papers)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for part in (self.progress, self.resume_card):
            column.addWidget(part)
        column.addLayout(row, 1)
        column.addWidget(self.print_card)
        self.stack.addWidget(papers)
        self.stack.addWidget(self.scans)
        self.beside.take(self.preview)
        self.body.addWidget(self.leave_card)
        self.body.addWidget(self.stack, 1)

    def _wire(self) -> None:
        presenter = self.presenter
        self.sides.picked.connect(self.turn_to)
        self.leave_card.stay.clicked.connect(self._stay)
        self.leave_card.go.clicked.connect(self._stop_and_leave)
        self.print_card.save_wanted.connect(self._save)
        self.preview.enlarge.clicked.connect(self._enlarge)
        self.preview.before.clicked.connect(self._show_before)
        self.preview.next.clicked.connect(self._show_next)
        for key, act in (("F11", self._enlarge), ("Ctrl+PgUp", self._show_before), ("Ctrl+PgDown", self._show_next)):
            QShortcut(QKeySequence(key), self).activated.connect(act)
        presenter.loaded.connect(self._show_round)
        presenter.load_failed.connect(self._refused)
        presenter.unproven.connect(self._unproven)
        presenter.printers_changed.connect(self.print_card.show_printers)
        presenter.list_changed.connect(self._show_list)
        presenter.pages_changed.connect(self.print_card.check)
        presenter.previewed.connect(self._show_paper)
        presenter.busy_changed.connect(self._show_busy)
        presenter.progressed.connect(self.progress.advance)
        presenter.failed.connect(self._failed)
        presenter.scans.failed.connect(self._failed)
        presenter.printed.connect(self._printed)
        presenter.saved.connect(self._saved)
        presenter.notes_wait.connect(self._notes_wait)

    # The round and the list -----------------------------------------------------------------------------------------

    def _unproven(self, error: UserError) -> None:
        self.banner.show_error(error)  # the whole of it: beside the passphrase there is room for a sentence
        self.print_card.show_wrong(error.what)

    def _show_round(self) -> None:
        self.progress.end()
        stock = self.presenter.stock
        if stock is None:
            return
        self.heading.setText(_("Printing · {round}").format(round=stock.round.name))
        self.choice.fill()
        if lost := stock.copies_among(stock.papers, NAMED_COPIES):
            self.banner.say("warn", lost.what, sentences(lost.why, lost.do))
        self.print_card.passphrase.clear()
        self._show_list()
        if self.focusWidget() is None:
            self.choice.kinds.setFocus()

    def _refused(self, error: UserError) -> None:
        self.progress.end()
        self.banner.show_error(error)

    def _show_list(self) -> None:
        self.list_card.show_list()
        if not self.presenter.listed:
            self.preview.say(_("A paper is shown here once one is chosen."))
        self.print_card.check()

    def _enlarge(self) -> None:
        self.turn_to(PAPERS if self.sides.key == PREVIEW else PREVIEW)

    def _show_before(self) -> None:
        self.list_card.step(-1)

    def _show_next(self) -> None:
        self.list_card.step(1)

    def _show_paper(self, made: FinishedPaper) -> None:
        stock = self.presenter.stock
        self.preview.show_paper(made, stock.lacking(made.paper) if stock is not None else None)
        self.list_card.select(made.paper)
        self.list_card.show_pages()

    # Printing and saving --------------------------------------------------------------------------------------------

    def _show_busy(self) -> None:
        busy = self.presenter.busy
        self.choice.setEnabled(not busy)
        self.list_card.show_busy(bool(busy))
        if busy:
            self.banner.put_away()
            self.resume_card.hide()
            begun = {"print": _("Preparing the print"), "save": _("Writing papers"), "unlock": _("Opening returns")}
            self.progress.begin(begun[busy], self.presenter.cancel)
        else:
            if self.presenter.stock is not None:
                self.progress.end()
            self._calm()
        self.print_card.check()

    def _calm(self) -> None:
        """Nothing is going on any more: leave, if the person wanted that; a question about it is settled."""
        if self._leave is not None and self.leave_card.stopping:
            QTimer.singleShot(0, self, self._go)  # once what came of it is kept
        elif self._leave is not None:
            self._stay()

    def _go_back(self) -> None:
        """To the round; it is not opened before the person really goes."""

        def leave() -> None:
            from qisp_desktop.gui.secretariat.desk_page import desk_screen
            from qisp_desktop.gui.secretariat.sections import OVERVIEW

            self._shell.go.show(desk_screen(self._shell, self.presenter.place, self._section or OVERVIEW))

        if not self.holds(leave):
            leave()

    def _stay(self) -> None:
        self._leave = None
        self.leave_card.hide()

    def _stop_and_leave(self) -> None:
        self.leave_card.show_stopping()
        self.presenter.cancel()
        if not self.presenter.busy:
            self._go()

    def _go(self) -> None:
        leave, self._leave = self._leave, None
        if leave is not None:
            leave()

    def _printed(self) -> None:
        report = self.presenter.report
        if report is not None:
            self.resume_card.show_report(report)
        self.list_card.show_pages()

    def _failed(self, error: UserError) -> None:
        self.banner.show_error(error)

    def _saved(self, saved: Saved) -> None:
        def open_folder() -> None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(saved.folder)))

        self.banner.say(
            "warn" if saved.copies else "good", saved.text, saved.more, action=_("Open the folder"), do=open_folder
        )

    def _notes_wait(self, problem: UserError) -> None:
        what = _("What was printed is not in the round's audit trail yet.")
        more = _("{why} It is kept on this machine and entered when this page is opened or printed from again.")
        self.banner.say("warn", what, more.format(why=sentences(problem.what, problem.why)))

    def _save(self, saving: Saving) -> None:
        chosen = self._ask(saving)
        if chosen:
            path = Path(chosen)
            folder = path if saving is Saving.SINGLE else path.parent
            self._shell.settings.export_folder = str(folder)
            self.presenter.save(saving, path)

    def _ask(self, saving: Saving) -> str:
        folder = self._shell.settings.export_folder
        if saving is Saving.SINGLE:
            return QFileDialog.getExistingDirectory(self, _("Where to put the files"), folder)
        suffix, pattern = (".pdf", "PDF (*.pdf)") if saving is Saving.BOUND else (".zip", "ZIP (*.zip)")
        stock = self.presenter.stock
        name = safe_name(stock.round.name if stock is not None else "") + suffix
        return QFileDialog.getSaveFileName(self, _("Save the papers as"), str(Path(folder) / name), pattern)[0]


def _scans(mime: QMimeData) -> list[Path]:
    """The files that look like scans, and the folders, among what is dragged."""
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    return [path for path in paths if path.suffix.lower() in SUFFIXES or path.is_dir()]
