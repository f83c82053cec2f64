"""Looking through the workbook: problems in their cells, mended in place, rows left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QTableView, QVBoxLayout, QWidget

from qisp_desktop.base.i18n import _, labelled, ngettext
from qisp_desktop.gui import theme
from qisp_desktop.gui.secretariat.import_wizard.presenter import ImportPresenter
from qisp_desktop.gui.secretariat.import_wizard.preview_model import PreviewDelegate, PreviewModel
from qisp_desktop.gui.secretariat.import_wizard.problem_list import ProblemList
from qisp_desktop.gui.widgets.card import button, label
from qisp_desktop.gui.widgets.segments import Choice, Segments
from qisp_desktop.gui.widgets.table_view import excel_mime

if TYPE_CHECKING:
    from qisp_desktop.spreadsheets.corrections import CellAt, ColumnMap

ROW_HEIGHT = 34
NARROWEST, WIDEST = 72, 240
SIDE = 300
ALL, WRONG = "all", "wrong"


class SheetTab(NamedTuple):
    """A worksheet with one of our tables."""

    table: str
    map: ColumnMap


class PreviewTable(QTableView):
    """The worksheet. F2, a double click or typing edits a cell; Delete and Space leave rows out, or take them in."""

    leave_out_wanted = Signal()

    def __init__(self, model: PreviewModel) -> None:
        super().__init__()
        self._cells = model
        model.setParent(self)
        self.setModel(model)
        self.setItemDelegate(PreviewDelegate(self))
        self.setAccessibleName(_("The workbook"))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.DoubleClicked | triggers.EditKeyPressed | triggers.AnyKeyPressed)
        self.verticalHeader().setDefaultSectionSize(theme.current().px(ROW_HEIGHT))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def fit_columns(self) -> None:
        """As wide as headings and the first rows ask for."""
        metrics, model = QFontMetrics(self.font()), self._cells
        look = theme.current()
        for column in range(model.columnCount()):
            head = str(model.headerData(column, Qt.Orientation.Horizontal)).split("\n")
            texts = [str(model.index(row, column).data()) for row in range(min(40, model.rowCount()))]
            widest = max((metrics.horizontalAdvance(text[:40]) for text in (*head, *texts)), default=0)
            self.setColumnWidth(column, max(look.px(NARROWEST), min(look.px(WIDEST), widest + look.px(28))))

    def copy(self) -> None:
        """Put the selected cells on the clipboard as Excel takes them."""
        indexes = self.selectionModel().selectedIndexes()
        rows, columns = sorted({i.row() for i in indexes}), sorted({i.column() for i in indexes})
        table = [[str(self._cells.index(row, column).data()) for column in columns] for row in rows]
        if table:
            QGuiApplication.clipboard().setMimeData(excel_mime(table))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete and Space are for rows; Enter edits, as F2 does."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Space) and not event.modifiers():
            self.leave_out_wanted.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            # The editor lets its own Enter through when it ends.
            if self.state() != QAbstractItemView.State.EditingState:
                self.edit(self.currentIndex())
        else:
            super().keyPressEvent(event)


class PreviewPage(QWidget):
    """The step of the import in which the clerk looks through the workbook."""

    def __init__(self, presenter: ImportPresenter) -> None:
        super().__init__()
        self.presenter = presenter
        self.model = PreviewModel()
        self.table = PreviewTable(self.model)
        self.problems = ProblemList()
        self.counts = label("")
        self.said = label("", "second", wrap=True)
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._tabs: list[SheetTab] = []
        self._shown = ""
        self.sheets: Segments | None = None
        self._tab_row = QHBoxLayout()
        self._make_buttons()
        self._lay_out()
        self._wire()

    def refresh(self) -> None:
        """Show what was found out."""
        look = self.presenter.look
        if look is None:
            return
        self._tabs = [SheetTab(table, map_) for table, map_ in look.checked.tables.items()]
        self._show_tabs()
        self._show_sheet()
        self.model.set_look(look)
        self.problems.set_problems(look.checked)
        self.counts.setText(self._count_words())
        self.undo.setEnabled(self.presenter.can_undo)
        self.redo.setEnabled(self.presenter.can_redo)
        wrong = bool(look.checked.places)
        self.previous.setEnabled(wrong)
        self.next.setEnabled(wrong)
        self._say_current()

    def go_to(self, place: CellAt) -> None:
        """Show a cell and put the keyboard on it."""
        if place.sheet != self.model.sheet and any(tab.map.sheet == place.sheet for tab in self._tabs):
            self._shown = place.sheet
            self._show_tabs()
            self._show_sheet()
        index = self.model.index_of(place)
        if not index.isValid():
            return
        self.table.setCurrentIndex(index)
        self.table.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def next_problem(self, *, forward: bool = True) -> None:
        """Go to the next cell with an error, or the one before."""
        index = self.table.currentIndex()
        here = self.model.place(index) if index.isValid() else None
        place = self.presenter.problem_after(here, forward=forward)
        if place is not None:
            self.go_to(place)

    def leave_rows_out(self) -> None:
        """Leave the selected rows out, or take them in again."""
        indexes = self.table.selectionModel().selectedIndexes() or [self.table.currentIndex()]
        rows = {self.model.row_number(index) for index in indexes if index.isValid()}
        self.presenter.leave_out({(self.model.sheet, row) for row in rows if self.model.is_data(row)})

    def _make_buttons(self) -> None:
        self.undo = button(_("Undo"), "quiet", "undo")
        self.undo.setToolTip(_("Undo (Ctrl+Z)"))
        self.redo = button(_("Redo"), "quiet")
        self.redo.setToolTip(_("Redo (Ctrl+Y)"))
        self.previous = button(_("Previous"), "quiet", "chevron-up")
        self.previous.setToolTip(_("Previous problem (Shift+F8)"))
        self.next = button(_("Next problem"), "quiet", "chevron-down")
        self.next.setToolTip(_("Next problem (F8)"))
        self.skip = button(_("Leave row out"), "quiet", "close")
        self.skip.setToolTip(_("Leave the selected rows out, or take them in again (Delete)"))
        self.rows = Segments([Choice(ALL, _("All rows")), Choice(WRONG, _("With problems"))])
        self.rows.name(_("Show"))
        self.rows.show_key(ALL)

    def _lay_out(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addLayout(self._tab_row)
        first.addWidget(self.counts)
        first.addStretch(1)
        for part in (self.undo, self.redo, self.skip):
            first.addWidget(part)
        side = QVBoxLayout()
        side.setSpacing(8)
        top = QHBoxLayout()
        top.addWidget(self.rows)
        top.addStretch(1)
        side.addLayout(top)
        side.addWidget(self.problems, 1)
        side.addWidget(self.said)
        steps = QHBoxLayout()
        steps.addWidget(self.previous)
        steps.addWidget(self.next)
        side.addLayout(steps)
        holder = QWidget()
        holder.setFixedWidth(theme.current().px(SIDE))
        holder.setLayout(side)
        side.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.table, 1)
        row.addWidget(holder)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        whole.addLayout(first)
        whole.addLayout(row, 1)

    def _wire(self) -> None:
        presenter = self.presenter
        self.model.edited.connect(presenter.mend)
        self.model.sheet_shown.connect(self.table.fit_columns)
        presenter.edited.connect(self._show_edits)
        self.table.leave_out_wanted.connect(self.leave_rows_out)
        self.table.selectionModel().currentChanged.connect(lambda _new, _old: self._say_current())
        self.problems.picked.connect(self.go_to)
        self.undo.clicked.connect(presenter.undo)
        self.redo.clicked.connect(presenter.redo)
        self.previous.clicked.connect(lambda: self.next_problem(forward=False))
        self.next.clicked.connect(lambda: self.next_problem())
        self.skip.clicked.connect(self.leave_rows_out)
        self.rows.picked.connect(self._show_rows)
        for keys, act in (
            (QKeySequence("F8"), lambda: self.next_problem()),
            (QKeySequence("Shift+F8"), lambda: self.next_problem(forward=False)),
            (QKeySequence("Ctrl+Z"), presenter.undo),
            (QKeySequence("Ctrl+Y"), presenter.redo),
        ):
            shortcut = QShortcut(keys, self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _show_edits(self) -> None:
        if self.presenter.edits is not None and self.presenter.look is not None:
            self.model.set_edits(self.presenter.edits)

    def _show_tabs(self) -> None:
        names = [tab.map.sheet for tab in self._tabs]
        if self._shown not in names:
            self._shown = names[0] if names else ""
        if self.sheets is None or list(self.sheets.buttons) != names:
            if self.sheets is not None:
                self.sheets.hide()
                self.sheets.deleteLater()
                self.sheets = None
            if len(names) > 1:
                self.sheets = Segments([Choice(name, name) for name in names])
                self.sheets.name(_("Worksheet"))
                self.sheets.picked.connect(self._pick_sheet)
                self._tab_row.addWidget(self.sheets)
        if self.sheets is not None:
            self.sheets.show_key(self._shown)

    def _pick_sheet(self, sheet: str) -> None:
        self._shown = sheet
        self._show_sheet()

    def _show_sheet(self) -> None:
        tab = next((tab for tab in self._tabs if tab.map.sheet == self._shown), None)
        if tab is None:
            self.model.show("", 0, (), {})
            return
        headings = {choice.key: choice.heading for choice in self.presenter.choices(tab.table)}
        names = {index: headings.get(key, key) for index, key in tab.map.columns.items()}
        self.model.show(tab.map.sheet, tab.map.heading_row, self.presenter.rows(tab.map.sheet), names)

    def _show_rows(self, key: str) -> None:
        index = self.table.currentIndex()
        place = self.model.place(index) if index.isValid() else None
        self.model.show_only_problems(key == WRONG)
        if place is not None:
            self.table.setCurrentIndex(self.model.index_of(place))

    def _say_current(self) -> None:
        index: QModelIndex = self.table.currentIndex()
        if not index.isValid():
            self.said.setText(_("Double click a cell, or press F2, to mend it; the round keeps both values."))
            return
        look = self.model.look_of(index)
        lines = [problem.message for problem in self.model.problems(index)]
        if look.before is not None:
            lines.append(labelled(_("In the workbook"), look.before or _("empty")))
            lines.append(labelled(_("Taken"), look.text or _("empty")))
        if look.left_out:
            lines.append(_("The row is left out."))
        self.said.setText("\n".join(lines) or look.text)

    def _count_words(self) -> str:
        look = self.presenter.look
        if look is None:
            return ""
        checked = look.checked
        parts = [ngettext("{count} ready", "{count} ready", checked.ready).format(count=checked.ready)]
        if checked.wrong:
            parts.append(
                ngettext("{count} row with problems", "{count} rows with problems", checked.wrong).format(
                    count=checked.wrong
                )
            )
        if checked.left_out:
            parts.append(
                ngettext("{count} left out", "{count} left out", checked.left_out).format(count=checked.left_out)
            )
        mended = len(look.edits.corrections.cells)
        if mended:
            parts.append(ngettext("{count} mended", "{count} mended", mended).format(count=mended))
        return " · ".join(parts)
