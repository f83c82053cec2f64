"""Files that the system (macOS) asks the running program to open; elsewhere they come as arguments."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Signal
from PySide6.QtGui import QFileOpenEvent


class FileOpenFilter(QObject):
    """Watches the application from when it is made; it sees every event, so only macOS has one."""

    asked = Signal(str)

    def __init__(self, app: QCoreApplication) -> None:
        super().__init__(app)
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take requests to open a file, let everything else pass."""
        if event.type() == QEvent.Type.FileOpen and isinstance(event, QFileOpenEvent):
            self.asked.emit(event.file())
            return True
        return False
