"""A line of text that ends in … where it does not fit."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

from qisp_desktop.gui.stylesheet import role

FEWEST_LETTERS = 4


class ElidedLabel(QLabel):
    """One line, cut at its end or, with ``middle``, in it; all of it is its tooltip then. ``look`` as for ``label``.

    Nothing here touches the names of ``Qt`` before it is painted: they take long to look up the first time.
    """

    def __init__(self, text: str = "", look: str = "", *, middle: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._middle = middle
        if look:
            self.setProperty(*role(look))

    def minimumSizeHint(self) -> QSize:
        """Room for a few letters."""
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), self.fontMetrics().averageCharWidth() * FEWEST_LETTERS), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what fits."""
        painter = QPainter(self)
        mode = Qt.TextElideMode.ElideMiddle if self._middle else Qt.TextElideMode.ElideRight
        text = self.fontMetrics().elidedText(self.text(), mode, self.width())
        tip = self.text() if text != self.text() else ""
        if self.toolTip() != tip:
            self.setToolTip(tip)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.end()
