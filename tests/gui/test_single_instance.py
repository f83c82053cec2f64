"""One window for one person: a second start hands over what it was to open."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from pytestqt.qtbot import QtBot

from qisp_desktop.gui.app import Application
from qisp_desktop.gui.panel.unlock_page import UnlockPage
from qisp_desktop.gui.single_instance import SingleInstance
from qisp_desktop.gui.start.page import StartPage
from tests.gui.program import page_of, wait_for_page
from tests.gui.samples import IssuedRound


def test_a_second_start_hands_its_file_to_the_first_and_ends(
    program: Application, qtbot: QtBot, issued: IssuedRound, tmp_path: Path
) -> None:
    code = (
        "import sys; from pathlib import Path; from PySide6.QtWidgets import QApplication;"
        "from qisp_desktop.gui.single_instance import SingleInstance;"
        "app = QApplication([]); it = SingleInstance(Path(sys.argv[1]));"
        "sys.exit(9 if it.acquire() else 0 if it.pass_on(sys.argv[2]) else 1)"
    )
    second = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "config"), str(issued.package)])

    wait_for_page(qtbot, program, UnlockPage)

    qtbot.waitUntil(lambda: second.poll() is not None)
    assert second.returncode == 0


def test_a_second_start_without_a_file_raises_the_window(program: Application, qtbot: QtBot) -> None:
    program.window.showMinimized()

    with qtbot.waitSignal(program.instance.asked):
        program.instance.asked.emit("")

    assert not program.window.isMinimized()


def test_the_place_of_a_killed_first_start_is_taken_over(qtbot: QtBot, tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from PySide6.QtWidgets import QApplication;"
        "from qisp_desktop.gui.single_instance import SingleInstance;"
        "app = QApplication([]); it = SingleInstance(Path(sys.argv[1])); it.acquire(); it.listen(); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    instance = SingleInstance(tmp_path)

    assert instance.acquire()
    instance.listen()
    other = SingleInstance(tmp_path)
    assert not other.acquire()
    instance.release()


def test_nonsense_on_the_socket_opens_nothing(program: Application, qtbot: QtBot) -> None:
    from PySide6.QtNetwork import QLocalSocket

    socket = QLocalSocket()
    socket.connectToServer(program.instance.address)
    assert socket.waitForConnected(2000)
    socket.write(b"x" * 100_000)
    socket.flush()

    qtbot.waitUntil(lambda: socket.state() == QLocalSocket.LocalSocketState.UnconnectedState)
    page_of(program, StartPage)


def test_two_folders_are_two_programs(qtbot: QtBot, tmp_path: Path) -> None:
    one, other = SingleInstance(tmp_path / "a"), SingleInstance(tmp_path / ("b" * 90))

    assert one.acquire()
    assert other.acquire()
    assert one.address != other.address
    one.release()
    other.release()
