"""What stands where there is nothing to show."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from qisp_desktop.gui import assets
from qisp_desktop.gui.widgets.card import button, label


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
