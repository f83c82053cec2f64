"""The desk in small windows and with large letters: nothing that is to be pressed is cut."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.app import Application
from qisp_desktop.gui.panel.desk.page import DeskPage
from qisp_desktop.gui.panel.desk.views import VIEWS
from qisp_desktop.gui.panel.materials.kinds_bar import KindsBar
from tests.gui.program import page_of

LANGUAGES = ("en", "zh_CN")
SIZES = ((1366, 768, 100), (960, 700, 100), (1366, 768, 175))


def cut(page: DeskPage) -> list[str]:
    """What can be pressed on the page and has less room than its text and picture need."""
    inside_kinds = {button for bar in page.findChildren(KindsBar) for button in bar.findChildren(QAbstractButton)}
    pressed: list[QWidget] = [*page.findChildren(QPushButton), *page.findChildren(QToolButton)]
    pressed += page.findChildren(QComboBox)
    return [
        f"{one.accessibleName() or getattr(one, 'text', str)()}: {one.width()} of {one.sizeHint().width()}"
        for one in pressed
        if one.isVisible() and one not in inside_kinds and one.width() < one.sizeHint().width()
    ]


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
        qtbot.wait(20)

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
