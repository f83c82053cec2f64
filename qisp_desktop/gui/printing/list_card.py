"""The list of the papers that were chosen: order, check boxes, pages, and the day that letters name."""

from __future__ import annotations

from PySide6.QtCore import QItemSelection
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.gui import theme
from qisp_desktop.gui.panel.inspection.fields import DayEdit
from qisp_desktop.gui.printing.check_table import CheckModel, CheckView
from qisp_desktop.gui.printing.paper_list import list_columns
from qisp_desktop.gui.printing.paper_state import paper_key
from qisp_desktop.gui.printing.presenter import PrintingPresenter
from qisp_desktop.gui.settings import Settings
from qisp_desktop.gui.tasks import Progress
from qisp_desktop.gui.widgets.card import Card, button, label
from qisp_desktop.gui.widgets.empty_state import EmptyState
from qisp_desktop.gui.widgets.progress_strip import ProgressStrip
from qisp_desktop.gui.widgets.segments import Choice, Segments
from qisp_desktop.services.papers import PaperKind
from qisp_desktop.services.printing import ListedPaper, Order

COLUMN_WIDTHS = (76, 104, 124, 116, 60, 52, 82)
"""So wide that all are seen on a screen of 1366 pixels, until the person chooses otherwise."""
_STATE = "printing-3"
"""Under which the widths are kept; the number rises when the columns change."""


class ListCard(Card):
    """The view of the presenter's list; a paper that is unchecked is left out."""

    def __init__(self, presenter: PrintingPresenter, settings: Settings) -> None:
        super().__init__(_("Papers"))
        self._presenter = presenter
        self._settings = settings
        self._fitted = False
        """Whether the columns have their widths: as remembered, else as the first papers ask for."""
        self.total = label("", "second")
        self.total.setAccessibleName(_("Papers and pages"))
        self.all = button(_("Take all"), "link")
        self.all.setToolTip(_("Take the papers that were left out, too"))
        self.order = Segments(
            [
                Choice(Order.KIND.value, _("By kind")),
                Choice(Order.APPLICATION.value, _("By application")),
                Choice(Order.EXPERT.value, _("By expert")),
            ]
        )
        self.order.name(_("Order in the tray"))
        self.model: CheckModel[ListedPaper] = CheckModel(list_columns(presenter), paper_key)
        self.table = CheckView(self.model)
        self.table.setAccessibleName(_("Papers to print"))
        self.table.setToolTip(_("Uncheck a paper to leave it out (space)"))
        self.counting = ProgressStrip()
        self.letters = QWidget()
        self.reply_by = DayEdit()
        self.stack = QStackedWidget()
        self._lay_out()
        self._wire()

    def show_list(self) -> None:
        """Show the papers that are chosen, and which of them are left out."""
        presenter = self._presenter
        if presenter.order is not None:
            self.order.show_key(presenter.order.value)
        self.model.set_rows(presenter.listed)
        self.model.show_checked({paper_key(paper) for paper in presenter.listed} - presenter.left_out)
        if presenter.listed and not self._fitted:
            self._fit_columns()
        self.stack.setCurrentIndex(0 if presenter.listed else 1)
        self.letters.setVisible(any(paper.kind is PaperKind.LETTER for paper in presenter.listed))
        if presenter.listed and presenter.shown is not None:
            self.select(presenter.shown)
        self.show_pages()

    def select(self, paper: ListedPaper) -> None:
        """Make ``paper`` the current row, if it is listed."""
        rows = self.model.rows
        if paper in rows:
            index = self.model.index(rows.index(paper), 0)
            self.table.setCurrentIndex(index)
            self.table.scrollTo(index)  # the current row may have moved with another order

    def step(self, by: int) -> None:
        """Look at the paper ``by`` rows further down, if there is one."""
        row = self.table.currentIndex().row() + by
        if 0 <= row < len(self.model.rows):
            self._presenter.show_paper(self.model.row(row))

    def show_pages(self) -> None:
        """Say how many papers and pages are wanted, and how many are left out."""
        presenter = self._presenter
        papers, left_out = len(presenter.wanted), len(presenter.listed) - len(presenter.wanted)
        pages, complete = presenter.page_total
        text = ngettext("{papers} paper", "{papers} papers", papers).format(papers=papers)
        known = ngettext("{pages} page", "{pages} pages", pages).format(pages=pages)
        if not complete:
            known = _("{pages} so far").format(pages=known)
        parts = [text, known]
        if left_out:
            parts.append(ngettext("{count} unchecked", "{count} unchecked", left_out).format(count=left_out))
        self.total.setText(" · ".join(parts))
        self.all.setVisible(bool(left_out))
        self.table.viewport().update()

    def show_busy(self, busy: bool) -> None:
        """While something is going on, the list stays as it is."""
        for part in (self.order, self.letters, self.all):
            part.setEnabled(not busy)
        self.table.setEnabled(not busy)

    # ----------------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.corner.insertWidget(1, self.total)
        self.corner.addWidget(self.all)
        self.body.addWidget(self.order)
        self.stack.addWidget(self.table)
        self.stack.addWidget(
            EmptyState("empty", _("No papers"), _("Check a kind of paper, applications and experts on the left."))
        )
        self.body.addWidget(self.stack, 1)
        row = QHBoxLayout(self.letters)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        name = label(_("Reply wanted by"), "second")
        name.setBuddy(self.reply_by)
        self.reply_by.line.setAccessibleName(_("The day by which supplements are wanted"))
        self.letters.setToolTip(_("For letters of which the round holds no notice; empty: written by hand"))
        row.addWidget(name)
        row.addWidget(self.reply_by, 1)
        self.body.addWidget(self.letters)
        self.body.addWidget(self.counting)
        self.letters.hide()

    def _wire(self) -> None:
        presenter = self._presenter
        self.order.picked.connect(lambda key: presenter.choose(order=Order(key)))
        self.table.selectionModel().selectionChanged.connect(self._selected)
        self.model.toggled.connect(self._toggled)
        self.all.clicked.connect(lambda: self.model.check(presenter.listed, True))
        self.reply_by.show_day(presenter.reply_by, editable=True)
        self.reply_by.today.hide()
        self.reply_by.chosen.connect(presenter.write_letters_for)
        presenter.pages_changed.connect(self.show_pages)
        presenter.counting.connect(self._show_counting)

    def _selected(self, _selected: QItemSelection, _deselected: QItemSelection) -> None:
        index = self.table.currentIndex()
        if index.isValid() and self.table.selectionModel().hasSelection():
            self._presenter.show_paper(self.model.row(index))

    def _toggled(self) -> None:
        listed = {paper_key(paper) for paper in self._presenter.listed}
        self._presenter.leave_out(frozenset(listed - self.model.checked))

    def _fit_columns(self) -> None:
        self._fitted = True
        if self._settings.bytes_of(f"table/{_STATE}").isEmpty():
            for place, width in enumerate(COLUMN_WIDTHS):
                self.table.setColumnWidth(place, theme.current().px(width))
            self._settings.keep_bytes(f"table/{_STATE}", self.table.horizontalHeader().saveState())
        self.table.remember_in(self._settings, _STATE)

    def _show_counting(self, progress: Progress | None) -> None:
        if progress is None:
            self.counting.end()
            return
        if not self.counting.isVisible():
            self.counting.begin(progress.text, self._presenter.stop_counting)
        self.counting.advance(progress)
