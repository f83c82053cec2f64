"""The round is made: its recovery sheet, once, and the way to its desk."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.secretariat.new_round.presenter import NewRoundPresenter
from qisp_desktop.gui.widgets.card import Card, button, label


class DoneStep(QWidget):
    """What was made, the recovery sheet with or without the passphrase on it, and the desk."""

    def __init__(self, shell: Shell, presenter: NewRoundPresenter) -> None:
        super().__init__()
        self._shell = shell
        self._presenter = presenter
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self.made = Card(_("The round is made"))
        self.what = label("", wrap=True)
        self.made.body.addWidget(self.what)
        column.addWidget(self.made)
        column.addWidget(self._sheet())
        row = QHBoxLayout()
        row.addStretch(1)
        self.open = button(_("Open the desk"), "primary")
        self.open.clicked.connect(presenter.open_desk)
        row.addWidget(self.open)
        column.addLayout(row)
        column.addStretch(1)
        presenter.made.connect(self.refresh)
        presenter.saved.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what was made and saved."""
        presenter = self._presenter
        value, place = presenter.round, presenter.place
        if value is None or place is None:
            return
        self.what.setText(_("{name} lies in {path}.").format(name=value.name, path=place))
        self.saved.setVisible(presenter.sheet is not None)
        self.show_sheet.setVisible(presenter.sheet is not None)
        if presenter.sheet is not None:
            text = _("Saved as {path}. Print it, then seal it.")
            if self.printed.isChecked():
                text = _("Saved as {path}. Print it, then delete the file: the passphrase stands in it.")
            self.saved.setText(text.format(path=presenter.sheet))

    def _sheet(self) -> Card:
        card = Card(_("Recovery sheet"))
        words = _(
            "The sheet names the round, its certificate and where the passphrase is kept on paper. It can be made only "
            "now, while the passphrase is known; later the passphrase would have to be changed."
        )
        card.body.addWidget(label(words, "second", wrap=True))
        self.by_hand = QRadioButton(_("With lines to write the passphrase on by hand: it is in no file (safer)"))
        self.printed = QRadioButton(_("With the passphrase printed on it"))
        self.by_hand.setChecked(True)
        card.body.addWidget(self.by_hand)
        card.body.addWidget(self.printed)
        row = QHBoxLayout()
        self.save = button(_("Save the recovery sheet…"), "", "print")
        self.save.clicked.connect(self._save)
        self.show_sheet = button(_("Open it to print"), "link")
        self.show_sheet.clicked.connect(self._open_sheet)
        row.addWidget(self.save)
        row.addWidget(self.show_sheet)
        row.addStretch(1)
        card.body.addLayout(row)
        self.saved = label("", "good", wrap=True)
        card.body.addWidget(self.saved)
        return card

    def _save(self) -> None:
        presenter = self._presenter
        if presenter.place is None:
            return
        name = _("recovery-sheet")
        proposed = Path(self._shell.settings.last_folder or presenter.place.parent) / f"{name}-{presenter.year}.pdf"
        chosen, _kind = QFileDialog.getSaveFileName(
            self, _("Save the recovery sheet…"), str(proposed), _("PDF files (*.pdf)")
        )
        if chosen:
            presenter.save_sheet(Path(chosen), printed=self.printed.isChecked())

    def _open_sheet(self) -> None:
        if self._presenter.sheet is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._presenter.sheet)))
