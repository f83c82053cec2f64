"""A sheet as it will be printed, page by page."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.gui import theme
from qisp_desktop.gui.panel.inspection.fields import ComboBox
from qisp_desktop.gui.widgets.card import Card, label


class PaperPreview(Card):
    """The paper of one application out of several."""

    wanted = Signal(str)
    """The number of the application whose paper is to be shown."""

    def __init__(self) -> None:
        super().__init__(_("As it will be printed"))
        self._shown: tuple[str, bytes] = ("", b"")
        self._buffer: QBuffer | None = None
        self.document = QPdfDocument(self)
        self.view = QPdfView(self)
        self.view.setPageMode(QPdfView.PageMode.MultiPage)
        self.view.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        self.view.setDocument(self.document)
        self.view.setAccessibleName(_("The sheet as it will be printed"))
        self.view.setMinimumHeight(200)
        self.word = label("", "second", wrap=True)
        self.word.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.choice = ComboBox()
        self.choice.setAccessibleName(_("Sheet to look at"))
        self.choice.chosen.connect(self.wanted)
        row = QHBoxLayout()
        row.addWidget(self.choice, 1)
        self.body.addLayout(row)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.word)
        self._stack.addWidget(self.view)
        self.body.addWidget(self._stack, 1)
        self._colour()
        theme.current().changed.connect(self._colour)

    def show_choice(self, choices: list[tuple[str, str]], number: str) -> None:
        """Offer ``choices`` (numbers and names) with ``number`` chosen."""
        self.choice.show_choice(choices, number)
        self.choice.setVisible(bool(choices))
        if not choices:
            self.say(_("A sheet is shown here once it is complete."))

    def show_paper(self, number: str, pdf: bytes) -> None:
        """Show the paper of ``number``; where it is the one that is shown already, the place is kept."""
        if (number, pdf) == self._shown:
            self._stack.setCurrentWidget(self.view)
            return
        self._shown = (number, pdf)
        before = self._buffer
        self._buffer = QBuffer(self)
        self._buffer.setData(QByteArray(pdf))
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self.document.load(self._buffer)
        if before is not None:
            before.deleteLater()
        self._stack.setCurrentWidget(self.view)

    def say(self, text: str) -> None:
        """Say why there is no paper to see."""
        self.word.setText(text)
        self._stack.setCurrentWidget(self.word)

    def _colour(self) -> None:
        # The view takes what surrounds the pages from a colour of the palette that nothing else uses so.
        palette = self.view.palette()
        palette.setColor(QPalette.ColorRole.Dark, theme.current().colour("window"))
        self.view.setPalette(palette)
