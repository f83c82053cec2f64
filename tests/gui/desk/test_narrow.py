"""The desk in small windows and with large letters: nothing that is to be pressed is cut."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QPushButton, QScrollArea, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.app import Application
from qisp_desktop.gui.panel.desk.columns import LIST, MATERIALS, SCORES
from qisp_desktop.gui.panel.desk.page import DeskPage
from qisp_desktop.gui.panel.desk.shortcuts import ShortcutSheet
from qisp_desktop.gui.panel.desk.views import VIEWS
from qisp_desktop.gui.panel.materials.kinds_bar import KindsBar
from qisp_desktop.gui.panel.signing.view import SigningView
from qisp_desktop.gui.start.page import StartPage
from tests.gui.desk.person import CTRL, keys
from tests.gui.program import page_of
from tests.gui.waiting import go_round

LANGUAGES = ("en", "zh_CN")
SIZES = ((1366, 768, 100), (960, 700, 100), (1366, 768, 175), (960, 640, 175))


def cut(page: QWidget) -> list[str]:
    """What can be pressed on the page and has less room than its text and picture need."""
    inside_kinds = {button for bar in page.findChildren(KindsBar) for button in bar.findChildren(QAbstractButton)}
    pressed: list[QWidget] = [*page.findChildren(QPushButton), *page.findChildren(QToolButton)]
    pressed += page.findChildren(QComboBox)
    return [
        f"{one.accessibleName() or getattr(one, 'text', str)()}: {one.width()} of {one.sizeHint().width()}"
        for one in pressed
        if one.isVisible() and not isinstance(one.parent(), QLineEdit) and one not in inside_kinds and too_small(one)
    ]


def too_small(widget: QWidget) -> bool:
    """Whether a widget has less room than it needs."""
    return widget.width() < widget.sizeHint().width() or widget.height() < widget.sizeHint().height()


def at(program: Application, qtbot: QtBot, width: int, height: int, scale: int) -> DeskPage:
    """The desk at that size, with its first page read."""
    program.settings.scale = scale
    program.window.resize(width, height)
    page = page_of(program, DeskPage)
    qtbot.waitUntil(lambda: page.scoring.reading.citation() is not None, timeout=20_000)
    go_round()
    return page


def shown(page: DeskPage) -> list[str]:
    return [key for key in (LIST, MATERIALS, SCORES) if page.scoring.columns.shows(key)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_that_is_to_be_pressed_is_cut(
    program: Application, desk_page: DeskPage, qtbot: QtBot, language: str
) -> None:
    program.settings.language = language
    for width, height, scale in SIZES:
        program.settings.scale = scale
        program.window.resize(width, height)
        page = page_of(program, DeskPage)
        qtbot.waitUntil(lambda page=page: page.scoring.reading.citation() is not None, timeout=20_000)  # type: ignore[misc]
        go_round()

        assert program.window.width() <= width
        assert cut(page) == [], (width, scale)


def test_buttons_without_words_keep_their_names_and_get_the_words_back(
    program: Application, desk_page: DeskPage, qtbot: QtBot
) -> None:
    program.window.resize(960, 700)
    qtbot.waitUntil(lambda: any(not one.text() for one in desk_page._buttons.values()))
    assert all(one.accessibleName() and one.toolTip() for one in desk_page._buttons.values())
    assert all(desk_page._buttons[view.key].text() for view in VIEWS if view.primary)

    program.window.resize(1366, 768)
    qtbot.waitUntil(lambda: all(one.text() for one in desk_page._buttons.values()))


def test_with_large_letters_the_scores_stand_beside_the_list_or_the_materials(
    program: Application, desk_page: DeskPage, qtbot: QtBot
) -> None:
    page = at(program, qtbot, 1366, 768, 175)
    assert shown(page) == [MATERIALS, SCORES]
    assert page.scoring.scores.cards["Q1"].points.hasFocus()
    qtbot.mouseClick(page.scoring.columns.bar.buttons[LIST], Qt.MouseButton.LeftButton)
    assert shown(page) == [LIST, SCORES]
    applications = page.scoring.applications
    rect = applications.list.visualRect(applications.model.index(1, 0))
    qtbot.mouseClick(applications.list.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    assert shown(page) == [MATERIALS, SCORES]
    assert page.scoring.reading.declaration.no_interest.hasFocus()

    page = page_of(program, DeskPage)
    program.settings.scale = 100
    page = page_of(program, DeskPage)
    qtbot.waitUntil(lambda: shown(page) == [LIST, MATERIALS, SCORES])


def test_in_the_smallest_window_what_is_needed_comes_forward(
    program: Application, desk_page: DeskPage, qtbot: QtBot
) -> None:
    page = at(program, qtbot, 960, 640, 175)
    scoring = page.scoring
    assert shown(page) == [MATERIALS]
    scoring.cite()
    keys(qtbot, "3")
    assert shown(page) == [SCORES]
    field = scoring.scores.cards["Q1"].points
    assert field.hasFocus()
    qtbot.waitUntil(lambda: field.visibleRegion().boundingRect() == field.rect())  # where the caret stands is seen

    scoring.follow(page.presenter.score("Q1").evidence[0])
    assert shown(page) == [MATERIALS]
    keys(qtbot, Qt.Key.Key_F6)
    assert shown(page) == [SCORES]
    keys(qtbot, "F", modifier=CTRL)
    assert shown(page) == [LIST]
    keys(qtbot, Qt.Key.Key_Escape)
    assert shown(page) == [MATERIALS]
    keys(qtbot, Qt.Key.Key_Return, modifier=CTRL)
    assert shown(page) == [SCORES], "finishing asks for what is missing"
    keys(qtbot, Qt.Key.Key_PageDown, modifier=CTRL)
    assert shown(page) == [MATERIALS]
    assert scoring.reading.asking


def test_the_widths_of_three_columns_outlive_a_narrow_window(
    program: Application, desk_page: DeskPage, qtbot: QtBot
) -> None:
    widths = desk_page.scoring.columns.splitter.sizes()
    at(program, qtbot, 960, 640, 175)
    page = at(program, qtbot, 1366, 768, 100)
    assert page.scoring.columns.splitter.sizes() == widths


def test_in_a_small_window_the_papers_take_the_place_of_the_steps(
    program: Application, desk_page: DeskPage, qtbot: QtBot
) -> None:
    page = at(program, qtbot, 960, 640, 175)
    page.turn_to("signing")
    (view,) = page.findChildren(SigningView)
    qtbot.waitUntil(lambda: view.look.isVisible())
    assert (view.ui.sign.isVisible(), view.paper.isVisible()) == (True, False)
    qtbot.mouseClick(view.look, Qt.MouseButton.LeftButton)
    assert (view.ui.sign.isVisible(), view.paper.isVisible()) == (False, True)
    program.settings.scale = 100
    page = page_of(program, DeskPage)
    (view,) = page.findChildren(SigningView)
    qtbot.waitUntil(lambda: view.paper.isVisible() and view.ui.sign.isVisible() and not view.look.isVisible())


def test_every_key_is_read_without_scrolling_sideways(program: Application, desk_page: DeskPage, qtbot: QtBot) -> None:
    page = at(program, qtbot, 960, 640, 175)
    sheet = ShortcutSheet(page)
    sheet.show()
    go_round()
    (area,) = sheet.findChildren(QScrollArea)
    assert area.horizontalScrollBar().maximum() == 0
    assert sheet.height() <= program.window.height()
    sheet.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_page_has_room_for_its_buttons_in_the_smallest_window(
    program: Application, qtbot: QtBot, language: str
) -> None:
    program.settings.language = language
    program.settings.scale = 175
    program.window.resize(960, 640)
    go_round()
    assert cut(page_of(program, StartPage)) == []


def test_long_remarks_let_the_cards_become_as_narrow_as_the_window(
    program: Application, desk_page: DeskPage, qtbot: QtBot
) -> None:
    scores = desk_page.scoring.scores
    (area,) = [one for one in scores.findChildren(QScrollArea) if one.isAncestorOf(scores.cards["Q1"])]
    program.window.resize(1920, 1080)
    desk_page.scoring.columns.splitter.setSizes([288, 640, 960])
    go_round()
    for code in ("Q1", "Q2", "Q3"):
        desk_page.presenter.set_remark(code, "证明材料齐全，现场查阅了原件。" * 100)
    go_round()
    desk_page.scoring.columns.splitter.setSizes([288, 1240, 400])
    program.window.resize(1366, 768)
    qtbot.waitUntil(lambda: area.widget().width() == area.viewport().width())
    assert scores.width() < 500


def test_the_first_widths_follow_the_window_until_somebody_moves_them(
    program: Application, desk_page: DeskPage, qtbot: QtBot
) -> None:
    columns = desk_page.scoring.columns
    program.window.resize(960, 700)
    qtbot.waitUntil(lambda: columns.width() < 960)
    narrow = columns.splitter.sizes()
    program.window.resize(1600, 800)
    qtbot.waitUntil(lambda: columns.width() > 1500)
    wide = columns.splitter.sizes()
    assert wide[0] > narrow[0]
    assert wide[2] > narrow[2], "the scores too have more room in a larger window"
