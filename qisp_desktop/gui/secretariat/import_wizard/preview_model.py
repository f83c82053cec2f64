"""The workbook as it is, with what is wrong in its cells and what was mended there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from qisp_desktop.base.i18n import _
from qisp_desktop.gui import theme
from qisp_desktop.gui.widgets.rows_model import Index

if TYPE_CHECKING:
    from qisp_desktop.gui.secretariat.import_wizard.presenter import Edits, Look
    from qisp_desktop.services.import_drafts import SheetRow
    from qisp_desktop.spreadsheets.corrections import CellAt
    from qisp_desktop.spreadsheets.problems import Problem

CELL_ROLE = Qt.ItemDataRole.UserRole + 1
PADDING = 8
_GROUNDS = {"bad": "bad_soft", "note": "warn_soft", "good": "good_soft", "heading": "hover"}


class CellLook(NamedTuple):
    """How a cell looks: ``meaning`` (bad, note, good, heading or none), the old text where it was mended, whether the
    row is left out or holds no data."""

    text: str
    meaning: str
    before: str | None
    left_out: bool
    quiet: bool


class PreviewModel(QAbstractTableModel):
    """One worksheet; a cell is edited in place, which is said by ``edited``."""

    edited = Signal(object, str, str)
    """The CellAt, the new text, and what stands in the workbook."""
    sheet_shown = Signal()
    """Another worksheet is shown, or its columns mean something else."""

    def __init__(self) -> None:
        super().__init__()
        self.sheet = ""
        self.heading_row = 0
        self._all: tuple[SheetRow, ...] = ()
        self._rows: list[SheetRow] = []
        self._width = 0
        self._names: Mapping[int, str] = {}
        self._look: Look | None = None
        self._edits: Edits | None = None
        self._only_problems = False
        self._concerned: set[int] = set()

    def show(self, sheet: str, heading_row: int, rows: tuple[SheetRow, ...], names: Mapping[int, str]) -> None:
        """Show a worksheet, whose columns are called ``names``."""
        if (sheet, heading_row, rows) == (self.sheet, self.heading_row, self._all) and names == self._names:
            return
        self.beginResetModel()
        self.sheet, self.heading_row, self._all, self._names = sheet, heading_row, rows, names
        self._width = max((len(row.texts) for row in rows), default=0)
        self._concerned = self._rows_concerned()
        self._rows = [row for row in rows if self._is_shown(row)]
        self.endResetModel()
        self.sheet_shown.emit()

    def set_look(self, look: Look | None) -> None:
        """Mark what was found out."""
        self._look = look
        self._edits = None if look is None else look.edits
        self._concerned = self._rows_concerned()
        if self._only_problems:
            self._filter()
        else:
            self._repaint()

    def set_edits(self, edits: Edits) -> None:
        """Show what was edited, before it is known what it comes to."""
        self._edits = edits
        self._repaint()

    def show_only_problems(self, only: bool) -> None:
        """Show only the rows in which something is wrong or was mended."""
        self._only_problems = only
        self._filter()

    def place(self, index: Index) -> CellAt:
        """Where a cell is in the workbook."""
        from qisp_desktop.spreadsheets.corrections import CellAt

        return CellAt(self.sheet, self._rows[index.row()].number, index.column())

    def index_of(self, place: CellAt) -> QModelIndex:
        """Where a cell of the workbook is shown; invalid where it is not."""
        found = (n for n, row in enumerate(self._rows) if row.number == place.row)
        row = next(found, None)
        return QModelIndex() if row is None else self.index(row, min(place.column, self._width - 1))

    def row_number(self, index: Index) -> int:
        """The workbook's own number of a row."""
        return self._rows[index.row()].number

    def is_data(self, row: int) -> bool:
        """Whether the row below the headings can be left out."""
        at = (self.sheet, row)
        return self._look is not None and (at in self._look.checked.data or self._is_left_out(row))

    def original(self, index: Index) -> str:
        """What stands in the workbook."""
        texts = self._rows[index.row()].texts
        return texts[index.column()] if index.column() < len(texts) else ""

    def problems(self, index: Index) -> tuple[Problem, ...]:
        """What is to be said of a cell, and of its row."""
        if self._look is None:
            return ()
        checked, place = self._look.checked, self.place(index)
        return checked.cells.get(place, ()) + checked.rows.get((place.sheet, place.row), ())

    def look_of(self, index: Index) -> CellLook:
        """How a cell looks."""
        row, original = self._rows[index.row()], self.original(index)
        heading, left_out = row.number == self.heading_row, self._is_left_out(row.number)
        quiet = row.number < self.heading_row or (not heading and not self.is_data(row.number))
        if self._look is None:
            return CellLook(original, "heading" if heading else "", None, left_out, quiet)
        checked, place = self._look.checked, self.place(index)
        mended = self._mended(place)
        levels = {problem.level for problem in checked.cells.get(place, ())}
        whole = checked.rows.get((place.sheet, place.row), ()) if index.column() == 0 else ()
        levels |= {problem.level for problem in whole}
        if mended != self._look.edits.corrections.cells.get(place):
            levels = set()  # not known yet
        meaning = "bad" if "error" in levels else "note" if levels else "good" if mended is not None else ""
        return CellLook(
            original if mended is None else mended,
            meaning or ("heading" if heading else ""),
            None if mended is None else original,
            left_out,
            quiet,
        )

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  as Qt has it
        """Rows that are shown."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Columns of the worksheet."""
        return 0 if parent.isValid() else self._width

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Headings and what is below them can be edited."""
        flags = super().flags(index)
        editable = index.isValid() and self._rows[index.row()].number >= self.heading_row
        return flags | Qt.ItemFlag.ItemIsEditable if editable else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, reasons and look of a cell."""
        if not index.isValid():
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return self.look_of(index).text
        if role == CELL_ROLE:
            return self.look_of(index)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._hint(index) or None
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return self._hint(index)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Say that a cell was edited; it changes when it has been checked."""
        text = str(value)
        if role != Qt.ItemDataRole.EditRole or text == self.look_of(index).text:
            return False
        self.edited.emit(self.place(index), text, self.original(index))
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Over the columns the letter and what it is taken for, beside the rows their numbers."""
        from qisp_desktop.spreadsheets.corrections import column_letters

        if orientation is Qt.Orientation.Horizontal:
            name = self._names.get(section, "")
            if role == Qt.ItemDataRole.DisplayRole:
                return f"{column_letters(section)}\n{name or '—'}"
            if role == Qt.ItemDataRole.ToolTipRole:
                return name or _("This column is not read.")
            return None
        if not 0 <= section < len(self._rows):
            return None
        row = self._rows[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{row.number} ◌" if row.hidden else str(row.number)
        if role == Qt.ItemDataRole.ToolTipRole and row.hidden:
            return _("The row is hidden in the workbook; it is read like any other.")
        return None

    def _hint(self, index: Index) -> str:
        look, lines = self.look_of(index), []
        if look.left_out:
            lines.append(_("The row is left out."))
        lines += [problem.message for problem in self.problems(index)]
        if look.before is not None:
            lines.append(_("In the workbook: {value}").format(value=look.before or _("empty")))
        return "\n".join(lines)

    def _mended(self, place: CellAt) -> str | None:
        return None if self._edits is None else self._edits.corrections.cells.get(place)

    def _is_left_out(self, row: int) -> bool:
        return self._edits is not None and (self.sheet, row) in self._edits.corrections.skipped

    def _rows_concerned(self) -> set[int]:
        """The rows that are wrong, mended or left out."""
        if self._look is None:
            return set()
        corrections, checked = self._look.edits.corrections, self._look.checked
        places = {(place.sheet, place.row) for place in (*corrections.cells, *checked.places)}
        return {row for sheet, row in places | corrections.skipped if sheet == self.sheet}

    def _is_shown(self, row: SheetRow) -> bool:
        return not self._only_problems or row.number == self.heading_row or row.number in self._concerned

    def _filter(self) -> None:
        shown = [row for row in self._all if self._is_shown(row)]
        if shown != self._rows:
            self.beginResetModel()
            self._rows = shown
            self.endResetModel()
        else:
            self._repaint()

    def _repaint(self) -> None:
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, self._width - 1))


class PreviewDelegate(QStyledItemDelegate):
    """Paints a cell with its meaning; a mended one shows the new text and, struck through, the old one."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground, text, old text, and a frame where the keyboard is."""
        cell = index.data(CELL_ROLE)
        if not isinstance(cell, CellLook):
            return
        look = theme.current()
        rect: QRect = option.rect  # type: ignore[attr-defined]  # missing in the stubs
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        painter.save()
        if ground := _GROUNDS.get(cell.meaning):
            painter.fillRect(rect, look.colour(ground))
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, look.colour("accent_soft"))
        painter.setPen(look.colour("line"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.drawLine(rect.topRight(), rect.bottomRight())
        if cell.meaning == "bad":
            painter.fillRect(QRect(rect.left(), rect.top(), look.px(3), rect.height()), look.colour("bad"))
        self._paint_texts(painter, rect.adjusted(PADDING, 0, -PADDING // 2, 0), cell)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(look.colour("accent"))
            painter.drawRect(rect.adjusted(0, 0, -1, -1))
            painter.drawRect(rect.adjusted(1, 1, -2, -2))
        painter.restore()

    @staticmethod
    def _paint_texts(painter: QPainter, rect: QRect, cell: CellLook) -> None:
        look = theme.current()
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        font = look.font(bold=cell.before is not None or cell.meaning == "heading")
        font.setStrikeOut(cell.left_out)
        metrics = QFontMetrics(font)
        text = metrics.elidedText(" ".join(cell.text.split()), Qt.TextElideMode.ElideRight, rect.width())
        token = "second" if cell.quiet or cell.left_out else "bad_text" if cell.meaning == "bad" else "text"
        painter.setFont(font)
        painter.setPen(look.colour(token))
        painter.drawText(rect, flags, text)
        used = metrics.horizontalAdvance(text) + PADDING
        if cell.before is not None and used < rect.width():
            old = look.font()
            old.setStrikeOut(True)
            room = rect.width() - used
            before = QFontMetrics(old).elidedText(cell.before or "∅", Qt.TextElideMode.ElideRight, room)
            painter.setFont(old)
            painter.setPen(look.colour("second"))
            painter.drawText(rect.adjusted(used, 0, 0, 0), flags, before)
