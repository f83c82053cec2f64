"""The pages of one of our own papers; what strangers sent is shown by ``panel/materials``, in a process of its own."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QPalette
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QStackedWidget

from qisp_desktop.gui import theme
from qisp_desktop.gui.widgets.card import label


class PdfPages(QStackedWidget):
    """Holds one paper at a time, the one before is gone; or says in a word why there is none. ``name`` is what a
    screen reader calls it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._buffer: QBuffer | None = None
        self.document = QPdfDocument(self)
        self.view = QPdfView(self)
        self.view.setPageMode(QPdfView.PageMode.MultiPage)
        self.view.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        self.view.setDocument(self.document)
        self.view.setAccessibleName(name)
        self.word = label("", "second", wrap=True)
        self.word.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.addWidget(self.word)
        self.addWidget(self.view)
        self._colour()
        theme.current().changed.connect(self._colour)

    def show_pdf(self, pdf: bytes) -> None:
        """Show ``pdf`` from its beginning."""
        before = self._buffer
        self._buffer = QBuffer(self)
        self._buffer.setData(QByteArray(pdf))
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self.document.load(self._buffer)
        if before is not None:
            before.deleteLater()
        self.show_again()

    def show_again(self) -> None:
        """Show the paper that is there already, where it was read last."""
        self.setCurrentWidget(self.view)

    def say(self, text: str) -> None:
        """Say why there is no paper to see."""
        self.word.setText(text)
        self.setCurrentWidget(self.word)

    def _colour(self) -> None:
        # The view takes what surrounds the pages from a colour of the palette that nothing else uses so.
        palette = self.view.palette()
        palette.setColor(QPalette.ColorRole.Dark, theme.current().colour("window"))
        self.view.setPalette(palette)
