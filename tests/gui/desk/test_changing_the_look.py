"""Size of text, theme and language change in the middle of the work, and nothing that was begun is lost."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from qisp_desktop.domain.regulation import RecusalGround
from qisp_desktop.gui import theme
from qisp_desktop.gui.app import Application
from qisp_desktop.gui.main_window import MainWindow
from qisp_desktop.gui.panel.desk.application_list import BY_STATUS
from qisp_desktop.gui.panel.desk.page import DeskPage
from qisp_desktop.gui.panel.desk.shortcuts import ShortcutSheet
from qisp_desktop.gui.preferences.look_menu import LookMenu
from qisp_desktop.services.desk import DeskStatus
from tests.gui.desk.person import CTRL, keys
from tests.gui.program import page_of


def open_menu(page: DeskPage, qtbot: QtBot) -> LookMenu:
    keys(qtbot, ",", modifier=CTRL)
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), LookMenu))
    (menu,) = page.findChildren(LookMenu)
    return menu


def choose(page: DeskPage, qtbot: QtBot, name: str) -> None:
    """Open the menu by its key and click the choice of that name."""
    menu = open_menu(page, qtbot)
    (action,) = [one for one in menu.actions() if one.text() == name]
    at = menu.actionGeometry(action)
    qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=QPoint(at.left() + 20, at.center().y()))
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is None)
    for window in QApplication.topLevelWidgets():
        if isinstance(window, MainWindow) and window.isVisible():
            window.activateWindow()  # without a window system, nobody gives the keys back after a menu


def test_the_desk_stays_where_it_is_in_another_language_and_size(
    program: Application, desk_page: DeskPage, qtbot: QtBot
) -> None:
    keys(qtbot, "2", Qt.Key.Key_Down)
    keys(qtbot, "R", modifier=CTRL)
    keys(qtbot, "half a sen")
    choose(desk_page, qtbot, "简体中文")
    page = page_of(program, DeskPage)
    assert page is not desk_page
    qtbot.waitUntil(page.scoring.scores.detail.remark.hasFocus)
    keys(qtbot, "tence")
    assert page.presenter.score("Q2").remark == "half a sentence"
    choose(page, qtbot, "150 %")
    page = page_of(program, DeskPage)
    assert theme.current().scale == 150
    assert page.presenter.score("Q1").points == Decimal(2)
    qtbot.waitUntil(page.scoring.scores.detail.remark.hasFocus)
    keys(qtbot, "Z", modifier=CTRL)
    assert page.presenter.score("Q2").remark == "", "undo reaches back across the change"


def test_a_theme_is_changed_without_a_new_page(program: Application, desk_page: DeskPage, qtbot: QtBot) -> None:
    choose(desk_page, qtbot, "Dark")
    assert theme.current().tokens.dark
    assert page_of(program, DeskPage) is desk_page
    choose(desk_page, qtbot, "Light")


def test_search_filter_and_order_of_the_list_stay(program: Application, desk_page: DeskPage, qtbot: QtBot) -> None:
    before = desk_page.scoring.applications
    before.filter.setCurrentIndex(before.filter.findData(DeskStatus.NEW))
    before.order.setCurrentIndex(BY_STATUS)
    before.search.setText("2026")
    qtbot.waitUntil(lambda: desk_page.presenter.listing.query == "2026")
    program.settings.scale = 110
    after = page_of(program, DeskPage).scoring.applications
    assert (after.search.text(), after.filter.currentData(), after.order.currentData()) == (
        "2026",
        DeskStatus.NEW,
        BY_STATUS,
    )


def test_a_recusal_that_was_begun_stays_with_its_application(
    program: Application, desk_page: DeskPage, qtbot: QtBot
) -> None:
    first, second = desk_page.presenter.sheets.numbers[:2]
    for number, late in ((first, True), (second, False)):
        page = page_of(program, DeskPage)
        page.presenter.select(number)
        button = page.scoring.scores.recuse if late else page.scoring.reading.declaration.step_back
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        form = page.scoring.reading.declaration.form.ui
        form.ground.setCurrentIndex(form.ground.findData(RecusalGround.KINSHIP.value))
        qtbot.keyClicks(form.reason, "My brother")
        program.settings.language = "zh_CN" if late else "en"
        form = page_of(program, DeskPage).scoring.reading.declaration.form.ui
        assert form.reason.isVisible()
        assert (form.ground.currentData(), form.reason.toPlainText()) == (RecusalGround.KINSHIP.value, "My brother")
        qtbot.waitUntil(form.reason.hasFocus)

    page = page_of(program, DeskPage)
    page.presenter.select(first)
    form = page.scoring.reading.declaration.form.ui
    assert form.reason.toPlainText() == "My brother"
    qtbot.mouseClick(form.cancel, Qt.MouseButton.LeftButton)
    assert not page.scoring.reading.asking
    page.presenter.select(second)
    page.presenter.select(first)
    assert not page.scoring.reading.asking, "what was given up is not asked again"


def test_the_look_can_be_changed_by_keyboard_alone(program: Application, desk_page: DeskPage, qtbot: QtBot) -> None:
    menu = open_menu(desk_page, qtbot)
    qtbot.keyClick(menu, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not desk_page.findChildren(LookMenu))
    program.window.activateWindow()
    qtbot.waitUntil(lambda: desk_page.scoring.scores.cards["Q1"].points.hasFocus())


def test_who_does_not_know_of_f1_finds_the_keys_in_the_menu(
    program: Application, desk_page: DeskPage, qtbot: QtBot
) -> None:
    choose(desk_page, qtbot, "Keyboard shortcuts (F1)")
    (sheet,) = desk_page.findChildren(ShortcutSheet)
    assert sheet.isVisible()
    sheet.accept()
