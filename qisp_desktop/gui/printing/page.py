"""The printing desk: on the left what to print, in the middle the list, on the right the paper, below the printer."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QItemSelection, QUrl
from PySide6.QtGui import QDesktopServices, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget

from qisp_desktop.base.errors import UserError, sentences
from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.base.paths import safe_name
from qisp_desktop.gui import theme
from qisp_desktop.gui.page import Page, Screen, Shell
from qisp_desktop.gui.printing.choice_card import WIDTH, ChoiceCard
from qisp_desktop.gui.printing.paper_list import list_columns
from qisp_desktop.gui.printing.presenter import PrintingPresenter
from qisp_desktop.gui.printing.preview import Preview
from qisp_desktop.gui.printing.print_card import PrintCard, ResumeCard
from qisp_desktop.gui.printing.work import Saved, Saving
from qisp_desktop.gui.tasks import Progress
from qisp_desktop.gui.widgets.card import Card, label
from qisp_desktop.gui.widgets.empty_state import EmptyState
from qisp_desktop.gui.widgets.progress_strip import ProgressStrip
from qisp_desktop.gui.widgets.rows_model import RowsModel
from qisp_desktop.gui.widgets.segments import Choice, Segments
from qisp_desktop.gui.widgets.table_view import TableView
from qisp_desktop.services.printing import FinishedPaper, ListedPaper, Order

SMALLEST_PREVIEW, LARGEST_PREVIEW, OTHERS = 300, 640, 1066
"""Widths of the preview, and of all that stands beside it: what a larger screen has more goes to the paper first."""
COLUMN_WIDTHS = (52, 116, 126, 112, 56, 60, 88)
"""So wide that all are seen on a screen of 1366 pixels, until the person chooses otherwise."""


def printing_screen(shell: Shell, path: Path) -> Screen:
    """The printing desk of the round at ``path``."""
    presenter = PrintingPresenter(path, shell.tasks)
    presenter.load()
    return Screen(lambda: PrintingPage(shell, presenter), presenter)


class PrintingPage(Page):
    """The view of ``PrintingPresenter``."""

    def __init__(self, shell: Shell, presenter: PrintingPresenter) -> None:
        super().__init__(_("Printing"), back=lambda: shell.go.open(presenter.path))
        self._shell = shell
        self.presenter = presenter
        self._fitted = False
        """Whether the columns have their widths: as remembered, else as the first papers ask for."""
        self.back.setText(_("Round"))
        self.back.setToolTip(_("Back to the round (Alt+Left)"))
        self.progress = ProgressStrip()
        self.choice = ChoiceCard(presenter)
        self.model: RowsModel[ListedPaper] = RowsModel(list_columns(presenter))
        self.table = TableView(self.model)
        self.order = Segments(
            [
                Choice(Order.KIND.value, _("By kind")),
                Choice(Order.APPLICATION.value, _("By application")),
                Choice(Order.EXPERT.value, _("By expert")),
            ]
        )
        self.counting = ProgressStrip()
        self.preview = Preview()
        self.print_card = PrintCard(presenter)
        self.resume_card = ResumeCard(presenter)
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
        """Give the paper the room that the list does not need."""
        px = theme.current().px
        room = self.width() - px(OTHERS)
        self.preview.setFixedWidth(max(px(SMALLEST_PREVIEW), min(room, px(LARGEST_PREVIEW))))
        super().resizeEvent(event)

    def _lay_out(self) -> None:
        self.body.setSpacing(12)
        self.choice.setFixedWidth(theme.current().px(WIDTH))
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.choice)
        row.addWidget(self._list_card(), 1)
        row.addWidget(self.preview)
        for part in (self.progress, self.resume_card):
            self.body.addWidget(part)
        self.body.addLayout(row, 1)
        self.body.addWidget(self.print_card)

    def _list_card(self) -> Card:
        card = Card(_("Papers"))
        self.total = label("", "second")
        self.total.setAccessibleName(_("Papers and pages"))
        card.corner.insertWidget(1, self.total)
        self.order.name(_("Order in the tray"))
        card.body.addWidget(self.order)
        self.table.setAccessibleName(_("Papers to print"))
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.addWidget(
            EmptyState("empty", _("No papers"), _("Check a kind of paper, applications and experts on the left."))
        )
        card.body.addWidget(self.stack, 1)
        card.body.addWidget(self.counting)
        return card

    def _wire(self) -> None:
        presenter = self.presenter
        self.order.picked.connect(lambda key: presenter.choose(order=Order(key)))
        self.table.selectionModel().selectionChanged.connect(self._selected)
        self.print_card.save_wanted.connect(self._save)
        presenter.loaded.connect(self._show_round)
        presenter.load_failed.connect(self._refused)
        presenter.unproven.connect(lambda error: self.print_card.show_wrong(str(error)))
        presenter.printers_changed.connect(self.print_card.show_printers)
        presenter.list_changed.connect(self._show_list)
        presenter.pages_changed.connect(self._show_pages)
        presenter.counting.connect(self._show_counting)
        presenter.previewed.connect(self._show_paper)
        presenter.busy_changed.connect(self._show_busy)
        presenter.progressed.connect(self.progress.advance)
        presenter.failed.connect(self._failed)
        presenter.printed.connect(self._printed)
        presenter.saved.connect(self._saved)
        presenter.notes_wait.connect(self._notes_wait)

    # The round and the list -----------------------------------------------------------------------------------------

    def _show_round(self) -> None:
        self.progress.end()
        stock = self.presenter.stock
        if stock is None:
            return
        self.heading.setText(_("Printing · {round}").format(round=stock.round.name))
        if self.presenter.order is not None:
            self.order.show_key(self.presenter.order.value)
        self.choice.fill()
        self.print_card.passphrase.clear()
        self._show_list()
        if self.focusWidget() is None:
            self.choice.kinds.setFocus()

    def _refused(self, error: UserError) -> None:
        self.progress.end()
        self.banner.show_error(error)

    def _show_list(self) -> None:
        presenter = self.presenter
        self.model.set_rows(presenter.listed)
        if presenter.listed and not self._fitted:
            self._fit_columns()
        self.stack.setCurrentIndex(0 if presenter.listed else 1)
        if not presenter.listed:
            self.preview.say(_("A paper is shown here once one is chosen."))
        elif presenter.shown is not None:
            self._select(presenter.shown)
        self._show_pages()
        self.print_card.check()

    def _fit_columns(self) -> None:
        self._fitted = True
        settings = self._shell.settings
        if settings.bytes_of("table/printing").isEmpty():
            for place, width in enumerate(COLUMN_WIDTHS):
                self.table.setColumnWidth(place, theme.current().px(width))
            settings.keep_bytes("table/printing", self.table.horizontalHeader().saveState())
        self.table.remember_in(settings, "printing")

    def _select(self, paper: ListedPaper) -> None:
        rows = self.model.rows
        if paper in rows:
            self.table.setCurrentIndex(self.model.index(rows.index(paper), 0))

    def _selected(self, _selected: QItemSelection, _deselected: QItemSelection) -> None:
        index = self.table.currentIndex()
        if index.isValid() and self.table.selectionModel().hasSelection():
            self.presenter.show_paper(self.model.row(index))

    def _show_pages(self) -> None:
        papers = len(self.presenter.listed)
        pages, complete = self.presenter.page_total
        text = ngettext("{papers} paper", "{papers} papers", papers).format(papers=papers)
        known = ngettext("{pages} page", "{pages} pages", pages).format(pages=pages)
        if not complete:
            known = _("{pages} so far").format(pages=known)
        self.total.setText(f"{text} · {known}")
        self.table.viewport().update()

    def _show_counting(self, progress: Progress | None) -> None:
        if progress is None:
            self.counting.end()
            return
        if not self.counting.isVisible():
            self.counting.begin(progress.text, self.presenter.stop_counting)
        self.counting.advance(progress)

    def _show_paper(self, made: FinishedPaper) -> None:
        self.preview.show_paper(made)
        self._select(made.paper)
        self._show_pages()

    # Printing and saving --------------------------------------------------------------------------------------------

    def _show_busy(self) -> None:
        busy = self.presenter.busy
        self.back.setEnabled(not busy)
        self.choice.setEnabled(not busy)
        self.order.setEnabled(not busy)
        if busy:
            self.banner.put_away()
            self.resume_card.hide()
            begun = {"print": _("Preparing the print"), "save": _("Writing papers"), "unlock": _("Opening returns")}
            self.progress.begin(begun[busy], self.presenter.cancel)
        elif self.presenter.stock is not None:
            self.progress.end()
        self.print_card.check()

    def _printed(self) -> None:
        report = self.presenter.report
        if report is not None:
            self.resume_card.show_report(report)
        self._show_pages()

    def _failed(self, error: UserError) -> None:
        self.banner.show_error(error)

    def _saved(self, saved: Saved) -> None:
        def open_folder() -> None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(saved.folder)))

        self.banner.say("good", saved.text, action=_("Open the folder"), do=open_folder)

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
