"""A list to choose from with check boxes: search, then all or none of what is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.gui.widgets.card import button, label
from qisp_desktop.gui.widgets.rows_model import Column, Index, RowsModel
from qisp_desktop.gui.widgets.search_field import SearchField
from qisp_desktop.gui.widgets.table_view import TableView

R = TypeVar("R")


class CheckModel(RowsModel[R]):
    """Rows with a check box in the first column; ``key`` names a row among the checked."""

    toggled = Signal()
    """The person checked or unchecked something."""

    def __init__(self, columns: Sequence[Column], key: Callable[[R], str]) -> None:
        super().__init__(columns)
        self._key = key
        self.checked: set[str] = set()

    def show_checked(self, keys: Iterable[str]) -> None:
        """Show exactly the rows named by ``keys`` as checked; nothing is sent."""
        self.checked = set(keys)
        self._repaint()

    def check(self, rows: Iterable[R], on: bool) -> None:
        """Check or uncheck ``rows``, as the person does."""
        keys = {self._key(row) for row in rows}
        before = set(self.checked)
        self.checked = before | keys if on else before - keys
        if self.checked != before:
            self._repaint()
            self.toggled.emit()

    def toggle(self, rows: Sequence[R]) -> None:
        """Check all of ``rows``, or uncheck them when all are."""
        self.check(rows, not all(self._key(row) in self.checked for row in rows))

    def flags(self, index: Index) -> Qt.ItemFlag:
        """The first column can be checked."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsUserCheckable if index.column() == 0 else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The check box of the first column; all else as in any table."""
        if role == Qt.ItemDataRole.CheckStateRole and index.isValid() and index.column() == 0:
            on = self._key(self.row(index)) in self.checked
            return Qt.CheckState.Checked if on else Qt.CheckState.Unchecked
        return super().data(index, role)

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """A click on a check box."""
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid():
            return False
        self.check([self.row(index)], Qt.CheckState(value) == Qt.CheckState.Checked)
        return True

    def _repaint(self) -> None:
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, 0))


class CheckView(TableView):
    """The blank key checks what is selected, whichever column is current; Enter does the same as there is no other."""

    def __init__(self, model: CheckModel[Any]) -> None:
        super().__init__(model)
        self._check_model = model

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and Enter check the selected rows."""
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            places = sorted({index.row() for index in self.selectionModel().selectedIndexes()})
            if places:
                self._check_model.toggle([self._check_model.row(place) for place in places])
        else:
            super().keyPressEvent(event)


class CheckTable(QWidget):
    """The list with its search; ``search`` is hidden where there is little to find."""

    def __init__(self, model: CheckModel[Any], name: str, hint: str = "") -> None:
        super().__init__()
        self.model = model
        self.view = CheckView(model)
        self.view.setAccessibleName(name)
        self.view.horizontalHeader().setVisible(len(model.columns) > 1)
        self.search = SearchField(hint or name)
        self.search.setVisible(bool(hint))
        self.search.searched.connect(self._search)
        self.count = label("", "second")
        all_of_them, none = button(_("All"), "link"), button(_("None"), "link")
        all_of_them.setAccessibleName(_("Choose all that are listed: {list}").format(list=name))
        none.setAccessibleName(_("Choose none of those listed: {list}").format(list=name))
        all_of_them.clicked.connect(lambda: model.check(model.rows, True))
        none.clicked.connect(lambda: model.check(model.rows, False))
        self.all, self.none = all_of_them, none
        row = QHBoxLayout()
        row.addWidget(self.count, 1)
        row.addWidget(all_of_them)
        row.addWidget(none)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.search)
        column.addWidget(self.view, 1)
        column.addLayout(row)
        model.toggled.connect(self.show_count)
        self.setFocusProxy(self.view)

    def show_count(self) -> None:
        """Say how many are checked."""
        self.count.setText(_("{count} of {total} chosen").format(count=len(self.model.checked), total=self.model.total))

    def _search(self, query: str) -> None:
        self.model.search(query)
