"""Where a signature is drawn: by mouse, pen or finger, kept as lines."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QTabletEvent,
    QTouchEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.domain.handwriting import BOX, MOST_POINTS, Handwriting
from qisp_desktop.gui import theme
from qisp_desktop.gui.widgets.card import button, label

RATIO = 3
"""The pad is this many times as wide as it is high."""
SIZE = QSize(420, 140)
SMALLEST_STEP = 3
"""Movements shorter than this, in units of the box, add no point."""
_PEN = 2.4
_MARGIN = 12


class SignaturePad(QWidget):
    """A box to sign in. ``changed`` is sent after each stroke, and when strokes were taken away by the person."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strokes: list[list[int]] = []
        self._drawing = False
        self._read_only = False
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    # What is drawn --------------------------------------------------------------------------------------------------

    @property
    def drawing(self) -> Handwriting | None:
        """What was drawn; None while the box is empty."""
        return Handwriting(tuple(tuple(stroke) for stroke in self._strokes)) if self._strokes else None

    def show_drawing(self, drawing: Handwriting | None) -> None:
        """Show ``drawing`` in place of what is there; nothing is sent."""
        if drawing != self.drawing:
            self._show(drawing.strokes if drawing is not None else ())

    def set_read_only(self, read_only: bool) -> None:
        """Whether the box only shows."""
        self._read_only = read_only
        self.setCursor(Qt.CursorShape.ArrowCursor if read_only else Qt.CursorShape.CrossCursor)
        self.update()

    def clear(self) -> None:
        """Take everything away."""
        if self._strokes and not self._read_only:
            self._show(())
            self.changed.emit()

    def undo_stroke(self) -> None:
        """Take the last stroke away."""
        if self._strokes and not self._read_only:
            self._show(self._strokes[:-1])
            self.changed.emit()

    def _show(self, strokes: Sequence[Sequence[int]]) -> None:
        self._strokes = [list(stroke) for stroke in strokes]
        self._drawing = False
        self.update()

    # Drawing --------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The left button puts the pen down."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._put_down(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The pen moves."""
        self._move(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The pen is lifted."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._lift()

    def tabletEvent(self, event: QTabletEvent) -> None:
        """A pen draws as the mouse does; accepted, so that it is not sent as a mouse again."""
        self._follow(event.type(), event.position())
        event.accept()

    def event(self, event: QEvent) -> bool:
        """A finger draws as the mouse does; a second finger is not a second pen."""
        if isinstance(event, QTouchEvent) and event.points():
            self._follow(event.type(), event.points()[0].position())
            event.accept()
            return True
        return super().event(event)

    def _follow(self, kind: QEvent.Type, position: QPointF) -> None:
        match kind:
            case QEvent.Type.TabletPress | QEvent.Type.TouchBegin:
                self._put_down(position)
            case QEvent.Type.TabletMove | QEvent.Type.TouchUpdate:
                self._move(position)
            case QEvent.Type.TabletRelease | QEvent.Type.TouchEnd | QEvent.Type.TouchCancel:
                self._lift()

    def _put_down(self, position: QPointF) -> None:
        if not self._read_only and sum(map(len, self._strokes)) < 2 * MOST_POINTS - 2:
            self._drawing = True
            self._strokes.append(list(self._units(position)))
            self.update()

    def _move(self, position: QPointF) -> None:
        if not self._drawing or sum(map(len, self._strokes)) >= 2 * MOST_POINTS - 2:
            return
        x, y = self._units(position)
        stroke = self._strokes[-1]
        if abs(x - stroke[-2]) + abs(y - stroke[-1]) >= SMALLEST_STEP:
            stroke += (x, y)
            self.update()

    def _lift(self) -> None:
        if self._drawing:
            self._drawing = False
            self.changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Backspace takes the last stroke away, Delete everything."""
        match event.key():
            case Qt.Key.Key_Backspace:
                self.undo_stroke()
            case Qt.Key.Key_Delete:
                self.clear()
            case _:
                super().keyPressEvent(event)

    # Showing --------------------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """A signature's size at the chosen scale."""
        scale = theme.current().px
        return QSize(scale(SIZE.width()), scale(SIZE.height()))

    def minimumSizeHint(self) -> QSize:
        """Two thirds of it; the box keeps its proportions."""
        hint = self.sizeHint()
        return QSize(hint.width() * 2 // 3, hint.height() * 2 // 3)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The frame shows the focus."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The frame shows the focus."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The box, the line to sign on, and the strokes."""
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self._area()
        focused = self.hasFocus()
        painter.setPen(QPen(tokens.colour("accent" if focused else "edge"), 2 if focused else 1))
        painter.setBrush(tokens.colour("window" if self._read_only else "card"))
        painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 8, 8)
        self._paint_line(painter, area)
        pen = QPen(tokens.colour("text"), _PEN * area.width() / SIZE.width())
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for stroke in self._strokes:
            painter.drawPath(self._path(stroke, area))
        painter.end()

    def _paint_line(self, painter: QPainter, area: QRectF) -> None:
        tokens = theme.current()
        y = area.bottom() - area.height() / 4
        painter.setPen(QPen(tokens.colour("line"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(area.left() + _MARGIN, y), QPointF(area.right() - _MARGIN, y))
        if not self._strokes and not self._read_only:
            painter.setPen(tokens.colour("second"))
            painter.drawText(area.adjusted(0, 0, 0, -area.height() / 4), Qt.AlignmentFlag.AlignCenter, _("Sign here"))

    def _path(self, stroke: Sequence[int], area: QRectF) -> QPainterPath:
        unit = area.width() / BOX
        points = [
            QPointF(area.left() + x * unit, area.bottom() - y * unit)
            for x, y in zip(stroke[::2], stroke[1::2], strict=True)
        ]
        path = QPainterPath(points[0])
        for point in points[1:] or [points[0] + QPointF(0.1, 0)]:
            path.lineTo(point)
        return path

    def _area(self) -> QRectF:
        """Where can be drawn: as large as fits, in the pad's proportions."""
        width = min(self.width(), self.height() * RATIO)
        height = width / RATIO
        return QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)

    def _units(self, position: QPointF) -> tuple[int, int]:
        """A place on the pad in units of the box, y upwards; what lies outside is drawn along the edge."""
        area = self._area()
        unit = max(area.width(), 1.0) / BOX
        x = round((position.x() - area.left()) / unit)
        y = round((area.bottom() - position.y()) / unit)
        return max(0, min(x, BOX)), max(0, min(y, BOX // RATIO))


class SignatureField(QWidget):
    """A pad under its title, with what takes strokes away again."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self.pad = SignaturePad()
        self.pad.changed.connect(self._changed)
        row = QHBoxLayout()
        self.title = label("", "second", wrap=True)
        self.undo = button(_("Undo stroke"), "link")
        self.clear = button(_("Clear"), "link")
        self.undo.clicked.connect(self.pad.undo_stroke)
        self.clear.clicked.connect(self.pad.clear)
        row.addWidget(self.title, 1)
        row.addWidget(self.undo)
        row.addWidget(self.clear)
        column.addLayout(row)
        column.addWidget(self.pad)
        self.setFocusProxy(self.pad)
        self._refresh()

    @property
    def drawing(self) -> Handwriting | None:
        """What was drawn; None while the box is empty."""
        return self.pad.drawing

    def set_title(self, title: str) -> None:
        """Say whose signature it is."""
        self.title.setText(title)
        self.pad.setAccessibleName(title)

    def show_drawing(self, drawing: Handwriting | None, *, read_only: bool = False) -> None:
        """Show ``drawing``; nothing is sent."""
        self.pad.set_read_only(read_only)
        self.pad.show_drawing(drawing)
        self._read_only = read_only
        self._refresh()

    _read_only = False

    def _changed(self) -> None:
        self._refresh()
        self.changed.emit()

    def _refresh(self) -> None:
        for one in (self.undo, self.clear):
            one.setVisible(not self._read_only)
            one.setEnabled(self.pad.drawing is not None)
