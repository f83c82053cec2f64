"""The spread of an application's totals as a small dot plot in a table's cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from qisp_desktop.gui import theme
from qisp_desktop.gui.widgets.rows_model import Index

SPREAD_ROLE = Qt.ItemDataRole.UserRole + 2
DOT, MARGIN = 4, 12
STEP = 10
"""Points between the marks of the scale."""


class Spread(NamedTuple):
    """The totals that a cell shows: which of them were dropped, the final score, and the scale's two ends."""

    totals: Mapping[str, Decimal]
    dropped: tuple[str, ...]
    final: Decimal | None
    lowest: Decimal
    highest: Decimal


def scale_of(totals: Sequence[Decimal], maximum: Decimal) -> tuple[Decimal, Decimal]:
    """The ends of the scale on which all ``totals`` of a round are shown: whole tens, up to the rubric's maximum."""
    if not totals:
        return Decimal(0), maximum
    lowest = (min(totals) // STEP) * STEP
    return min(lowest, maximum - STEP), maximum


class SpreadDelegate(QStyledItemDelegate):
    """Paints a Spread: a dot for each total, hollow where it was dropped, and a line at the final score."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The cell's ground, then the plot."""
        look = theme.current()
        rect = QRectF(option.rect)  # type: ignore[attr-defined]  # missing in the stubs
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:  # type: ignore[attr-defined]
            painter.fillRect(rect, QColor(look.tokens.accent_soft))
        painter.setPen(QPen(QColor(look.tokens.line), 1))
        painter.drawLine(rect.bottomLeft() - QPointF(0, 0.5), rect.bottomRight() - QPointF(0, 0.5))
        spread = index.data(SPREAD_ROLE)
        if isinstance(spread, Spread) and spread.totals:
            self._plot(painter, rect, spread)
        painter.restore()

    def _plot(self, painter: QPainter, rect: QRectF, spread: Spread) -> None:
        look = theme.current()
        middle, dot = rect.center().y(), look.px(DOT)
        left, width = rect.left() + look.px(MARGIN), rect.width() - 2 * look.px(MARGIN)
        span = float(spread.highest - spread.lowest) or 1.0

        def place(points: Decimal) -> float:
            return left + width * float(points - spread.lowest) / span

        painter.setPen(QPen(QColor(look.tokens.edge), 1))
        painter.drawLine(QPointF(left, middle), QPointF(left + width, middle))
        if spread.final is not None:
            painter.setPen(QPen(QColor(look.tokens.text), 2))
            at = place(spread.final)
            painter.drawLine(QPointF(at, middle - 2 * dot), QPointF(at, middle + 2 * dot))
        accent, ground = QColor(look.tokens.accent), QColor(look.tokens.card)
        for expert, total in spread.totals.items():
            painter.setPen(QPen(accent, 1.4))
            painter.setBrush(ground if expert in spread.dropped else accent)
            painter.drawEllipse(QPointF(place(total), middle), dot, dot)
