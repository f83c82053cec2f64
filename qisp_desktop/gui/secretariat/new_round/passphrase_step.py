"""The passphrase of a new round."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.gui.secretariat.new_round.presenter import NewRoundPresenter
from qisp_desktop.gui.secretariat.passphrase_fields import PassphraseFields
from qisp_desktop.gui.widgets.card import Card, label


class PassphraseStep(QWidget):
    """What the passphrase protects, and the fields for it."""

    def __init__(self, presenter: NewRoundPresenter) -> None:
        super().__init__()
        self._presenter = presenter
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        card = Card(_("The secretariat's passphrase"))
        words = _(
            "It protects the keys of the round: with it packages are handed out and returns are opened. The program "
            "keeps it nowhere. If it is lost, nobody can open the returns any more; so a recovery sheet can be printed "
            "once the round is made."
        )
        card.body.addWidget(label(words, "second", wrap=True))
        self.fields = PassphraseFields()
        self.fields.first.setText(presenter.passphrase)
        self.fields.second.setText(presenter.again)
        self.fields.changed.connect(presenter.set_passphrase)
        card.body.addWidget(self.fields)
        column.addWidget(card)
        column.addStretch(1)
        presenter.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show how strong what was typed is."""
        self.fields.show_strength(self._presenter.strength)
