"""The question whether to leave while something is going on, asked in place."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout

from qisp_desktop.base.i18n import _
from qisp_desktop.gui.stylesheet import role
from qisp_desktop.gui.widgets.card import Card, button, label


class LeaveCard(Card):
    """Stop and leave, or stay; hidden until it is asked. Escape stays."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty(*role("banner-warn"))
        self.what, self.more = label("", "heading", wrap=True), label("", wrap=True)
        self.stay, self.go = button(_("Stay here")), button(_("Stop and leave"), "primary")
        self.stopping = False
        """Whether the person chose to leave."""
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self.what)
        texts.addWidget(self.more)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addLayout(texts, 1)
        row.addWidget(self.stay)
        row.addWidget(self.go)
        self.body.addLayout(row)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    def ask(self, busy: str) -> None:
        """Ask while it prints (``print``) or saves (``save``)."""
        self.stopping = False
        self.go.setEnabled(True)
        if busy == "print":
            self.what.setText(_("Papers are still being printed."))
            self.more.setText(
                _("If you stop, what the printer still holds is taken back; what is out stands in the audit trail.")
            )
        else:
            self.what.setText(_("Papers are still being saved."))
            self.more.setText(_("If you stop, single files that are written stay; a PDF or ZIP is not written."))
        self.setAccessibleName(f"{self.what.text()} {self.more.text()}")
        self.show()
        self.stay.setFocus()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def show_stopping(self) -> None:
        """The person chose to leave; that waits for the next step."""
        self.stopping = True
        self.go.setEnabled(False)
        self.what.setText(_("Stopping…"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape stays."""
        if event.key() == Qt.Key.Key_Escape and not self.stopping:
            self.stay.click()
        else:
            super().keyPressEvent(event)
