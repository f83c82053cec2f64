"""The half of a screen that knows no widget."""

from __future__ import annotations

from PySide6.QtCore import QObject


class Presenter(QObject):
    """The state and the acts of a screen. It is closed once, when the person goes elsewhere."""

    def close(self) -> None:
        """Give back what is held; nothing is shown after this."""
