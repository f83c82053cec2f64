"""Search as one types: parts of words, or the initials of their pinyin (``sfjl`` finds 示范计量)."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from qisp_desktop.gui import assets

PAUSE_MS = 60
"""A burst of keys is one search."""


@lru_cache(maxsize=16384)
def folded(text: str) -> str:
    """``text`` as it is compared: full-width forms as plain ones, no case."""
    return unicodedata.normalize("NFKC", text).casefold()


def matches(text: str, query: str) -> bool:
    """Whether each word of ``query`` stands in ``text`` or is the pinyin initials of a part of it."""
    return all(word in folded(text) or _starts_of(text, word) for word in folded(query).split())


def _starts_of(text: str, letters: str) -> bool:
    if not (letters.isascii() and letters.isalnum()) or letters.isdigit():
        return False
    options = _initials(text)
    return any(
        all(letter in options[start + offset] for offset, letter in enumerate(letters))
        for start in range(len(options) - len(letters) + 1)
    )


@lru_cache(maxsize=16384)
def _initials(text: str) -> tuple[str, ...]:
    return tuple(_letters(c) for c in folded(text) if not c.isspace())


@cache
def _letters(character: str) -> str:
    """The letters a character may be typed by; several for one with several readings (重: c, z)."""
    if character.isascii():
        return character
    from pypinyin import Style, pinyin  # its tables take a while to load, and many never search by pinyin

    readings = pinyin(character, style=Style.FIRST_LETTER, heteronym=True, errors="ignore")
    return "".join(readings[0]) if readings else character


class SearchField(QLineEdit):
    """A line with a magnifier; ``searched`` carries the query a moment after the last key, Escape empties it."""

    searched = Signal(str)

    def __init__(self, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self.setClearButtonEnabled(True)
        self.addAction(QAction(assets.icon("search", "second"), "", self), QLineEdit.ActionPosition.LeadingPosition)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(lambda: self.searched.emit(self.text()))
        self.textChanged.connect(lambda _text: self._pause.start())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape empties the field; Enter searches at once."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._pause.stop()
            self.searched.emit(self.text())
        else:
            super().keyPressEvent(event)
