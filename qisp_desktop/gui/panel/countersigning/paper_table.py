"""The leader's papers as a table: what each is, whether it can be signed, and which are to be."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QItemSelection, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QStyleOptionViewItem, QVBoxLayout, QWidget

from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.gui import theme
from qisp_desktop.gui.panel.countersigning.presenter import CountersigningPresenter
from qisp_desktop.gui.panel.countersigning.words import columns, detail
from qisp_desktop.gui.printing.check_table import CheckModel, CheckView
from qisp_desktop.gui.settings import Settings
from qisp_desktop.gui.widgets.card import Card, button, label
from qisp_desktop.gui.widgets.elided_label import ElidedLabel
from qisp_desktop.gui.widgets.empty_state import EmptyState
from qisp_desktop.gui.widgets.progress_strip import ProgressStrip
from qisp_desktop.gui.widgets.rows_model import Index
from qisp_desktop.gui.widgets.table_view import StatusDelegate, choose_row
from qisp_desktop.services.leader_papers import LeaderPaper

COLUMN_WIDTHS = (126, 106, 104, 124, 112, 74, 152, 50)
"""So wide that all are seen on a screen of 1366 pixels, until the person chooses otherwise."""
_STATE = "countersigning"
LOWEST = 150


class PapersModel(CheckModel[LeaderPaper]):
    """Papers; those that cannot be signed have no check box."""

    def __init__(self, presenter: CountersigningPresenter) -> None:
        super().__init__(columns(presenter.list), lambda paper: str(paper.path))
        self._list = presenter.list

    def check(self, rows: Iterable[LeaderPaper], on: bool) -> None:
        """Check or uncheck those of ``rows`` that can be signed."""
        super().check([row for row in rows if self._list.can_be_chosen(row)], on)

    def toggle(self, rows: Iterable[LeaderPaper]) -> None:
        """Check all of ``rows`` that can be signed, or uncheck them when all are."""
        super().toggle([row for row in rows if self._list.can_be_chosen(row)])

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Only what can be signed can be checked."""
        flags = super().flags(index)
        if index.isValid() and not self._list.can_be_chosen(self.row(index)):
            flags &= ~Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """As in any such list, without check boxes where nothing can be checked."""
        asked = role == Qt.ItemDataRole.CheckStateRole and index.isValid()
        if asked and not self._list.can_be_chosen(self.row(index)):
            return None
        return super().data(index, role)


class _NameDelegate(StatusDelegate):
    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """Cut at the beginning, where names are alike."""
        super().initStyleOption(option, index)
        option.textElideMode = Qt.TextElideMode.ElideLeft  # type: ignore[attr-defined]  # missing in the stubs


class PapersView(CheckView):
    """Space and Enter check, Delete takes out of the list; names are cut at the beginning, where they are alike."""

    remove_wanted = Signal()

    def __init__(self, model: PapersModel) -> None:
        super().__init__(model)
        self.setItemDelegateForColumn(0, _NameDelegate(self))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete is for the list."""
        if event.key() == Qt.Key.Key_Delete:
            self.remove_wanted.emit()
        else:
            super().keyPressEvent(event)


class PapersCard(Card):
    """The list; ``tools`` are what adds to it, for whoever has a place for them. ``current_changed`` carries the paper
    to look at, or None."""

    files_wanted = Signal()
    folder_wanted = Signal()
    current_changed = Signal(object)

    def __init__(self, presenter: CountersigningPresenter, settings: Settings) -> None:
        super().__init__()
        self._presenter = presenter
        self._settings = settings
        self._fitted = False
        self._current: LeaderPaper | None = None
        self.count = ElidedLabel(look="second")
        self.all, self.none = button(_("All"), "link"), button(_("None"), "link")
        self.remove = button(_("Take out"), "quiet", "close")
        self.again = button(_("Look again"), "quiet", "refresh")
        self.add_folder = button(_("Add a folder…"), "", "folder")
        self.add_files = button(_("Add papers…"), "", "plus")
        self.tools = (self.count, self.remove, self.again, self.add_folder, self.add_files)
        self._texts = {one: one.text() for one in (self.remove, self.again, self.add_folder, self.add_files)}
        self.progress = ProgressStrip()
        self.model = PapersModel(presenter)
        self.view = PapersView(self.model)
        self.empty = EmptyState(
            "sign",
            _("Drop the panel's papers here"),
            _(
                "Score sheets that the experts have signed, and evaluation reports, as PDF files or a folder of them. "
                "Each is checked; what is sound can be countersigned."
            ),
            _("Add papers…"),
            self.files_wanted.emit,
        )
        self.detail = label("", wrap=True)
        self.detail.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.detail.setMinimumHeight(2 * self.detail.fontMetrics().lineSpacing())
        self.stack = QStackedWidget()
        self._lay_out()
        self._name()
        self._wire()
        self.show_papers()

    def show_papers(self) -> None:
        """Show the papers as they are now."""
        papers = self._presenter.list.papers
        self.model.set_rows(papers)
        self.stack.setCurrentIndex(0 if papers else 1)
        if papers and not self._fitted:
            self._fit_columns()
        if papers and not self.view.selectionModel().hasSelection():
            # The table takes a current row by itself when it gets the focus, but selects none.
            choose_row(self.view, max(0, self.view.currentIndex().row()))
        for part in (self.all, self.none, self.remove, self.again, self.detail, self.add_files):
            part.setVisible(bool(papers))
        self.show_chosen()
        self._show_current()

    def show_chosen(self) -> None:
        """Show which papers are checked, and how many."""
        chosen, total = self._presenter.list.chosen, len(self._presenter.list.papers)
        self.model.show_checked({str(paper.path) for paper in chosen})
        text = ngettext("{total} paper, {count} to sign", "{total} papers, {count} to sign", total)
        self.count.setText(text.format(total=total, count=len(chosen)) if total else "")

    def show_busy(self) -> None:
        """While it checks, more can be added; while it signs, the list stays as it is."""
        busy = self._presenter.busy
        for part in (self.remove, self.again, self.all, self.none):
            part.setEnabled(not busy)
        for part in (self.add_files, self.add_folder):
            part.setEnabled(busy != "signing")
        if busy == "checking":
            self.progress.begin(_("Checking papers"), self._presenter.cancel)
        else:
            self.progress.end()
        self.show_papers()

    def set_narrow(self, narrow: bool) -> None:
        """Where there is little room, the tools are pictures, which say their names when they are pointed at."""
        for tool in (self.remove, self.again, self.add_folder, self.add_files):
            tool.setText("" if narrow else self._texts[tool])

    @property
    def stops(self) -> list[QWidget]:
        """Where Tab stops, in order."""
        return [self.progress.cancel, self.empty.action, self.view, self.detail, self.all, self.none]

    @property
    def current(self) -> LeaderPaper | None:
        """The paper whose row is the current one."""
        index = self.view.currentIndex()
        return self.model.row(index) if index.isValid() else None

    def selection(self) -> list[LeaderPaper]:
        """The papers whose rows are selected."""
        return [self.model.row(place) for place in self.view.selected_places()]

    # ----------------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.body.addWidget(self.progress)
        filled = QWidget()
        column = QVBoxLayout(filled)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self.view.setMinimumHeight(LOWEST)
        column.addWidget(self.view, 1)
        row = QHBoxLayout()
        row.addWidget(self.detail, 1)
        row.addWidget(self.all, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.none, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(row)
        self.stack.addWidget(filled)
        self.stack.addWidget(self.empty)
        self.body.addWidget(self.stack, 1)

    def _name(self) -> None:
        self.view.setAccessibleName(_("Papers to countersign"))
        self.view.setToolTip(_("Uncheck a paper to leave it out (space)"))
        self.detail.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.detail.setAccessibleName(_("What the chosen paper is"))
        for tool, text in self._texts.items():
            tool.setAccessibleName(text)
        self.add_files.setToolTip(_("Add papers (Ctrl+O)"))
        self.empty.action.setToolTip(_("Add papers (Ctrl+O)"))
        self.add_folder.setToolTip(_("Add all PDFs of a folder (Ctrl+Shift+O)"))
        self.again.setToolTip(_("Check every file anew (F5)"))
        self.remove.setToolTip(_("Take the selected papers out of the list; the files stay (Delete)"))
        self.all.setAccessibleName(_("Sign all papers that can be signed"))
        self.none.setAccessibleName(_("Sign no paper"))

    def _wire(self) -> None:
        presenter = self._presenter
        self.add_files.clicked.connect(self.files_wanted)
        self.add_folder.clicked.connect(self.folder_wanted)
        self.again.clicked.connect(presenter.look_again)
        self.remove.clicked.connect(self.take_out)
        self.view.remove_wanted.connect(self.take_out)
        self.all.clicked.connect(lambda: self.model.check(presenter.list.papers, True))
        self.none.clicked.connect(lambda: self.model.check(presenter.list.papers, False))
        self.model.toggled.connect(self._toggled)
        self.view.selectionModel().selectionChanged.connect(self._selected)
        presenter.changed.connect(self.show_papers)
        presenter.chosen_changed.connect(self.show_chosen)
        presenter.busy_changed.connect(self.show_busy)

    def take_out(self) -> None:
        """Take the selected papers out of the list."""
        self._presenter.remove(self.selection())

    def _toggled(self) -> None:
        if self._presenter.busy == "signing":
            self.show_chosen()
        else:
            checked = self.model.checked
            self._presenter.choose({paper.path for paper in self._presenter.list.papers if str(paper.path) in checked})

    def _selected(self, _selected: QItemSelection, _deselected: QItemSelection) -> None:
        self._show_current()

    def _show_current(self) -> None:
        paper = self.current
        self.detail.setText(detail(self._presenter.list, paper) if paper is not None else "")
        if paper is not self._current or paper is None:
            self._current = paper
            self.current_changed.emit(paper)

    def _fit_columns(self) -> None:
        self._fitted = True
        if self._settings.bytes_of(f"table/{_STATE}").isEmpty():
            widths = [theme.current().px(width) for width in COLUMN_WIDTHS]
            room = self.view.viewport().width() - self.view.verticalScrollBar().sizeHint().width()
            widths[0] += max(0, min(room - sum(widths), widths[0]))  # names are long
            for place, width in enumerate(widths):
                self.view.setColumnWidth(place, width)
            self._settings.keep_bytes(f"table/{_STATE}", self.view.horizontalHeader().saveState())
        self.view.remember_in(self._settings, _STATE)
