"""Plain text in the window."""

from __future__ import annotations

from pathlib import PurePath

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout

from qisp_desktop.base.i18n import _
from qisp_desktop.domain.application import Material
from qisp_desktop.gui.panel.materials.find_bar import FindBar, tool, turn_page
from qisp_desktop.gui.panel.materials.text_decoding import MOST_BYTES, DecodedText, decode_text, looks_like_text
from qisp_desktop.gui.panel.materials.viewer import Tools, Viewer
from qisp_desktop.gui.widgets.card import label

ENDINGS = frozenset([".txt", ".csv", ".tsv", ".md", ".log", ".json", ".xml", ".ini"])


class TextViewer(Viewer):
    """Shows text of any encoding that is common here; it is one page long."""

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools)
        self._visit = 0
        self._query = ""
        self.note = label("", "second", wrap=True)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setUndoRedoEnabled(False)
        self.text.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.find_bar = FindBar()
        self.find_bar.searched.connect(self._search)
        self.find_bar.stepped.connect(self._step)
        self.find_button = tool("search", _("Find"), hint="Ctrl+F")
        self.find_button.clicked.connect(self.find_bar.open)
        self.cite = tool("cite", _("Cite this file"), hint="Ctrl+E")
        self.cite.clicked.connect(self.citation_requested)
        row = QHBoxLayout()
        row.setContentsMargins(8, 4, 8, 4)
        row.addWidget(self.find_button)
        row.addWidget(self.note, 1)
        row.addWidget(self.cite)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.find_bar)
        column.addWidget(self.text, 1)
        self.setFocusProxy(self.text)
        self.text.verticalScrollBar().valueChanged.connect(lambda _value: self.moved.emit())
        self.add_command("Ctrl+F", self.find_bar.open)
        self.add_command("F3", lambda: self._step(1))
        self.add_command("Shift+F3", lambda: self._step(-1))
        self.add_command("Ctrl++ Ctrl+= Ctrl+Shift++ Ctrl+Shift+=", self.text.zoomIn)
        self.add_command("Ctrl+- Ctrl+_ Ctrl+Shift+_", self.text.zoomOut)

    @classmethod
    def takes(cls, name: str, content: bytes) -> bool:
        """Text by name, or by what stands at its beginning."""
        return PurePath(name).suffix.lower() in ENDINGS or looks_like_text(content)

    def show_content(self, material: Material, content: bytes, page: int, scroll: float) -> None:
        """Decode it in a worker, then show it."""
        self.clear()
        self.text.setAccessibleName(material.name)
        visit = self._visit
        self.tools.tasks.run(
            self,
            lambda _job: decode_text(content),
            lambda decoded: self._show(decoded, scroll) if visit == self._visit else None,
            store=False,
        )

    def clear(self) -> None:
        """Forget the text."""
        self._visit += 1
        self.find_bar.close_bar()
        self.text.clear()
        self.note.clear()

    @property
    def top(self) -> tuple[int, float]:
        """How far down the text the upper edge is."""
        bar = self.text.verticalScrollBar()
        return 1, bar.value() / bar.maximum() if bar.maximum() else 0.0

    def go_to(self, page: int, scroll: float = 0.0) -> None:
        """Bring that place of the text to the upper edge."""
        bar = self.text.verticalScrollBar()
        bar.setValue(round(scroll * bar.maximum()))

    def turn_page(self, by: int) -> None:
        """Scroll by a window's height."""
        turn_page(self.text.verticalScrollBar(), by)

    def _show(self, decoded: DecodedText, scroll: float) -> None:
        self.text.setPlainText(decoded.text)
        notes = [decoded.encoding.upper()]
        if decoded.cut:
            notes.append(_("Only the first {size} KB are shown.").format(size=MOST_BYTES >> 10))
        if decoded.doubtful:
            notes.append(_("Some of it is not text and is shown as signs."))
        self.note.setText(" · ".join(notes))
        self.go_to(1, scroll)
        self.ready.emit()

    def _search(self, query: str) -> None:
        self._query = query
        self.text.moveCursor(QTextCursor.MoveOperation.Start)
        self._step(1)

    def _step(self, by: int) -> None:
        flags = QTextDocument.FindFlag(0) if by > 0 else QTextDocument.FindFlag.FindBackward
        if self._query and not self.text.find(self._query, flags):
            end = QTextCursor.MoveOperation.Start if by > 0 else QTextCursor.MoveOperation.End
            self.text.moveCursor(end)
            self.text.find(self._query, flags)
        before = self.text.toPlainText()[: self.text.textCursor().selectionStart()].lower()
        hits = self.text.toPlainText().lower().count(self._query.lower()) if self._query else 0
        self.find_bar.show_count(before.count(self._query.lower()) + 1 if hits else 0, hits, False)
