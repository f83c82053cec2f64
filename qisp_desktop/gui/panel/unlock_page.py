"""Unlocking a panel package: the passphrase from the letter, and a clear word when it is wrong."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.gui import assets
from qisp_desktop.gui.forms.ui_unlock import Ui_Unlock
from qisp_desktop.gui.page import Page, Screen, Shell
from qisp_desktop.gui.panel.presenter import OpenedDesk, UnlockPresenter


def unlock_screen(shell: Shell, path: Path, *, locked: bool = False) -> Screen:
    """The unlock page for the package at ``path``; ``locked`` when the desk has locked itself."""
    presenter = UnlockPresenter(path, shell.tasks)

    def show_desk(opened: OpenedDesk) -> None:
        from qisp_desktop.gui.panel.contents_page import contents_screen

        shell.settings.remember(path)
        shell.go.show(contents_screen(shell, path, opened))

    presenter.unlocked.connect(show_desk)
    return Screen(lambda: UnlockPage(shell, presenter, locked), presenter)


class UnlockPage(Page):
    """The view of ``UnlockPresenter``."""

    def __init__(self, shell: Shell, presenter: UnlockPresenter, locked: bool) -> None:
        super().__init__(presenter.path.name, back=shell.go.home)
        self._presenter = presenter
        form = QWidget()
        self.ui = Ui_Unlock()
        self.ui.setupUi(form)
        self.body.addWidget(form, 1)
        assets.set_picture(self.ui.icon, "lock", "accent_text", 28)
        self.ui.title.setText(_("Unlock {name}").format(name=presenter.path.name))
        self.ui.place.setText(str(presenter.path.parent))
        self.ui.wrong.hide()
        self.ui.hide.setChecked(shell.settings.hide_passphrase)
        self.ui.hide.toggled.connect(self.ui.passphrase.set_hidden)
        self.ui.passphrase.set_hidden(shell.settings.hide_passphrase)
        self.ui.passphrase.changed.connect(self._typed)
        self.ui.passphrase.submitted.connect(self._try)
        self.ui.unlock.clicked.connect(self._try)
        presenter.busy_changed.connect(self._show_busy)
        presenter.refused.connect(self._show_refusal)
        self._show_busy(presenter.busy)
        self.ui.passphrase.setFocus()
        if locked:
            self.banner.say("info", _("The desk locked itself because nothing was done. All is saved."))

    def _typed(self) -> None:
        self.ui.wrong.hide()
        self._show_busy(self._presenter.busy)

    def _try(self) -> None:
        if self.ui.passphrase.complete:
            self._presenter.unlock(self.ui.passphrase.text())

    def _show_busy(self, busy: bool) -> None:
        self.ui.unlock.setEnabled(not busy and self.ui.passphrase.complete)
        self.ui.passphrase.setEnabled(not busy)
        if busy:
            self.ui.progress.begin(_("Unlocking…"))
        else:
            self.ui.progress.end()

    def _show_refusal(self, error: UserError, passphrase_wrong: bool) -> None:
        self.ui.passphrase.set_wrong(passphrase_wrong)
        if not passphrase_wrong:
            self.banner.show_error(error)
            return
        self.ui.wrong.setText(" ".join(part for part in (error.what, error.why, error.do) if part))
        self.ui.wrong.show()
        self.ui.passphrase.groups[0].setFocus()
        self.ui.passphrase.groups[0].selectAll()
