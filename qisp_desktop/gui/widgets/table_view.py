"""A table as clerks know it from Excel: sort, choose columns, copy; its state is remembered."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any, NamedTuple, cast

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QMimeData,
    QPoint,
    QRectF,
    QSignalBlocker,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from qisp_desktop.base.i18n import _
from qisp_desktop.gui import theme
from qisp_desktop.gui.settings import Settings
from qisp_desktop.gui.widgets.rows_model import DOT_ROLE, Column, Index, RowsModel
from qisp_desktop.gui.widgets.status_dot import Dot, paint_dot

ROW_HEIGHT = 40
WIDEST = 420
COPIED_AT_ONCE = 4000
"""Cells; more are put together in a worker."""
SELECTED_BY_QT = 100
"""Rows; Qt keeps an index for every cell of a selection while rows move, which takes long for thousands."""
_FORMULA_STARTS = ("=", "+", "-", "@", "\t")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")


class ClipboardTexts(NamedTuple):
    """A table as text with tabs and as HTML."""

    plain: str
    page: str


class Area(NamedTuple):
    """Cells from one corner to the other, both included."""

    top: int
    bottom: int
    left: int
    right: int


class _Selected(NamedTuple):
    """Rows that were selected from one column to another."""

    rows: frozenset[int]
    left: int
    right: int


class StatusDelegate(QStyledItemDelegate):
    """Draws a cell's dot before its text."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """Make room for the dot."""
        super().initStyleOption(option, index)
        if isinstance(index.data(DOT_ROLE), Dot):
            option.text = "      " + option.text  # type: ignore[attr-defined]  # missing in the stubs

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The cell, and the dot upon it."""
        super().paint(painter, option, index)
        dot = index.data(DOT_ROLE)
        if isinstance(dot, Dot):
            size = theme.current().px(16)
            rect = option.rect  # type: ignore[attr-defined]
            top = rect.center().y() - size / 2 + 0.5
            paint_dot(painter, QRectF(rect.left() + theme.current().px(8), top, size, size), dot)


class TableView(QTableView):
    """Shows a RowsModel; ``opened`` is sent for Enter or a double click with the row's value."""

    opened = Signal(object)

    def __init__(self, model: RowsModel[Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = model
        self.in_worker: Callable[[Callable[[], ClipboardTexts], Callable[[ClipboardTexts], None]], object] | None = None
        """Runs what takes long away from this thread and hands its result on; without it everything is done here."""
        self._copies = 0
        self._aside: _Selected | None = None
        model.setParent(self)
        self.setModel(model)
        model.reordering.connect(self._put_selection_aside)
        model.reordered.connect(self._take_selection_back)
        self.setItemDelegate(StatusDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.current().px(ROW_HEIGHT))
        self._set_up_header()
        self.activated.connect(lambda index: self.opened.emit(self._rows.row(index)))
        self._settings: Settings | None = None
        self._key = ""

    def remember_in(self, settings: Settings, key: str) -> None:
        """Take widths, order and choice of columns from ``settings`` under ``key``, and keep their changes there."""
        self._settings, self._key = settings, f"table/{key}"
        state = settings.bytes_of(self._key)
        header = self.horizontalHeader()
        if not header.restoreState(state) or header.count() != len(self._rows.columns):
            self.fit_columns()
        for signal in (header.sectionResized, header.sectionMoved, header.sortIndicatorChanged):
            signal.connect(lambda *_: self._keep())

    def fit_columns(self) -> None:
        """Make each column as wide as its first rows ask for, the last one filling what is left."""
        metrics = QFontMetrics(self.font())
        for place, column in enumerate(self._rows.columns[:-1]):
            texts = [column.text(row) for row in self._rows.rows[:100]]
            width = max((metrics.horizontalAdvance(text) for text in (*texts, column.title + "↓↓")), default=0)
            self.setColumnWidth(place, min(WIDEST, width + theme.current().px(56 if column.dot else 32)))

    def copy(self) -> None:
        """Put the selected rows, as they are shown, on the clipboard, the way Excel and WPS take them as text."""
        places = self.selected_places()
        if places:
            self.copy_table(self._shown_columns(), places)

    def copy_table(self, columns: Sequence[Column], places: Sequence[int]) -> None:
        """Put ``columns`` of the rows at ``places`` on the clipboard; a large table a moment later, where there is a
        worker."""
        rows = [self._rows.row(place) for place in places]
        self._copies += 1
        this = self._copies

        def texts() -> ClipboardTexts:
            titles = [column.title.replace("\n", " ") for column in columns]
            return excel_texts(chain([titles], ([column.text(row) for column in columns] for row in rows)))

        def give(made: ClipboardTexts) -> None:
            if this == self._copies:
                QGuiApplication.clipboard().setMimeData(_mime(made))

        if self.in_worker is None or len(rows) * len(columns) <= COPIED_AT_ONCE:
            give(texts())
        else:
            self.in_worker(texts, give)

    def selected_areas(self) -> list[Area]:
        """What is selected, as rectangles: there may be hundreds of thousands of cells."""
        selection = self.selectionModel().selection()
        areas = cast(Iterable[QItemSelectionRange], selection)  # a list, which the stubs do not say
        return [Area(one.top(), one.bottom(), one.left(), one.right()) for one in areas]

    def selected_places(self) -> list[int]:
        """The rows in which anything is selected, from the top."""
        areas = self.selected_areas()
        if len(areas) == 1:
            return list(range(areas[0].top, areas[0].bottom + 1))
        return sorted({place for area in areas for place in range(area.top, area.bottom + 1)})

    def shown_table(self) -> Callable[[], tuple[list[str], list[list[str]]]]:
        """What is shown now: the columns and rows in their order, without those that are hidden. What is returned
        makes headings and texts of them, in any thread."""
        columns, rows = self._shown_columns(), self._rows.rows
        return lambda: ([column.title for column in columns], [[c.text(row) for c in columns] for row in rows])

    def shown_number_columns(self) -> set[int]:
        """Which columns of ``shown_table`` hold numbers."""
        return {place for place, column in enumerate(self._shown_columns()) if column.number}

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+C copies; Enter opens the current row."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self._rows.row(self.currentIndex()))
        else:
            super().keyPressEvent(event)

    def column_menu(self) -> QMenu:
        """The choice of columns; one always stays."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        shown = [place for place in range(len(self._rows.columns)) if not self.isColumnHidden(place)]
        for place, column in enumerate(self._rows.columns):
            action = menu.addAction(column.title)
            action.setCheckable(True)
            action.setChecked(place in shown)
            action.setEnabled(shown != [place])
            action.toggled.connect(lambda on, place=place: self._show_column(place, on))
        menu.addSeparator()
        menu.addAction(_("Copy selected rows"), self.copy)
        return menu

    def _shown_columns(self) -> list[Column]:
        header = self.horizontalHeader()
        order = [header.logicalIndex(visual) for visual in range(header.count())]
        return [self._rows.columns[section] for section in order if not self.isColumnHidden(section)]

    def _put_selection_aside(self) -> None:
        """Rows are about to move: a large selection is kept by its rows."""
        places, sides = self.selected_places(), {(area.left, area.right) for area in self.selected_areas()}
        self._aside = None
        if len(places) > SELECTED_BY_QT and len(sides) == 1:
            rows = frozenset(map(id, map(self._rows.rows.__getitem__, places)))
            self._aside = _Selected(rows, *sides.pop())
            blocker = QSignalBlocker(self.selectionModel())
            self.selectionModel().clearSelection()
            blocker.unblock()

    def _take_selection_back(self) -> None:
        aside, self._aside = self._aside, None
        if aside is None:
            return
        selection, rows, first = QItemSelection(), self._rows.rows, None
        chosen = [id(row) in aside.rows for row in rows]
        for place, on in enumerate((*chosen, False)):
            if on and first is None:
                first = place
            elif not on and first is not None:
                selection.select(self._rows.index(first, aside.left), self._rows.index(place - 1, aside.right))
                first = None
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.Select)
        if not any(chosen):
            self.selectionModel().selectionChanged.emit(QItemSelection(), QItemSelection())

    def _set_up_header(self) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        # Its own, in which nothing is ever selected: at each painting it asks for every selected cell, shown or not.
        header.setSelectionModel(QItemSelectionModel(self._rows, header))
        header.setSectionsMovable(True)
        header.setStretchLastSection(True)
        header.setMinimumSectionSize(theme.current().px(48))
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setSortIndicatorClearable(True)
        self.setSortingEnabled(True)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._open_column_menu)

    def _open_column_menu(self, at: QPoint) -> None:
        self.column_menu().popup(self.horizontalHeader().mapToGlobal(at))

    def _show_column(self, place: int, shown: bool) -> None:
        self.setColumnHidden(place, not shown)
        self._keep()

    def _keep(self) -> None:
        if self._settings is not None:
            self._settings.keep_bytes(self._key, self.horizontalHeader().saveState())


def excel_texts(table: Iterable[Sequence[str]]) -> ClipboardTexts:
    """``table`` for the clipboard: as tab-separated text, and as HTML that marks text as text."""
    plain, rows = [], []
    for row in table:
        plain.append("\t".join(map(_plain_cell, row)))
        rows.append("<tr>" + "".join(map(_html_cell, row)) + "</tr>")
    page = f'<html><head><meta charset="utf-8"></head><body><table>{"".join(rows)}</table></body></html>'
    return ClipboardTexts("\r\n".join(plain), page)


def choose_row(view: QTableView, place: int) -> None:
    """Make the row at ``place`` the current and only selected one.

    ``QTableView.selectRow`` adds to the selection, or takes from it, while Ctrl is held, as it is for a shortcut.
    """
    flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
    first = next((column for column in range(view.model().columnCount()) if not view.isColumnHidden(column)), 0)
    view.selectionModel().setCurrentIndex(view.model().index(place, first), flags)


def excel_mime(table: Iterable[Sequence[str]]) -> QMimeData:
    """``excel_texts`` as the clipboard takes them."""
    return _mime(excel_texts(table))


def _mime(texts: ClipboardTexts) -> QMimeData:
    mime = QMimeData()
    mime.setText(texts.plain)
    mime.setHtml(texts.page)
    return mime


def _is_number(text: str) -> bool:
    # Only what cannot lose anything: no leading zeros, at most 15 digits (Excel keeps no more).
    return len(text) <= 15 and _NUMBER.fullmatch(text) is not None


def _plain_cell(text: str) -> str:
    if text.startswith(_FORMULA_STARTS) and not _is_number(text):
        text = "'" + text
    if any(c in text for c in '\t\r\n"'):
        return '"' + text.replace('"', '""') + '"'
    return text


def _html_cell(text: str) -> str:
    style = "" if _is_number(text) else " style='mso-number-format:\"\\@\"'"
    return f"<td{style}>{html.escape(text)}</td>"
