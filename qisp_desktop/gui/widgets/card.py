"""White cards on the grey window, and the labels and buttons upon them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from qisp_desktop.gui import assets, theme
from qisp_desktop.gui.stylesheet import role

MARGIN = 16
SPACING = 8
ICON, BIG_ICON = 20, 24


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
        assets.set_icon(made, icon, token, theme.current().px(BIG_ICON if kind.startswith("big") else ICON))
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
        else:
            self.title.setParent(self)  # else it would be a window of its own
            self.title.hide()
        self.body = QVBoxLayout()
        self.body.setSpacing(SPACING)
        column.addLayout(self.body, 1)
