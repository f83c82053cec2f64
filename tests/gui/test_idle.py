"""That nobody is at the machine is noticed: by keys, the mouse and input methods, whatever the clock did meanwhile."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.app import Application
from qisp_desktop.gui.idle import IdleWatch

MOMENT_S = 1 / 64


def press_shift(program: Application) -> None:
    """As the system tells the window of it."""
    window = program.window.windowHandle()
    assert window is not None
    QTest.keyClick(window, Qt.Key.Key_Shift)


def test_what_an_input_method_writes_puts_idling_off(program: Application, qtbot: QtBot) -> None:
    program.window.activateWindow()
    qtbot.waitUntil(program.window.isActiveWindow)
    clock = [1000.0]
    watch = IdleWatch(600, program, lambda: clock[0])
    field = QLineEdit(program.window)
    field.show()
    field.setFocus()
    clock[0] += 599
    composed = QInputMethodEvent()
    composed.setCommitString("计量")
    QApplication.sendEvent(field, composed)
    clock[0] += 599
    press_shift(program)
    assert watch._last == clock[0], "it was never left alone for ten minutes"
    field.deleteLater()
    watch.deleteLater()


def test_a_window_that_opens_later_is_watched_too(program: Application, qtbot: QtBot) -> None:
    clock = [1000.0]
    watch = IdleWatch(600, program, lambda: clock[0])
    dialog = QDialog(program.window)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    window = dialog.windowHandle()
    assert window is not None
    clock[0] += 300
    QTest.mouseMove(window, QPoint(20, 20))
    qtbot.waitUntil(lambda: watch._last == clock[0])
    dialog.deleteLater()
    watch.deleteLater()


class Clock:
    """Stands still until it is put forward."""

    def __init__(self) -> None:
        self.now = 0.0
        self.asked = 0

    def __call__(self) -> float:
        self.asked += 1
        return self.now


def wait_for_a_look(qtbot: QtBot, clock: Clock) -> None:
    """Until the watch has looked at the clock by itself."""
    asked = clock.asked
    qtbot.waitUntil(lambda: clock.asked > asked)


def test_idling_is_noticed_and_any_key_puts_it_off(program: Application, qtbot: QtBot) -> None:
    clock, idle = Clock(), list[bool]()
    watch = IdleWatch(MOMENT_S, program, clock)
    watch.idle.connect(lambda: idle.append(True))

    for _ in range(4):
        clock.now += MOMENT_S * 3 / 4
        press_shift(program)
        wait_for_a_look(qtbot, clock)
    assert idle == []

    clock.now += MOMENT_S
    qtbot.waitUntil(lambda: idle == [True])
    watch.deleteLater()


def test_each_time_the_machine_is_left_alone_is_told_once(program: Application, qtbot: QtBot) -> None:
    clock, idle = Clock(), list[bool]()
    watch = IdleWatch(MOMENT_S, program, clock)
    watch.idle.connect(lambda: idle.append(True))

    clock.now += MOMENT_S
    qtbot.waitUntil(lambda: idle == [True])
    clock.now += 10 * MOMENT_S
    assert not any(timer.isActive() for timer in watch.findChildren(QTimer)), "it says nothing more"
    press_shift(program)
    wait_for_a_look(qtbot, clock)
    assert idle == [True]

    clock.now += MOMENT_S
    qtbot.waitUntil(lambda: idle == [True, True])
    watch.deleteLater()


def test_a_machine_that_slept_was_left_alone_even_if_it_is_used_at_once(program: Application, qtbot: QtBot) -> None:
    clock = [1000.0]
    watch = IdleWatch(600, program, lambda: clock[0])
    idle: list[bool] = []
    watch.idle.connect(lambda: idle.append(True))

    clock[0] += 3600
    press_shift(program)

    qtbot.waitUntil(lambda: idle == [True])
    watch.deleteLater()
