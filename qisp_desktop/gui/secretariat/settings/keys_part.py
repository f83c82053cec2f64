"""Another passphrase for the secretariat's keys."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.gui import theme
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.secretariat.passphrase_fields import FIELD_WIDTH, LONGEST, PassphraseFields
from qisp_desktop.gui.secretariat.recovery_card import RecoveryCard
from qisp_desktop.gui.secretariat.section import read_only_words
from qisp_desktop.gui.secretariat.settings.presenter import SettingsPresenter
from qisp_desktop.gui.widgets.card import Card, button, label
from qisp_desktop.services.passphrase_strength import Strength

SHORTEST = 8


class KeysPart(QWidget):
    """The old passphrase, the new one twice; once it is changed, the recovery sheet."""

    def __init__(self, shell: Shell, presenter: SettingsPresenter) -> None:
        super().__init__()
        self._presenter = presenter
        self._strength: Strength | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        card = Card(_("Change the secretariat's passphrase"))
        words = _(
            "The keys stay the same: packages that are out and returns that are held stay valid. Backups made before "
            "still open with the old passphrase."
        )
        card.body.addWidget(label(words, "second", wrap=True))
        self.old = QLineEdit()
        self.old.setEchoMode(QLineEdit.EchoMode.Password)
        self.old.setMaxLength(LONGEST)
        self.old.setFixedWidth(theme.current().px(FIELD_WIDTH))
        self.old.setAccessibleName(_("Passphrase until now"))
        self.old.textChanged.connect(lambda _text: self._enable())
        self.fields = PassphraseFields()
        self.fields.form.insertRow(0, _("Passphrase until now"), self.old)
        self.fields.changed.connect(self._typed)
        card.body.addWidget(self.fields)
        row = QHBoxLayout()
        self.change = button(_("Change the passphrase"), "primary", "lock", "on_accent")
        self.change.clicked.connect(self._change)
        row.addWidget(self.change)
        row.addStretch(1)
        card.body.addLayout(row)
        column.addWidget(card)
        words = _("It can be made only now, while the passphrase is known. Destroy the sheet with the old passphrase.")
        self.sheet = RecoveryCard(shell, words)
        self.sheet.wanted.connect(lambda path, printed: presenter.save_sheet(path, printed=printed))
        column.addWidget(self.sheet)
        column.addStretch(1)
        presenter.weighed.connect(self._weighed)
        presenter.passphrase_changed.connect(self._changed)
        presenter.sheet_saved.connect(self._saved)

    def refresh(self) -> None:
        """Show what can be done."""
        self.sheet.setVisible(bool(self._presenter.new_passphrase))
        self._enable()

    def _typed(self, first: str, _second: str) -> None:
        self._strength = None
        self._presenter.weigh(first)
        self._enable()

    def _weighed(self, strength: Strength) -> None:
        self._strength = strength
        self.fields.show_strength(strength)
        self._enable()

    def _enable(self) -> None:
        first, second = self.fields.first.text(), self.fields.second.text()
        sound = len(first) >= SHORTEST and first == second
        strong = self._strength is not None and not self._strength.weak
        writable = self._presenter.session.writable
        self.change.setEnabled(writable and sound and strong and bool(self.old.text()))
        self.change.setToolTip("" if writable else read_only_words())

    def _change(self) -> None:
        self._presenter.change_passphrase(self.old.text(), self.fields.first.text())

    def _changed(self) -> None:
        self.old.clear()
        self.fields.clear()
        self.sheet.show_saved(None, 0 if self._presenter.data is None else self._presenter.data.round.year)
        self.refresh()

    def _saved(self, path: Path) -> None:
        self.sheet.show_saved(path, 0 if self._presenter.data is None else self._presenter.data.round.year)
