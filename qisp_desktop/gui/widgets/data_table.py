"""A table with all that clerks expect around it: search, filters, choice of columns, copying, a workbook of what is
shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from qisp_desktop.base.bulk import collector_paused, let_go
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.base.paths import safe_name
from qisp_desktop.gui import assets, theme
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.tasks import Task
from qisp_desktop.gui.widgets.card import label
from qisp_desktop.gui.widgets.empty_state import EmptyState
from qisp_desktop.gui.widgets.flow_layout import FlowLayout
from qisp_desktop.gui.widgets.rows_model import RowsModel
from qisp_desktop.gui.widgets.search_field import Searched, SearchField
from qisp_desktop.gui.widgets.segments import Choice, Segments
from qisp_desktop.gui.widgets.table_view import ClipboardTexts, TableView, choose_row

R = TypeVar("R")
SEARCH_WIDTH = 250
ALL = "all"
MANY = 5000
"""Rows and texts; to take more apart at once would hold the window up."""


class Filter(NamedTuple):
    """A filter beside the search: its key, its text, and which rows it lets through (None: all)."""

    key: str
    text: str
    wanted: Callable[[Any], bool] | None = None


class DataTable(QWidget, Generic[R]):
    """Shows ``model`` under a search field and ``filters``; ``empty`` stands there while it has no rows at all.

    ``key`` is the name under which columns are remembered and the default name of the exported workbook.
    """

    opened = Signal(object)
    """Enter or a double click on a row, which is the argument."""
    selected = Signal()
    """Other rows are selected than before."""
    exported = Signal(object)
    """The path of the workbook that was written."""
    export_failed = Signal(UserError)

    def __init__(
        self,
        shell: Shell,
        model: RowsModel[R],
        key: str,
        name: str,
        *,
        hint: str = "",
        filters: Sequence[Filter] = (),
        empty: EmptyState | None = None,
        view: TableView | None = None,
    ) -> None:
        super().__init__()
        self._shell = shell
        self.model = model
        self.name = name
        self.view = view or TableView(model)
        self.view.setAccessibleName(name)
        self.view.in_worker = self._in_worker
        self._key = key
        self._fitted = False
        self._prepared = False
        self.first_widths: Sequence[int] = ()
        """Widths of the columns at 100 % until the person chooses others; as wide as the texts where there are none."""
        self.search = SearchField(hint or _("Search, also by pinyin initials (Ctrl+F)"))
        self.search.setFixedWidth(theme.current().px(SEARCH_WIDTH))
        self.filters = self._filters(filters)
        self.count = label("", "second")
        self.columns = _tool("columns", _("Columns"), _("Choose the columns that are shown"))
        self.copy = _tool(
            "copy", _("Copy"), _("Copy the selected rows, or all that are shown, as Excel takes them (Ctrl+C)")
        )
        self.export = _tool(
            "table-out",
            _("To Excel"),
            _("Write the rows that are shown, with the columns that are shown, to a workbook"),
        )
        self._lay_out(empty)
        self._wire()

    def set_rows(self, rows: Sequence[R]) -> None:
        """Show ``rows`` from now on; search, filter, order and, as far as they are still there, selection stay."""
        before = self.model.set_rows(rows)
        if len(before) > MANY:
            self._shell.tasks.run(self, lambda _job: let_go(before), _gone, store=False)
        self._prepared = False
        if self.search.hasFocus():
            self._prepare_search()
        if not self._fitted and rows:
            self._fit()
        self._show_count()

    def selection(self) -> list[R]:
        """The selected rows in their order."""
        return [self.model.row(place) for place in self.view.selected_places()]

    def current(self) -> R | None:
        """The row the person is at, or None."""
        index = self.view.currentIndex()
        return self.model.row(index) if index.isValid() else None

    def go_to(self, wanted: Callable[[R], bool]) -> bool:
        """Make the first shown row for which ``wanted`` holds the current one; False when there is none."""
        for place, row in enumerate(self.model.rows):
            if wanted(row):
                choose_row(self.view, place)
                self.view.scrollTo(self.model.index(place, 0))
                return True
        return False

    def show_filter(self, key: str) -> None:
        """Choose the filter ``key`` as the person would."""
        if self.filters is not None:
            self.filters.show_key(key)
            self._filter(key)

    def save_as(self, path: Path) -> None:
        """Write what is shown to the workbook at ``path``; ends in ``exported`` or ``export_failed``."""
        shown = self.view.shown_table()
        numbers = self.view.shown_number_columns()
        title = self.name

        def write(job: object) -> Path:
            from qisp_desktop.services.table_export import export_table

            with collector_paused():
                return export_table(path, title, *shown(), numbers)

        self._shell.tasks.run(self, write, self.exported.emit, failed=self.export_failed.emit, store=False)

    # ----------------------------------------------------------------------------------------------------------------

    def _fit(self) -> None:
        self._fitted = True
        fresh = self._shell.settings.bytes_of(f"table/{self._key}").isEmpty()
        self.view.remember_in(self._shell.settings, self._key)
        if fresh:
            for column, width in enumerate(self.first_widths):
                self.view.setColumnWidth(column, theme.current().px(width))

    def _filters(self, filters: Sequence[Filter]) -> Segments | None:
        if not filters:
            return None
        self._wanted = {one.key: one.wanted for one in filters}
        segments = Segments([Choice(one.key, one.text) for one in filters], wrapping=True)
        segments.name(_("Show"))
        segments.show_key(filters[0].key)
        segments.picked.connect(self._filter)
        return segments

    def _lay_out(self, empty: EmptyState | None) -> None:
        row = QHBoxLayout()
        row.setSpacing(4)
        # What does not fit beside the search stands below it.
        found = FlowLayout()
        found.addWidget(self.search)
        if self.filters is not None:
            found.addWidget(self.filters)
        row.addLayout(found, 1)
        for part in (self.count, self.columns, self.copy, self.export):
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignTop)
        filled = QWidget()
        column = QVBoxLayout(filled)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.view, 1)
        self.stack = QStackedWidget()
        self.stack.addWidget(filled)
        self.stack.addWidget(empty or EmptyState("empty", _("Nothing here yet"), ""))
        self.stack.setCurrentIndex(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.stack)

    def _wire(self) -> None:
        self.search.searched.connect(self._search)
        self.search.begun.connect(self._prepare_search)
        find = QShortcut(QKeySequence.StandardKey.Find, self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self._find)
        self.columns.clicked.connect(self._choose_columns)
        self.copy.clicked.connect(self._copy)
        self.export.clicked.connect(self._export)
        self.view.opened.connect(self.opened)
        self.view.selectionModel().selectionChanged.connect(lambda _new, _old: self.selected.emit())

    def _prepare_search(self) -> None:
        """Load what pinyin needs while the person is about to type: it would hold the first letter up."""
        if self._prepared:
            return
        self._prepared, model = True, self.model

        def learn(_job: object) -> list[tuple[R, Searched]]:
            return model.searched_texts()

        self._shell.tasks.run(self, learn, model.keep_texts, store=False)

    def _in_worker(
        self, work: Callable[[], ClipboardTexts], done: Callable[[ClipboardTexts], None]
    ) -> Task[ClipboardTexts]:
        return self._shell.tasks.run(self, lambda _job: work(), done, store=False)

    def _search(self, query: str) -> None:
        self.model.search(query)
        self._show_count()

    def _filter(self, key: str) -> None:
        self.model.only(self._wanted[key])
        self._show_count()

    def _find(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _show_count(self) -> None:
        self.stack.setCurrentIndex(0 if self.model.total else 1)
        shown, total = len(self.model.rows), self.model.total
        self.count.setText(str(total) if shown == total else _("{done} of {total}").format(done=shown, total=total))

    def _choose_columns(self) -> None:
        self.view.column_menu().popup(self.columns.mapToGlobal(self.columns.rect().bottomLeft()))

    def _copy(self) -> None:
        if not self.view.selectionModel().hasSelection():
            self.view.selectAll()
        self.view.copy()

    def _export(self) -> None:
        folder = self._shell.settings.export_folder or self._shell.settings.last_folder
        proposed = str(Path(folder) / f"{safe_name(self.name)}.xlsx")
        chosen, _kind = QFileDialog.getSaveFileName(self, _("Save the table"), proposed, _("Workbooks (*.xlsx)"))
        if chosen:
            path = Path(chosen)
            self._shell.settings.export_folder = str(path.parent)
            self.save_as(path if path.suffix.lower() == ".xlsx" else path.with_name(f"{path.name}.xlsx"))


def _gone(_none: None) -> None:
    """Nothing is to be done when old rows are gone."""


def _tool(icon: str, name: str, hint: str) -> QToolButton:
    made = QToolButton()
    assets.set_icon(made, icon, "text")
    made.setAccessibleName(name)
    made.setToolTip(hint)
    return made
