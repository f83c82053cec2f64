"""Work off the UI thread: delivered on it, in order, to who still lives; stopped when asked; gone at the end."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from functools import partial

import pytest
import shiboken6
from PySide6.QtCore import QObject, QThread
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from qisp_desktop.base.errors import UserError
from qisp_desktop.gui.tasks import Job, Progress, Tasks


@pytest.fixture
def tasks(qapp: object) -> Iterator[Tasks]:
    tasks = Tasks()
    yield tasks
    tasks.shut_down()


@pytest.fixture
def owner(qapp: object) -> QObject:
    return QObject()


def answer(number: int, job: Job) -> int:
    return number


def marked(made: threading.Event, result: str, job: Job) -> str:
    made.set()
    return result


def test_results_come_on_the_ui_thread_and_work_is_done_off_it(tasks: Tasks, owner: QObject, qtbot: QtBot) -> None:
    seen: list[tuple[bool, bool]] = []
    here = threading.get_ident()

    tasks.run(
        owner,
        lambda job: threading.get_ident() == here,
        lambda in_ui: seen.append((in_ui, QThread.currentThread() is tasks.thread())),
    )

    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [(False, True)]


def test_work_for_the_store_runs_one_at_a_time_in_the_order_given(tasks: Tasks, owner: QObject, qtbot: QtBot) -> None:
    running, most, done = 0, 0, list[int]()

    def work(number: int, job: Job) -> int:
        nonlocal running, most
        running += 1
        most = max(most, running)
        time.sleep(0.001)  # long enough for a second worker to be seen
        running -= 1
        return number

    for number in range(50):
        tasks.run(owner, partial(work, number), done.append)

    qtbot.waitUntil(lambda: len(done) == 50)
    assert done == list(range(50))
    assert most == 1


def test_thousands_of_deliveries_lose_none(tasks: Tasks, owner: QObject, qtbot: QtBot) -> None:
    done: list[int] = []
    for number in range(3000):
        tasks.run(owner, partial(answer, number), done.append)

    qtbot.waitUntil(lambda: len(done) == 3000, timeout=20_000)
    assert not tasks.busy


def test_the_pool_goes_on_while_the_store_is_busy(tasks: Tasks, owner: QObject, qtbot: QtBot) -> None:
    go_on = threading.Event()
    done: list[str] = []
    tasks.run(owner, lambda job: (go_on.wait(5) and "store") or "", done.append)

    tasks.run(owner, lambda job: "pool", done.append, store=False)

    qtbot.waitUntil(lambda: done == ["pool"])
    go_on.set()
    qtbot.waitUntil(lambda: done == ["pool", "store"])


def test_an_error_for_the_person_goes_to_who_asked(tasks: Tasks, owner: QObject, qtbot: QtBot) -> None:
    errors: list[UserError] = []

    tasks.run(owner, _refuse, lambda _: pytest.fail("done"), failed=errors.append)

    qtbot.waitUntil(lambda: bool(errors))
    assert errors[0].what == "It is locked."


def test_an_error_that_nobody_asked_for_is_shown_by_the_program(tasks: Tasks, owner: QObject, qtbot: QtBot) -> None:
    with qtbot.waitSignal(tasks.failed) as shown:
        tasks.run(owner, _refuse, lambda _: None)

    assert shown.args is not None
    assert shown.args[0].what == "It is locked."


def test_a_bug_is_reported_and_the_screen_is_told_that_the_work_stopped(
    tasks: Tasks, owner: QObject, qtbot: QtBot
) -> None:
    stopped: list[bool] = []

    def broken(job: Job) -> None:
        raise KeyError("x")

    with qtbot.waitSignal(tasks.bug) as reported:
        tasks.run(owner, broken, lambda _: None, cancelled=lambda: stopped.append(True))

    assert reported.args is not None
    assert isinstance(reported.args[0], KeyError)
    assert stopped == [True]


def test_cancelled_work_stops_at_its_next_report_and_delivers_nothing(
    tasks: Tasks, owner: QObject, qtbot: QtBot
) -> None:
    begun = threading.Event()
    stopped: list[bool] = []

    task = tasks.run(
        owner, lambda job: _endless(job, begun), lambda _: pytest.fail("done"), cancelled=lambda: stopped.append(True)
    )
    assert begun.wait(5)
    task.cancel()

    qtbot.waitUntil(lambda: stopped == [True])
    assert task.finished


def test_nothing_is_delivered_to_an_owner_that_is_gone_and_its_work_stops(tasks: Tasks, qtbot: QtBot) -> None:
    begun = threading.Event()
    widget = QWidget()
    tasks.run(widget, lambda job: _endless(job, begun), lambda _: pytest.fail("delivered"))
    assert begun.wait(5)

    shiboken6.delete(widget)

    qtbot.waitUntil(lambda: not tasks.busy)


def test_a_result_that_nobody_waits_for_is_given_back(tasks: Tasks, qtbot: QtBot) -> None:
    go_on, given_back = threading.Event(), list[str]()
    widget = QWidget()
    tasks.run(
        widget,
        lambda job: (go_on.wait(5) and "desk") or "",
        lambda _: pytest.fail("delivered"),
        discard=given_back.append,
    )

    shiboken6.delete(widget)
    go_on.set()

    qtbot.waitUntil(lambda: given_back == ["desk"])


def test_a_result_that_is_cancelled_on_its_way_is_given_back(tasks: Tasks, owner: QObject, qtbot: QtBot) -> None:
    made, given_back, stopped = threading.Event(), list[str](), list[bool]()
    task = tasks.run(
        owner,
        partial(marked, made, "desk"),
        lambda _: pytest.fail("delivered"),
        cancelled=lambda: stopped.append(True),
        discard=given_back.append,
    )
    assert made.wait(5)

    task.cancel()

    qtbot.waitUntil(lambda: given_back == ["desk"])
    assert stopped == [True]


def test_what_was_kept_is_told_even_when_the_stop_came_too_late(tasks: Tasks, owner: QObject, qtbot: QtBot) -> None:
    made, done = threading.Event(), list[str]()
    task = tasks.run(owner, partial(marked, made, "saved"), done.append)
    assert made.wait(5)

    task.cancel()

    qtbot.waitUntil(lambda: done == ["saved"])


def test_a_result_that_waits_to_be_delivered_is_given_back_at_the_end(qapp: object, owner: QObject) -> None:
    tasks, given_back = Tasks(), list[str]()
    tasks.run(owner, lambda job: "desk", lambda _: pytest.fail("delivered"), discard=given_back.append)
    after, passed = threading.Event(), list[None]()
    tasks.run(owner, lambda job: after.set(), passed.append)
    assert after.wait(5)  # one worker: the first result is on its way to this thread

    tasks.shut_down()

    assert given_back == ["desk"]


def test_a_result_that_comes_after_the_end_is_given_back(qapp: object, owner: QObject) -> None:
    tasks, given_back, begun = Tasks(), list[str](), threading.Event()

    def work(job: Job) -> str:
        begun.set()
        while not job.is_stopping:
            time.sleep(0.001)
        return "desk"

    tasks.run(owner, work, lambda _: pytest.fail("delivered"), discard=given_back.append)
    assert begun.wait(5)

    tasks.shut_down()

    assert given_back == ["desk"]


def test_progress_tells_what_how_many_and_how_long_still(
    tasks: Tasks, owner: QObject, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qisp_desktop.gui.tasks.REPORT_INTERVAL_S", 0)
    monkeypatch.setattr("qisp_desktop.gui.tasks.ESTIMATE_AFTER_S", 0)
    shown: list[Progress] = []
    done: list[None] = []

    def work(job: Job) -> None:
        for step in range(4):
            job.report("Signing", step, 4)
        job.report("Signing", 4, 4)

    tasks.run(owner, work, done.append, progress=shown.append)

    qtbot.waitUntil(lambda: bool(done))
    assert [(one.text, one.done, one.total) for one in shown] == [("Signing", step, 4) for step in range(5)]
    assert shown[0].seconds_left is None
    assert all(one.seconds_left is not None and one.seconds_left >= 0 for one in shown[1:])


def test_reports_in_a_burst_are_thinned_but_the_last_is_shown(tasks: Tasks, owner: QObject, qtbot: QtBot) -> None:
    shown: list[Progress] = []
    done: list[None] = []

    def work(job: Job) -> None:
        for step in range(1, 2001):
            job.report("Reading", step, 2000)

    tasks.run(owner, work, done.append, progress=shown.append)

    qtbot.waitUntil(lambda: bool(done))
    assert len(shown) < 200
    assert shown[-1].done == 2000


def test_shutting_down_waits_for_running_work_and_drops_what_waits(qapp: object, owner: QObject) -> None:
    tasks = Tasks()
    begun, ran = threading.Event(), list[str]()
    tasks.run(owner, lambda job: _endless(job, begun), lambda _: ran.append("delivered"))
    tasks.run(owner, lambda job: ran.append("second"), lambda _: ran.append("delivered"))
    tasks.release(lambda: ran.append("closed"))
    assert begun.wait(5)

    tasks.shut_down()

    assert ran == ["closed"]
    assert tasks.run(owner, lambda job: None, lambda _: None).finished


def _refuse(job: Job) -> None:
    raise UserError("It is locked.", "Another clerk has it open.", "Wait.")


def _endless(job: Job, begun: threading.Event) -> None:
    begun.set()
    while True:
        job.report("Going on", 1, 2)
