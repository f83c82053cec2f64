"""The desk without a mouse: every part is reached, in the order in which it stands, and the caret stays put."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from qisp_desktop.domain.regulation import RecusalGround
from qisp_desktop.gui.app import Application
from qisp_desktop.gui.panel.desk.page import DeskPage
from qisp_desktop.gui.panel.desk.presenter import DeskPresenter
from qisp_desktop.gui.panel.desk.shortcuts import ShortcutSheet
from tests.gui.desk.person import CTRL, keys
from tests.gui.waiting import go_round


def focus() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def declare_next(page: DeskPage, qtbot: QtBot) -> DeskPresenter:
    """Declare on the second application too, and stand there."""
    presenter = page.presenter
    presenter.select(presenter.sheets.numbers[1])
    with qtbot.waitSignal(presenter.application_changed):
        presenter.declare()
    qtbot.waitUntil(lambda: page.scoring.reading.citation() is not None, timeout=20_000)
    return presenter


def settle(page: DeskPage, qtbot: QtBot) -> None:
    """What was just made is on the screen."""
    qtbot.waitUntil(lambda: all(stop.isVisible() for stop in page.scoring.scores.detail.stops))


def test_tab_leads_through_the_criterion_and_then_to_the_next(desk_page: DeskPage, qtbot: QtBot) -> None:
    scores = desk_page.scoring.scores
    desk_page.scoring.cite()
    for code in ("Q1", "Q2"):
        settle(desk_page, qtbot)
        assert focus() is scores.cards[code].points
        for stop in scores.detail.stops:
            keys(qtbot, Qt.Key.Key_Tab)
            assert focus() is stop
        keys(qtbot, Qt.Key.Key_Tab)
    assert focus() is scores.cards["Q3"].points


def test_up_and_down_go_between_criteria_from_a_level_too(desk_page: DeskPage, qtbot: QtBot) -> None:
    scores = desk_page.scoring.scores
    keys(qtbot, Qt.Key.Key_Tab)
    assert focus() is scores.detail.levels.chips[0]
    keys(qtbot, Qt.Key.Key_Down)
    assert focus() is scores.cards["Q2"].points
    settle(desk_page, qtbot)
    keys(qtbot, Qt.Key.Key_Tab, Qt.Key.Key_Up)
    assert focus() is scores.cards["Q1"].points


def test_undo_at_another_criterion_takes_the_caret_there_from_a_remark(desk_page: DeskPage, qtbot: QtBot) -> None:
    scores, presenter = desk_page.scoring.scores, desk_page.presenter
    keys(qtbot, "2", Qt.Key.Key_Down)
    keys(qtbot, "R", modifier=CTRL)
    assert focus() is scores.detail.remark
    keys(qtbot, "Z", modifier=CTRL)
    assert (presenter.criterion, presenter.score("Q1").points) == ("Q1", None)
    assert focus() is scores.cards["Q1"].points


def test_the_page_keys_turn_the_material_and_leave_the_caret(desk_page: DeskPage, qtbot: QtBot) -> None:
    reading, field = desk_page.scoring.reading, desk_page.scoring.scores.cards["Q1"].points
    first = reading.position()
    keys(qtbot, Qt.Key.Key_PageDown)
    assert reading.position() != first
    keys(qtbot, Qt.Key.Key_PageUp)
    assert reading.position() == first
    assert focus() is field


def test_a_number_with_control_opens_a_material_or_the_record(desk_page: DeskPage, qtbot: QtBot) -> None:
    reading, application = desk_page.scoring.reading, desk_page.presenter.application
    assert application is not None
    keys(qtbot, "3", modifier=CTRL)
    third = next(one for one in application.materials if one.kind.value == "3")
    qtbot.waitUntil(lambda: getattr(reading.citation(), "sha256", "") == third.sha256, timeout=20_000)
    keys(qtbot, "8", modifier=CTRL)
    assert reading.pane.stack.currentWidget() is reading.pane.record
    assert focus() is desk_page.scoring.scores.cards["Q1"].points


def test_f6_goes_from_column_to_column(desk_page: DeskPage, qtbot: QtBot) -> None:
    scoring = desk_page.scoring
    keys(qtbot, Qt.Key.Key_F6)
    assert focus() is scoring.applications.list
    keys(qtbot, Qt.Key.Key_F6)
    assert scoring.reading.isAncestorOf(focus())
    keys(qtbot, Qt.Key.Key_F6)
    assert focus() is scoring.scores.cards["Q1"].points


def test_the_arrow_keys_go_on_through_the_list_and_enter_leads_to_the_sheet(desk_page: DeskPage, qtbot: QtBot) -> None:
    presenter = declare_next(desk_page, qtbot)
    listed = desk_page.scoring.applications.list
    listed.setFocus()
    for key, place in ((Qt.Key.Key_Down, 2), (Qt.Key.Key_Up, 1), (Qt.Key.Key_Up, 0)):  # two are declared, one is not
        keys(qtbot, key)
        go_round()
        assert (presenter.number, focus()) == (presenter.sheets.numbers[place], listed)
    keys(qtbot, Qt.Key.Key_Return)
    assert focus() is desk_page.scoring.scores.cards["Q1"].points


def test_a_digit_in_the_list_is_the_beginning_of_a_score(desk_page: DeskPage, qtbot: QtBot) -> None:
    desk_page.scoring.applications.list.setFocus()
    keys(qtbot, "3")
    assert desk_page.presenter.score("Q1").points == Decimal(3)
    assert focus() is desk_page.scoring.scores.cards["Q1"].points


@pytest.mark.parametrize("key", [Qt.Key.Key_Down, Qt.Key.Key_Return])
def test_from_the_search_a_key_leads_to_what_was_found(desk_page: DeskPage, qtbot: QtBot, key: Qt.Key) -> None:
    presenter, applications = desk_page.presenter, desk_page.scoring.applications
    wanted = presenter.sheets.numbers[3]
    keys(qtbot, "F", modifier=CTRL)
    keys(qtbot, wanted[-3:])
    if key == Qt.Key.Key_Down:
        qtbot.waitUntil(lambda: len(applications.model.rows) == 1)
    keys(qtbot, key)
    go_round()
    assert (presenter.number, focus()) == (wanted, applications.list)
    keys(qtbot, Qt.Key.Key_Return)
    assert focus() is desk_page.scoring.reading.declaration.no_interest


def test_escape_in_an_empty_search_leads_back_to_the_sheet(desk_page: DeskPage, qtbot: QtBot) -> None:
    keys(qtbot, "F", modifier=CTRL)
    keys(qtbot, Qt.Key.Key_Escape)
    assert focus() is desk_page.scoring.scores.cards["Q1"].points


@pytest.mark.parametrize("view", ["inspection", "compare", "signing"])
def test_every_view_explains_its_keys_and_escape_leads_back(
    program: Application, desk_page: DeskPage, qtbot: QtBot, view: str
) -> None:
    desk_page.turn_to(view)
    keys(qtbot, Qt.Key.Key_F1)
    (sheet,) = desk_page.findChildren(ShortcutSheet)
    assert sheet.isVisible()
    assert sheet.height() <= program.window.height()
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    program.window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    keys(qtbot, Qt.Key.Key_Escape)
    assert desk_page.presenter.view == ""
    assert focus() is desk_page.scoring.scores.cards["Q1"].points


def test_undo_works_in_the_comparison_and_shows_where_it_was(desk_page: DeskPage, qtbot: QtBot) -> None:
    keys(qtbot, "3")
    desk_page.turn_to("compare")
    keys(qtbot, "Z", modifier=CTRL)
    assert desk_page.presenter.score("Q1").points is None
    assert desk_page.presenter.view == ""


@pytest.mark.parametrize("view", ["inspection", "compare", "signing"])
def test_tab_reaches_every_button_of_a_view(desk_page: DeskPage, qtbot: QtBot, view: str) -> None:
    keys(qtbot, "4")
    desk_page.turn_to(view)
    go_round()
    wanted = {
        button
        for button in desk_page.findChildren(QPushButton)
        if button.isVisible() and button.isEnabled() and button.focusPolicy() & Qt.FocusPolicy.TabFocus
    }
    reached: set[QWidget] = set()
    for _step in range(120):
        reached.add(focus())
        keys(qtbot, Qt.Key.Key_Tab)
    assert not {button.accessibleName() or button.text() for button in wanted - reached}


def test_a_sheet_that_is_closed_leaves_the_keys_on_the_desk(desk_page: DeskPage, qtbot: QtBot) -> None:
    desk_page.presenter.recuse(RecusalGround.OTHER, "回避。")
    desk_page.turn_to("compare")
    keys(qtbot, Qt.Key.Key_Escape)
    assert focus() is desk_page.scoring.applications.list, "and not on the button that leads home"
