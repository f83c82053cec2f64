"""Which column of the workbook is which of ours: found by itself where it can be, said by the clerk where not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QAbstractItemModel, QAbstractTableModel, QModelIndex, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QSpinBox,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from qisp_desktop.base.i18n import _
from qisp_desktop.gui import theme
from qisp_desktop.gui.secretariat.import_wizard.presenter import ImportPresenter
from qisp_desktop.gui.widgets.card import label
from qisp_desktop.gui.widgets.rows_model import DOT_ROLE, Index
from qisp_desktop.gui.widgets.segments import Choice, Segments
from qisp_desktop.gui.widgets.status_dot import Dot
from qisp_desktop.gui.widgets.table_view import StatusDelegate

if TYPE_CHECKING:
    from qisp_desktop.services.import_drafts import ColumnChoice

MOST_HEADING_ROWS = 30
SAMPLES = 3
KEY_ROLE = Qt.ItemDataRole.UserRole + 20
TABLE_NAMES = {
    "applications": lambda: _("Applications"),
    "projects": lambda: _("Projects"),
    "experts": lambda: _("Experts"),
}


class _Line(NamedTuple):
    place: int
    heading: str
    samples: str
    key: str


class ColumnsModel(QAbstractTableModel):
    """A line for each column of the worksheet: letter, heading, first values, what it is."""

    chosen = Signal(int, str)
    """The column of the worksheet, and our key."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[_Line] = []
        self.choices: tuple[ColumnChoice, ...] = ()

    def show(self, lines: list[_Line], choices: tuple[ColumnChoice, ...]) -> None:
        """Show these lines."""
        self.choices = choices
        if len(lines) == len(self.lines) and lines:
            self.lines = lines
            self.dataChanged.emit(self.index(0, 0), self.index(len(lines) - 1, 3))
            return
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  as Qt has it
        """Columns of the worksheet."""
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Letter, heading, values, meaning."""
        return 0 if parent.isValid() else 4

    def flags(self, index: Index) -> Qt.ItemFlag:
        """The meaning can be chosen."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == 3 else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts of the lines."""
        from qisp_desktop.spreadsheets.corrections import column_letters

        if not index.isValid():
            return None
        line = self.lines[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return (column_letters(line.place), line.heading, line.samples, self._meaning(line))[index.column()]
        if role == KEY_ROLE:
            return line.key
        if role == DOT_ROLE and index.column() == 3:
            return Dot.SIGNED if line.key else Dot.NEW
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The headings of the list."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (_("Column"), _("Heading in the workbook"), _("First values"), _("Read as"))[section]
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def _meaning(self, line: _Line) -> str:
        found = (choice.heading for choice in self.choices if choice.key == line.key)
        return next(found, _("not read"))


class _MeaningDelegate(StatusDelegate):
    """Chooses what a column is from a list."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """The list, opened at once."""
        model = index.model()
        box = QComboBox(parent)
        if isinstance(model, ColumnsModel):
            taken = {line.key for line in model.lines}
            box.addItem(_("not read"), "")
            for choice in model.choices:
                name = f"{choice.heading} *" if choice.required else choice.heading
                box.addItem(name if choice.key not in taken else f"{name} ✓", choice.key)
        box.activated.connect(lambda _row: self._choose(box))
        QTimer.singleShot(0, box, box.showPopup)
        return box

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Show what is chosen now."""
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(max(0, editor.findData(index.data(KEY_ROLE))))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Say what was chosen."""
        if isinstance(editor, QComboBox) and isinstance(model, ColumnsModel):
            key = str(editor.currentData())
            if key != index.data(KEY_ROLE):
                model.chosen.emit(model.lines[index.row()].place, key)

    def _choose(self, box: QComboBox) -> None:
        self.commitData.emit(box)
        self.closeEditor.emit(box, QStyledItemDelegate.EndEditHint.NoHint)


class ColumnsPage(QWidget):
    """The step of the import in which columns are matched."""

    def __init__(self, presenter: ImportPresenter) -> None:
        super().__init__()
        self.presenter = presenter
        self.model = ColumnsModel()
        self.view = QTableView()
        self.model.setParent(self.view)
        self.sheet, self.heading_row = QComboBox(), QSpinBox()
        self.missing = label("", wrap=True)
        self._table = ""
        self.tables: Segments | None = None
        self._row = QHBoxLayout()
        self._set_up_view()
        self._lay_out()
        self.model.chosen.connect(lambda index, key: self.presenter.set_column(self._table, index, key))
        self.sheet.activated.connect(lambda _row: self._moved())
        self.heading_row.valueChanged.connect(lambda _row: self._moved())

    def refresh(self) -> None:
        """Show where the tables are and what their columns are."""
        look, draft = self.presenter.look, self.presenter.draft
        if look is None or draft is None:
            return
        self._show_tables()
        map_ = look.checked.tables.get(self._table)
        for box in (self.sheet, self.heading_row):
            box.blockSignals(True)
        self.sheet.clear()
        self.sheet.addItems([*draft.sheets])
        self.sheet.setCurrentText("" if map_ is None else map_.sheet)
        if map_ is None:
            self.sheet.setCurrentIndex(-1)
        self.heading_row.setValue(1 if map_ is None else map_.heading_row)
        for box in (self.sheet, self.heading_row):
            box.blockSignals(False)
        self.model.show(self._lines(), self.presenter.choices(self._table))
        self._say_missing()

    def _set_up_view(self) -> None:
        view, look = self.view, theme.current()
        view.setModel(self.model)
        view.setAccessibleName(_("Columns of the workbook"))
        view.setItemDelegateForColumn(3, _MeaningDelegate(view))
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setTabKeyNavigation(False)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        triggers = QAbstractItemView.EditTrigger
        view.setEditTriggers(triggers.SelectedClicked | triggers.EditKeyPressed | triggers.DoubleClicked)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(look.px(36))
        view.horizontalHeader().setStretchLastSection(True)
        view.horizontalHeader().setHighlightSections(False)
        view.clicked.connect(self._edit)
        view.activated.connect(self._edit)
        for column, width in enumerate((88, 260, 340)):
            view.setColumnWidth(column, look.px(width))

    def _lay_out(self) -> None:
        self.heading_row.setRange(1, MOST_HEADING_ROWS)
        self.sheet.setAccessibleName(_("Worksheet"))
        self.sheet.setMinimumWidth(theme.current().px(180))
        self.heading_row.setAccessibleName(_("Row of the headings"))
        self._row.setSpacing(8)
        self._row.addStretch(1)
        for part in (
            label(_("Worksheet"), "second"),
            self.sheet,
            label(_("Row of the headings"), "second"),
            self.heading_row,
        ):
            self._row.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._row)
        column.addWidget(self.missing)
        column.addWidget(self.view, 1)

    def _show_tables(self) -> None:
        names = list(self.presenter.tables)
        if self._table not in names:
            unclear = (name for name in names if self.presenter.missing(name))
            self._table = next(unclear, names[0])
        if self.tables is None and len(names) > 1:
            self.tables = Segments([Choice(name, TABLE_NAMES[name]()) for name in names])
            self.tables.name(_("Table"))
            self.tables.picked.connect(self._pick_table)
            self._row.insertWidget(0, self.tables)
        if self.tables is not None:
            self.tables.show_key(self._table)

    def _pick_table(self, table: str) -> None:
        self._table = table
        self.refresh()

    def _lines(self) -> list[_Line]:
        look = self.presenter.look
        map_ = None if look is None else look.checked.tables.get(self._table)
        if map_ is None:
            return []
        rows = self.presenter.rows(map_.sheet)
        heading = next((row.texts for row in rows if row.number == map_.heading_row), ())
        body = [row for row in rows if row.number > map_.heading_row][:SAMPLES]
        width = max((len(row.texts) for row in (*body,)), default=0)
        lines = []
        for index in range(max(width, len(heading))):
            values = [row.texts[index] for row in body if index < len(row.texts) and row.texts[index]]
            name = " ".join(heading[index].split()) if index < len(heading) else ""
            if name or values:
                lines.append(_Line(index, name, " · ".join(values), map_.columns.get(index, "")))
        return lines

    def _say_missing(self) -> None:
        missing = self.presenter.missing(self._table)
        if missing:
            text = _("Not found yet: {columns}. Say below which column it is.").format(columns=_(", ").join(missing))
        elif self.model.lines:
            text = _("All required columns are found. What you say here is remembered for the office.")
        else:
            text = _("The workbook has no such table. Choose its worksheet, or go on without it.")
        self.missing.setText(text)
        self.missing.setProperty("role", "warn" if missing else "second")
        self.missing.style().unpolish(self.missing)
        self.missing.style().polish(self.missing)

    def _moved(self) -> None:
        if self.sheet.currentText():
            self.presenter.move_table(self._table, self.sheet.currentText(), self.heading_row.value())

    def _edit(self, index: QModelIndex) -> None:
        if self.view.state() != QAbstractItemView.State.EditingState:
            self.view.edit(self.model.index(index.row(), 3))
