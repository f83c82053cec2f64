"""A paper as it will be printed: beside the list, or large, over the whole page."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.gui.panel.materials.find_bar import tool
from qisp_desktop.gui.printing.zoom import ZoomBar
from qisp_desktop.gui.settings import Settings
from qisp_desktop.gui.widgets.card import Card, label
from qisp_desktop.gui.widgets.pdf_pages import PdfPages
from qisp_desktop.services.printing import FinishedPaper

_SHOWN_NAME = 200
"""Pixels of a file's name that are shown at least."""


class Preview(Card):
    """Holds one paper at a time; the one before is gone. How large it is shown is remembered for each place."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(_("As it will be printed"))
        self._settings = settings
        self._large = False
        """Whether it has the whole page."""
        self._pages = PdfPages(_("The paper as it will be printed"))
        self.document = self._pages.document
        self.zoom = ZoomBar(self._pages.view)
        self.enlarge = tool("enlarge", _("Show large"), hint="F11", checkable=True)
        self.before = tool("chevron-up", _("Previous paper"), hint="Ctrl+PgUp")
        self.next = tool("chevron-down", _("Next paper"), hint="Ctrl+PgDown")
        self.name = label("", "second")
        self.name.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.note = label("", "second", wrap=True)
        self.note.hide()
        for part in (self.enlarge, self.before, self.next):
            self.zoom.row.addWidget(part)
        self.show_enlarged(False)
        self.body.addWidget(self.zoom)
        self.body.addWidget(self._pages, 1)
        self.body.addWidget(self.name)
        self.body.addWidget(self.note)
        self.zoom.zoomed.connect(self._keep_zoom)
        self.zoom.show_zoom(settings.preview_zoom)
        self._add_keys()

    def show_paper(self, made: FinishedPaper, lacking: UserError | None) -> None:
        """Show ``made``, or why it cannot be made; ``lacking`` says why it is no original."""
        if made.problem is not None:
            self.say(str(made.problem))
            return
        self._pages.show_pdf(made.pdf)
        self.zoom.show_zoom(self.zoom.zoom)
        name = made.paper.name
        self.name.setText(
            self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, max(self.width() - 40, _SHOWN_NAME))
        )
        self.name.setToolTip(name)
        self.note.setText("" if lacking is None else lacking.what)
        self.note.setToolTip("" if lacking is None else str(lacking))
        self.note.setVisible(lacking is not None)

    def say(self, text: str) -> None:
        """Say why there is no paper to see."""
        self.name.clear()
        self.note.hide()
        self._pages.say(text)

    def set_large(self, large: bool) -> None:
        """The paper has the whole page, or stands beside the list: each has a zoom of its own."""
        self._large = large
        self.zoom.show_zoom(self._settings.large_preview_zoom if large else self._settings.preview_zoom)

    def show_enlarged(self, enlarged: bool) -> None:
        """Whether the paper is large because the person wants it so, and can be put back."""
        self.enlarge.setChecked(enlarged)
        name, key = (_("Back to the list"), "Esc") if enlarged else (_("Show large"), "F11")
        self.enlarge.setAccessibleName(name)
        self.enlarge.setToolTip(f"{name} ({key})")
        for step in (self.before, self.next):
            step.setVisible(enlarged)  # beside the list one leafs in the list

    def take_focus(self) -> None:
        """The keys scroll the paper."""
        self._pages.view.setFocus()

    def _keep_zoom(self, zoom: str) -> None:
        if self._large:
            self._settings.large_preview_zoom = zoom
        else:
            self._settings.preview_zoom = zoom

    def _add_keys(self) -> None:
        acts = {
            "Ctrl++ Ctrl+= Ctrl+Shift++ Ctrl+Shift+=": self.zoom.larger,
            "Ctrl+- Ctrl+_ Ctrl+Shift+_": self.zoom.smaller,
            "Ctrl+0": self.zoom.fit_width,
            "Ctrl+9": self.zoom.fit_page,
        }
        for keys, one in acts.items():
            for key in keys.split():
                QShortcut(QKeySequence(key), self).activated.connect(one.click)
