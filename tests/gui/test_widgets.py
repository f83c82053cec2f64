"""Smaller pieces that all screens share: searching, banners, progress, dots, labels."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from qisp_desktop.base.errors import UserError
from qisp_desktop.gui.tasks import Progress
from qisp_desktop.gui.theme import Theme
from qisp_desktop.gui.widgets.banner import Banner
from qisp_desktop.gui.widgets.card import label
from qisp_desktop.gui.widgets.progress_strip import ProgressStrip, time_left
from qisp_desktop.gui.widgets.search_field import SearchField, matches
from qisp_desktop.gui.widgets.status_dot import Dot, StatusDot
from tests.gui.program import shown

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


def test_names_in_latin_letters_are_found_without_their_blanks_and_digests_as_they_are() -> None:
    assert matches("E001\nLi Ming\n7f16b2d8f3ff", "liming")
    assert matches("E001\nLi Ming\n7f16b2d8f3ff", "b2d8")
    assert not matches("E001\nLi Ming\n7f16b2d8f3ff", "mingb2d8")


def test_the_search_is_sent_once_after_a_burst_of_keys_and_escape_empties_it(look: Theme, qtbot: QtBot) -> None:
    field = SearchField("Search")
    shown(qtbot, field)
    queries: list[str] = []
    field.searched.connect(queries.append)

    qtbot.keyClicks(field, "sljl")
    qtbot.waitUntil(lambda: queries == ["sljl"])
    qtbot.keyClick(field, Qt.Key.Key_Escape)

    qtbot.waitUntil(lambda: queries == ["sljl", ""])


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
