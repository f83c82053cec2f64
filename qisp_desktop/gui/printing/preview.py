"""A paper as it will be printed."""

from __future__ import annotations

from PySide6.QtCore import Qt

from qisp_desktop.base.i18n import _
from qisp_desktop.gui.widgets.card import Card, label
from qisp_desktop.gui.widgets.pdf_pages import PdfPages
from qisp_desktop.services.printing import FinishedPaper


class Preview(Card):
    """Holds one paper at a time; the one before is gone."""

    def __init__(self) -> None:
        super().__init__(_("As it will be printed"))
        self._pages = PdfPages(_("The paper as it will be printed"))
        self.document = self._pages.document
        self.name = label("", "second")
        self.name.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.body.addWidget(self._pages, 1)
        self.body.addWidget(self.name)

    def show_paper(self, made: FinishedPaper) -> None:
        """Show ``made``, or why it cannot be made."""
        if made.problem is not None:
            self.say(str(made.problem))
            return
        self._pages.show_pdf(made.pdf)
        name = made.paper.name
        self.name.setText(
            self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, max(self.width() - 40, 200))
        )
        self.name.setToolTip(name)

    def say(self, text: str) -> None:
        """Say why there is no paper to see."""
        self.name.clear()
        self._pages.say(text)
