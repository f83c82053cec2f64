"""The heads of a matrix, which stay in sight while its marks move."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyleOptionViewItem,
    QTableView,
)

from qisp_desktop.gui import theme
from qisp_desktop.gui.widgets.matrix_model import ROW_HEIGHT
from qisp_desktop.gui.widgets.rows_model import Index
from qisp_desktop.gui.widgets.table_view import StatusDelegate

if TYPE_CHECKING:
    from qisp_desktop.gui.widgets.matrix import MatrixView


class _HeadDelegate(StatusDelegate):
    """Paints the heads of the row where the keyboard is like selected ones."""

    def __init__(self, main: MatrixView) -> None:
        super().__init__(main)
        self._main = main

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """The row of the current cell stands out."""
        super().initStyleOption(option, index)
        # Names that begin alike are told apart by their ends.
        option.textElideMode = Qt.TextElideMode.ElideMiddle  # type: ignore[attr-defined]  # missing in the stubs
        if index.row() == self._main.currentIndex().row():
            option.state |= QStyle.StateFlag.State_Selected  # type: ignore[attr-defined]  # missing in the stubs


class FrozenHeads(QTableView):
    """The heads: a second view of the same model over the left edge, moved by the first one."""

    def __init__(self, main: MatrixView) -> None:
        super().__init__(main)
        self._main = main
        self.setModel(main.matrix)
        self.setSelectionModel(main.selectionModel())
        self.setItemDelegate(_HeadDelegate(main))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        # The palette's line, which another theme changes with all else.
        self.setStyleSheet("QTableView { border: 0; border-right: 1px solid palette(mid); border-radius: 0; }")
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        off = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setHorizontalScrollBarPolicy(off)
        self.setVerticalScrollBarPolicy(off)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.current().px(ROW_HEIGHT))
        self._wire(main)
        self.show_heads()

    def show_heads(self) -> None:
        """Show the heads and nothing else."""
        heads = len(self._main.matrix.heads)
        for section in range(len(self._main.matrix.columns)):
            self.setColumnHidden(section, section >= heads)

    def _wire(self, main: MatrixView) -> None:
        header, theirs = self.horizontalHeader(), main.horizontalHeader()
        header.setHighlightSections(False)
        header.setSelectionModel(QItemSelectionModel(main.matrix, header))  # as in the main view
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionsClickable(True)
        header.setMinimumSectionSize(theirs.minimumSectionSize())
        header.setSortIndicatorShown(main.isSortingEnabled())
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.sortIndicatorChanged.connect(self._sort)
        theirs.sortIndicatorChanged.connect(self._show_order)
        header.sectionResized.connect(self._resized)
        bar, their_bar = self.verticalScrollBar(), main.verticalScrollBar()
        their_bar.valueChanged.connect(bar.setValue)
        bar.valueChanged.connect(their_bar.setValue)
        self.doubleClicked.connect(main.doubleClicked)
        main.selectionModel().currentRowChanged.connect(lambda _new, _old: self.viewport().update())

    def _resized(self, section: int, old: int, size: int) -> None:
        if not size or self._main.columnWidth(section) == size:
            return
        if old:
            self._main.head_dragged(section, size)
        else:
            self._main.setColumnWidth(section, size)  # it is shown again

    def _sort(self, section: int, order: Qt.SortOrder) -> None:
        if self._main.isSortingEnabled():
            self._main.horizontalHeader().setSortIndicator(section, order)

    def _show_order(self, section: int, order: Qt.SortOrder) -> None:
        header = self.horizontalHeader()
        header.blockSignals(True)
        header.setSortIndicator(section, order)
        header.blockSignals(False)
        header.viewport().update()
