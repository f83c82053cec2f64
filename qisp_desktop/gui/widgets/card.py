"""White cards on the grey window, and what stands on one that has nothing to show."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from qisp_desktop.gui import assets
from qisp_desktop.gui.stylesheet import role

MARGIN = 16
SPACING = 8


def label(text: str, kind: str = "", *, wrap: bool = False) -> QLabel:
    """A label in the look of ``kind`` (``title``, ``second``, …) that never takes ``text`` for markup."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if kind:
        made.setProperty(*role(kind))
    return made


def button(text: str, kind: str = "", icon: str = "", token: str = "text") -> QPushButton:
    """A push button in the look of ``kind`` (``primary``, ``quiet``, ``link``, ``big`` …), with an icon if named."""
    made = QPushButton(text)
    made.setAutoDefault(False)
    if kind:
        made.setProperty(*role(kind))
    if icon:
        assets.set_icon(made, icon, token)
    return made


class Card(QFrame):
    """A white panel with a title (may be empty); ``body`` takes what it holds, ``corner`` what stands by the title."""

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty(*role("card"))
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(SPACING)
        self.corner = QHBoxLayout()
        self.title = label(title, "heading")
        if title:
            self.corner.addWidget(self.title)
            self.corner.addStretch(1)
            column.addLayout(self.corner)
        self.body = QVBoxLayout()
        self.body.setSpacing(SPACING)
        column.addLayout(self.body, 1)


class EmptyState(QWidget):
    """Says that there is nothing yet, and what to do about it."""

    def __init__(
        self,
        icon: str,
        title: str,
        hint: str,
        action: str = "",
        do: Callable[[], None] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.addStretch(1)
        picture = QLabel()
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        assets.set_picture(picture, icon, "second", 48)
        self.title, self.hint = label(title, "heading"), label(hint, "second", wrap=True)
        for part in (picture, self.title, self.hint):
            if isinstance(part, QLabel):
                part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(part)
        if action and do is not None:
            self.action = button(action, "primary")
            self.action.clicked.connect(lambda: do())
            column.addWidget(self.action, 0, Qt.AlignmentFlag.AlignCenter)
        column.addStretch(1)
