"""File names made of what people type are names on every system, and folders lie under the user's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qisp_desktop.base.paths import MOST_NAME_BYTES, config_folder, data_folder, fonts_folder, log_folder, safe_name


@given(st.text())
def test_any_text_becomes_one_plain_name_that_fits(text: str) -> None:
    name = safe_name(text)
    assert name
    assert Path(name).name == name
    assert name not in (".", "..")
    assert not set(name) & set('<>:"/\\|?*\0')
    assert name == name.strip(" .")
    assert len(name) <= 81
    assert len(name.encode("utf-8")) <= MOST_NAME_BYTES + 1


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("评价报告", "评价报告"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("CON", "_CON"),
        ("com1.txt", "_com1.txt"),
        ("COM¹", "_COM1"),
        ("", "_"),
        (" . ", "_"),
        ("a\u202eb\nc", "a_b_c"),
        ("\ud800", "_"),
        ("𬭚" * 60, "𬭚" * 50),
        ("x" * 100, "x" * 80),
    ],
)
def test_what_could_be_a_path_or_a_device_is_made_harmless(text: str, name: str) -> None:
    assert safe_name(text) == name


def test_folders_of_the_program_lie_in_the_home_of_the_person(home: Path) -> None:
    for folder in (data_folder(), log_folder(), config_folder(), fonts_folder()):
        assert folder.is_relative_to(home)
        assert not folder.exists()
