"""The matrix: thousands of marks under headings that stay in sight, walked through with the keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.secretariat.expert_heading import expert_heading
from qisp_desktop.gui.settings import Settings
from qisp_desktop.gui.theme import Theme
from qisp_desktop.gui.widgets.matrix import MatrixView
from qisp_desktop.gui.widgets.matrix_model import Mark, MarkColumn, MatrixModel
from qisp_desktop.gui.widgets.rows_model import Column

COLUMNS = 14


def mark_of(column: int) -> MarkColumn:
    def mark(row: int) -> Mark:
        met = (row + column) % 3 != 0
        return Mark("✓" if met else "✗", "good" if met else "bad", f"why {row}", "met" if met else "not met")

    return MarkColumn(f"m{column}", f"{column}\nheading", mark, f"about {column}")


@pytest.fixture
def view(look: Theme, qtbot: QtBot) -> MatrixView:
    model: MatrixModel[int] = MatrixModel(
        [Column("Number", lambda row: f"A-{row:04d}"), Column("Applicant", lambda row: f"示例机构{row}")],
        [mark_of(column) for column in range(COLUMNS)],
    )
    view = MatrixView(model)
    view.resize(700, 400)
    model.set_rows(range(200))
    view.fit_columns()
    qtbot.addWidget(view)
    with qtbot.waitExposed(view):
        view.show()
    return view


def press(qtbot: QtBot, view: MatrixView, key: Qt.Key, times: int = 1) -> None:
    for _ in range(times):
        qtbot.keyClick(view, key)


def test_the_heads_stay_in_sight_while_the_marks_move(view: MatrixView, qtbot: QtBot) -> None:
    view.setCurrentIndex(view.matrix.index(0, 2))
    press(qtbot, view, Qt.Key.Key_Right, COLUMNS)

    assert view.horizontalScrollBar().value() > 0
    assert view.frozen.isVisible()
    assert view.frozen.indexAt(QPoint(5, 5)).data() == "A-0000"


def test_the_line_beside_the_heads_changes_with_the_theme(view: MatrixView, look: Theme) -> None:
    def line() -> str:
        right = view.frozen.geometry().right()
        return view.grab().toImage().pixelColor(right, view.height() - 40).name().upper()

    assert line() == look.tokens.edge
    look.apply("dark", 100)
    assert look.tokens.dark
    assert line() == look.tokens.edge


def test_going_back_brings_a_cell_out_from_under_the_heads(view: MatrixView, qtbot: QtBot) -> None:
    view.setCurrentIndex(view.matrix.index(0, COLUMNS + 1))
    press(qtbot, view, Qt.Key.Key_Left, COLUMNS - 1)

    assert view.currentIndex().column() == 2
    assert view.visualRect(view.currentIndex()).left() >= view.frozen.width() - 1


def test_the_heads_scroll_with_the_rows(view: MatrixView) -> None:
    view.setCurrentIndex(view.matrix.index(150, 3))

    assert view.frozen.verticalScrollBar().value() == view.verticalScrollBar().value() > 0
    assert view.frozen.rowViewportPosition(150) == view.rowViewportPosition(150)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_a_cell_is_opened_from_the_keyboard(view: MatrixView, qtbot: QtBot, key: Qt.Key) -> None:
    view.setCurrentIndex(view.matrix.index(4, 5))

    with qtbot.waitSignal(view.cell_opened) as opened:
        press(qtbot, view, key)

    assert opened.args == [4, "m3"]


def test_sorting_by_a_head_or_by_a_mark_orders_the_rows(view: MatrixView) -> None:
    view.frozen.horizontalHeader().setSortIndicator(0, Qt.SortOrder.DescendingOrder)
    assert view.matrix.row(0) == 199

    view.horizontalHeader().setSortIndicator(2, Qt.SortOrder.AscendingOrder)
    marks = [view.matrix.marks[0].mark(row).words for row in view.matrix.rows]
    assert marks == sorted(marks)
    assert view.frozen.horizontalHeader().sortIndicatorSection() == 2


def test_copying_takes_the_selected_cells_with_their_headings_and_rows(view: MatrixView, qtbot: QtBot) -> None:
    view.setCurrentIndex(view.matrix.index(1, 3))
    qtbot.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    assert QGuiApplication.clipboard().text().split("\r\n") == [
        "Number\tApplicant\t1 heading",
        "A-0001\t示例机构1\tmet",
        "A-0002\t示例机构2\tnot met",
    ]
    QGuiApplication.clipboard().clear()  # left there without a screen, Qt would look for it once Python is gone


def test_who_cannot_see_a_mark_is_told_row_column_and_words(view: MatrixView) -> None:
    index = view.matrix.index(0, 2)

    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "A-0000 0 heading not met"
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "why 0"
    assert view.matrix.headerData(2, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole) == "about 0"


def test_searching_looks_at_the_heads_only(view: MatrixView) -> None:
    view.matrix.search("not met")
    assert view.matrix.rowCount() == 0

    view.matrix.search("A-0007")
    assert view.matrix.rows == (7,)


def test_widths_of_heads_are_the_same_in_both_views_and_remembered(
    view: MatrixView, tmp_path: Path, qtbot: QtBot
) -> None:
    settings = Settings(tmp_path / "settings.ini")
    view.remember_in(settings, "matrix")

    view.frozen.setColumnWidth(0, 133)
    view.setColumnWidth(4, 55)

    assert view.columnWidth(0) == 133
    other = MatrixView(MatrixModel(view.matrix.heads, view.matrix.marks))
    qtbot.addWidget(other)
    other.remember_in(settings, "matrix")
    assert (other.columnWidth(0), other.frozen.columnWidth(0), other.columnWidth(4)) == (133, 133, 55)


def stretching(qtbot: QtBot, settings: Settings) -> MatrixView:
    heads = [Column("Number", lambda row: f"A-{row}"), Column("Applicant", lambda row: f"示例机构{row}")]
    model: MatrixModel[int] = MatrixModel(heads, [mark_of(n) for n in range(3)])
    view = MatrixView(model, stretching=True)
    qtbot.addWidget(view)
    view.resize(500, 300)
    model.set_rows(range(3))
    with qtbot.waitExposed(view):
        view.show()
    view.remember_in(settings, "stretching")
    return view


def test_a_head_that_stretches_keeps_the_width_that_the_person_drags_it_to(
    look: Theme, tmp_path: Path, qtbot: QtBot
) -> None:
    settings = Settings(tmp_path / "settings.ini")
    view = stretching(qtbot, settings)
    before = view.columnWidth(1)
    view.resize(600, 300)
    qtbot.waitUntil(lambda: view.columnWidth(1) > before)

    header = view.frozen.horizontalHeader()
    edge = QPoint(header.sectionViewportPosition(1) + header.sectionSize(1) - 2, header.height() // 2)
    qtbot.mousePress(header.viewport(), Qt.MouseButton.LeftButton, pos=edge)
    qtbot.mouseMove(header.viewport(), edge - QPoint(30, 0))
    qtbot.mouseRelease(header.viewport(), Qt.MouseButton.LeftButton, pos=edge - QPoint(30, 0))
    dragged = view.columnWidth(1)
    assert dragged != before
    view.resize(700, 300)
    assert view.columnWidth(1) == dragged

    later = stretching(qtbot, settings)
    later.resize(640, 300)
    assert (later.columnWidth(1), later.frozen.columnWidth(1)) == (dragged, dragged)


def test_marks_that_share_the_room_are_all_seen_where_they_fit_and_never_too_narrow(look: Theme, qtbot: QtBot) -> None:
    model: MatrixModel[int] = MatrixModel([Column("Number", lambda row: f"A-{row}")], [mark_of(n) for n in range(9)])
    view = MatrixView(model, sharing=(50, 76))
    qtbot.addWidget(view)
    view.resize(640, 300)
    model.set_rows(range(3))
    with qtbot.waitExposed(view):
        view.show()
    view.setColumnWidth(0, 120)
    widths = {view.columnWidth(place) for place in range(1, 10)}
    assert len(widths) == 1
    assert 50 <= min(widths) <= 58
    assert view.horizontalScrollBar().maximum() == 0

    view.setColumnWidth(0, 160)
    assert view.columnWidth(1) < min(widths), "what a head takes the marks give"
    view.resize(400, 300)
    qtbot.waitUntil(lambda: view.columnWidth(1) == 50)
    view.resize(1400, 300)
    qtbot.waitUntil(lambda: view.columnWidth(1) == 76)


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("张三", ["张三"]),
        ("顾维桢", ["顾维桢"]),
        ("欧阳娜娜", ["欧阳", "娜娜"]),
        ("㐱𬭚", ["㐱𬭚"]),
        ("Anna Li", ["Li"]),
        ("José Müller", ["Müller"]),
        ("Анна Ли", ["Ли"]),
        ("", []),
    ],
)
def test_an_expert_heads_a_narrow_column_with_the_whole_name(look: Theme, name: str, lines: list[str]) -> None:
    assert expert_heading("E001", name, "18/20") == "\n".join(["E001", *lines, "18/20"])


def test_what_is_too_wide_for_a_narrow_column_is_broken_or_cut(look: Theme) -> None:
    assert expert_heading("E001", "张三", "1999/2000").split("\n")[2:] == ["1999", "/2000"]
    assert expert_heading("E001", "阿卜杜拉·买买提", "1").split("\n")[2].endswith("…")


def test_another_panel_gives_other_columns(view: MatrixView, qtbot: QtBot) -> None:
    view.matrix.set_columns(view.matrix.heads[:1], [mark_of(20)])

    assert view.matrix.columnCount() == 2
    assert view.matrix.column_of("m20") == 1
    assert view.matrix.column_of("m3") == -1
    qtbot.waitUntil(lambda: view.frozen.width() == view.columnWidth(0))


def test_another_panel_is_ordered_by_its_own_column(view: MatrixView) -> None:
    view.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    reversed_marks = MarkColumn("order", "order", lambda row: Mark(str(row)), order=lambda row: row)
    view.matrix.set_columns(view.matrix.heads[:1], [reversed_marks])
    view.matrix.search("")
    assert list(view.matrix.rows) == list(range(199, -1, -1))


def test_a_row_is_found_by_what_it_is(view: MatrixView) -> None:
    assert view.go_to_cell(lambda row: row == 42, "m7")
    assert view.current_cell() == (42, "m7")
    assert not view.go_to_cell(lambda row: row == 4242)
