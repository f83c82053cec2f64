"""Garbage of windows is collected in the thread of the windows, a little at a time.

Python's cyclic collector runs in whichever thread happens to allocate, so it may take a Qt object apart in a worker;
Qt allows that in the object's own thread only, and the process dies some time later. So it is kept from running by
itself, and the main thread looks after it: a timer for the young objects, the person's pauses for the old ones.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

from qisp_desktop.base.bulk import collector_is_paused
from qisp_desktop.gui.idle import IdleWatch

PAUSE_MS = 250
YOUNG, MIDDLE = 0, 1
MOST = 10_000
"""Young objects, and of the middle generation too, that are looked through in one go: some milliseconds each."""
UNTOUCHED_S = 10.0
"""A full collection, a fifth of a second where much is open, waits until nobody has touched anything for so long, …"""
GROWTH = 0.25
"""… and until there are more objects by this share: Python's own rule, which it does not apply to collections that are
asked for."""


class MainThreadCollector(QObject):
    """Collects cyclic garbage from the main thread's event loop, from ``start`` on."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self.look)
        self._idle: IdleWatch | None = None
        self._middle = 0
        """How many objects the middle generation holds at most."""
        self._left = 0
        """How many objects the last full collection left."""

    def start(self) -> None:
        """Take over from Python."""
        gc.disable()
        self._timer.start()
        self._idle = IdleWatch(UNTOUCHED_S, self)
        self._idle.idle.connect(self.rest)

    def stop(self) -> None:
        """Give back to Python."""
        self._timer.stop()
        if self._idle is not None:
            self._idle.deleteLater()
            self._idle = None
        gc.enable()

    def look(self) -> None:
        """Collect the young objects if Python would, and those of the middle generation in their turn.

        More young ones than ``MOST`` are what a worker has read or is reading, and hardly garbage: to look through
        them would hold the window up, so they count as old at once: freezing and unfreezing only join lists.
        """
        counts, thresholds = gc.get_count(), gc.get_threshold()
        young = counts[YOUNG]
        if not thresholds[YOUNG] or young <= thresholds[YOUNG]:
            return
        if young > MOST:
            self._middle = 0
            gc.freeze()
            gc.unfreeze()
        elif collector_is_paused():
            return
        elif self._middle > MOST or counts[MIDDLE] > thresholds[MIDDLE]:
            self._middle = 0
            gc.collect(MIDDLE)
        else:
            self._middle += young
            gc.collect(YOUNG)

    def rest(self) -> None:
        """Collect everything where that is worth its time: nobody is there who would wait for it."""
        if not collector_is_paused() and _count() > self._left * (1 + GROWTH):
            self._middle = 0
            gc.collect()
            self._left = _count()


def _count() -> int:
    """How many objects there are; they all count as old then.

    ``gc.get_objects`` would tell that too, but it holds every object meanwhile, and a tuple that a worker is just
    making out of a generator breaks when somebody else holds it (a SystemError there).
    """
    gc.freeze()
    count = gc.get_freeze_count()
    gc.unfreeze()
    return count
