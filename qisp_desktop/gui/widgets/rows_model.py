"""A table of values: rows are frozen values of the domain, columns say how to show and order them.

Sorting and filtering happen here, on the Python side and in one go: a proxy model would ask back for each comparison,
which takes many frames at 2,000 rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFont

from qisp_desktop.gui import theme
from qisp_desktop.gui.widgets.search_field import Searched, searcher
from qisp_desktop.gui.widgets.status_dot import Dot

R = TypeVar("R")
DOT_ROLE = Qt.ItemDataRole.UserRole + 1
"""The ``Dot`` of a cell, if it has one."""

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


class Column(NamedTuple):
    """A column: heading, text of a row, order (None: by the text), whether it holds numbers, a dot, an explanation,
    and in which rows the text is struck through."""

    title: str
    text: Callable[[Any], str]
    key: Callable[[Any], Any] | None = None
    number: bool = False
    dot: Callable[[Any], Dot | None] | None = None
    hint: Callable[[Any], str] | None = None
    struck: Callable[[Any], bool] | None = None


class RowsModel(QAbstractTableModel, Generic[R]):
    """Rows under ``columns``; a row whose sort key is None stands last in either direction."""

    reordering = Signal()
    """Rows are about to move or to go."""
    reordered = Signal()

    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__()
        self.columns = tuple(columns)
        self._all: list[R] = []
        self._shown: list[R] = []
        self._query = ""
        self._texts: dict[int, Searched] = {}
        """What is searched of each row: made when first searched, as long as the row is held."""
        self._wanted: Callable[[R], bool] | None = None
        self._order: tuple[int, Qt.SortOrder] | None = None
        self._sorted: list[R] | None = None
        """All rows in that order, so that a search need not sort again; None until it is asked for."""

    def set_rows(self, rows: Iterable[R]) -> list[Any]:
        """Hold ``rows`` from now on, under the same search and order.

        What was held until now is returned: where it is very much, it should not go all at once.
        """
        before: list[Any] = self._all
        texts = self._texts
        self._all, self._sorted, self._texts = list(rows), None, {}
        self._refresh()
        before.extend(texts.values())
        return before

    def replace_row(self, old: R, new: R) -> None:
        """Put ``new`` in the place of ``old``; it keeps its place until the next search or sorting."""
        self._all[_place_of(self._all, old)] = new
        self._sorted = None
        self._texts.pop(id(old), None)
        if any(row is old for row in self._shown):
            place = _place_of(self._shown, old)
            self._shown[place] = new
            self.dataChanged.emit(self.index(place, 0), self.index(place, len(self.columns) - 1))

    def row(self, index: Index | int) -> R:
        """The row at ``index`` as it is shown."""
        return self._shown[index if isinstance(index, int) else index.row()]

    @property
    def rows(self) -> Sequence[R]:
        """The rows that are shown, in their order."""
        return tuple(self._shown)

    @property
    def total(self) -> int:
        """How many rows there are, shown or not."""
        return len(self._all)

    def search(self, query: str) -> None:
        """Show only the rows in which each word of ``query`` stands; an empty one shows all."""
        self._query = query.strip()
        self._refresh()

    def only(self, wanted: Callable[[R], bool] | None) -> None:
        """Show only the rows for which ``wanted`` holds; None shows all."""
        self._wanted = wanted
        self._refresh()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order by ``column``; -1 is the order in which the rows came."""
        self._order = (column, order) if 0 <= column < len(self.columns) else None
        self._sorted = None
        self._refresh()

    def searched_columns(self) -> Sequence[Column]:
        """The columns in whose texts the search looks: all of them."""
        return self.columns

    def searched_texts(self) -> list[tuple[R, Searched]]:
        """What is searched of each row; pure, so that a worker may ask."""
        columns = self.searched_columns()
        found = [(row, _searched(row, columns)) for row in tuple(self._all)]
        for _row, text in found:
            text.spell()
        return found

    def keep_texts(self, texts: Iterable[tuple[R, Searched]]) -> None:
        """Take what a worker found out with ``searched_texts``; of rows that are not held any more it is forgotten."""
        held = {id(row) for row in self._all}
        self._texts.update((id(row), text) for row, text in texts if id(row) in held)

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """Rows that are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        """Columns."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, alignment, explanation, dot and font of a cell."""
        if not index.isValid():
            return None
        column, row = self.columns[index.column()], self._shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(row)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return (column.hint(row) if column.hint is not None else column.text(row)) or None
        if role == DOT_ROLE and column.dot is not None:
            return column.dot(row)
        if role == Qt.ItemDataRole.FontRole and column.struck is not None and column.struck(row):
            return _struck_font()
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The headings."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(self.columns[section])
        return None

    def _refresh(self) -> None:
        self.reordering.emit()
        self.layoutAboutToBeChanged.emit()
        held = [(index, self._shown[index.row()]) for index in self.persistentIndexList()]
        self._shown = self._fitting()
        places = {id(row): place for place, row in enumerate(self._shown)} if held else {}
        for index, row in held:
            place = places.get(id(row))
            self.changePersistentIndex(index, QModelIndex() if place is None else self.index(place, index.column()))
        self.layoutChanged.emit()
        self.reordered.emit()

    def _fitting(self) -> list[R]:
        if self._sorted is None:
            self._sorted = self._ordered()
        rows = self._sorted if self._wanted is None else [row for row in self._sorted if self._wanted(row)]
        if not self._query:
            return list(rows)
        found, columns = searcher(self._query), self.searched_columns()
        texts = self._texts
        for row in rows:
            if id(row) not in texts:
                texts[id(row)] = _searched(row, columns)
        return [row for row in rows if found(texts[id(row)])]

    def _ordered(self) -> list[R]:
        rows = self._all
        if self._order is None:
            return rows
        column, order = self.columns[self._order[0]], self._order[1]
        keys = list(map(column.key or column.text, rows))
        known = [place for place, value in enumerate(keys) if value is not None]
        known.sort(key=keys.__getitem__, reverse=order == Qt.SortOrder.DescendingOrder)
        return [rows[place] for place in known] + [row for row, value in zip(rows, keys, strict=True) if value is None]


def _searched(row: object, columns: Sequence[Column]) -> Searched:
    return Searched("\n".join(column.text(row) for column in columns))


def _struck_font() -> QFont:
    font = QFont(theme.current().font())
    font.setStrikeOut(True)
    return font


def _place_of(rows: list[R], row: R) -> int:
    return next(place for place, one in enumerate(rows) if one is row)


def _alignment(column: Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.number else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
