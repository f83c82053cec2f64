"""Garbage of windows is collected in the main thread only."""

from __future__ import annotations

import gc
import threading

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.app import Application
from qisp_desktop.gui.collector import MainThreadCollector


class Knot:
    """Garbage that only the cyclic collector finds; notes the thread in which it goes."""

    threads: list[threading.Thread] = []  # noqa: RUF012  shared on purpose

    def __init__(self) -> None:
        self.me = self

    def __del__(self) -> None:
        self.threads.append(threading.current_thread())


def make_garbage(count: int) -> None:
    for _ in range(count):
        Knot()


def test_a_worker_that_makes_garbage_leaves_it_to_the_main_thread(qtbot: QtBot) -> None:
    Knot.threads.clear()
    parent = QObject()
    collector = MainThreadCollector(parent)
    collector.start()
    try:
        worker = threading.Thread(target=make_garbage, args=(5000,))
        worker.start()
        worker.join()
        assert not Knot.threads
        qtbot.waitUntil(lambda: len(Knot.threads) > 0, timeout=5000)
        assert set(Knot.threads) == {threading.main_thread()}
    finally:
        collector.stop()
    assert gc.isenabled()
    gc.disable()  # as the test found it


def test_old_objects_are_looked_through_only_when_they_have_grown_by_a_quarter(qtbot: QtBot) -> None:
    parent = QObject()
    collector = MainThreadCollector(parent)
    thresholds = gc.get_threshold()
    full: list[str] = []
    told = lambda phase, info: full.append(phase) if phase == "stop" and info["generation"] == 2 else None  # noqa: E731
    gc.collect()
    gc.set_threshold(1, 1, 1)
    gc.callbacks.append(told)
    try:
        for _ in range(20):
            gc.collect(0)
            gc.collect(1)
            kept = [[] for _ in range(100)]
            collector.look()
        assert len(full) == 1  # the first one finds out how many there are
        grown = [[] for _ in range(len(gc.get_objects(generation=2)))]
        gc.collect(1)
        for _ in range(6):
            gc.collect(1)
            kept = [[] for _ in range(100)]
            collector.look()
        assert len(full) == 2
        assert kept
        assert grown
    finally:
        gc.callbacks.remove(told)
        gc.set_threshold(*thresholds)


def test_the_program_keeps_the_collector_out_of_its_workers(program: Application) -> None:
    assert program.ready
    assert not gc.isenabled()
