"""The round is made: its recovery sheet, once, and the way to its desk."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.secretariat.new_round.presenter import NewRoundPresenter
from qisp_desktop.gui.secretariat.recovery_card import RecoveryCard
from qisp_desktop.gui.widgets.card import Card, button, label


class DoneStep(QWidget):
    """What was made, the recovery sheet with or without the passphrase on it, and the desk."""

    def __init__(self, shell: Shell, presenter: NewRoundPresenter) -> None:
        super().__init__()
        self._presenter = presenter
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self.made = Card(_("The round is made"))
        self.what = label("", wrap=True)
        self.made.body.addWidget(self.what)
        column.addWidget(self.made)
        words = _(
            "The sheet names the round, its certificate and where the passphrase is kept on paper. It can be made only "
            "now, while the passphrase is known; later the passphrase would have to be changed."
        )
        self.sheet = RecoveryCard(shell, words)
        self.sheet.wanted.connect(self._save)
        column.addWidget(self.sheet)
        row = QHBoxLayout()
        row.addStretch(1)
        self.open = button(_("Open the desk"), "primary")
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
        self.sheet.show_saved(presenter.sheet, value.year)

    def _save(self, path: Path, printed: bool) -> None:
        self._presenter.save_sheet(path, printed=printed)
