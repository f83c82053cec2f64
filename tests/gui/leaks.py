"""Notices what a test of a screen leaves behind: threads, running timers, windows that nobody closed.

Each of these makes a later test fail that did nothing wrong, or the process crash when it ends.
"""

from __future__ import annotations

import gc
import threading
import time
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QThread, QTimer
from PySide6.QtWidgets import QApplication, QWidget

PATIENCE_SECONDS = 10.0  # a busy machine takes its time to end a process


class LeakWatch:
    """Watches from when it is made; ``leaks()`` says what is still there."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._threads_before = set(threading.enumerate())
        self._windows_before = {id(window) for window in QApplication.topLevelWidgets()}
        self._started_threads: list[QThread] = []
        self._started_timers: list[QTimer] = []
        _record_starts(monkeypatch, QThread, self._started_threads)
        _record_starts(monkeypatch, QTimer, self._started_timers)

    def leaks(self) -> list[str]:
        """What the test left, in words; waits a moment for what is just ending."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            # A deleteLater that no event loop came to yet is not a leak.
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
            QCoreApplication.processEvents()
            found = self._found()
            if not found:
                return []
            gc.collect()
            if time.monotonic() > deadline:
                return found
            time.sleep(0.02)

    def _found(self) -> list[str]:
        threads = [t for t in threading.enumerate() if t not in self._threads_before and t.is_alive()]
        q_threads = [t for t in self._started_threads if shiboken6.isValid(t) and t.isRunning()]
        timers = [t for t in self._started_timers if shiboken6.isValid(t) and t.isActive()]
        windows = [w for w in QApplication.topLevelWidgets() if id(w) not in self._windows_before]
        return [
            *(f"thread {thread.name!r} still runs" for thread in threads),
            *(f"QThread {_name(thread)} still runs" for thread in q_threads),
            *(f"QTimer {_name(timer)} still ticks every {timer.interval()} ms" for timer in timers),
            *(f"window {_name(window)} was not closed" for window in windows),
        ]

    def clean_up(self) -> None:
        """End what can be ended, so that one leak is reported once and not by every test after it."""
        for timer in self._started_timers:
            if shiboken6.isValid(timer):
                timer.stop()
        for window in QApplication.topLevelWidgets():
            if id(window) not in self._windows_before and shiboken6.isValid(window):
                window.hide()
                window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def _record_starts(monkeypatch: pytest.MonkeyPatch, cls: type[Any], started: list[Any]) -> None:
    original = cls.start

    def start(self: Any, *arguments: Any) -> None:
        started.append(self)
        original(self, *arguments)

    monkeypatch.setattr(cls, "start", start)


def _name(thing: QThread | QTimer | QWidget) -> str:
    parent: QObject | None = thing.parent()
    inside = f" of {type(parent).__name__}" if isinstance(parent, QObject) else ""
    return f"{thing.objectName() or type(thing).__name__}{inside}"
