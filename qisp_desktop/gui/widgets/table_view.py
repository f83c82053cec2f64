"""A table as clerks know it from Excel: sort, choose columns, copy; its state is remembered."""

from __future__ import annotations

import html
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from PySide6.QtCore import QMimeData, QPoint, QRectF, Qt, Signal
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
_FORMULA_STARTS = ("=", "+", "-", "@", "\t")


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
        model.setParent(self)
        self.setModel(model)
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
        places = sorted({index.row() for index in self.selectionModel().selectedIndexes()})
        columns = self._shown_columns()
        table = [[column.title for column in columns]]
        table += [[column.text(self._rows.row(place)) for column in columns] for place in places]
        if places:
            QGuiApplication.clipboard().setMimeData(excel_mime(table))

    def shown_table(self) -> tuple[list[str], list[list[str]]]:
        """Headings and texts of what is shown: the columns and rows in their order, without those that are hidden."""
        columns = self._shown_columns()
        return [column.title for column in columns], [[c.text(row) for c in columns] for row in self._rows.rows]

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

    def _set_up_header(self) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(False)
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


def excel_mime(table: Sequence[Sequence[str]]) -> QMimeData:
    """``table`` for the clipboard: as HTML that marks text as text, and as tab-separated text."""
    mime = QMimeData()
    mime.setText("\r\n".join("\t".join(_plain_cell(cell) for cell in row) for row in table))
    rows = "".join("<tr>" + "".join(_html_cell(cell) for cell in row) + "</tr>" for row in table)
    mime.setHtml(f'<html><head><meta charset="utf-8"></head><body><table>{rows}</table></body></html>')
    return mime


def _is_number(text: str) -> bool:
    # Only what cannot lose anything: no leading zeros, at most 15 digits (Excel keeps no more).
    try:
        value = Decimal(text)
    except InvalidOperation:
        return False
    return value.is_finite() and format(value, "f") == text and len(text) <= 15


def _plain_cell(text: str) -> str:
    if text.startswith(_FORMULA_STARTS) and not _is_number(text):
        text = "'" + text
    if any(c in text for c in '\t\r\n"'):
        return '"' + text.replace('"', '""') + '"'
    return text


def _html_cell(text: str) -> str:
    style = "" if _is_number(text) else " style='mso-number-format:\"\\@\"'"
    return f"<td{style}>{html.escape(text)}</td>"
