"""A grid for typing a paper's scores quickly: a row for each criterion, the range checked with every key."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from qisp_desktop.base.i18n import _
from qisp_desktop.domain.paper_scores import item_problem
from qisp_desktop.domain.rubric import Criterion, Rubric
from qisp_desktop.domain.score_sheet import LONGEST_REMARK, ItemScore
from qisp_desktop.gui import theme
from qisp_desktop.gui.panel.desk.typed_points import as_digits, may_become_score, range_text, value_of
from qisp_desktop.gui.secretariat.collecting.grounds import GroundDelegate
from qisp_desktop.gui.widgets.rows_model import Index

CRITERION, MAXIMUM, FIRST_REFERENCE = 0, 1, 2
ROW_HEIGHT = 36
_NO_PARENT = QModelIndex()


class Reference(NamedTuple):
    """A column to compare with: its heading and its items."""

    heading: str
    items: tuple[ItemScore, ...]


class EntryModel(QAbstractTableModel):
    """Points and remarks of every criterion; beside them ``references``. Only the rows of ``open_rows`` are typed into
    (None: all)."""

    edited = Signal()
    """Something is another value than before."""

    def __init__(self) -> None:
        super().__init__()
        self.rubric: Rubric | None = None
        self.references: tuple[Reference, ...] = ()
        self._items: list[ItemScore] = []
        self._open: frozenset[str] | None = None

    def show(
        self,
        rubric: Rubric,
        items: Sequence[ItemScore],
        references: Sequence[Reference] = (),
        open_rows: frozenset[str] | None = None,
    ) -> None:
        """Hold these from now on."""
        self.beginResetModel()
        self.rubric, self._items = rubric, list(items)
        self.references, self._open = tuple(references), open_rows
        self.endResetModel()

    @property
    def items(self) -> tuple[ItemScore, ...]:
        """What stands in the grid."""
        return tuple(self._items)

    @property
    def points_column(self) -> int:
        """Where the points are typed."""
        return FIRST_REFERENCE + len(self.references)

    @property
    def remark_column(self) -> int:
        """Where the remarks are typed."""
        return self.points_column + 1

    def problem(self, row: int) -> str:
        """What keeps ``row`` from being complete; empty for one that is not typed into."""
        if self.rubric is None or not self.is_open(row):
            return ""
        return item_problem(self._items[row], self.rubric)

    @property
    def incomplete(self) -> int:
        """How many rows are not complete."""
        return sum(bool(self.problem(row)) for row in range(len(self._items)))

    def is_open(self, row: int) -> bool:
        """Whether ``row`` can be typed into."""
        return self._open is None or self._items[row].criterion in self._open

    def criterion(self, row: int) -> Criterion:
        """The criterion of ``row``; the model must hold a rubric."""
        if self.rubric is None:
            raise LookupError("there is no rubric yet")
        return self.rubric.criteria[row]

    def remark_is_missing(self, row: int) -> bool:
        """Whether the points of ``row`` ask for a remark that is not there."""
        item = self._items[row]
        if self.rubric is None or item.points is None or item.remark.strip():
            return False
        return self.rubric.remark_required(self.criterion(row), item.points)

    def set_points(self, row: int, points: Decimal | None) -> None:
        """Type points."""
        item = self._items[row]
        self._put(row, ItemScore(item.criterion, points, item.remark, ()))

    def set_remark(self, row: int, remark: str) -> None:
        """Type a remark."""
        item = self._items[row]
        self._put(row, ItemScore(item.criterion, item.points, remark[:LONGEST_REMARK], ()))

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """Criteria."""
        return 0 if parent.isValid() else len(self._items)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        """Criterion, maximum, references, points, remark."""
        return 0 if parent.isValid() else self.remark_column + 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Points and remarks of open rows can be edited."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.isValid() and index.column() >= self.points_column and self.is_open(index.row()):
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts; rows that are to be typed into stand out, and what is missing is named."""
        if not index.isValid() or self.rubric is None:
            return None
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column)
        if role == Qt.ItemDataRole.EditRole:
            return self._text(row, column) if column != self.remark_column else self._items[row].remark
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.problem(row) or self._text(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            right = column in (MAXIMUM, self.points_column)
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return self._look(row, column, role)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The headings; those of numbers stand over them."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole and section in (MAXIMUM, self.points_column):
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        names = [
            _("Criterion"),
            _("Maximum"),
            *(one.heading for one in self.references),
            _("Points"),
            _("Written remark"),
        ]
        return names[section]

    def _text(self, row: int, column: int) -> str:
        criterion, item = self.criterion(row), self._items[row]
        if column == CRITERION:
            return f"{criterion.code} {criterion.label}"
        if column == MAXIMUM:
            return self._points(criterion.maximum)
        if column == self.points_column:
            return self._points(item.points)
        if column == self.remark_column:
            missing = self.remark_is_missing(row) and self.is_open(row)
            return _("⚠ a remark is needed here") if missing else item.remark
        other = self.references[column - FIRST_REFERENCE].items[row]
        return " · ".join(filter(None, (self._points(other.points), other.remark)))

    def _look(self, row: int, column: int, role: int) -> Any:
        look = theme.current()
        typed = column >= self.points_column and self.is_open(row)
        if role == Qt.ItemDataRole.BackgroundRole and self._open is not None and self.is_open(row):
            return look.colour("warn_soft")
        if role == Qt.ItemDataRole.ForegroundRole:
            if column == self.remark_column and self.remark_is_missing(row) and typed:
                return look.colour("warn_text")
            return look.colour("text" if typed or column == CRITERION else "second")
        if role == Qt.ItemDataRole.FontRole and column == self.points_column:
            return look.font(bold=True)
        return None

    def _points(self, points: Decimal | None) -> str:
        return "" if points is None or self.rubric is None else self.rubric.points_text(points)

    def _put(self, row: int, item: ItemScore) -> None:
        self._items[row] = item
        self.dataChanged.emit(self.index(row, 0), self.index(row, self.remark_column))
        self.edited.emit()


class EntryView(QTableView):
    """Shows an EntryModel. Digits begin typing; Enter goes on to the remark where one is needed, else one row down."""

    refused = Signal(str)
    """What was typed cannot stand; carries what can."""

    def __init__(self, model: EntryModel) -> None:
        super().__init__()
        self.entries = model
        model.setParent(self)
        self.setModel(model)
        self.setItemDelegate(_EntryDelegate(self))
        self.setAccessibleName(_("Scores of the paper"))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        trigger = QAbstractItemView.EditTrigger
        self.setEditTriggers(trigger.AnyKeyPressed | trigger.EditKeyPressed | trigger.DoubleClicked)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.current().px(ROW_HEIGHT))
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        model.modelReset.connect(self._lay_out)

    def begin(self) -> None:
        """Put the keyboard on the first row that is to be typed into."""
        first = next((row for row in range(self.entries.rowCount()) if self.entries.is_open(row)), 0)
        self.setCurrentIndex(self.entries.index(first, self.entries.points_column))
        self.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """All columns stay in sight as far as they can."""
        super().resizeEvent(event)
        self._lay_out()

    def advance(self, index: Index) -> None:
        """After Enter at ``index``: to the remark that is needed, else to the points of the next open row."""
        row = index.row()
        if index.column() == self.entries.points_column and self.entries.remark_is_missing(row):
            self._edit(row, self.entries.remark_column)
            return
        following = range(row + 1, self.entries.rowCount())
        down = next((one for one in following if self.entries.is_open(one)), None)
        if down is not None:
            self._edit(down, self.entries.points_column)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter begins typing, as F2 does; Delete empties the cell."""
        index = self.currentIndex()
        editable = index.isValid() and bool(self.entries.flags(index) & Qt.ItemFlag.ItemIsEditable)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and editable:
            self.edit(index)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and editable:
            if index.column() == self.entries.points_column:
                self.entries.set_points(index.row(), None)
            else:
                self.entries.set_remark(index.row(), "")
        else:
            super().keyPressEvent(event)

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Tab goes from points to remark to the next row's points, and back."""
        moves = QAbstractItemView.CursorAction
        index = self.currentIndex()
        if action not in (moves.MoveNext, moves.MovePrevious) or not index.isValid():
            return super().moveCursor(action, modifiers)
        points, remark = self.entries.points_column, self.entries.remark_column
        forward = action == moves.MoveNext
        if forward and index.column() < remark:
            return self.entries.index(index.row(), points if index.column() < points else remark)
        if not forward and index.column() == remark:
            return self.entries.index(index.row(), points)
        row = index.row() + (1 if forward else -1)
        if not 0 <= row < self.entries.rowCount():
            return QModelIndex(index)
        return self.entries.index(row, points if forward else remark)

    def _edit(self, row: int, column: int) -> None:
        index = self.entries.index(row, column)
        self.setCurrentIndex(index)
        self.edit(index)

    def _lay_out(self) -> None:
        model, header, px = self.entries, self.horizontalHeader(), theme.current().px
        header.setStretchLastSection(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        room = self.viewport().width() - px(80 + 84 + 140)
        references = max(1, len(model.references))
        criterion = min(px(240), room // (references + 1))
        self.setColumnWidth(CRITERION, max(px(120), criterion))
        self.setColumnWidth(MAXIMUM, px(80))
        for column in range(FIRST_REFERENCE, model.points_column):
            self.setColumnWidth(column, max(px(90), min(px(210), (room - criterion) // references)))
        self.setColumnWidth(model.points_column, px(84))


class _EntryDelegate(GroundDelegate):
    """Editors that take only what may become a score, and tell the view of Enter."""

    def __init__(self, view: EntryView) -> None:
        super().__init__(view)
        self._view = view

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A line for points or for a remark."""
        model = self._view.entries
        if index.column() == model.points_column and model.rubric is not None:
            return _PointsLine(model.criterion(index.row()), model.rubric, self._view, parent)
        line = QLineEdit(parent)
        line.setMaxLength(LONGEST_REMARK)
        return line

    def setModelData(self, editor: QWidget, _model: Any, index: Index) -> None:
        """Take what was typed; half a score is nothing."""
        model = self._view.entries
        if isinstance(editor, _PointsLine):
            if editor.points is not None or not editor.text():
                model.set_points(index.row(), editor.points)
        elif isinstance(editor, QLineEdit):
            model.set_remark(index.row(), editor.text().strip())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter takes the value and goes on."""
        enter = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if enter and isinstance(event, QKeyEvent) and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if isinstance(watched, QWidget):
                index = self._view.currentIndex()
                self.commitData.emit(watched)
                self.closeEditor.emit(watched, QAbstractItemDelegate.EndEditHint.NoHint)
                self._view.advance(index)
            return True
        return super().eventFilter(watched, event)


class _PointsLine(QLineEdit):
    """Refuses with each key what cannot become a score of its criterion."""

    def __init__(self, criterion: Criterion, rubric: Rubric, view: EntryView, parent: QWidget) -> None:
        super().__init__(parent)
        self._criterion, self._rubric, self._view = criterion, rubric, view
        self._accepted = ""
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setAccessibleName(_("Points for {name}").format(name=criterion.label))
        self.setToolTip(range_text(criterion, rubric))
        self.textEdited.connect(self._edited)

    @property
    def points(self) -> Decimal | None:
        """What is typed; None for nothing, and for half a score."""
        return value_of(as_digits(self.text()), self._criterion, self._rubric)

    def _edited(self, text: str) -> None:
        digits = as_digits(text)
        if not may_become_score(digits, self._criterion, self._rubric):
            digits = self._accepted
            limits = _("{code}: only {range}")
            self._view.refused.emit(
                limits.format(code=self._criterion.code, range=range_text(self._criterion, self._rubric))
            )
        else:
            self._view.refused.emit("")
        self._accepted = digits
        if digits != text:
            with QSignalBlocker(self):
                self.setText(digits)
