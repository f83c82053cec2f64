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
OLDEST = 2
GROWTH = 0.25
"""A full collection, a tenth of a second where much is open, waits until the old objects have grown by this share:
Python's own rule, which it does not apply to collections that are asked for."""


class MainThreadCollector(QObject):
    """Collects cyclic garbage from the main thread's event loop, as often as Python itself would, from ``start`` on."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self.look)
        self._old = 0
        """How many old objects the last full collection left."""

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
        due = [place for place in (0, 1, OLDEST) if thresholds[place] and counts[place] > thresholds[place]]
        if OLDEST in due and self._has_grown():
            gc.collect()
            self._old = len(gc.get_objects(generation=OLDEST))
        elif due:
            gc.collect(min(due[-1], OLDEST - 1))

    def _has_grown(self) -> bool:
        return len(gc.get_objects(generation=OLDEST)) > self._old * (1 + GROWTH)
