"""Widgets that make do with little room."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.theme import Theme
from qisp_desktop.gui.widgets.elided_label import ElidedLabel
from qisp_desktop.gui.widgets.flow_layout import FlowLayout


def row_of(qtbot: QtBot, width: int, *, hidden: int = -1) -> tuple[QWidget, list[QWidget]]:
    """Three boxes 100 pixels wide with margins of 8, the last two pushed to the right."""
    box = QWidget()
    qtbot.addWidget(box)
    flow = FlowLayout(box, gap=10)
    flow.setContentsMargins(8, 4, 8, 4)
    boxes = []
    for place in range(3):
        one = QWidget()
        one.setFixedSize(100, 40)
        if place == 1:
            flow.add_stretch()
        flow.addWidget(one)
        one.setVisible(place != hidden)
        boxes.append(one)
    box.resize(width, flow.heightForWidth(width))
    box.show()
    return box, boxes


def test_what_is_pushed_stands_at_the_right_where_all_fits_into_one_line(look: Theme, qtbot: QtBot) -> None:
    box, boxes = row_of(qtbot, 500)

    assert [one.x() for one in boxes] == [8, 500 - 8 - 210, 500 - 8 - 100]
    assert box.height() == 48


def test_what_is_pushed_stays_at_the_right_when_what_was_before_it_is_hidden(look: Theme, qtbot: QtBot) -> None:
    _box, boxes = row_of(qtbot, 500, hidden=0)

    assert [one.x() for one in boxes[1:]] == [500 - 8 - 210, 500 - 8 - 100]


def test_a_narrow_row_goes_on_in_the_next_line_inside_its_margins(look: Theme, qtbot: QtBot) -> None:
    box, boxes = row_of(qtbot, 250)

    assert [(one.x(), one.y()) for one in boxes] == [(8, 4), (118, 4), (8, 54)]
    assert box.height() == 98


def test_a_text_that_is_cut_is_whole_in_its_tooltip_and_for_who_cannot_see_it(look: Theme, qtbot: QtBot) -> None:
    text = "2026年度质量基础设施服务平台评价 · 温錞（E007）"
    line = ElidedLabel(text, "title")
    qtbot.addWidget(line)
    line.resize(120, 30)
    line.grab()
    assert (line.toolTip(), line.text()) == (text, text)

    line.resize(line.sizeHint())
    line.grab()
    assert line.toolTip() == ""
    assert line.minimumSizeHint().width() < 120
