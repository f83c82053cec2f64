"""A line that asks why an expert stepped back, as their hand-signed declaration says."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLineEdit

from qisp_desktop.base.i18n import _
from qisp_desktop.domain.regulation import RecusalGround
from qisp_desktop.gui.stylesheet import role
from qisp_desktop.gui.widgets.card import button, label


class RecusalLine(QFrame):
    """Hidden until ``ask``; ``recorded`` is sent once a ground and a reason are there."""

    recorded = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.expert = self.application = ""
        self.setProperty(*role("banner-info"))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        self.who = label("")
        self.ground = QComboBox()
        self.ground.setAccessibleName(_("Ground"))
        for ground in RecusalGround:
            self.ground.addItem(ground.label, ground.value)
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(_("What the signed declaration says"))
        self.reason.setAccessibleName(_("What the signed declaration says"))
        self.record = button(_("Record"), "primary")
        self.record.setEnabled(False)
        self.leave = button(_("Cancel"))
        self.reason.textChanged.connect(lambda text: self.record.setEnabled(bool(text.strip())))
        for part, stretch in ((self.who, 0), (self.ground, 0), (self.reason, 1), (self.record, 0), (self.leave, 0)):
            row.addWidget(part, stretch)
        self.record.clicked.connect(self.recorded)
        self.reason.returnPressed.connect(lambda: self.recorded.emit() if self.record.isEnabled() else None)
        self.leave.clicked.connect(self.put_away)
        self.hide()

    def ask(self, expert: str, application: str) -> None:
        """Ask about this expert and application."""
        self.expert, self.application = expert, application
        self.who.setText(_("{expert} steps back from {application}:").format(expert=expert, application=application))
        self.reason.clear()
        self.show()
        self.reason.setFocus()

    def chosen_ground(self) -> RecusalGround:
        """The ground that is chosen."""
        return RecusalGround(self.ground.currentData())

    def put_away(self) -> None:
        """Hide the line."""
        self.reason.clear()
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape puts the line away."""
        if event.key() == Qt.Key.Key_Escape:
            self.put_away()
        else:
            super().keyPressEvent(event)
