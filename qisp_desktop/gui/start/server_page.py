"""Opening a round on a server, where several clerks work on it at once."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout

from qisp_desktop.base.i18n import _
from qisp_desktop.gui.page import Page, Screen, Shell
from qisp_desktop.gui.start.server_fields import ServerFields
from qisp_desktop.gui.widgets.card import Card, button, label

WIDEST = 900


def server_screen(shell: Shell) -> Screen:
    """The page that asks for an address."""
    return Screen(lambda: ServerPage(shell))


class ServerPage(Page):
    """The address that was used last, and the password, which is asked for each time."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(_("Open a round on a server"), back=shell.go.home)
        self._shell = shell
        card = Card(_("Where the round lies"))
        card.setMaximumWidth(WIDEST)
        words = _(
            "A round in a database (PostgreSQL) can be changed by several clerks at once. The address is remembered, "
            "the password is not."
        )
        card.body.addWidget(label(words, "second", wrap=True))
        self.fields = ServerFields(shell.settings.server)
        self.fields.submitted.connect(self._open)
        card.body.addWidget(self.fields)
        row = QHBoxLayout()
        self.open = button(_("Open"), "primary", "server", "on_accent")
        self.open.clicked.connect(self._open)
        row.addWidget(self.open)
        row.addStretch(1)
        card.body.addLayout(row)
        self.body.addWidget(card)
        self.body.addStretch(1)
        (self.fields.password if shell.settings.server else self.fields.address).setFocus()

    def _open(self) -> None:
        place = self.fields.place(tell=True)
        if place is not None:
            self._shell.settings.server = str(place)
            self._shell.go.open_place(place)
