"""The look: everything can be read, in both themes and at every size, and changes at once."""

from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QFontInfo, QPalette
from PySide6.QtWidgets import QApplication, QDoubleSpinBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from qisp_desktop.gui import assets
from qisp_desktop.gui.stylesheet import stylesheet
from qisp_desktop.gui.theme import SCALES, Theme
from qisp_desktop.gui.tokens import DARK, LIGHT, MINIMUM_CONTRAST, Tokens, contrast, text_pairs

THEMES = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])


@THEMES
def test_every_text_can_be_read_on_all_it_stands_on(tokens: Tokens) -> None:
    too_pale = {
        name: round(contrast(*pair), 2)
        for name, pair in text_pairs(tokens).items()
        if contrast(*pair) < MINIMUM_CONTRAST
    }

    assert too_pale == {}


@THEMES
def test_shapes_that_carry_a_meaning_stand_out_from_card_and_window(tokens: Tokens) -> None:
    for name in ("accent", "good", "warn", "bad"):
        for ground in (tokens.card, tokens.window):
            assert contrast(getattr(tokens, name), ground) >= 3, name


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)
    assert contrast("#123456", "#123456") == 1


def test_the_nine_colours_of_the_design_are_what_it_says() -> None:
    names = "window", "card", "line", "text", "second", "accent", "good", "warn", "bad"
    light = "#F3F5F8", "#FFFFFF", "#E3E7EE", "#1B2430", "#5B6675", "#2B66F0", "#1F8A4D", "#B86E00", "#C63333"
    dark = "#14181F", "#1C222B", "#2E3642", "#E8ECF2", "#A3AEBD", "#6C97FF", "#4CC38A", "#F2B04C", "#FF7B7B"

    assert tuple(getattr(LIGHT, name) for name in names) == light
    assert tuple(getattr(DARK, name) for name in names) == dark


@THEMES
@pytest.mark.parametrize("scale", SCALES)
def test_the_style_sheet_names_only_colours_of_the_theme_and_files_that_exist(tokens: Tokens, scale: int) -> None:
    sheet = stylesheet(
        tokens, lambda length: round(length * scale / 100), lambda size: size * scale / 100, assets.icon_folder()
    )

    assert set(re.findall(r"#[0-9A-Fa-f]{6}\b", sheet)) <= set(map(str, tokens))
    files = re.findall(r'url\("([^"]+)"\)', sheet)
    assert files
    assert all((assets.icon_folder() / file.rsplit("/", 1)[-1]).is_file() for file in files)
    assert sheet.count("{") == sheet.count("}")


def test_text_is_drawn_in_the_bundled_font_in_both_weights(look: Theme) -> None:
    for bold in (False, True):
        info = QFontInfo(look.font(bold=bold))
        assert (info.family(), info.bold()) == (assets.FONT_FAMILY, bold)


def test_no_text_is_smaller_than_eleven_points(look: Theme) -> None:
    sizes = re.findall(r"font-size: ([0-9.]+)pt", QApplication.instance().styleSheet())  # type: ignore[union-attr]

    assert min(map(float, sizes)) >= 11
    assert QApplication.font().pointSizeF() == 11


def test_a_change_of_theme_reaches_palette_and_icons_at_once(look: Theme, qtbot: QtBot) -> None:
    button = QPushButton("x")
    assets.set_icon(button, "lock")
    label = QLabel()
    assets.set_picture(label, "lock", "text", 24)
    qtbot.addWidget(button)
    qtbot.addWidget(label)

    with qtbot.waitSignal(look.changed):
        look.apply("dark", 100)

    assert QApplication.palette().color(QPalette.ColorRole.Window).name().upper() == DARK.window
    for image in (button.icon().pixmap(20, 20).toImage(), label.pixmap().toImage()):
        colours = {
            image.pixelColor(x, y).name().upper()
            for x in range(20)
            for y in range(20)
            if image.pixelColor(x, y).alpha() == 255
        }
        assert DARK.text in colours
        assert LIGHT.text not in colours


@pytest.mark.parametrize("scale", SCALES)
def test_controls_grow_with_the_text_and_stay_large_enough_to_hit(look: Theme, qtbot: QtBot, scale: int) -> None:
    look.apply("light", scale)
    button = QPushButton("打开轮次")
    qtbot.addWidget(button)
    button.ensurePolished()

    assert button.sizeHint().height() >= 32 * scale / 100
    assert button.sizeHint().height() >= button.fontMetrics().height() + 4
    look.apply("light", 100)


def test_a_spin_box_keeps_its_arrows(look: Theme, qtbot: QtBot) -> None:
    box = QDoubleSpinBox()
    qtbot.addWidget(box)
    box.resize(140, 34)
    image = box.grab().toImage()

    right = {image.pixelColor(x, y).name() for x in range(116, 138) for y in range(3, 31)}

    assert len(right) > 2


@pytest.mark.parametrize(("mode", "scale"), [("blue", 100), ("light", 90), ("light", 200)])
def test_a_look_that_does_not_exist_is_refused(look: Theme, mode: str, scale: int) -> None:
    with pytest.raises(ValueError, match="no such look"):
        look.apply(mode, scale)


def test_every_icon_is_drawn_in_the_colour_asked_for(look: Theme) -> None:
    for path in assets.icon_folder().glob("*.svg"):
        if "currentColor" in path.read_text("utf-8"):
            image = assets.picture(path.stem, "bad", 24).toImage()
            assert any(image.pixelColor(x, y).alpha() for x in range(24) for y in range(24)), path.name
