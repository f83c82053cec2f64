"""The shared pieces: used with keys, pasted into, searched, copied from, as people do."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

import pytest
from PySide6.QtCore import QItemSelectionModel, QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QImage, QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from qisp_desktop.base.errors import UserError
from qisp_desktop.gui.settings import Settings
from qisp_desktop.gui.tasks import Progress
from qisp_desktop.gui.theme import Theme
from qisp_desktop.gui.widgets.banner import Banner
from qisp_desktop.gui.widgets.card import label
from qisp_desktop.gui.widgets.passphrase_edit import PassphraseEdit
from qisp_desktop.gui.widgets.progress_strip import ProgressStrip, time_left
from qisp_desktop.gui.widgets.rows_model import DOT_ROLE, Column, RowsModel
from qisp_desktop.gui.widgets.search_field import SearchField, matches
from qisp_desktop.gui.widgets.status_dot import Dot, StatusDot
from qisp_desktop.gui.widgets.table_view import TableView, choose_row, excel_mime

PASSPHRASE = "4821-0937-5526-1204-7788"
DIGITS = PASSPHRASE.replace("-", "")


def shown(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()
    widget.activateWindow()


# ------------------------------------------------------------------------------------------------------ the passphrase


@pytest.fixture
def edit(look: Theme, qtbot: QtBot) -> PassphraseEdit:
    edit = PassphraseEdit()
    shown(qtbot, edit)
    edit.setFocus()
    qtbot.waitUntil(lambda: edit.groups[0].hasFocus())
    return edit


def focused(edit: PassphraseEdit) -> QLineEdit:
    widget = QApplication.focusWidget()
    assert isinstance(widget, QLineEdit)
    assert widget in edit.groups
    return widget


def paste(qtbot: QtBot, edit: PassphraseEdit, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    qtbot.keyClick(focused(edit), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def test_digits_typed_without_a_stop_fill_all_groups(edit: PassphraseEdit, qtbot: QtBot) -> None:
    for digit in DIGITS:
        qtbot.keyClicks(focused(edit), digit)

    assert edit.complete
    assert edit.text() == PASSPHRASE


@pytest.mark.parametrize(
    "spelling",
    [PASSPHRASE, DIGITS, " 4821 0937 5526 1204 7788\n", "4821—0937—5526—1204—7788", "4821-0937-5526-1204-7788",
     "口令：4821 0937 5526 1204 7788"],
)  # fmt: skip
def test_a_pasted_passphrase_fills_all_groups_however_it_is_written(
    edit: PassphraseEdit, qtbot: QtBot, spelling: str
) -> None:
    paste(qtbot, edit, spelling)

    assert edit.text() == PASSPHRASE


def test_a_passphrase_pasted_into_the_third_group_still_fills_all(edit: PassphraseEdit, qtbot: QtBot) -> None:
    edit.groups[2].setFocus()
    paste(qtbot, edit, PASSPHRASE)

    assert edit.text() == PASSPHRASE


def test_a_dash_or_a_space_goes_to_the_next_group_and_is_not_typed(edit: PassphraseEdit, qtbot: QtBot) -> None:
    for key in "48 09-5":
        qtbot.keyClicks(focused(edit), key)

    assert [group.text() for group in edit.groups] == ["48", "09", "5", "", ""]


def test_letters_are_not_typed(edit: PassphraseEdit, qtbot: QtBot) -> None:
    qtbot.keyClicks(focused(edit), "a4b8")

    assert edit.groups[0].text() == "48"


def test_backspace_runs_back_into_the_group_before(edit: PassphraseEdit, qtbot: QtBot) -> None:
    for digit in "482109":
        qtbot.keyClicks(focused(edit), digit)
    for _ in range(3):
        qtbot.keyClick(focused(edit), Qt.Key.Key_Backspace)

    assert edit.text() == "482"
    assert focused(edit) is edit.groups[0]


def test_full_width_digits_from_an_input_method_count_as_digits(edit: PassphraseEdit) -> None:
    event = QInputMethodEvent()
    event.setCommitString("48")
    QApplication.sendEvent(focused(edit), event)

    assert edit.groups[0].text() == "48"


def test_a_mistake_in_the_middle_is_corrected_in_its_place(edit: PassphraseEdit, qtbot: QtBot) -> None:
    edit.set_text(PASSPHRASE)
    edit.groups[1].setFocus()
    edit.groups[1].setCursorPosition(2)
    qtbot.keyClick(edit.groups[1], Qt.Key.Key_Backspace)
    qtbot.keyClicks(edit.groups[1], "8")

    assert edit.text() == "4821-0837-5526-1204-7788"
    assert focused(edit) is edit.groups[1]


def test_enter_submits_and_hidden_digits_stay_what_they_are(edit: PassphraseEdit, qtbot: QtBot) -> None:
    edit.set_text(PASSPHRASE)
    edit.set_hidden(True)

    with qtbot.waitSignal(edit.submitted):
        qtbot.keyClick(focused(edit), Qt.Key.Key_Return)

    assert edit.text() == PASSPHRASE
    assert "4" not in edit.groups[0].displayText()


def test_each_group_has_a_name_for_screen_readers(edit: PassphraseEdit) -> None:
    assert edit.groups[4].accessibleName() == "Passphrase, group 5 of 5"


# ------------------------------------------------------------------------------------------------------------ searching


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("示例", True),
        ("QISP-2026-001", True),
        ("qisp", True),
        ("QISP", True),
        ("szs sl", True),
        ("sljly", True),
        ("SLJLY", True),
        ("计量 001", True),
        ("计量 002", False),
        ("slx", False),
        ("", True),
    ],
)
def test_search_takes_parts_of_words_and_initials_of_pinyin(query: str, found: bool) -> None:
    assert matches("QISP-2026-001\n深圳市示例计量院", query) is found


def test_a_character_with_two_readings_is_found_by_either() -> None:
    assert matches("重庆检测", "cqjc")
    assert matches("重庆检测", "zqjc")


def test_the_search_is_sent_once_after_a_burst_of_keys_and_escape_empties_it(look: Theme, qtbot: QtBot) -> None:
    field = SearchField("Search")
    shown(qtbot, field)
    queries: list[str] = []
    field.searched.connect(queries.append)

    qtbot.keyClicks(field, "sljl")
    qtbot.waitUntil(lambda: queries == ["sljl"])
    qtbot.keyClick(field, Qt.Key.Key_Escape)

    qtbot.waitUntil(lambda: queries == ["sljl", ""])


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


def test_an_error_is_shown_in_place_with_what_why_and_what_to_do(look: Theme, qtbot: QtBot) -> None:
    banner = Banner()
    qtbot.addWidget(banner)
    banner.show_error(UserError("The <b>file</b> is damaged.", "Its end is missing.", "Ask for it again."))

    assert banner.isVisible()
    assert banner.what.text() == "The <b>file</b> is damaged."
    assert banner.more.text() == "Its end is missing. Ask for it again."
    assert banner.accessibleName().endswith("Ask for it again.")

    qtbot.mouseClick(banner.dismiss, Qt.MouseButton.LeftButton)
    assert not banner.isVisible()


def test_an_undo_is_offered_once(look: Theme, qtbot: QtBot) -> None:
    banner = Banner()
    qtbot.addWidget(banner)
    undone: list[bool] = []
    banner.say("info", "Removed.", action="Undo", do=lambda: undone.append(True))

    qtbot.mouseClick(banner.action, Qt.MouseButton.LeftButton)

    assert undone == [True]
    assert not banner.isVisible()


def test_progress_shows_what_how_many_and_how_long_and_can_be_stopped_once(look: Theme, qtbot: QtBot) -> None:
    strip = ProgressStrip()
    shown(qtbot, strip)
    stopped: list[bool] = []
    strip.begin("Signing", lambda: stopped.append(True))
    strip.advance(Progress("Signing E001", 3, 12, 95.0))

    assert strip.text.text() == "Signing E001"
    assert strip.left.text() == "3 of 12 · about 2 minutes left"
    assert strip.bar.value() == 250
    qtbot.mouseClick(strip.cancel, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(strip.cancel, Qt.MouseButton.LeftButton)
    assert stopped == [True]

    strip.end()
    assert not strip.isVisible()


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(3, "a few seconds left"), (42, "about 40 s left"), (75, "about 1 minute left"), (600, "about 10 minutes left")],
)
def test_time_that_is_left_is_told_roughly(seconds: float, text: str) -> None:
    assert time_left(seconds) == text


def test_states_differ_by_shape_and_not_by_colour_alone(look: Theme, qtbot: QtBot) -> None:
    pictures = set()
    for dot in Dot:
        widget = StatusDot(dot, dot.name)
        qtbot.addWidget(widget)
        image = widget.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
        ground = image.pixelColor(0, 0).value()
        points = [(x, y) for x in range(image.width()) for y in range(image.height())]
        pictures.add(tuple(abs(image.pixelColor(*point).value() - ground) > 20 for point in points))
        assert widget.accessibleName() == dot.name

    assert len(pictures) == len(Dot)


def test_labels_never_take_data_for_markup(look: Theme, qtbot: QtBot) -> None:
    made = label("<img src=x>")
    qtbot.addWidget(made)

    assert made.textFormat() is Qt.TextFormat.PlainText


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
