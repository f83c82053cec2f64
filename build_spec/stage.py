"""The program and the demonstration that pictures of its screens show."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QDeadlineTimer, QEventLoop
from PySide6.QtWidgets import QApplication

from qisp_desktop.gui.app import Application
from qisp_desktop.gui.panel.unlock_page import UnlockPage

SETTLE_MS = 150
LONGEST_WAIT_MS = 20_000


@dataclass(frozen=True)
class Stage:
    """The program and the demonstration that its screens show."""

    program: Application
    round: Path
    package: Path
    passphrase: str
    scratch: Path

    def settle(self) -> None:
        """Wait until nothing is running any more and all is painted."""
        deadline = QDeadlineTimer(LONGEST_WAIT_MS)
        while (not self.program.ready or self.program.tasks.busy) and not deadline.hasExpired():
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
        pause = QDeadlineTimer(SETTLE_MS)
        while not pause.hasExpired():
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)

    def unlock(self, passphrase: str) -> None:
        """Open the package and try ``passphrase``."""
        self.program.go.open(self.package)
        page = self.program.window.page
        if isinstance(page, UnlockPage):
            page.ui.passphrase.set_text(passphrase)
            page.ui.unlock.click()
        self.settle()
