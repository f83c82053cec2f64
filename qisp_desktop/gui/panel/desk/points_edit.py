"""The field for the points of a criterion: what cannot become a score is refused while it is typed."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFocusEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QLineEdit, QSlider, QStyle, QStyleOptionSlider, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.domain.rubric import Criterion, Rubric
from qisp_desktop.gui import theme
from qisp_desktop.gui.panel.desk.typed_points import as_digits, may_become_score, range_text, value_of
from qisp_desktop.gui.stylesheet import role


class PointsEdit(QLineEdit):
    """Shows and takes points of one criterion."""

    scored = Signal(object)
    """The points (Decimal), or None when the field was emptied."""
    refused = Signal(str)
    """What was typed cannot stand; carries what can."""
    entered = Signal()
    """The field has the focus now."""

    def __init__(self, criterion: Criterion, rubric: Rubric, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._criterion = criterion
        self._rubric = rubric
        self._points: Decimal | None = None
        self._accepted = ""
        self.setProperty(*role("points"))
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        # Digits only would close the input method on some systems, and with it full-width digits.
        self.setInputMethodHints(Qt.InputMethodHint.ImhPreferNumbers)
        self.setAccessibleName(_("Points for {name}").format(name=criterion.label))
        self.setAccessibleDescription(range_text(criterion, rubric))
        self.setToolTip(range_text(criterion, rubric))
        self.setFixedWidth(theme.current().px(76))
        self.textEdited.connect(self._edited)

    def show_points(self, points: Decimal | None) -> None:
        """Show ``points``; while they are being typed, in the words of who types."""
        self._points = points
        typed = value_of(self.text(), self._criterion, self._rubric)
        if self.hasFocus() and typed == points and (points is not None or not self.text()):
            return
        text = "" if points is None else self._rubric.points_text(points)
        if text != self.text():
            self.setText(text)
            if self.hasFocus():
                self.selectAll()
        self._accepted = text

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Select everything, so that a digit replaces it."""
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.selectAll()
        self.entered.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show the points in full; what was only half a score is gone."""
        super().focusOutEvent(event)
        self.deselect()
        with QSignalBlocker(self):
            self.setText("" if self._points is None else self._rubric.points_text(self._points))
        self._accepted = self.text()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The click that brings the focus selects everything, as the keyboard does."""
        had_focus = self.hasFocus()
        super().mousePressEvent(event)
        if not had_focus:
            self.selectAll()

    def _edited(self, text: str) -> None:
        digits = as_digits(text)
        if not may_become_score(digits, self._criterion, self._rubric):
            self._put(self._accepted, len(self._accepted))
            self.refused.emit(_("Only {range}").format(range=range_text(self._criterion, self._rubric)))
            return
        if digits != text:
            self._put(digits, min(self.cursorPosition(), len(digits)))
        self._accepted = digits
        points = value_of(digits, self._criterion, self._rubric)
        if points is not None or not digits:
            self.scored.emit(points)

    def _put(self, text: str, cursor: int) -> None:
        with QSignalBlocker(self):
            self.setText(text)
        self.setCursorPosition(cursor)


class PointsSlider(QSlider):
    """The points on a line, in steps; a click goes there at once, and the wheel scrolls the page instead of scoring."""

    chosen = Signal(object)
    """The points (Decimal) that the mouse chose."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._step = Decimal(1)
        # The keyboard has the field beside it, where the arrow keys go between criteria.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.valueChanged.connect(lambda value: self.chosen.emit(self._step * value))

    def show_points(self, points: Decimal | None, criterion: Criterion, rubric: Rubric) -> None:
        """Stand at ``points`` on the line of ``criterion``."""
        self._step = rubric.step
        with QSignalBlocker(self):
            self.setRange(0, int(criterion.maximum / rubric.step))
            self.setValue(0 if points is None else int(points / rubric.step))
        self.setAccessibleName(_("Points for {name}").format(name=criterion.label))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go where the button was pressed, then drag from there."""
        if event.button() == Qt.MouseButton.LeftButton:
            option = QStyleOptionSlider()
            self.initStyleOption(option)
            control, handle = QStyle.ComplexControl.CC_Slider, QStyle.SubControl.SC_SliderHandle
            knob = self.style().subControlRect(control, option, handle, self)
            if not knob.contains(event.position().toPoint()):
                room = self.width() - knob.width()
                at = round(event.position().x()) - knob.width() // 2
                self.setValue(QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), at, room))
        super().mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()
