"""Cells whose model gives them a ground: the style sheet paints none."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from qisp_desktop.gui.widgets.rows_model import Index


class GroundDelegate(QStyledItemDelegate):
    """Paints the model's BackgroundRole under a cell that is not selected."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The ground, then the cell."""
        ground = index.data(Qt.ItemDataRole.BackgroundRole)
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]  # missing in the stubs
        if isinstance(ground, QColor) and not state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, ground)  # type: ignore[attr-defined]
        super().paint(painter, option, index)
