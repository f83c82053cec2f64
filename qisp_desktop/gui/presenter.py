"""The half of a screen that knows no widget."""

from __future__ import annotations

from PySide6.QtCore import QObject


class Presenter(QObject):
    """The state and the acts of a screen. It is closed once, when the person goes elsewhere."""

    def unfinished(self) -> str:
        """What was begun here and would be lost by leaving, in words; empty when nothing would."""
        return ""

    def close(self) -> None:
        """Give back what is held; nothing is shown after this."""
