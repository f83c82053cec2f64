"""The field for a remark: it grows with its text, and its undo is the desk's."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.domain.score_sheet import LONGEST_REMARK
from qisp_desktop.gui import theme
from qisp_desktop.services.desk_scoring import clean_text

MOST_LINES = 8
"""Higher than this it scrolls."""


class RemarkEdit(QPlainTextEdit):
    """Shows and takes the remark on one criterion."""

    remarked = Signal(str)
    """The text after each change."""
    refused = Signal(str)
    """Why something was not taken."""
    left = Signal(int)
    """An arrow key led out of it: -1 upwards, 1 downwards."""
    entered = Signal()
    """The field has the focus now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setUndoRedoEnabled(False)  # undo goes through the whole desk
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.textChanged.connect(self._changed)
        self.document().documentLayout().documentSizeChanged.connect(lambda _size: self._fit())
        self._fit()

    def show_remark(self, text: str) -> None:
        """Show ``text``; while it is being typed, with the blanks that who types has not followed up yet."""
        if clean_text(self.toPlainText()) == text:
            return
        with QSignalBlocker(self):
            self.setPlainText(text)
        self.moveCursor(QTextCursor.MoveOperation.End)
        self._fit()

    @property
    def caret(self) -> int:
        """Where the caret stands, in characters as Qt counts them."""
        return self.textCursor().position()

    def set_caret(self, place: int) -> None:
        """Put the caret at ``place``, or at the end of a shorter text."""
        cursor = self.textCursor()
        cursor.setPosition(max(0, min(place, self.document().characterCount() - 1)))
        self.setTextCursor(cursor)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell that the person is here."""
        super().focusInEvent(event)
        self.entered.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrow keys lead out where there is no line above or below."""
        if event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier):
            if event.key() == Qt.Key.Key_Up and not self._line(QTextCursor.MoveOperation.Up):
                self.left.emit(-1)
                return
            if event.key() == Qt.Key.Key_Down and not self._line(QTextCursor.MoveOperation.Down):
                self.left.emit(1)
                return
        super().keyPressEvent(event)

    def _line(self, way: QTextCursor.MoveOperation) -> bool:
        return self.textCursor().movePosition(way)

    def _changed(self) -> None:
        text = self.toPlainText()
        excess = len(text) - LONGEST_REMARK
        if excess > 0:
            self._take_back(excess)
            text = self.toPlainText()
        self.remarked.emit(text)
        if excess > 0:
            self.refused.emit(_("A remark has at most {count} characters.").format(count=LONGEST_REMARK))

    def _take_back(self, excess: int) -> None:
        """Take so many characters away before the caret, where they have just come in: what stood there stays."""
        cursor = self.textCursor()
        end = cursor.position()
        cursor.movePosition(QTextCursor.MoveOperation.Start, QTextCursor.MoveMode.KeepAnchor)
        kept = cursor.selectedText()[:-excess]
        cursor.setPosition(len(kept.encode("utf-16-le")) // 2)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        with QSignalBlocker(self):
            cursor.removeSelectedText()
        self.setTextCursor(cursor)

    def _fit(self) -> None:
        lines = max(1, round(self.document().size().height()))
        around = 2 * round(self.document().documentMargin()) + 2 * theme.current().px(3) + 2
        shown = min(lines, MOST_LINES)
        height = max(theme.current().px(36), shown * self.fontMetrics().lineSpacing() + around)
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(policy.ScrollBarAsNeeded if lines > MOST_LINES else policy.ScrollBarAlwaysOff)
        if height != self.height():
            self.setFixedHeight(height)
