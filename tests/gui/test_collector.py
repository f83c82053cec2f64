"""Garbage of windows is collected in the main thread only."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from qisp_desktop.base.bulk import collector_paused
from qisp_desktop.gui.app import Application
from qisp_desktop.gui.collector import MOST, MainThreadCollector

ENOUGH = gc.get_threshold()[0] + 300
"""Young objects among which Python would look for garbage; how many differs from version to version."""


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


@pytest.fixture
def collector() -> Iterator[MainThreadCollector]:
    """One that nothing but the test asks to look, among objects that are all old."""
    was_enabled = gc.isenabled()
    gc.disable()
    gc.collect()
    parent = QObject()
    yield MainThreadCollector(parent)
    if was_enabled:
        gc.enable()


@contextmanager
def collections() -> Iterator[list[int]]:
    """The generations that are collected meanwhile."""
    seen: list[int] = []

    def note(phase: str, info: dict[str, int]) -> None:
        if phase == "stop":
            seen.append(info["generation"])

    gc.callbacks.append(note)
    try:
        yield seen
    finally:
        gc.callbacks.remove(note)


def test_what_a_worker_has_read_counts_as_old_without_a_look_at_each(collector: MainThreadCollector) -> None:
    read: list[object] = [[] for _ in range(2 * MOST)]
    with collections() as seen:
        collector.look()
        assert seen == []
        assert gc.get_count()[0] < MOST
        kept: list[object] = [[] for _ in range(ENOUGH)]
        collector.look()
        assert seen == [0]
    assert read
    assert kept


def test_objects_of_middle_age_are_collected_before_they_are_very_many(collector: MainThreadCollector) -> None:
    kept: list[object] = []
    with collections() as seen:
        for _ in range(3):
            kept += [[] for _ in range(MOST * 3 // 4)]
            collector.look()
    assert seen == [0, 0, 1]
    assert kept


def test_a_full_collection_waits_until_there_are_more_objects_by_a_quarter(collector: MainThreadCollector) -> None:
    with collections() as seen:
        collector.rest()
        collector.rest()
        assert seen == [2]  # the first one finds out how many there are
        gc.freeze()
        grown: list[object] = [[] for _ in range(gc.get_freeze_count() // 3)]
        gc.unfreeze()
        collector.rest()
        assert seen == [2, 2]
    assert grown


def test_nobody_collects_while_objects_are_made_in_bulk(collector: MainThreadCollector) -> None:
    with collector_paused(), collections() as seen:
        kept: list[object] = [[] for _ in range(ENOUGH)]
        collector.look()
        collector.rest()
    assert seen == []
    assert kept


def test_a_tuple_that_is_just_being_made_stays_whole_when_the_collector_comes(collector: MainThreadCollector) -> None:
    def numbers() -> Iterator[list[int]]:
        for number in range(100):
            yield [number]
            if number in (30, 60):
                collector.rest()
                kept.extend([] for _ in range(2 * MOST))
                collector.look()

    kept: list[object] = []
    assert len(tuple(numbers())) == 100


def test_old_objects_go_once_nobody_touches_anything(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qisp_desktop.gui.collector.UNTOUCHED_S", 0.05)
    Knot.threads.clear()
    Knot()
    gc.freeze()
    gc.unfreeze()  # old by now, which no look at the young ones finds
    parent = QObject()
    collector = MainThreadCollector(parent)
    collector.start()
    try:
        qtbot.waitUntil(lambda: len(Knot.threads) == 1, timeout=5000)
    finally:
        collector.stop()
    gc.disable()  # as the test found it


def test_the_program_keeps_the_collector_out_of_its_workers(program: Application) -> None:
    assert program.ready
    assert not gc.isenabled()


def test_a_task_that_is_over_holds_nothing_of_what_it_worked_with(qtbot: QtBot, program: Application) -> None:
    held = threading.Event()

    def work(job: object) -> bool:
        return held.is_set()

    before = sys.getrefcount(work)
    task = program.tasks.run(program, work, lambda _result: None)
    qtbot.waitUntil(lambda: task.finished and not program.tasks.busy)
    assert sys.getrefcount(work) == before
