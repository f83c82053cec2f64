"""Types through a sheet in the real window until it is killed: ``-m tests.gui.desk.typist PACKAGE PASSPHRASE CONFIG``.

For each line ``WORKSPACE SEED`` on its input it forks a process that opens the desk in the window and types. What is
slow at a start (imports, the derivation of the key) is done once, before. It prints the process id of each typist, then
a line ``TIME DIGEST`` for each key, when it was typed and which draft the desk then showed, and ``end`` when the typist
is dead.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from random import Random

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from qisp_desktop.base.codec import to_bytes
from qisp_desktop.base.digests import sha256
from qisp_desktop.exchange.panel_package import OpenPanel, open_panel_package
from qisp_desktop.gui import theme
from qisp_desktop.gui.app import Application
from qisp_desktop.gui.panel.desk.page import DeskPage, desk_screen
from qisp_desktop.services.desk_editing import contents
from tests.gui.desk.workspaces import open_with

BETWEEN_KEYS_MS = 12
LONGEST_S = 60
WORDS = ("管理体系文件齐全", "，", "设备台账与现场一致", "。", "😀", "㛃䶮𬭚", "no evidence for last year ")
ACTS = ("score", "level", "remark", "key", "next", "undo")
LIKELY = (4, 1, 8, 4, 3, 1)
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


class Typist(QObject):
    """Presses what a person presses, in an order that the seed decides."""

    def __init__(self, page: DeskPage, seed: int) -> None:
        super().__init__(page)
        self._page = page
        self._chance = Random(seed)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._type)
        self._timer.start(BETWEEN_KEYS_MS)

    def _type(self) -> None:
        presenter = self._page.presenter
        self._press(presenter.criterion)
        draft = presenter.sheets.entry(presenter.number).draft
        print(time.monotonic(), sha256(to_bytes(draft)) if draft is not None else "-", flush=True)

    def _press(self, criterion: str) -> None:
        scores = self._page.scoring.scores
        points, remark = scores.cards[criterion].points, scores.detail.remark
        field = remark if remark.hasFocus() else points
        field.setFocus()
        match self._chance.choices(ACTS, LIKELY)[0]:
            case "score":
                points.setFocus()
                points.selectAll()
                QTest.keyClicks(points, self._chance.choice(("1", "2.5", "3", "4")))
            case "level":
                QTest.keyClick(field, self._chance.choice((Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3)), ALT)
            case "remark":
                QTest.keyClick(field, Qt.Key.Key_R, CTRL)
                composed = QInputMethodEvent()
                composed.setCommitString(self._chance.choice(WORDS))
                QApplication.sendEvent(remark, composed)
            case "key":
                QTest.keyClick(field, self._chance.choice((Qt.Key.Key_Backspace, Qt.Key.Key_X)))
            case "next":
                points.setFocus()
                QTest.keyClick(points, self._chance.choice((Qt.Key.Key_Down, Qt.Key.Key_Up)))
            case "undo":
                QTest.keyClick(field, Qt.Key.Key_Z, CTRL)


def type_until_killed(panel: OpenPanel, package: Path, config: Path, workspace: Path, seed: int) -> None:
    """Never returns; whoever is not killed ends by itself after ``LONGEST_S``."""
    signal.alarm(LONGEST_S)
    app = theme.application(["typist"])
    program = Application(app, config)

    def begin() -> None:
        program.go.show(desk_screen(program.go.shell, package, contents(open_with(panel, workspace))))
        page = program.window.page
        if isinstance(page, DeskPage):
            Typist(page, seed)

    program.window.painted.connect(begin)
    program.start()
    app.exec()


def main() -> None:
    package, passphrase, config = sys.argv[1:]
    panel = open_panel_package(Path(package), passphrase)
    for line in sys.stdin:
        workspace, seed = line.split()
        typist = os.fork()
        if typist == 0:
            type_until_killed(panel, Path(package), Path(config), Path(workspace), int(seed))
        print(typist, flush=True)
        os.waitpid(typist, 0)
        print("end", flush=True)


if __name__ == "__main__":
    main()
