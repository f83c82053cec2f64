"""Unlocking a panel package: the passphrase from the letter, and a clear word when it is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from qisp_desktop.base.errors import UserError, sentences
from qisp_desktop.base.i18n import _
from qisp_desktop.gui import assets
from qisp_desktop.gui.forms.ui_unlock import Ui_Unlock
from qisp_desktop.gui.page import Page, Screen, Shell
from qisp_desktop.gui.panel.presenter import UnlockPresenter

if TYPE_CHECKING:
    from qisp_desktop.services.desk_editing import DeskContents


MANY = 3
"""Wrong passphrases after which the letter itself is in doubt."""


def unlock_screen(shell: Shell, path: Path, *, locked: bool = False, copy: Path | None = None) -> Screen:
    """The unlock page for the package at ``path``; ``locked`` when the desk has locked itself, ``copy`` as for the
    presenter."""
    presenter = UnlockPresenter(path, shell.tasks, copy=copy)

    def show_desk(opened: DeskContents) -> None:
        from qisp_desktop.gui.panel.desk.page import desk_screen

        shell.settings.remember(path)
        shell.go.show(desk_screen(shell, path, opened))

    presenter.unlocked.connect(show_desk)
    return Screen(lambda: UnlockPage(shell, presenter, locked), presenter)


class UnlockPage(Page):
    """The view of ``UnlockPresenter``."""

    def __init__(self, shell: Shell, presenter: UnlockPresenter, locked: bool) -> None:
        super().__init__(presenter.path.name, back=shell.go.home)
        self.presenter = presenter
        form = QWidget()
        self.ui = Ui_Unlock()
        self.ui.setupUi(form)
        self.body.addWidget(form, 1)
        assets.set_picture(self.ui.icon, "lock", "accent_text", 28)
        self.ui.title.setText(_("Unlock {name}").format(name=presenter.path.name))
        self.ui.place.setText(str(presenter.path.parent))
        self._earlier_part = (self.ui.earlierHint, self.ui.earlier, self.ui.leave)
        for part in (self.ui.wrong, *self._earlier_part):
            part.hide()
        self.ui.hide.setChecked(shell.settings.hide_passphrase)
        for field in (self.ui.passphrase, self.ui.earlier):
            self.ui.hide.toggled.connect(field.set_hidden)
            field.set_hidden(shell.settings.hide_passphrase)
            field.changed.connect(self._typed)
            field.submitted.connect(self._try)
        self.ui.leave.toggled.connect(self._leave)
        self.ui.unlock.clicked.connect(self._try)
        presenter.busy_changed.connect(self._show_busy)
        presenter.refused.connect(self._show_refusal)
        presenter.reissued.connect(self._ask_for_earlier)
        self._show_busy(presenter.busy)
        self.ui.passphrase.setFocus()
        if locked:
            self.banner.say("info", _("The desk locked itself because nothing was done. All is saved."))

    def shows(self, path: Path) -> bool:
        """A second double click on the package does not lock the desk, nor take away what was typed."""
        return path == self.presenter.path.absolute()

    def open_again(self) -> None:
        """The stick may be back: a trouble with the file that was told is told again only if it is still there."""
        if self._told_trouble and not self.presenter.busy:
            self._put_trouble_away()
            self.presenter.look()

    def _doubt(self) -> str:
        """After many attempts it is hardly a slip of the finger."""
        count = self.presenter.wrong
        if count < MANY:
            return ""
        text = _("That was attempt {count}: is the letter that of the expert and the issue of this file?")
        return text.format(count=count)

    def _typed(self) -> None:
        self.ui.wrong.hide()
        self._show_busy(self.presenter.busy)

    @property
    def _complete(self) -> bool:
        """Whether everything that is asked for was typed."""
        earlier = self.ui.earlier.isHidden() or self.ui.leave.isChecked() or self.ui.earlier.complete
        return self.ui.passphrase.complete and earlier

    _told_trouble = False
    """Whether the banner tells a trouble with the file."""

    def _put_trouble_away(self) -> None:
        if self._told_trouble:
            self._told_trouble = False
            self.banner.put_away()

    def _try(self) -> None:
        if not self._complete:
            return
        self._put_trouble_away()
        leave = self.ui.leave.isChecked()
        earlier = None if self.ui.earlier.isHidden() or leave else self.ui.earlier.text()
        self.presenter.unlock(self.ui.passphrase.text(), earlier, leave_drafts=leave)

    def _ask_for_earlier(self, error: UserError) -> None:
        """The package was issued again: ask, in place, for what opens the work on the issue before."""
        text = _("{what} Type the earlier passphrase too, so that your drafts are carried over.")
        self.ui.earlierHint.setText(text.format(what=error.why))
        for part in self._earlier_part:
            part.show()
        self._show_busy(self.presenter.busy)
        self.ui.earlier.groups[0].setFocus()

    def _leave(self, leave: bool) -> None:
        self.ui.earlier.setEnabled(not leave)
        self._typed()

    def _show_busy(self, busy: bool) -> None:
        self.ui.unlock.setEnabled(not busy and self._complete)
        self.ui.passphrase.setEnabled(not busy)
        self.ui.earlier.setEnabled(not busy and not self.ui.leave.isChecked())
        if busy:
            self.ui.progress.begin(_("Unlocking…"))
        else:
            self.ui.progress.end()

    def _show_refusal(self, error: UserError, passphrase_wrong: bool) -> None:
        # Where two passphrases were typed, either may be the wrong one: both are marked.
        for field in (self.ui.passphrase, self.ui.earlier):
            field.set_wrong(passphrase_wrong)
        if not passphrase_wrong:
            self._told_trouble = True
            self.banner.show_error(error)
            return
        self.ui.wrong.setText(sentences(error.what, error.why, error.do, self._doubt()))
        self.ui.wrong.show()
        self.ui.passphrase.groups[0].setFocus()
        self.ui.passphrase.groups[0].selectAll()
