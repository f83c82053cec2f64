"""The paper itself beside the list, in the viewer of the materials: apart from the desk, whatever the file is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget

from qisp_desktop.base.digests import sha256
from qisp_desktop.domain.application import Material
from qisp_desktop.domain.regulation import MaterialKind
from qisp_desktop.gui.panel.materials.ahead import Ahead
from qisp_desktop.gui.panel.materials.page_process import PageProcess
from qisp_desktop.gui.panel.materials.recent_contents import RecentContents
from qisp_desktop.gui.panel.materials.saved_out import SavedOut
from qisp_desktop.gui.panel.materials.troubles import trouble
from qisp_desktop.gui.panel.materials.viewer import Tools
from qisp_desktop.gui.panel.materials.viewers import PdfViewer
from qisp_desktop.gui.tasks import Tasks
from qisp_desktop.gui.widgets.card import Card, label

MARGIN = 1


class PaperReader(Card):
    """Shows one paper at a time, or a word in its place."""

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        process = PageProcess(tasks, self)
        ahead = Ahead(tasks, RecentContents(), lambda _next, _content: None, self)
        self.viewer = PdfViewer(Tools(tasks, process, ahead, SavedOut()))
        self.viewer.cite.hide()
        self.viewer.failed.connect(self._failed)
        self._shown = ""
        self.word = label("", "second", wrap=True)
        self.word.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.word.setContentsMargins(24, 24, 24, 24)
        self.note = label("", "second", wrap=True)
        self.note.setContentsMargins(12, 10, 12, 2)
        self.note.hide()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.word)
        self._stack.addWidget(self.viewer)
        self.body.addWidget(self.note)
        self.body.addWidget(self._stack, 1)
        self.setFocusProxy(self.viewer)
        self.say("")

    def show_paper(self, name: str, pdf: bytes, note: str = "") -> None:
        """Show ``pdf`` below ``note``; where it is what is shown already, the place is kept."""
        digest = sha256(pdf)
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self._stack.setCurrentWidget(self.viewer)
        if digest != self._shown:
            self._shown = digest
            self.viewer.show_content(Material(MaterialKind.APPLICATION_FORM, name, digest, len(pdf)), pdf, 1, 0.0)

    def say(self, text: str) -> None:
        """Say why there is no paper to see."""
        if self._shown:
            self._shown = ""
            self.viewer.clear()
        self.note.hide()
        self.word.setText(text)
        self._stack.setCurrentWidget(self.word)

    def _failed(self, code: str, detail: str) -> None:
        words = trouble(code, detail)
        self._shown = ""
        self.word.setText(f"{words.title}\n\n{words.hint}")
        self._stack.setCurrentWidget(self.word)
