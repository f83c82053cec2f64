"""A new passphrase, typed twice, with a word on how soon it would be guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QFormLayout, QHBoxLayout, QLineEdit, QWidget

from qisp_desktop.base.errors import sentences
from qisp_desktop.base.i18n import _
from qisp_desktop.gui import theme
from qisp_desktop.gui.stylesheet import role
from qisp_desktop.gui.widgets.card import button, label

if TYPE_CHECKING:
    from qisp_desktop.services.passphrase_strength import Strength

LONGEST, FIELD_WIDTH = 200, 380
PARTS, BAR_HEIGHT, GAP = 5, 6, 4
TOKENS = ("bad", "bad", "warn", "good", "good")


class StrengthBar(QWidget):
    """As many parts filled as the passphrase is strong; the words beside it say the same."""

    def __init__(self) -> None:
        super().__init__()
        self._score = -1
        self.setFixedHeight(theme.current().px(BAR_HEIGHT))

    def show_score(self, score: int) -> None:
        """Fill for a score of 0 to 4; -1 is empty."""
        self._score = score
        self.update()

    def sizeHint(self) -> QSize:
        """A slim bar."""
        return QSize(theme.current().px(FIELD_WIDTH), theme.current().px(BAR_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the parts."""
        look, painter = theme.current(), QPainter(self)
        width = (self.width() - GAP * (PARTS - 1)) // PARTS
        for part in range(PARTS):
            filled = part <= self._score
            painter.fillRect(
                QRect(part * (width + GAP), 0, width, self.height()),
                look.colour(TOKENS[self._score] if filled else "line"),
            )
        painter.end()


class PassphraseFields(QWidget):
    """Two lines, the strength between them, a passphrase made up on demand."""

    changed = Signal(str, str)
    """What stands in the first and in the second line."""

    def __init__(self) -> None:
        super().__init__()
        self.form = form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(10)
        self.first, self.second = self._line(_("Passphrase")), self._line(_("Once more"))
        row = QHBoxLayout()
        row.addWidget(self.first)
        self.make_up = button(_("Make one up"), "", "refresh")
        self.make_up.setToolTip(_("20 random digits in groups, easy to type and to read aloud"))
        self.make_up.clicked.connect(self._make_up)
        row.addWidget(self.make_up)
        self.visible = QCheckBox(_("Show it"))
        self.visible.toggled.connect(self._show)
        row.addWidget(self.visible)
        row.addStretch(1)
        form.addRow(_("Passphrase"), row)
        self.bar = StrengthBar()
        self.bar.setFixedWidth(theme.current().px(FIELD_WIDTH))
        self.words = label("", "second", wrap=True)
        form.addRow("", self.bar)
        form.addRow("", self.words)
        form.addRow(_("Once more"), self.second)
        self.match = label("", "second")
        form.addRow("", self.match)

    def show_strength(self, strength: Strength | None) -> None:
        """Say how strong what was typed is; None while it is not known."""
        self.bar.show_score(-1 if strength is None or not strength.meaning else strength.score)
        self.words.setText("" if strength is None else sentences(strength.meaning, strength.advice))
        look = "second" if strength is None or not strength.meaning else f"{TOKENS[strength.score]}"
        self._paint(self.words, look)

    def clear(self) -> None:
        """Forget what was typed."""
        for line in (self.first, self.second):
            line.clear()
        self._changed()

    def _line(self, name: str) -> QLineEdit:
        line = QLineEdit()
        line.setEchoMode(QLineEdit.EchoMode.Password)
        line.setMaxLength(LONGEST)
        line.setFixedWidth(theme.current().px(FIELD_WIDTH))
        line.setAccessibleName(name)
        line.textEdited.connect(lambda _text: self._changed())
        return line

    def _changed(self) -> None:
        first, second = self.first.text(), self.second.text()
        if not second:
            self.match.setText("")
        else:
            same = first == second
            self.match.setText(_("Both are the same.") if same else _("The two passphrases differ."))
            self._paint(self.match, "good" if same else "bad")
        self.changed.emit(first, second)

    def _make_up(self) -> None:
        from qisp_desktop.exchange.passphrases import new_passphrase

        made = new_passphrase()
        self.visible.setChecked(True)  # it must be written down before it is typed again
        self.first.setText(made)
        self.second.setText(made)
        self._changed()

    def _show(self, on: bool) -> None:
        for line in (self.first, self.second):
            line.setEchoMode(QLineEdit.EchoMode.Normal if on else QLineEdit.EchoMode.Password)

    @staticmethod
    def _paint(widget: QWidget, look: str) -> None:
        if widget.property("role") != look:
            widget.setProperty(*role(look))
            widget.style().unpolish(widget)
            widget.style().polish(widget)
