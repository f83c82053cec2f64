"""The list and the paper beside each other: how wide each is, the person drags, and it is remembered."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from qisp_desktop.gui import theme
from qisp_desktop.gui.settings import Settings

SPLITTER = "printing-splitter"
HANDLE = 12
SMALLEST_PAPER, FIRST_PAPER, LARGEST_PAPER = 240, 300, 640
"""Widths of the paper at 100 %: at the least, and between which it is until the person has dragged."""
LIST = 678
"""The width that the list wants; what a larger screen has more goes to the paper first."""


class ListAndPaper(QSplitter):
    """Holds the list, and the paper when it is given."""

    def __init__(self, listed: QWidget, settings: Settings) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._settings = settings
        self._paper: QWidget | None = None
        self._dragged = False
        self.setHandleWidth(HANDLE)
        self.setChildrenCollapsible(False)
        self.addWidget(listed)
        self.setStretchFactor(0, 1)
        self.splitterMoved.connect(self._remember)

    def take(self, paper: QWidget) -> None:
        """Show ``paper`` beside the list."""
        self._paper = paper
        paper.setMinimumWidth(theme.current().px(SMALLEST_PAPER))
        self.addWidget(paper)
        paper.show()
        self._dragged = self.restoreState(self._settings.bytes_of(SPLITTER))
        self._share()

    def give(self) -> None:
        """The paper goes elsewhere."""
        if self._paper is not None:
            self._paper.setMinimumWidth(0)
            self._paper = None

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width until the person has."""
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        if self._paper is None or self._dragged:
            return
        px = theme.current().px
        paper = max(px(FIRST_PAPER), min(self.width() - px(LIST) - HANDLE, px(LARGEST_PAPER)))
        self.setSizes([max(1, self.width() - paper - HANDLE), paper])

    def _remember(self, _place: int, _handle: int) -> None:
        self._dragged = True
        self._settings.keep_bytes(SPLITTER, self.saveState())
