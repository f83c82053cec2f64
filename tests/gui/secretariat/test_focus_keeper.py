"""The keyboard does not leave a section because what had it was disabled or put away."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QPushButton, QStackedWidget, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.secretariat.focus_keeper import FocusKeeper
from tests.gui.waiting import go_round


@dataclass(frozen=True)
class Desk:
    """A page with the way home and the rail above two sections, of which the first has two buttons."""

    page: QWidget
    home: QPushButton
    rail: QListWidget
    section: QWidget
    act: QPushButton
    other: QPushButton


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    page, section, sections, rail = QWidget(), QWidget(), QStackedWidget(), QListWidget()
    rail.addItems(["first", "second", "third"])
    rail.setCurrentRow(0)
    rail.currentRowChanged.connect(sections.setCurrentIndex)
    home, act, other = QPushButton("home"), QPushButton("act"), QPushButton("other")
    inner = QVBoxLayout(section)
    inner.addWidget(other)
    inner.addWidget(act)
    for one in (section, QWidget(), QWidget()):
        sections.addWidget(one)
    outer = QVBoxLayout(page)
    outer.addWidget(home)
    outer.addWidget(rail)
    outer.addWidget(sections)
    FocusKeeper(sections)
    qtbot.addWidget(page)
    with qtbot.waitExposed(page):
        page.show()
    page.activateWindow()
    act.setFocus()
    qtbot.waitUntil(act.hasFocus)
    return Desk(page, home, rail, section, act, other)


def test_a_button_that_waits_for_its_work_gets_the_keyboard_back(qtbot: QtBot, desk: Desk) -> None:
    desk.act.setEnabled(False)
    assert desk.home.hasFocus()  # which is what Qt does by itself
    qtbot.waitUntil(desk.section.hasFocus)
    desk.act.setEnabled(True)
    qtbot.waitUntil(desk.act.hasFocus)


def test_what_is_put_away_for_good_leaves_the_keyboard_in_its_section(qtbot: QtBot, desk: Desk) -> None:
    desk.act.hide()
    qtbot.waitUntil(desk.section.hasFocus)
    desk.act.deleteLater()
    qtbot.keyClick(desk.section, "\t")
    assert desk.other.hasFocus()


def test_who_moves_on_meanwhile_is_not_called_back(qtbot: QtBot, desk: Desk) -> None:
    desk.act.setEnabled(False)
    qtbot.waitUntil(desk.section.hasFocus)
    desk.other.setFocus()
    desk.act.setEnabled(True)
    go_round()
    assert desk.other.hasFocus()


def test_who_goes_home_of_their_own_accord_gets_there(qtbot: QtBot, desk: Desk) -> None:
    desk.home.setFocus()
    go_round()
    assert desk.home.hasFocus()


def test_who_clicks_another_section_stays_in_the_rail_and_goes_on_with_the_arrows(qtbot: QtBot, desk: Desk) -> None:
    place = desk.rail.visualItemRect(desk.rail.item(1)).center()
    qtbot.mouseClick(desk.rail.viewport(), Qt.MouseButton.LeftButton, pos=place)
    go_round()
    assert desk.rail.hasFocus()
    qtbot.keyClick(desk.rail, Qt.Key.Key_Down)
    go_round()
    assert desk.rail.hasFocus()
    assert desk.rail.currentRow() == 2
