"""Fields of the inspection's form that leave undo to the desk and the wheel to the page."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.gui import theme
from qisp_desktop.gui.widgets.card import button, label

_DAY = re.compile(r"(\d{4})\D{1,3}(\d{1,2})\D{1,3}(\d{1,2})\D?", re.ASCII)


class LineEdit(QLineEdit):
    """One line of text; what is typed last stays as it is typed while the field has the focus."""

    def show_text(self, text: str) -> None:
        """Show ``text``; while it is being typed, with the blanks that who types has not followed up yet."""
        if text != " ".join(self.text().split()) or not self.hasFocus():
            with QSignalBlocker(self):
                if text != self.text():
                    self.setText(text)


class DayEdit(QWidget):
    """A day, typed in any of the usual ways, or today."""

    chosen = Signal(object)
    """The day (date), or None when the field was emptied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.line = LineEdit()
        self.line.setPlaceholderText(_("such as 2026-07-03"))
        self.line.setFixedWidth(theme.current().px(168))
        self.line.setInputMethodHints(Qt.InputMethodHint.ImhPreferNumbers)
        self.line.textEdited.connect(self._typed)
        self.line.editingFinished.connect(self._settle)
        self.today = button(_("Today"))
        self.today.clicked.connect(lambda: self._choose(date.today()))  # noqa: DTZ011  # the day on the wall here
        self.wrong = label("", "bad")
        row.addWidget(self.line)
        row.addWidget(self.today)
        row.addWidget(self.wrong, 1)
        self.setFocusProxy(self.line)
        self._day: date | None = None

    def show_day(self, day: date | None, *, editable: bool) -> None:
        """Show ``day``; while it is being typed, in the spelling of who types."""
        self._day = day
        self.line.setReadOnly(not editable)
        self.today.setVisible(editable)
        if day != parse_day(self.line.text()):
            self.line.show_text("" if day is None else day.isoformat())
        self._mark(False)

    def _typed(self, text: str) -> None:
        # What is no day yet takes the day before it away: half of 2026-07-30 must not stay as the 3rd.
        self._choose(parse_day(text))

    def _settle(self) -> None:
        """Leaving the field: a day in the one spelling, or the word that it is none."""
        if self.line.text().strip() and parse_day(self.line.text()) is None:
            self._mark(True)
        elif self._day is not None and not self.line.isReadOnly():
            self.line.setText(self._day.isoformat())

    def _choose(self, day: date | None) -> None:
        self._day = day
        if day is not None and day != parse_day(self.line.text()):
            self.line.setText(day.isoformat())
        self._mark(False)
        self.chosen.emit(day)

    def _mark(self, wrong: bool) -> None:
        self.wrong.setText(_("This is no day; write it as 2026-07-03.") if wrong else "")
        if bool(self.line.property("wrong")) != wrong:
            self.line.setProperty("wrong", wrong)
            self.line.style().unpolish(self.line)
            self.line.style().polish(self.line)


def parse_day(text: str) -> date | None:
    """The day that ``text`` writes: ``2026-07-03``, ``2026.7.3``, ``2026年7月3日``, full-width too; else None."""
    match = _DAY.fullmatch(unicodedata.normalize("NFKC", text[:40]).strip())
    if match is None:
        return None
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        return None


class ComboBox(QComboBox):
    """A list to choose from; each entry has a key. The wheel scrolls the page instead of choosing."""

    chosen = Signal(str)
    """The key that the person chose."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys: list[str] = []
        self._texts: list[str] = []
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.activated.connect(lambda place: self.chosen.emit(self._keys[place]))

    def show_choice(self, choices: Sequence[tuple[str, str]], key: str) -> None:
        """Show ``choices`` (keys and texts) with the one of ``key`` chosen; nothing is sent."""
        keys, texts = [one for one, _text in choices], [text for _key, text in choices]
        with QSignalBlocker(self):
            if (keys, texts) != (self._keys, self._texts):
                self._keys, self._texts = keys, texts
                self.clear()
                self.addItems(texts)
            self.setCurrentIndex(keys.index(key) if key in keys else -1)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()
