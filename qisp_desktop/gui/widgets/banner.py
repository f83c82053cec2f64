"""What has to be said, said in place: errors with what, why and what to do; news; an undo."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from qisp_desktop.base.errors import UserError, sentences
from qisp_desktop.base.i18n import _
from qisp_desktop.gui import assets
from qisp_desktop.gui.stylesheet import role
from qisp_desktop.gui.widgets.card import button, label

ICONS = {"info": ("about", "accent_text"), "good": ("good", "good_text"), "warn": ("warning", "warn_text")}
ICONS["bad"] = ("bad", "bad_text")


class Banner(QFrame):
    """A strip that is hidden until there is something to say; Escape or its cross puts it away."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.setSpacing(12)
        self._icon = QLabel()
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        self.what, self.more = label("", wrap=True), label("", wrap=True)
        for part in (self.what, self.more):
            part.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            texts.addWidget(part)
        row.addLayout(texts, 1)
        self.action = button("", "link")
        self.action.clicked.connect(self._act)
        row.addWidget(self.action, 0, Qt.AlignmentFlag.AlignVCenter)
        self.dismiss = QToolButton()
        assets.set_icon(self.dismiss, "close", "second")
        self.dismiss.setToolTip(_("Dismiss"))
        self.dismiss.setAccessibleName(_("Dismiss"))
        self.dismiss.clicked.connect(self.put_away)
        row.addWidget(self.dismiss, 0, Qt.AlignmentFlag.AlignTop)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._do: Callable[[], None] | None = None
        self.meaning = ""
        self.hide()

    def show_error(self, error: UserError) -> None:
        """Show ``error`` in place: what, and below it why and what to do."""
        self.say("bad", error.what, sentences(error.why, error.do))

    def say(
        self, meaning: str, what: str, more: str = "", action: str = "", do: Callable[[], None] | None = None
    ) -> None:
        """Show ``what`` in the look of ``meaning`` (info, good, warn, bad), with a link that calls ``do`` once."""
        self.meaning = meaning
        self.setProperty(*role(f"banner-{meaning}"))
        self.style().unpolish(self)
        self.style().polish(self)
        icon, token = ICONS[meaning]
        assets.set_picture(self._icon, icon, token, 22)
        self.what.setText(what)
        self.more.setText(more)
        self.more.setVisible(bool(more))
        self.action.setText(action)
        self.action.setVisible(bool(action))
        self._do = do
        self.setAccessibleName(f"{what} {more}".strip())
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def put_away(self) -> None:
        """Hide the banner; what it offered is no longer offered."""
        self._do = None
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape puts the banner away."""
        if event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
            self.put_away()
        else:
            super().keyPressEvent(event)

    def _act(self) -> None:
        do = self._do
        self.put_away()
        if do is not None:
            do()
