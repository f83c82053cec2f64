"""A paper as it will be printed."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QPalette
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QStackedWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.gui import theme
from qisp_desktop.gui.widgets.card import Card, label
from qisp_desktop.services.printing import FinishedPaper


class Preview(Card):
    """Holds one paper at a time; the one before is gone."""

    def __init__(self) -> None:
        super().__init__(_("As it will be printed"))
        self._buffer: QBuffer | None = None
        self.document = QPdfDocument(self)
        self.view = QPdfView(self)
        self.view.setPageMode(QPdfView.PageMode.MultiPage)
        self.view.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        self.view.setDocument(self.document)
        self.view.setAccessibleName(_("The paper as it will be printed"))
        self.word = label("", "second", wrap=True)
        self.word.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.name = label("", "second")
        self.name.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.word)
        self._stack.addWidget(self.view)
        self.body.addWidget(self._stack, 1)
        self.body.addWidget(self.name)
        self._colour()
        theme.current().changed.connect(self._colour)

    def show_paper(self, made: FinishedPaper) -> None:
        """Show ``made``, or why it cannot be made."""
        if made.problem is not None:
            self.say(str(made.problem))
            return
        before = self._buffer
        self._buffer = QBuffer(self)
        self._buffer.setData(QByteArray(made.pdf))
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self.document.load(self._buffer)
        if before is not None:
            before.deleteLater()
        name = made.paper.name
        self.name.setText(
            self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, max(self.width() - 40, 200))
        )
        self.name.setToolTip(name)
        self._stack.setCurrentWidget(self.view)

    def say(self, text: str) -> None:
        """Say why there is no paper to see."""
        self.name.clear()
        self.word.setText(text)
        self._stack.setCurrentWidget(self.word)

    def _colour(self) -> None:
        # The view takes what surrounds the pages from a colour of the palette that nothing else uses so.
        palette = self.view.palette()
        palette.setColor(QPalette.ColorRole.Dark, theme.current().colour("window"))
        self.view.setPalette(palette)
