"""A remark as long as one may be: typing goes on at once, and what does not fit takes nothing else away."""

from __future__ import annotations

import sys
from types import FrameType

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QInputMethodEvent, QTextCursor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from qisp_desktop.domain.score_sheet import LONGEST_REMARK
from qisp_desktop.gui.panel.desk.page import DeskPage
from qisp_desktop.gui.panel.desk.remark_edit import RemarkEdit
from tests.gui.desk.person import keys

LINE = "管理体系文件齐全，设备台账与现场一致。😀㛃䶮𬭚 no evidence for last year，" * 3 + "\n"


def long_text(length: int) -> str:
    return (LINE * (length // len(LINE) + 1))[:length]


def write(page: DeskPage, text: str) -> RemarkEdit:
    """Have ``text`` as the remark that is edited, with the caret at its end."""
    page.presenter.set_remark("Q1", text)
    page.scoring.scores.focus_field("remark", 10 * LONGEST_REMARK)
    remark = page.scoring.scores.detail.remark
    assert remark.toPlainText() == text
    return remark


def compose(field: RemarkEdit, text: str) -> None:
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(field, event)


def calls_for_a_key(remark: RemarkEdit, qtbot: QtBot) -> int:
    """How many functions are called for a key, at least; a clock would measure what else the machine does."""
    counts = []
    for _attempt in range(8):
        calls = 0

        def count(_frame: FrameType, event: str, _argument: object) -> None:
            nonlocal calls
            calls += event in ("call", "c_call")

        sys.setprofile(count)
        try:
            qtbot.keyClick(remark, Qt.Key.Key_X)
            QApplication.processEvents()
        finally:
            sys.setprofile(None)
        counts.append(calls)
    return min(counts)


def test_a_key_in_a_long_remark_costs_little_more_than_in_a_short_one(desk_page: DeskPage, qtbot: QtBot) -> None:
    short = calls_for_a_key(write(desk_page, long_text(1000)), qtbot)
    long = calls_for_a_key(write(desk_page, long_text(LONGEST_REMARK - 100)), qtbot)
    assert 0 < long < 2 * short


def test_what_does_not_fit_takes_away_nothing_of_what_is_there(desk_page: DeskPage, qtbot: QtBot) -> None:
    text = long_text(LONGEST_REMARK - 1).rstrip() + "终"
    text += "尾" * (LONGEST_REMARK - len(text))
    remark = write(desk_page, text)
    card = desk_page.scoring.scores.cards["Q1"]
    remark.set_caret(7)
    keys(qtbot, "x")
    compose(remark, "太长的话")
    assert remark.toPlainText() == text
    assert desk_page.presenter.score("Q1").remark == text
    assert remark.caret == 7
    assert "100000" in card.problem.text()

    keys(qtbot, Qt.Key.Key_Delete)
    assert not card.problem.isVisible()
    assert desk_page.presenter.score("Q1").remark == text[:7] + text[8:]


@pytest.mark.parametrize("there", ["尾", "😀"])
def test_of_what_is_pasted_as_much_is_taken_as_fits(desk_page: DeskPage, there: str) -> None:
    text = there * (LONGEST_REMARK - 3)
    remark = write(desk_page, text)
    remark.moveCursor(QTextCursor.MoveOperation.Start)
    pasted = QMimeData()
    pasted.setText("😀一𬭚二三\n四")
    remark.insertFromMimeData(pasted)
    assert remark.toPlainText() == "😀一𬭚" + text
    assert remark.textCursor().position() == 5, "Qt counts two for each of the rare ones"
