"""Garbage of windows is collected in the thread of the windows.

Python's cyclic collector runs in whichever thread happens to allocate, so it may take a Qt object apart in a worker;
Qt allows that in the object's own thread only, and the process dies some time later. So it is kept from running by
itself, and a timer of the main thread looks after it.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

from qisp_desktop.base.bulk import collector_is_paused

PAUSE_MS = 1000


class MainThreadCollector(QObject):
    """Collects cyclic garbage from the main thread's event loop, as often as Python itself would, from ``start`` on."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Take over from Python."""
        gc.disable()
        self._timer.start()

    def stop(self) -> None:
        """Give back to Python."""
        self._timer.stop()
        gc.enable()

    def look(self) -> None:
        """Collect the oldest generation whose threshold is reached, if any; not while objects are made in bulk."""
        if collector_is_paused():
            return
        counts, thresholds = gc.get_count(), gc.get_threshold()
        for generation in (2, 1, 0):
            if thresholds[generation] and counts[generation] > thresholds[generation]:
                gc.collect(generation)
                return
