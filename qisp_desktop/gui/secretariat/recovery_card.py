"""The recovery sheet, offered once: while the passphrase is known."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QRadioButton

from qisp_desktop.base.i18n import _
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.widgets.card import Card, button, label


class RecoveryCard(Card):
    """With the passphrase on it or with lines to write it on; where it was saved, and the way to print it."""

    wanted = Signal(Path, bool)
    """Where the sheet is to be saved, and whether the passphrase is to be printed on it."""

    def __init__(self, shell: Shell, words: str) -> None:
        super().__init__(_("Recovery sheet"))
        self._shell = shell
        self._sheet: Path | None = None
        self._name = "recovery-sheet.pdf"
        self.body.addWidget(label(words, "second", wrap=True))
        self.by_hand = QRadioButton(_("With lines to write the passphrase on by hand: it is in no file (safer)"))
        self.printed = QRadioButton(_("With the passphrase printed on it"))
        self.by_hand.setChecked(True)
        self.body.addWidget(self.by_hand)
        self.body.addWidget(self.printed)
        row = QHBoxLayout()
        self.save = button(_("Save the recovery sheet…"), "", "print")
        self.save.clicked.connect(self._save)
        self.show_sheet = button(_("Open it to print"), "link")
        self.show_sheet.clicked.connect(self._open_sheet)
        row.addWidget(self.save)
        row.addWidget(self.show_sheet)
        row.addStretch(1)
        self.body.addLayout(row)
        self.saved = label("", "good", wrap=True)
        self.body.addWidget(self.saved)
        self.show_saved(None, 0)

    def show_saved(self, path: Path | None, year: int) -> None:
        """Show where the sheet of the round of ``year`` was saved; None while it is not."""
        self._sheet = path
        self._name = _("recovery-sheet-{year}.pdf").format(year=year)
        self.saved.setVisible(path is not None)
        self.show_sheet.setVisible(path is not None)
        if path is not None:
            text = _("Saved as {path}. Print it, then seal it.")
            if self.printed.isChecked():
                text = _("Saved as {path}. Print it, then delete the file: the passphrase stands in it.")
            self.saved.setText(text.format(path=path))

    def _save(self) -> None:
        proposed = Path(self._shell.settings.last_folder or Path.home()) / self._name
        chosen, _kind = QFileDialog.getSaveFileName(
            self, _("Save the recovery sheet…"), str(proposed), _("PDF files (*.pdf)")
        )
        if chosen:
            self.wanted.emit(Path(chosen), self.printed.isChecked())

    def _open_sheet(self) -> None:
        if self._sheet is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._sheet)))
