"""A sheet as it will be printed, page by page."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from qisp_desktop.base.i18n import _
from qisp_desktop.gui.panel.inspection.fields import ComboBox
from qisp_desktop.gui.widgets.card import Card
from qisp_desktop.gui.widgets.pdf_pages import PdfPages


class PaperPreview(Card):
    """The paper of one application out of several."""

    wanted = Signal(str)
    """The number of the application whose paper is to be shown."""

    def __init__(self) -> None:
        super().__init__(_("As it will be printed"))
        self._shown: tuple[str, bytes] = ("", b"")
        self._pages = PdfPages(_("The sheet as it will be printed"))
        self._pages.view.setMinimumHeight(200)
        self.document = self._pages.document
        self.choice = ComboBox()
        self.choice.setAccessibleName(_("Sheet to look at"))
        self.choice.chosen.connect(self.wanted)
        row = QHBoxLayout()
        row.addWidget(self.choice, 1)
        self.body.addLayout(row)
        self.body.addWidget(self._pages, 1)

    def show_choice(self, choices: list[tuple[str, str]], number: str) -> None:
        """Offer ``choices`` (numbers and names) with ``number`` chosen."""
        self.choice.show_choice(choices, number)
        self.choice.setVisible(bool(choices))
        if not choices:
            self.say(_("A sheet is shown here once it is complete."))

    def show_paper(self, number: str, pdf: bytes) -> None:
        """Show the paper of ``number``; where it is the one that is shown already, the place is kept."""
        if (number, pdf) == self._shown:
            self._pages.show_again()
            return
        self._shown = (number, pdf)
        self._pages.show_pdf(pdf)

    def say(self, text: str) -> None:
        """Say why there is no paper to see."""
        self._pages.say(text)
