"""The passphrase from the sealed letter: 20 digits in 5 groups, typed or pasted, in whatever spelling."""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.gui import theme

GROUPS = 5
DIGITS = 4


def digits_of(text: str) -> str:
    """The decimal digits in ``text``, full-width ones as plain ones; nothing else of it."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isascii() and c.isdigit())


class PassphraseEdit(QWidget):
    """Five boxes that act as one field: typing runs on, pasting fills all, Backspace runs back."""

    changed = Signal()
    submitted = Signal()
    """Enter was pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self.groups: list[QLineEdit] = []
        for index in range(GROUPS):
            if index:
                row.addWidget(QLabel("–"))
            group = self._group(index)
            self.groups.append(group)
            row.addWidget(group)
        row.addStretch(1)
        self.setFocusProxy(self.groups[0])

    def text(self) -> str:
        """What was typed so far, in the letter's form ``4821-0937-5526-1204-7788``."""
        return "-".join(group.text() for group in self.groups if group.text())

    def set_text(self, text: str) -> None:
        """Put the digits of ``text`` into the boxes and the rest away."""
        digits = digits_of(text)
        for index, group in enumerate(self.groups):
            group.setText(digits[index * DIGITS : (index + 1) * DIGITS])
        self.changed.emit()

    @property
    def complete(self) -> bool:
        """Whether all 20 digits are there."""
        return all(len(group.text()) == DIGITS for group in self.groups)

    def clear(self) -> None:
        """Empty all boxes and go to the first."""
        self.set_text("")
        self.groups[0].setFocus()

    def set_hidden(self, hidden: bool) -> None:
        """Show dots instead of digits, or digits again."""
        mode = QLineEdit.EchoMode.Password if hidden else QLineEdit.EchoMode.Normal
        for group in self.groups:
            group.setEchoMode(mode)

    def set_wrong(self, wrong: bool) -> None:
        """Mark the boxes as holding a wrong passphrase, or take the mark away."""
        for group in self.groups:
            if group.property("wrong") != wrong:
                group.setProperty("wrong", wrong)
                group.style().unpolish(group)
                group.style().polish(group)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the keys of one box run over into its neighbours."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and isinstance(watched, QLineEdit):
            return self._key(self.groups.index(watched), event)
        return super().eventFilter(watched, event)

    def _group(self, index: int) -> QLineEdit:
        group = QLineEdit()
        group.setAlignment(Qt.AlignmentFlag.AlignCenter)
        group.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly | Qt.InputMethodHint.ImhSensitiveData)
        group.setAccessibleName(_("Passphrase, group {number} of 5").format(number=index + 1))
        group.setFont(theme.current().font(15))
        group.setFixedWidth(group.fontMetrics().horizontalAdvance("0") * (DIGITS + 1) + 28)
        group.textEdited.connect(lambda text: self._edited(index, text))
        group.installEventFilter(self)
        return group

    def _edited(self, index: int, text: str) -> None:
        digits = digits_of(text)
        group = self.groups[index]
        if len(digits) <= DIGITS:
            place = len(digits_of(text[: group.cursorPosition()]))
            if digits != text:
                group.setText(digits)
                group.setCursorPosition(place)
            if len(digits) == DIGITS and place == DIGITS and index + 1 < GROUPS:
                self._go(index + 1, 0)
        else:
            self._spread(index, digits)
        self.set_wrong(False)
        self.changed.emit()

    def _spread(self, index: int, digits: str) -> None:
        # A whole passphrase fills all boxes, wherever it was pasted.
        first = 0 if len(digits) >= GROUPS * DIGITS else index
        last = first
        for position in range(first, GROUPS):
            part, digits = digits[:DIGITS], digits[DIGITS:]
            if not part:
                break
            self.groups[position].setText(part)
            last = position
        self._go(last, len(self.groups[last].text()))

    def _key(self, index: int, event: QKeyEvent) -> bool:
        group = self.groups[index]
        at_start, at_end = group.cursorPosition() == 0, group.cursorPosition() == len(group.text())
        selected = group.hasSelectedText()
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.submitted.emit()
            case Qt.Key.Key_Backspace if at_start and not selected and index:
                before = self.groups[index - 1]
                before.setText(before.text()[:-1])
                self._go(index - 1, len(before.text()))
                self.changed.emit()
            case Qt.Key.Key_Left if at_start and not selected and index:
                self._go(index - 1, len(self.groups[index - 1].text()))
            case Qt.Key.Key_Right | Qt.Key.Key_Space | Qt.Key.Key_Minus if (
                at_end and group.text() and index + 1 < GROUPS
            ):
                self._go(index + 1, 0)
            case _:
                return False
        return True

    def _go(self, index: int, place: int) -> None:
        group = self.groups[index]
        group.setFocus(Qt.FocusReason.TabFocusReason)
        group.deselect()
        group.setCursorPosition(place)
