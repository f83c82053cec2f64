"""A table is sorted, searched and copied from, as in Excel."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

import pytest
from PySide6.QtCore import QItemSelectionModel, QMimeData, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.settings import Settings
from qisp_desktop.gui.theme import Theme
from qisp_desktop.gui.widgets.rows_model import DOT_ROLE, Column, RowsModel
from qisp_desktop.gui.widgets.status_dot import Dot
from qisp_desktop.gui.widgets.table_view import TableView, choose_row, excel_mime
from tests.gui.program import shown

# --------------------------------------------------------------------------------------------------------------- tables


class Row(NamedTuple):
    number: str
    name: str
    total: Decimal | None


ROWS = [
    Row("QISP-2026-001", "深圳市示例计量院", Decimal("86.5")),
    Row("QISP-2026-002", "示例检测中心", None),
    Row("QISP-2026-003", "=cmd|' /C calc'!A0", Decimal("9.5")),
    Row("QISP-2026-004", "示例\t研究院", Decimal("100")),
]


def columns() -> list[Column]:
    return [
        Column("Number", lambda row: row.number),
        Column("Applicant", lambda row: row.name, dot=lambda row: Dot.NEW if row.total is None else Dot.SIGNED),
        Column(
            "Total", lambda row: "—" if row.total is None else str(row.total), key=lambda row: row.total, number=True
        ),
    ]


@pytest.fixture
def table(look: Theme, qtbot: QtBot) -> TableView:
    model: RowsModel[Row] = RowsModel(columns())
    model.set_rows(ROWS)
    table = TableView(model)
    table.resize(700, 300)
    shown(qtbot, table)
    return table


def model_of(table: TableView) -> RowsModel[Row]:
    model = table.model()
    assert isinstance(model, RowsModel)
    return model


def click_heading(qtbot: QtBot, table: TableView, column: int) -> None:
    header = table.horizontalHeader()
    place = header.viewport().rect().center()
    place.setX(header.sectionViewportPosition(column) + 20)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_a_click_on_a_heading_sorts_numbers_as_numbers_and_missing_ones_last(table: TableView, qtbot: QtBot) -> None:
    click_heading(qtbot, table, 2)
    assert [row.number[-1] for row in model_of(table).rows] == ["3", "1", "4", "2"]

    click_heading(qtbot, table, 2)
    assert [row.number[-1] for row in model_of(table).rows] == ["4", "1", "3", "2"]

    click_heading(qtbot, table, 2)
    assert [row.number[-1] for row in model_of(table).rows] == ["1", "2", "3", "4"]


def test_the_selected_row_stays_selected_while_sorting_and_is_unselected_when_filtered_away(
    table: TableView, qtbot: QtBot
) -> None:
    table.selectRow(0)
    click_heading(qtbot, table, 2)
    assert [model_of(table).row(index).number for index in table.selectionModel().selectedRows()] == ["QISP-2026-001"]

    model_of(table).search("研究院")

    assert table.selectionModel().selectedRows() == []
    assert [row.number for row in model_of(table).rows] == ["QISP-2026-004"]


def test_a_selection_of_many_rows_follows_them_and_those_filtered_away_are_dropped(table: TableView) -> None:
    model = model_of(table)
    rows = [Row(f"QISP-2026-{n:03}", "示例", Decimal(n * 7 % 500)) for n in range(500)]
    model.set_rows(rows)
    table.selectAll()
    for n in (7, 100, 101):
        table.selectionModel().select(
            model.index(n, 0), QItemSelectionModel.SelectionFlag.Deselect | QItemSelectionModel.SelectionFlag.Rows
        )
    left = {row.number for n, row in enumerate(rows) if n not in (7, 100, 101)}

    model.sort(2, Qt.SortOrder.DescendingOrder)
    assert {model.row(place).number for place in table.selected_places()} == left

    model.only(lambda row: row.number < "QISP-2026-009")
    assert sorted(model.row(place).number[-1] for place in table.selected_places()) == list("01234568")


def test_who_listens_is_told_when_nothing_of_a_large_selection_is_left(table: TableView) -> None:
    model = model_of(table)
    changes: list[int] = []
    model.set_rows([Row(f"QISP-2026-{n:03}", "示例", None) for n in range(500)])
    table.selectAll()
    table.selectionModel().selectionChanged.connect(lambda *_: changes.append(len(table.selected_places())))

    model.search("no such row")

    assert table.selected_places() == []
    assert changes[-1:] == [0]


def test_a_large_table_is_put_on_the_clipboard_by_a_worker_and_a_later_copy_wins(table: TableView) -> None:
    waiting: list[Callable[[], None]] = []
    table.in_worker = lambda work, done: waiting.append(lambda: done(work()))
    model = model_of(table)
    model.set_rows([Row(f"QISP-2026-{n:04}", "示例", None) for n in range(2000)])
    clipboard = QGuiApplication.clipboard()

    table.selectAll()
    table.copy()
    waiting.pop()()
    assert len(clipboard.text().splitlines()) == 2001

    table.copy()
    only = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
    table.selectionModel().select(model.index(3, 0), only)
    table.copy()
    waiting.pop()()
    assert clipboard.text().splitlines()[1:] == ["QISP-2026-0003\t示例\t—"]


def test_search_and_filter_work_together(table: TableView) -> None:
    model = model_of(table)
    model.search("示例")
    model.only(lambda row: row.total is not None)

    assert [row.number[-1] for row in model.rows] == ["1", "4"]
    assert model.total == 4


def test_enter_opens_the_current_row(table: TableView, qtbot: QtBot) -> None:
    table.selectRow(1)

    with qtbot.waitSignal(table.opened) as opened:
        qtbot.keyClick(table, Qt.Key.Key_Return)

    assert opened.args == [ROWS[1]]


def test_copied_rows_are_what_excel_takes_and_no_text_becomes_a_formula(table: TableView, qtbot: QtBot) -> None:
    table.selectAll()
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    mime = QGuiApplication.clipboard().mimeData()
    lines = mime.text().split("\r\n")
    assert lines[0] == "Number\tApplicant\tTotal"
    assert lines[1] == "QISP-2026-001\t深圳市示例计量院\t86.5"
    assert lines[3] == "QISP-2026-003\t'=cmd|' /C calc'!A0\t9.5"
    assert lines[4] == 'QISP-2026-004\t"示例\t研究院"\t100'
    assert mime.html().count("mso-number-format") == 3 + 4 * 2 + 1
    assert "<td>86.5</td>" in mime.html()


def test_a_code_with_leading_zeros_stays_text_when_copied() -> None:
    mime: QMimeData = excel_mime([["007", "914403001234567890", "7", "-3.5", "<b>"]])

    assert mime.html().count("mso-number-format") == 3
    assert "<td>7</td><td>-3.5</td>" in mime.html()
    assert "&lt;b&gt;" in mime.html()


def test_hidden_columns_widths_and_order_are_there_next_time(
    table: TableView, qtbot: QtBot, tmp_path_factory: pytest.TempPathFactory
) -> None:
    settings = Settings(tmp_path_factory.mktemp("settings") / "settings.ini")
    table.remember_in(settings, "test")
    menu = table.column_menu()
    menu.actions()[1].trigger()
    menu.deleteLater()
    table.setColumnWidth(0, 217)
    again_model: RowsModel[Row] = RowsModel(columns())
    again = TableView(again_model)
    qtbot.addWidget(again)

    again.remember_in(settings, "test")

    assert again.isColumnHidden(1)
    assert again.columnWidth(0) == 217
    table.selectRow(0)
    table.copy()
    assert QGuiApplication.clipboard().text().startswith("Number\tTotal\r\n")


def test_the_last_shown_column_cannot_be_hidden(table: TableView) -> None:
    table.setColumnHidden(0, True)
    table.setColumnHidden(1, True)
    menu = table.column_menu()

    assert [action.isEnabled() for action in menu.actions()[:3]] == [True, True, False]
    menu.deleteLater()


def test_two_thousand_rows_are_sorted_and_searched_within_a_moment(look: Theme) -> None:
    rows = [Row(f"QISP-2026-{n:04}", f"示例检测{n % 97}", Decimal(n * 7 % 1000) / 10) for n in range(2000)]
    model: RowsModel[Row] = RowsModel(columns())
    model.set_rows(rows)
    model.sort(2, Qt.SortOrder.DescendingOrder)
    model.search("sljc9")

    totals = [row.total for row in model.rows]
    assert totals == sorted(totals, reverse=True)  # type: ignore[type-var]
    assert {row.name for row in model.rows} == {f"示例检测{n}" for n in [9, *range(90, 97)]}


def test_a_dot_is_given_to_the_delegate_only_where_the_column_has_one(table: TableView) -> None:
    model = model_of(table)

    assert model.index(1, 1).data(DOT_ROLE) is Dot.NEW
    assert model.index(1, 0).data(DOT_ROLE) is None


# ------------------------------------------------------------------------------------------- banner, progress, dots


def test_a_row_is_chosen_alone_even_while_ctrl_is_held(
    look: Theme, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    model: RowsModel[int] = RowsModel([Column("n", str)])
    view = TableView(model)
    qtbot.addWidget(view)
    model.set_rows([1, 2, 3])
    view.show()
    view.setFocus()
    qtbot.keyPress(view, Qt.Key.Key_Control, Qt.KeyboardModifier.ControlModifier)
    try:
        choose_row(view, 2)
        choose_row(view, 1)
    finally:
        qtbot.keyRelease(view, Qt.Key.Key_Control)

    assert [index.row() for index in view.selectionModel().selectedRows()] == [1]
    assert view.currentIndex().row() == 1


def test_a_search_keeps_the_order_and_the_rows_that_come_later_take_it_too(table: TableView) -> None:
    model = model_of(table)
    table.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    model.search("示例")
    narrowed = list(model.rows)
    model.search("")
    everything = list(model.rows)
    assert [row for row in everything if row in narrowed] == narrowed
    changed = everything[0]._replace(total=Decimal(0))
    model.replace_row(everything[0], changed)
    assert model.row(0) is changed  # it keeps its place until …
    model.search("")
    assert model.row(0) is not changed  # … the next search
    model.set_rows(everything[::-1])
    assert [row.total for row in model.rows] == [row.total for row in everything]
