"""A matrix: rows of the domain against columns of small marks (✓ ✗ ?), the heading columns frozen at the left.

It is a ``TableView`` over a ``MatrixModel`` (matrix_model.py), so it sorts, filters, hides columns, copies and fits
into a ``DataTable(shell, model, key, name, view=MatrixView(model))``. A mark is computed when its cell is painted:
thousands of rows cost nothing until they are looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import (
    QByteArray,
    QModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPolygon,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from qisp_desktop.gui import theme
from qisp_desktop.gui.settings import Settings
from qisp_desktop.gui.widgets.frozen_heads import FrozenHeads
from qisp_desktop.gui.widgets.matrix_model import MARK_WIDTH, ROW_HEIGHT, Mark, MatrixModel
from qisp_desktop.gui.widgets.rows_model import Index
from qisp_desktop.gui.widgets.status_dot import paint_dot
from qisp_desktop.gui.widgets.table_view import TableView

SHORT = 4
"""Characters that fit into any cell."""
NARROWEST_HEAD = 112
WIDEST_HEADS = 420
"""Pixels that the frozen columns take at most when they are first laid out."""
# As plain numbers: combining flags costs more than painting a tick.
_CENTRE = Qt.AlignmentFlag.AlignCenter.value
_SELECTED, _HOVERED, _FOCUSED = (
    flag.value
    for flag in (
        QStyle.StateFlag.State_Selected,
        QStyle.StateFlag.State_MouseOver,
        QStyle.StateFlag.State_HasFocus,
    )
)
_GROUNDS = {"good": "good_soft", "warn": "warn_soft", "bad": "bad_soft", "accent": "accent_soft"}
_TEXTS = {"good": "good_text", "warn": "warn_text", "bad": "bad_text", "accent": "accent_text", "second": "second"}


class _Paints:
    """Colours and fonts of a theme, made once: hundreds of cells are painted in a frame."""

    def __init__(self, look: theme.Theme) -> None:
        self.of = (look.tokens, look.scale)
        names = {*_GROUNDS.values(), *_TEXTS.values(), "text", "line", "hover", "accent", "accent_soft"}
        self.colours = {name: look.colour(name) for name in names}
        self.fonts = (look.font(), look.font(bold=True))
        self.metrics = tuple(map(QFontMetrics, self.fonts))
        self.corner, self.dot, self.margin = look.px(8), look.px(16), look.px(6)


class MarkDelegate(QStyledItemDelegate):
    """Paints the marks of a MatrixModel."""

    _held: _Paints | None = None

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground, symbol, corner, and a frame where the keyboard is."""
        model = index.model()
        mark = model.mark(index) if isinstance(model, MatrixModel) else None
        if mark is None:
            return
        paints, rect = self._paints(), option.rect  # type: ignore[attr-defined]  # missing in the stubs
        state: int = option.state.value  # type: ignore[attr-defined]
        painter.save()
        self._paint_ground(painter, rect, state, mark, paints)
        if mark.dot is not None:
            size = paints.dot
            side = rect.left() + paints.margin if mark.text else rect.center().x() - size / 2 + 0.5
            paint_dot(painter, QRectF(side, rect.center().y() - size / 2 + 0.5, size, size), mark.dot)
            rect = rect.adjusted(size, 0, 0, 0) if mark.text else rect
        if mark.text:
            bold = mark.bold or mark.meaning in _GROUNDS
            painter.setFont(paints.fonts[bold])
            painter.setPen(paints.colours[_TEXTS.get(mark.meaning, "text")])
            text = mark.text
            if len(text) > SHORT:
                text = paints.metrics[bold].elidedText(text, Qt.TextElideMode.ElideRight, rect.width() - 4)
            painter.drawText(rect, _CENTRE, text)
        painter.restore()

    def _paints(self) -> _Paints:
        look = theme.current()
        if self._held is None or self._held.of != (look.tokens, look.scale):
            self._held = _Paints(look)
        return self._held

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """A target large enough to be hit."""
        return QSize(theme.current().px(MARK_WIDTH), theme.current().px(ROW_HEIGHT))

    @staticmethod
    def _paint_ground(painter: QPainter, rect: QRect, state: int, mark: Mark, paints: _Paints) -> None:
        colours = paints.colours
        if state & _SELECTED:
            painter.fillRect(rect, colours["accent_soft"])
        elif state & _HOVERED:
            painter.fillRect(rect, colours["hover"])
        elif mark.ground:
            painter.fillRect(rect, colours[_GROUNDS.get(mark.meaning, "hover")])
        painter.setPen(colours["line"])
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.drawLine(rect.topRight(), rect.bottomRight())
        if mark.flag:
            side, corner = paints.corner, rect.topRight()
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours["accent"])
            painter.drawPolygon(QPolygon([corner - QPoint(side, 0), corner, corner + QPoint(0, side)]))
        if state & _FOCUSED:
            painter.setPen(colours["accent"])
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(0, 0, -1, -1))
            painter.drawRect(rect.adjusted(1, 1, -2, -2))


class MatrixView(TableView):
    """Shows a MatrixModel; the heads stay in sight. Arrow keys move from cell to cell, Enter, Space or a double click
    open the cell."""

    cell_opened = Signal(object, str)
    """The row, and the key of the mark column (empty for a head)."""
    cell_changed = Signal(object, str)
    """Where the keyboard is now."""
    heading_clicked = Signal(str)
    """The key of the mark column whose heading was clicked."""

    def __init__(
        self,
        model: MatrixModel[Any],
        parent: QWidget | None = None,
        *,
        sortable: bool = True,
        stretching: bool = False,
        sharing: tuple[int, int] | None = None,
    ) -> None:
        """With ``stretching`` the last head takes the room that the marks leave, up to what its texts ask for, until
        the person gives it another width. With ``sharing`` the marks share the room that the heads leave, each between
        so many pixels at 100 %."""
        self.matrix = model  # Qt asks for places before the view is whole
        self._stretching, self._sharing = stretching, sharing
        self._own_width = False
        """Whether the person has given the last head its width."""
        super().__init__(model, parent)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setItemDelegate(MarkDelegate(self))
        self.verticalHeader().setDefaultSectionSize(theme.current().px(ROW_HEIGHT))
        header = self.horizontalHeader()
        header.setStretchLastSection(False)
        header.setSectionsMovable(False)
        header.setMinimumSectionSize(theme.current().px(28))
        # Marks are narrow; their headings need the room that other tables leave beside them.
        header.setStyleSheet("QHeaderView::section { padding: 6px 2px; }")
        header.setSectionsClickable(True)
        header.sectionClicked.connect(lambda section: self.heading_clicked.emit(model.key_at(section)))
        self.setSortingEnabled(sortable)
        self.frozen = FrozenHeads(self)
        self.doubleClicked.connect(self._open)
        header.sectionResized.connect(lambda section, _old, size: self._follow(section, size))
        model.modelReset.connect(self._laid_out_anew)
        self.selectionModel().currentChanged.connect(lambda index, _old: self._moved(index))
        # The heading's height is known once it is laid out.
        header.geometriesChanged.connect(self.place_heads)
        self.fit_columns()

    def remember_in(self, settings: Settings, key: str) -> None:
        """As ``TableView``; columns that came with another panel are laid out anew."""
        super().remember_in(settings, key)
        self._own_width = self._own_width or not settings.bytes_of(self._own_key).isEmpty()
        self._laid_out_anew(fit=False)

    def head_dragged(self, section: int, width: int) -> None:
        """The person gives a head another width, which is kept, also where the head would stretch by itself."""
        if self._stretching and section == len(self.matrix.heads) - 1:
            self._own_width = True
            if self._settings is not None:
                self._settings.keep_bytes(self._own_key, QByteArray(b"own"))
        self.setColumnWidth(section, width)

    @property
    def _own_key(self) -> str:
        return f"{self._key}-own-width"

    def fit_columns(self) -> None:
        """Heads as wide as their first rows ask for, marks all as wide as their columns say."""
        super().fit_columns()
        look, heads = theme.current(), len(self.matrix.heads)
        room = look.px(WIDEST_HEADS)
        for place in range(heads):
            left = room - sum(self.columnWidth(earlier) for earlier in range(place))
            self.setColumnWidth(place, max(look.px(96), min(self.columnWidth(place), left)))
        for place, column in enumerate(self.matrix.marks, start=heads):
            self.setColumnWidth(place, look.px(column.width))

    def place_heads(self) -> None:
        """Lay the frozen heads over the left edge."""
        width = sum(self.columnWidth(place) for place in range(len(self.matrix.heads)))
        height = self.viewport().height() + self.horizontalHeader().height()
        edge = self.frameWidth()
        self.frozen.setGeometry(edge, edge, min(width, self.viewport().width() * 2 // 3), height)
        self.frozen.horizontalHeader().setFixedHeight(self.horizontalHeader().height())

    def copy(self) -> None:
        """Put the selected cells on the clipboard, with their headings and the heads of their rows."""
        columns = {place for area in self.selected_areas() for place in range(area.left, area.right + 1)}
        shown = [place for place in range(len(self.matrix.columns)) if not self.isColumnHidden(place)]
        taken = [place for place in shown if place < len(self.matrix.heads) or place in columns]
        places = self.selected_places()
        if places:
            self.copy_table([self.matrix.columns[place] for place in taken], places)

    def current_cell(self) -> tuple[Any, str] | None:
        """The row and the column's key where the keyboard is."""
        index = self.currentIndex()
        return (self.matrix.row(index), self.matrix.key_at(index.column())) if index.isValid() else None

    def go_to_cell(self, wanted: Callable[[Any], bool], key: str = "") -> bool:
        """Put the keyboard on the first row for which ``wanted`` holds, in column ``key``; False when none is shown."""
        column = max(0, self.matrix.column_of(key))
        for place, row in enumerate(self.matrix.rows):
            if wanted(row):
                self.setCurrentIndex(self.matrix.index(place, column))
                return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space open the cell, Ctrl+C copies."""
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if event.key() in keys and not event.modifiers() and self.currentIndex().isValid():
            self._open(self.currentIndex())
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Bring a cell into sight, also from under the heads."""
        bar, before = self.horizontalScrollBar(), self.horizontalScrollBar().value()
        super().scrollTo(index, hint)
        if index.column() < len(self.matrix.heads):
            bar.setValue(before)
            return
        hidden = self.frozen.width() - self.visualRect(index).left()
        if hidden > 0:
            bar.setValue(bar.value() - hidden)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The heads keep the height of the view."""
        super().resizeEvent(event)
        if self._stretching and not self._own_width:
            self._stretch()
        self._share()
        self.place_heads()

    def _share(self) -> None:
        """Give all marks the same part of the room, so that as many as can be are seen without scrolling."""
        heads = len(self.matrix.heads)
        shown = [place for place in range(heads, len(self.matrix.columns)) if not self.isColumnHidden(place)]
        if self._sharing is None or not shown:
            return
        least, most = map(theme.current().px, self._sharing)
        room = self.viewport().width() - sum(self.columnWidth(place) for place in range(heads))
        width = max(least, min(most, room // len(shown)))
        for place in shown:
            self.setColumnWidth(place, width)

    def _stretch(self) -> None:
        head, heads = len(self.matrix.heads) - 1, len(self.matrix.heads)
        if head < 0 or self.isColumnHidden(head):
            return
        marks = sum(self.columnWidth(place) for place in range(heads, len(self.matrix.columns)))
        others = sum(self.columnWidth(place) for place in range(head))
        room, look = self.viewport().width() - marks - others, theme.current()
        self.setColumnWidth(head, max(look.px(NARROWEST_HEAD), min(room, look.px(WIDEST_HEADS))))

    def _open(self, index: Index) -> None:
        self.cell_opened.emit(self.matrix.row(index), self.matrix.key_at(index.column()))

    def _moved(self, index: QModelIndex) -> None:
        if index.isValid():
            self.cell_changed.emit(self.matrix.row(index), self.matrix.key_at(index.column()))

    def _follow(self, section: int, size: int) -> None:
        if section < len(self.matrix.heads):
            self.frozen.setColumnHidden(section, size == 0)
            if size:
                self.frozen.setColumnWidth(section, size)
            self._share()
            self.place_heads()

    def _laid_out_anew(self, *, fit: bool = True) -> None:
        if fit:
            self.fit_columns()
        self.frozen.show_heads()
        for section in range(len(self.matrix.heads)):
            self._follow(section, self.columnWidth(section))
        self._share()
        # Only after the header has taken the columns in.
        QTimer.singleShot(0, self, self.place_heads)
