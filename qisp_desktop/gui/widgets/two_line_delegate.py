"""Rows of two lines, each cut with an ellipsis where it is too long: a name, and what is to know about it."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from qisp_desktop.gui import assets, theme
from qisp_desktop.gui.widgets.rows_model import DOT_ROLE, Index
from qisp_desktop.gui.widgets.status_dot import Dot, paint_dot

SECOND_ROLE = Qt.ItemDataRole.UserRole + 10
"""The second line."""
ICON_ROLE = Qt.ItemDataRole.UserRole + 11
"""The name of an icon that stands before both lines."""
ABSENT_ROLE = Qt.ItemDataRole.UserRole + 12
"""True where the row stands for something that is not there."""
SIDE_ROLE = Qt.ItemDataRole.UserRole + 13
"""A short word at the right of the first line."""

PADDING = 12
ICON = 24
DOT = 16


class TwoLineDelegate(QStyledItemDelegate):
    """Paints the display text above ``SECOND_ROLE``, icon or ``DOT_ROLE`` before both, ``SIDE_ROLE`` at the right.

    A second line that is too long is cut as ``cut`` says: in the middle (paths), or at the end (sentences).
    """

    def __init__(self, parent: QObject | None = None, *, cut: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle) -> None:
        super().__init__(parent)
        self._cut = cut

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Two lines of text with room around them."""
        height = QFontMetrics(theme.current().font()).height() * 2 + PADDING * 2
        return QSize(160, height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The row in the theme's colours."""
        look = theme.current()
        rect: QRect = option.rect  # type: ignore[attr-defined]  # missing in the stubs
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        absent = bool(index.data(ABSENT_ROLE))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, rect, state)
        inner = rect.adjusted(PADDING, PADDING, -PADDING, -PADDING)
        if icon := index.data(ICON_ROLE):
            size = look.px(ICON)
            ratio = painter.device().devicePixelRatio()
            picture = assets.picture(str(icon), "disabled" if absent else "accent_text", size, ratio)
            painter.drawPixmap(inner.left(), inner.center().y() - size // 2, picture)
            inner.setLeft(inner.left() + size + PADDING)
        elif isinstance(dot := index.data(DOT_ROLE), Dot):
            size = look.px(DOT)
            paint_dot(painter, QRectF(inner.left(), inner.center().y() - size / 2 + 0.5, size, size), dot)
            inner.setLeft(inner.left() + size + PADDING)
        self._paint_lines(painter, inner, index, absent)
        painter.restore()

    @staticmethod
    def _paint_ground(painter: QPainter, rect: QRect, state: QStyle.StateFlag) -> None:
        look = theme.current()
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("accent_soft" if selected else "hover"))
            painter.drawRoundedRect(rect.adjusted(2, 1, -2, -1), 6, 6)

    def _paint_lines(self, painter: QPainter, rect: QRect, index: Index, absent: bool) -> None:
        look = theme.current()
        side = str(index.data(SIDE_ROLE) or "")
        metrics = QFontMetrics(look.font())
        side_width = metrics.horizontalAdvance(side) + PADDING if side else 0
        first = QRect(rect.left(), rect.top(), rect.width() - side_width, rect.height() // 2)
        second = QRect(rect.left(), rect.top() + rect.height() // 2, rect.width(), rect.height() - rect.height() // 2)
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        bold = look.font(bold=True)
        painter.setFont(bold)
        painter.setPen(look.colour("second" if absent else "text"))
        painter.drawText(first, flags, _cut(QFontMetrics(bold), str(index.data()), first.width()))
        painter.setFont(look.font())
        painter.setPen(look.colour("second"))
        text = str(index.data(SECOND_ROLE) or "")
        painter.drawText(second, flags, metrics.elidedText(text, self._cut, second.width()))
        if side:
            painter.setPen(look.colour("warn_text" if absent else "second"))
            place = QRect(rect.right() - side_width, rect.top(), side_width, first.height())
            painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), side)


def _cut(metrics: QFontMetrics, text: str, width: int) -> str:
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
