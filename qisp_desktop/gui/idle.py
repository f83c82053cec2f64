"""Notices that nobody is at the machine any more."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QWindow
from PySide6.QtWidgets import QApplication

LOOK_AGAIN_S = 15.0
"""Timers stand still while the machine sleeps: so soon after it woke up it is noticed how long that was."""

_CLOCKS = {"linux": "CLOCK_BOOTTIME", "darwin": "CLOCK_MONOTONIC"}
"""Where Python's own monotonic clock stands still in sleep, the one that does not."""

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


def seconds_passed() -> float:
    """A clock that nobody sets and that goes on while the machine sleeps."""
    name = _CLOCKS.get(sys.platform)
    return time.monotonic() if name is None else time.clock_gettime(getattr(time, name))


class IdleWatch(QObject):
    """Sends ``idle`` once in each stretch of ``seconds`` without input; it watches until it is deleted.

    A machine that slept so long was left alone too.
    """

    idle = Signal()

    def __init__(self, seconds: float, parent: QObject, clock: Callable[[], float] = seconds_passed) -> None:
        super().__init__(parent)
        self._seconds = seconds
        self._clock = clock
        self._last = clock()
        self._told = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._look)
        self._wait(seconds)
        self._typed_into: QObject | None = None
        self._listen()

    @property
    def left_alone(self) -> bool:
        """Whether there was no input since ``idle`` was sent."""
        return self._told

    def _listen(self) -> None:
        """See what comes into the program's windows, and what input methods write, which goes past the windows.

        Not every event of the program: a section that is opened or a theme that changes makes thousands of them, and
        Python asked about each would take longer than all the rest.
        """
        app = QApplication.instance()
        if not isinstance(app, QApplication):
            return
        for window in app.topLevelWindows():
            self._listen_to(window)
        app.focusWindowChanged.connect(self._listen_to)
        app.focusObjectChanged.connect(self._listen_to_typing)
        self._listen_to_typing(app.focusObject())

    def _listen_to(self, window: QWindow | None) -> None:
        if window is not None:
            window.installEventFilter(self)

    def _listen_to_typing(self, typed_into: QObject | None) -> None:
        before, self._typed_into = self._typed_into, typed_into
        if before is not None and shiboken6.isValid(before):
            before.removeEventFilter(self)
        if typed_into is not None:
            typed_into.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note the time of any input; let everything pass."""
        if event.type() in _INPUT:
            now = self._clock()
            if self._told:
                self._told = False
                self._wait(self._seconds)
            elif now - self._last >= self._seconds:
                self._timer.start(0)  # the first key after a sleep does not make up for it
                return False
            self._last = now
        return False

    def _wait(self, seconds: float) -> None:
        self._timer.start(int(min(seconds, LOOK_AGAIN_S) * 1000) + 1)

    def _look(self) -> None:
        left = self._last + self._seconds - self._clock()
        if left > 0:
            self._wait(left)
        else:
            self._told = True
            self.idle.emit()
