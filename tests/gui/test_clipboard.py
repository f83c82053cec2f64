"""What was copied stays on the clipboard when the program ends, and the program ends well."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import shiboken6
from PySide6.QtGui import QGuiApplication

from qisp_desktop.gui import clipboard
from qisp_desktop.gui.theme import Theme
from qisp_desktop.gui.widgets.table_view import excel_mime

COPY_AND_QUIT = """
import sys
from PySide6.QtCore import QTimer
from qisp_desktop.gui import app, main_window

furnish = main_window.MainWindow._after_first_paint

def copy_and_quit(window):
    from qisp_desktop.gui.widgets.rows_model import Column, RowsModel
    from qisp_desktop.gui.widgets.table_view import TableView

    furnish(window)
    model = RowsModel([Column("Number", str)])
    model.set_rows([1, 2])
    table = TableView(model, window)
    table.selectAll()
    table.copy()
    QTimer.singleShot(0, window, window.close)

main_window.MainWindow._after_first_paint = copy_and_quit
code = app.main(["qisp-desktop"])
from PySide6.QtGui import QGuiApplication
print(QGuiApplication.clipboard().text().split())
sys.exit(code)
"""


def test_a_program_in_which_a_table_was_copied_ends_well(home: Path) -> None:
    command = [sys.executable, "-W", "error", "-c", COPY_AND_QUIT]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    noise = [line for line in done.stderr.splitlines() if "propagateSizeHints" not in line]
    assert (done.returncode, done.stdout, noise) == (0, "['Number', '1', '2']\n", [])


def test_what_was_copied_stays_with_all_its_kinds_and_nothing_of_it_is_pythons(look: Theme) -> None:
    held = QGuiApplication.clipboard()
    held.setMimeData(excel_mime([["007", "一"]]))
    before = {kind: held.mimeData().data(kind) for kind in ("text/plain", "text/html")}
    assert shiboken6.createdByPython(held.mimeData())

    clipboard.hand_over()

    assert {kind: held.mimeData().data(kind) for kind in held.mimeData().formats()} == before
    assert not shiboken6.createdByPython(held.mimeData())


def test_what_qt_or_another_program_put_there_is_left_alone(look: Theme) -> None:
    held = QGuiApplication.clipboard()
    held.setText("QISP-2026-001")
    there = held.mimeData()

    clipboard.hand_over()

    assert held.mimeData() is there
    assert held.text() == "QISP-2026-001"


def test_an_empty_clipboard_stays_empty(look: Theme) -> None:
    QGuiApplication.clipboard().clear()

    clipboard.hand_over()

    assert QGuiApplication.clipboard().text() == ""
