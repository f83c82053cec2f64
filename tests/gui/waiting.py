"""Waiting for what is on its way, without a look at the clock."""

from __future__ import annotations

from PySide6.QtCore import QEventLoop, QTimer

ROUNDS = 10
"""What is posted may post again: a focus that moves, a layout inside a layout."""


def go_round() -> None:
    """Let the event loop deal with all that is posted by now, and with what comes of it; before a test says that
    something did not happen."""
    for _ in range(ROUNDS):
        loop = QEventLoop()
        QTimer.singleShot(0, loop, loop.quit)
        loop.exec()
