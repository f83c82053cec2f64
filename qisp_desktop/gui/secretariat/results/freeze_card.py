"""Declaring the result final, in place: why, and whether the audit trail is signed with it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit

from qisp_desktop.base.i18n import _
from qisp_desktop.gui.secretariat.gate import OfficeGate
from qisp_desktop.gui.secretariat.results.presenter import ResultsPresenter
from qisp_desktop.gui.widgets.card import Card, button, label


class FreezeCard(Card):
    """Hidden until the clerk wants to freeze."""

    def __init__(self, presenter: ResultsPresenter, gate: OfficeGate) -> None:
        super().__init__(_("Freeze the result"))
        self._presenter = presenter
        self._gate = gate
        words = _(
            "The rule, a digest of all that the result rests on, and the result itself are kept. Later changes stay "
            "possible and are shown as such."
        )
        self.body.addWidget(label(words, "second", wrap=True))
        row = QHBoxLayout()
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(_("Why it is final, for example: confirmed by the panel's meeting of 20 July"))
        self.reason.setAccessibleName(_("Reason"))
        self.reason.returnPressed.connect(self._freeze)
        self.signed = QCheckBox(_("Sign the audit trail too"))
        self.signed.setToolTip(_("Needs the secretariat's passphrase; then cutting off the end of the trail shows"))
        self.signed.setChecked(True)
        self.freeze = button(_("Freeze"), "primary")
        self.freeze.setEnabled(False)
        self.reason.textChanged.connect(lambda text: self.freeze.setEnabled(bool(text.strip())))
        self.freeze.clicked.connect(self._freeze)
        self.leave = button(_("Cancel"))
        self.leave.clicked.connect(self.hide)
        row.addWidget(self.reason, 1)
        for part in (self.signed, self.freeze, self.leave):
            row.addWidget(part)
        self.body.addLayout(row)
        self.hide()

    def ask(self) -> None:
        """Show the card."""
        self.show()
        self.reason.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape puts the card away."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def _freeze(self) -> None:
        if not self.reason.text().strip():
            return
        if self.signed.isChecked():
            self._gate.ask(_("To sign the audit trail"), lambda: self._go(signed=True))
        else:
            self._go(signed=False)

    def _go(self, *, signed: bool) -> None:
        self._presenter.freeze(self.reason.text(), signed=signed)
        self.reason.clear()
        self.hide()
