"""Process start to the first window painted, against a bare window with one Chinese label; both are whole processes."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

from harness import Row, best_of_both

TIMES = 12
BARE = """
import os
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel

class Label(QLabel):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, lambda: os._exit(0))

app = QApplication([])
label = Label("质量基础设施一站式服务平台")
label.resize(1240, 780)
label.show()
app.exec()
"""
# The program as __main__ starts it, ended the moment its window is on the screen.
WINDOW = """
import gc
gc.disable()
import os
from qisp_desktop.gui import app, main_window
main_window.MainWindow._after_first_paint = lambda window: os._exit(0)
app.main(["qisp-desktop"])
"""


def run() -> list[Row]:
    """The one row; each process has a home of its own, so nothing of the person's is read or changed."""
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {
            "QT_QPA_PLATFORM": "offscreen",
            "QISP_LANGUAGE": "zh_CN",
            "HOME": home,
            "XDG_CONFIG_HOME": home,
            "XDG_STATE_HOME": home,
        }

        def start(code: str) -> None:
            subprocess.run([sys.executable, "-c", code], env=environment, check=True, stderr=subprocess.DEVNULL)

        start(WINDOW)  # compiles what is not compiled yet
        ours, bare = best_of_both(TIMES, lambda: start(WINDOW), lambda: start(BARE))
    return [Row("process start to the first window painted", "a bare window with one Chinese label", ours, bare, 1.3)]
