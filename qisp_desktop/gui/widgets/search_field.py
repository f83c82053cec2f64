"""Search as one types: parts of words, or the initials of their pinyin (``sfjl`` finds 示范计量)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from qisp_desktop.gui import assets

PAUSE_MS = 60
"""A burst of keys is one search."""


class Searched:
    """A text as it is compared, without case and with full-width forms as ``plain`` ones."""

    __slots__ = ("initials", "plain")

    def __init__(self, text: str) -> None:
        self.plain = _folded(text)
        self.initials: str | None = None
        """See ``spell``; None until it is first asked for."""

    def spell(self) -> str:
        """The initials of its characters' pinyin; one with several (重: c, z) has a code of _READINGS.

        Lines that are their own initials, such as digests, are left out: who searches looks at the plain text first.
        """
        lines = (line for line in self.plain.split("\n") if not line.isascii() or " " in line or "\t" in line)
        self.initials = "\n".join(lines).translate(_LETTERS)
        return self.initials


def matches(text: str, query: str) -> bool:
    """Whether each word of ``query`` stands in ``text`` or is the pinyin initials of a part of it."""
    return searcher(query)(Searched(text))


def searcher(query: str) -> Callable[[Searched], bool]:
    """``matches`` for one ``query`` and thousands of texts."""
    words = [(word, _is_initials(word)) for word in _folded(query).split()]

    def found(text: Searched) -> bool:
        for word, spelt in words:  # in one piece: a call more for each row would take as long as the comparing
            if word in text.plain:
                continue
            if not spelt:
                return False
            initials = text.spell() if text.initials is None else text.initials
            if word not in initials and (initials.isascii() or _pattern(word, len(_READINGS)).search(initials) is None):
                return False
        return True

    return found


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _is_initials(word: str) -> bool:
    return word.isascii() and word.isalnum() and not word.isdigit()


@lru_cache(maxsize=256)
def _pattern(letters: str, _known: int) -> re.Pattern[str]:
    """What finds ``letters`` also where a character has several initials, of which so many sets are known."""
    return re.compile("".join(f"[{letter}{_codes_with(letter)}]" for letter in letters))


def _codes_with(letter: str) -> str:
    return "".join(code for initials, code in _READINGS.items() if letter in initials)


_READINGS: dict[str, str] = {}
"""Each set of initials that one character can have, and the private use character that stands for it."""
_FIRST_CODE = 0xE000


class _Letters(dict[int, str]):
    """For ``str.translate``: a character becomes its initial, found once; blanks within a line vanish."""

    def __missing__(self, code: int) -> str:
        found = self[code] = _letter(chr(code))
        return found


_LETTERS = _Letters()


def _letter(character: str) -> str:
    if character.isspace() and character != "\n":
        return ""
    if character.isascii():
        return character
    from pypinyin import Style, pinyin  # its tables take a while to load, and many never search by pinyin

    readings = pinyin(character, style=Style.FIRST_LETTER, heteronym=True, errors="ignore")
    initials = "".join(sorted({letter for reading in readings for letter in reading if letter.isascii()}))
    if len(initials) <= 1:
        return initials or character
    return _READINGS.setdefault(initials, chr(_FIRST_CODE + len(_READINGS)))


class SearchField(QLineEdit):
    """A line with a magnifier; ``searched`` carries the query a moment after the last key, Escape empties it."""

    searched = Signal(str)
    begun = Signal()
    """The person is in the field: what searching needs can be made ready."""

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

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Say that a search is about to begin."""
        super().focusInEvent(event)
        self.begun.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape empties the field; Enter searches at once."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._pause.stop()
            self.searched.emit(self.text())
        else:
            super().keyPressEvent(event)
