"""What a matrix shows: rows of the domain under frozen heads and columns of small marks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

from PySide6.QtCore import Qt

from qisp_desktop.gui.widgets.rows_model import Column, Index, RowsModel
from qisp_desktop.gui.widgets.status_dot import Dot

R = TypeVar("R")
MARK_WIDTH = 64
ROW_HEIGHT = 34


class Mark(NamedTuple):
    """What a cell shows: ``text`` (a symbol, a number, a word) in the colour of ``meaning`` (good, warn, bad, accent,
    second or plain ""), on its soft ground where ``ground``; or a ``dot``.

    ``hint`` explains it; ``words`` say the same to who cannot see it and to Excel (else ``text``); ``flag`` puts a
    corner on the cell, as Excel does where there is a comment: here, what a person decided by hand.
    """

    text: str = ""
    meaning: str = ""
    hint: str = ""
    words: str = ""
    ground: bool = False
    flag: bool = False
    dot: Dot | None = None
    bold: bool = False


class MarkColumn(NamedTuple):
    """A column of marks: its key, its heading (may have two lines), the mark of a row, what the heading means, its
    order (None: by the mark's words) and its first width in pixels at 100 %."""

    key: str
    title: str
    mark: Callable[[Any], Mark]
    hint: str = ""
    order: Callable[[Any], Any] | None = None
    width: int = MARK_WIDTH


class MatrixModel(RowsModel[R]):
    """Rows under the frozen ``heads`` and the ``marks``; searching looks at the heads only."""

    def __init__(self, heads: Sequence[Column], marks: Sequence[MarkColumn]) -> None:
        self.heads = tuple(heads)
        self.marks = tuple(marks)
        super().__init__((*heads, *map(_as_column, marks)))

    def set_columns(self, heads: Sequence[Column], marks: Sequence[MarkColumn]) -> None:
        """Have other columns from now on (another panel of experts, say); order and search stay."""
        self.beginResetModel()
        self.heads, self.marks = tuple(heads), tuple(marks)
        self.columns = (*heads, *map(_as_column, marks))
        self._texts.clear()
        self._sorted = None  # by a column that may be another one now
        self.endResetModel()

    def key_at(self, column: int) -> str:
        """The key of the mark column at ``column``; empty for a head."""
        place = column - len(self.heads)
        return self.marks[place].key if 0 <= place < len(self.marks) else ""

    def column_of(self, key: str) -> int:
        """Where the mark column ``key`` is; -1 when there is none."""
        found = (place for place, column in enumerate(self.marks) if column.key == key)
        return next((place + len(self.heads) for place in found), -1)

    def mark(self, index: Index) -> Mark | None:
        """The mark at ``index``; None for a head."""
        place = index.column() - len(self.heads)
        return self.marks[place].mark(self.row(index)) if place >= 0 else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """As ``RowsModel``; marks stand in the middle and are named with their heading for who cannot see them."""
        if not index.isValid() or index.column() < len(self.heads):
            return super().data(index, role)
        column, mark = self.marks[index.column() - len(self.heads)], self.mark(index)
        if mark is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return mark.text
        if role == Qt.ItemDataRole.ToolTipRole:
            return mark.hint or None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            row = self.heads[0].text(self.row(index)) if self.heads else ""
            return " ".join(filter(None, (row, column.title.replace("\n", " "), mark.words or mark.text)))
        return int(Qt.AlignmentFlag.AlignCenter) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """As ``RowsModel``; headings of marks stand in the middle and explain themselves."""
        place = section - len(self.heads)
        if orientation is Qt.Orientation.Horizontal and 0 <= place < len(self.marks):
            if role == Qt.ItemDataRole.ToolTipRole:
                return self.marks[place].hint or None
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return int(Qt.AlignmentFlag.AlignCenter)
        return super().headerData(section, orientation, role)

    def searched_columns(self) -> Sequence[Column]:
        """The heads: nobody searches for a tick."""
        return self.heads


def _as_column(column: MarkColumn) -> Column:
    def words(row: Any) -> str:
        mark = column.mark(row)
        return mark.words or mark.text

    return Column(column.title, words, column.order)
