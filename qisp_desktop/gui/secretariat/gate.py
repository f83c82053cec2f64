"""The secretariat's passphrase, asked in place when something needs the keys."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout

from qisp_desktop.base.errors import UserError, sentences
from qisp_desktop.base.i18n import _
from qisp_desktop.gui import theme
from qisp_desktop.gui.secretariat.session import RoundSession
from qisp_desktop.gui.stylesheet import role
from qisp_desktop.gui.widgets.card import button, label


class OfficeGate(QFrame):
    """Hidden until ``ask``: then a line for the passphrase; what needed the keys is done once they are unlocked."""

    left = Signal()
    """The line was put away without the keys: what asked for them is not done."""

    def __init__(self, session: RoundSession) -> None:
        super().__init__()
        self._session = session
        self._then: Callable[[], None] | None = None
        self.setProperty(*role("banner-info"))
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        row = QHBoxLayout()
        self.why = label("")
        self.passphrase = QLineEdit()
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.setPlaceholderText(_("The secretariat's passphrase"))
        self.passphrase.setAccessibleName(_("The secretariat's passphrase"))
        self.passphrase.setFixedWidth(theme.current().px(240))
        self.passphrase.textChanged.connect(lambda _text: self._typed())
        self.passphrase.returnPressed.connect(self._unlock)
        self.unlock = button(_("Unlock"), "primary", "lock", "on_accent")
        self.unlock.clicked.connect(self._unlock)
        self.leave = button(_("Cancel"))
        self.leave.clicked.connect(self.put_away)
        row.addWidget(self.why, 1)
        for part in (self.passphrase, self.unlock, self.leave):
            row.addWidget(part)
        column.addLayout(row)
        self.problem = label("", "bad", wrap=True)
        self.problem.hide()
        column.addWidget(self.problem)
        self.hide()

    def ask(self, why: str, then: Callable[[], None]) -> None:
        """Do ``then`` with unlocked keys: at once, or after the passphrase, for which ``why`` is the reason."""
        if self._session.unlocked:
            then()
            return
        self._then = then
        self.why.setText(why)
        self.problem.hide()
        self.passphrase.clear()
        self._typed()
        self.show()
        self.passphrase.setFocus()

    def put_away(self) -> None:
        """Hide the line; what asked for it is not done."""
        asked, self._then = self._then is not None, None
        self.passphrase.clear()
        self.hide()
        if asked:
            self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape puts the line away."""
        if event.key() == Qt.Key.Key_Escape:
            self.put_away()
        else:
            super().keyPressEvent(event)

    def _typed(self) -> None:
        self._mark(False)
        self.unlock.setEnabled(bool(self.passphrase.text()))

    def _unlock(self) -> None:
        if not self.passphrase.text() or not self.passphrase.isEnabled():
            return
        self.passphrase.setEnabled(False)
        self.unlock.setEnabled(False)
        self._session.unlock(self, self.passphrase.text(), self._unlocked, self._refused)

    def _unlocked(self) -> None:
        self.passphrase.setEnabled(True)
        then, self._then = self._then, None
        self.put_away()
        if then is not None:
            then()

    def _refused(self, error: UserError) -> None:
        self.passphrase.setEnabled(True)
        self._mark(True)
        self.problem.setText(sentences(error.what, error.why, error.do))
        self.problem.show()
        self.passphrase.setFocus()
        self.passphrase.selectAll()

    def _mark(self, wrong: bool) -> None:
        if bool(self.passphrase.property("wrong")) != wrong:
            self.passphrase.setProperty("wrong", wrong)
            self.passphrase.style().unpolish(self.passphrase)
            self.passphrase.style().polish(self.passphrase)
        if not wrong:
            self.problem.hide()
