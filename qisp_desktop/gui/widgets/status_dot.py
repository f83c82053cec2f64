"""Where something stands, at a glance: a shape and a colour together, never colour alone."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from qisp_desktop.gui import theme


class Dot(Enum):
    """A state: token of its colour and whether it is empty, half, full, ticked, barred or a warning."""

    NEW = ("edge", "empty")
    STARTED = ("warn", "half")
    COMPLETE = ("good", "full")
    SIGNED = ("good", "tick")
    RECUSED = ("second", "bar")
    CONFLICT = ("bad", "mark")

    @property
    def token(self) -> str:
        """The name of its colour."""
        return str(self.value[0])

    @property
    def shape(self) -> str:
        """The name of its shape."""
        return str(self.value[1])


def paint_dot(painter: QPainter, rect: QRectF, dot: Dot) -> None:
    """Draw ``dot`` as large as fits into the middle of ``rect``."""
    size = min(rect.width(), rect.height()) - 2
    circle = QRectF(rect.center().x() - size / 2, rect.center().y() - size / 2, size, size)
    tokens = theme.current().tokens
    colour, ground = QColor(getattr(tokens, dot.token)), QColor(tokens.card)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, max(1.5, size / 8)))
    painter.setBrush(colour if dot.shape in ("full", "tick", "mark") else Qt.BrushStyle.NoBrush)
    painter.drawEllipse(circle)
    stroke = QPen(ground, max(1.5, size / 7), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
    match dot.shape:
        case "half":
            painter.setBrush(colour)
            painter.drawPie(circle, 90 * 16, 180 * 16)
        case "bar":
            painter.drawLine(_at(circle, 0.18, 0.82), _at(circle, 0.82, 0.18))
        case "tick":
            painter.setPen(stroke)
            painter.drawPolyline([_at(circle, 0.26, 0.52), _at(circle, 0.44, 0.70), _at(circle, 0.76, 0.34)])
        case "mark":
            painter.setPen(stroke)
            painter.drawLine(_at(circle, 0.5, 0.24), _at(circle, 0.5, 0.56))
            painter.drawPoint(_at(circle, 0.5, 0.77))
    painter.restore()


def _at(rect: QRectF, x: float, y: float) -> QPointF:
    return QPointF(rect.left() + rect.width() * x, rect.top() + rect.height() * y)


class StatusDot(QWidget):
    """A dot on its own; ``text`` says the same in words to who cannot see it."""

    def __init__(self, dot: Dot, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dot = dot
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_dot(dot, text)

    def set_dot(self, dot: Dot, text: str) -> None:
        """Show another state."""
        self._dot = dot
        self.setAccessibleName(text)
        self.setToolTip(text)
        self.update()

    def sizeHint(self) -> QSize:
        """16 pixels at 100 %."""
        side = theme.current().px(16)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the dot."""
        painter = QPainter(self)
        paint_dot(painter, QRectF(self.rect()), self._dot)
        painter.end()
