"""Notices that nobody is at the machine any more."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

_INPUT = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
        QEvent.Type.InputMethod,
        QEvent.Type.Drop,
    }
)


class IdleWatch(QObject):
    """Sends ``idle`` once when there was no input for ``seconds``; it watches until it is deleted."""

    idle = Signal()

    def __init__(self, seconds: float, parent: QObject) -> None:
        super().__init__(parent)
        self._seconds = seconds
        self._last = time.monotonic()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._look)
        self._timer.start(int(seconds * 1000))
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note the time of any input; let everything pass."""
        if event.type() in _INPUT:
            self._last = time.monotonic()
        return False

    def _look(self) -> None:
        left = self._last + self._seconds - time.monotonic()
        if left <= 0:
            self.idle.emit()
        else:
            self._timer.start(int(left * 1000) + 1)
