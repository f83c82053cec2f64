"""What a sheet is when it cannot simply be filled: not declared yet, void, or signed; and the way out of each."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from qisp_desktop.base.i18n import _, labelled
from qisp_desktop.gui.panel.desk.presenter import DeskPresenter
from qisp_desktop.gui.stylesheet import role
from qisp_desktop.gui.widgets.card import button, label


class SheetState:
    """Two widgets: ``strip`` above a signed or reopened sheet, ``closed`` in place of one that cannot be seen."""

    def __init__(self, presenter: DeskPresenter) -> None:
        self._presenter = presenter
        self.closed = self._closed_panel()
        self.strip = self._strip()

    @property
    def is_closed(self) -> bool:
        """Whether there is no sheet to show."""
        number, sheets = self._presenter.number, self._presenter.sheets
        return not number or sheets.recused(number) or not (sheets.declared(number) or sheets.signed_sheet(number))

    def refresh(self) -> None:
        """Say what holds for the current application."""
        number, sheets = self._presenter.number, self._presenter.sheets
        begun = self._presenter.begun.revisions.get(number, "")
        self.reason.setText(begun)
        self._asking.setVisible(bool(begun))
        signed = sheets.signed_sheet(number)
        recusal = sheets.entry(number).recusal
        self.withdraw.setVisible(recusal is not None and not sheets.settled(number))
        self.strip.setVisible(not self.is_closed and signed is not None)
        if not number:
            self._say(_("Nothing to score"), _("No application was assigned to you."))
        elif recusal is not None:
            told = _("The secretariat was told.") if sheets.settled(number) else _("It is told with your next return.")
            self._say(
                _("You stepped back from this application"),
                labelled(recusal.ground.label, recusal.reason) + f"\n\n{told}",
            )
        elif self.is_closed:
            self._say(_("Declare first"), _("The sheet opens once you have said whether you have an interest."))
        if signed is not None:
            draft = sheets.entry(number).draft
            text = _("Signed, revision {revision}. It can only be read.")
            if draft is not None:
                text = _("Reopened as revision {revision}: {reason}")
            found = {"revision": draft.revision, "reason": draft.reason} if draft else {"revision": signed.revision}
            self.word.setText(text.format(**found))
            self.revise.setVisible(sheets.declared(number) and draft is None and not begun)

    def _say(self, what: str, more: str) -> None:
        self.title.setText(what)
        self.more.setText(more)

    def _closed_panel(self) -> QWidget:
        panel = QWidget()
        column = QVBoxLayout(panel)
        column.setSpacing(12)
        self.title, self.more = label("", "heading", wrap=True), label("", "second", wrap=True)
        column.addStretch(1)
        for part in (self.title, self.more):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(part)
        self.withdraw = button(_("Take the recusal back"))
        self.withdraw.clicked.connect(self._presenter.withdraw_recusal)
        column.addWidget(self.withdraw, 0, Qt.AlignmentFlag.AlignCenter)
        column.addStretch(2)
        return panel

    def _strip(self) -> QFrame:
        frame = QFrame()
        frame.setProperty(*role("banner-info"))
        column = QVBoxLayout(frame)
        column.setContentsMargins(12, 6, 8, 6)
        row = QHBoxLayout()
        self.word: QLabel = label("", wrap=True)
        self.revise = button(_("Revise…"))
        self.revise.clicked.connect(self._ask)
        row.addWidget(self.word, 1)
        row.addWidget(self.revise)
        column.addLayout(row)
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(_("Why the signed sheet is changed"))
        self.reason.setAccessibleName(_("Why the signed sheet is changed"))
        self.reopen = button(_("Reopen"), "primary")
        self.reopen.setEnabled(False)
        self.reason.textChanged.connect(lambda text: self.reopen.setEnabled(bool(text.strip())))
        self.reason.textEdited.connect(self._note)
        self.reason.returnPressed.connect(self._revise)
        self.reopen.clicked.connect(self._revise)
        self._asking = QWidget()
        asking = QHBoxLayout(self._asking)
        asking.setContentsMargins(0, 0, 0, 0)
        asking.addWidget(self.reason, 1)
        asking.addWidget(self.reopen)
        column.addWidget(self._asking)
        return frame

    def _ask(self) -> None:
        self._asking.show()
        self.revise.hide()
        self.reason.setFocus()

    def _note(self, reason: str) -> None:
        """What is being written stays with its application, through a change of language and the lock too."""
        self._presenter.begun.revisions[self._presenter.number] = reason
        self._presenter.keep_begun()

    def _revise(self) -> None:
        if self.reason.text().strip():
            self._presenter.revise(self.reason.text())
