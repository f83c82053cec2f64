"""The watch over what screens leave behind sees each kind of it, and nothing where all was closed."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QThread, QTimer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.gui import leaks
from tests.gui.leaks import LeakWatch


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> LeakWatch:
    monkeypatch.setattr(leaks, "PATIENCE_SECONDS", 0.05)
    return LeakWatch(monkeypatch)


def test_nothing_is_reported_when_everything_was_closed(watch: LeakWatch, qtbot: QtBot) -> None:
    window = QWidget()
    window.show()
    window.deleteLater()
    timer = QTimer()
    timer.start(10)
    timer.stop()
    thread = threading.Thread(target=lambda: None)
    thread.start()
    thread.join()

    assert watch.leaks() == []


def test_a_thread_that_still_runs_is_reported(watch: LeakWatch) -> None:
    let_go = threading.Event()
    thread = threading.Thread(target=let_go.wait, name="store worker")
    thread.start()

    found = watch.leaks()
    let_go.set()
    thread.join()

    assert found == ["thread 'store worker' still runs"]


def test_a_qthread_that_still_runs_is_reported(watch: LeakWatch) -> None:
    thread = QThread()
    thread.setObjectName("renderer")
    thread.start()

    found = watch.leaks()
    thread.quit()
    thread.wait()

    assert found == ["QThread renderer still runs"]


def test_a_timer_that_still_ticks_is_reported(watch: LeakWatch) -> None:
    timer = QTimer()
    timer.start(300)

    found = watch.leaks()
    timer.stop()

    assert found == ["QTimer QTimer still ticks every 300 ms"]


def test_a_window_left_open_is_reported_and_cleaned_up(watch: LeakWatch) -> None:
    window = QWidget()
    window.setObjectName("desk")
    window.show()

    assert watch.leaks() == ["window desk was not closed"]
    watch.clean_up()
    assert watch.leaks() == []
