"""A table with its search, at the size of an audit trail."""

from __future__ import annotations

import threading

from pytestqt.qtbot import QtBot

from qisp_desktop.gui.app import Application
from qisp_desktop.gui.widgets.data_table import MANY, DataTable
from qisp_desktop.gui.widgets.rows_model import Column, RowsModel
from tests.gui.program import PATIENCE_MS


class Line:
    """A row that notes in which thread it goes."""

    def __init__(self, number: int, gone_in: list[threading.Thread]) -> None:
        self.number = number
        self._gone_in = gone_in

    def __del__(self) -> None:
        self._gone_in.append(threading.current_thread())


def test_very_many_rows_that_are_replaced_go_in_a_worker(qtbot: QtBot, program: Application) -> None:
    gone_in: list[threading.Thread] = []
    model: RowsModel[Line] = RowsModel([Column("No.", lambda line: str(line.number))])
    table: DataTable[Line] = DataTable(program.go.shell, model, "lines", "Lines")
    qtbot.addWidget(table)
    qtbot.waitUntil(lambda: not program.tasks.busy, timeout=PATIENCE_MS)
    table.set_rows(tuple(Line(number, gone_in) for number in range(MANY + 1)))
    model.search("1")
    assert gone_in == []
    table.set_rows(())
    qtbot.waitUntil(lambda: not program.tasks.busy, timeout=PATIENCE_MS)
    assert len(gone_in) == MANY + 1
    assert threading.main_thread() not in gone_in
