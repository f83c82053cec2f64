"""What does not fit a small screen at a large size of text is scrolled."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from qisp_desktop.gui.stylesheet import role

LEAST = 80
"""Pixels that are always seen of what is scrolled."""


def scrolled(widget: QWidget) -> QScrollArea:
    """``widget`` in an area that shows all of it where there is room, and scrolls it where there is not."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # what is inside is reached by itself, and scrolled to
    area.setMinimumSize(LEAST, LEAST)
    widget.setProperty(*role("page"))
    area.setWidget(widget)
    return area
