"""Files that only another program shows: Office documents, recordings, and what could not be shown here."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.domain.application import Material
from qisp_desktop.gui.panel.materials.saved_out import SavedOut
from qisp_desktop.gui.panel.materials.viewer import Tools, Viewer
from qisp_desktop.gui.widgets.banner import Banner
from qisp_desktop.gui.widgets.card import button, label


class OutsideViewer(Viewer):
    """Says what opening the file outside means, and does it when asked. Takes every file."""

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools)
        self._material: Material | None = None
        self._content = b""
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 24)
        column.setSpacing(12)
        self.banner = Banner()
        column.addWidget(self.banner)
        column.addStretch(1)
        self.name = label("", "heading", wrap=True)
        self.warning = label("", wrap=True)
        for part in (self.name, self.warning):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(part)
        self.open = button(_("Save out and open with another program"), "primary", "open-outside", "on_accent")
        self.open.clicked.connect(self._open)
        self.cite = button(_("Cite this file"), "", "cite")
        self.cite.clicked.connect(self.citation_requested)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.open)
        row.addWidget(self.cite)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(2)
        self.setFocusProxy(self.open)

    @classmethod
    def takes(cls, name: str, content: bytes) -> bool:
        """Whatever no other viewer takes."""
        return True

    def show_content(self, material: Material, content: bytes, page: int, scroll: float) -> None:
        """Offer to open it outside, where that is harmless."""
        self._material, self._content = material, content
        self.name.setText(material.name)
        allowed = SavedOut.allows(material.name)
        self.warning.setText(
            _(
                "This window does not show this kind of file. Another program can: a copy is saved out of the sealed "
                "package, readable by you only, and wiped when the desk is locked or closed. Changes to it are lost. "
                "Do not allow it to run macros."
            )
            if allowed
            else _("This kind of file is neither shown nor opened here: it could be a program. Ask the secretariat.")
        )
        self.open.setVisible(allowed)
        self.banner.put_away()
        self.ready.emit()

    def clear(self) -> None:
        """Forget the content."""
        self._material, self._content = None, b""
        self.name.clear()
        self.warning.clear()
        self.banner.put_away()
        self.open.hide()

    def _open(self) -> None:
        material, content = self._material, self._content
        if material is None:
            return
        self.open.setEnabled(False)
        self.tools.tasks.run(
            self,
            lambda _job: self.tools.saved_out.save(material.name, content),
            self._saved,
            failed=self._refused,
            cancelled=lambda: self.open.setEnabled(True),
            store=False,
        )

    def _saved(self, path: Path) -> None:
        try:
            self.tools.saved_out.open(path)
        except UserError as error:
            self._refused(error)
            return
        self.open.setEnabled(True)
        self.banner.say("info", _("Opened outside."), _("The copy is wiped when the desk is locked or closed."))

    def _refused(self, error: UserError) -> None:
        self.open.setEnabled(True)
        self.banner.show_error(error)
