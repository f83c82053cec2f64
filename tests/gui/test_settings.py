"""Settings: typed, kept, and never broken by what stands in the file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray
from pytestqt.qtbot import QtBot

from qisp_desktop.base import atomic
from qisp_desktop.gui.settings import RECENT_FILES, Settings


@pytest.fixture
def ini(tmp_path: Path) -> Path:
    return tmp_path / "settings.ini"


def reopened(settings: Settings, ini: Path) -> Settings:
    settings.store.sync()
    return Settings(ini)


def test_what_was_chosen_is_there_after_a_restart(qapp: object, ini: Path) -> None:
    settings = Settings(ini)
    settings.language, settings.theme, settings.scale = "zh_CN", "dark", 150
    settings.auto_lock_minutes, settings.hide_passphrase = 0, True
    settings.last_folder = "/媒体/U盘 1"
    settings.keep_bytes("window", QByteArray(b"\x00\x01\xff"))

    again = reopened(settings, ini)

    assert (again.language, again.theme, again.scale) == ("zh_CN", "dark", 150)
    assert (again.auto_lock_minutes, again.hide_passphrase, again.last_folder) == (0, True, "/媒体/U盘 1")
    assert again.bytes_of("window").data() == b"\x00\x01\xff"


@pytest.mark.parametrize(
    "content",
    [
        "[look]\nscale=9999\ntheme=pink\nlanguage=@Invalid()\n",
        "\x00\x01 no ini at all [[[",
        "[recent]\nsize=5000\n1\\path=\n",
    ],
)
def test_a_file_that_makes_no_sense_gives_the_defaults(qapp: object, ini: Path, content: str) -> None:
    atomic.write_text(ini, content)
    settings = Settings(ini)

    assert (settings.language, settings.theme, settings.scale) == ("system", "system", 100)
    assert settings.recent == []
    assert settings.bytes_of("window").isEmpty()


def test_a_value_outside_its_choices_is_refused(qapp: object, ini: Path) -> None:
    settings = Settings(ini)

    with pytest.raises(ValueError, match="look/scale"):
        settings.scale = 101


def test_a_change_is_told_once(qapp: object, ini: Path, qtbot: QtBot) -> None:
    settings = Settings(ini)
    keys: list[str] = []
    settings.changed.connect(keys.append)

    settings.theme = "dark"
    settings.theme = "dark"

    assert keys == ["look/theme"]


def test_recent_files_stand_newest_first_each_once_and_not_too_many(qapp: object, ini: Path, tmp_path: Path) -> None:
    settings = Settings(ini)
    for number in range(RECENT_FILES + 3):
        settings.remember(tmp_path / f"评审包{number}.qpanel", datetime(2026, 7, 1, 8, number, tzinfo=UTC))
    settings.remember(tmp_path / "评审包5.qpanel", datetime(2026, 7, 2, tzinfo=UTC))

    recent = reopened(settings, ini).recent

    assert len(recent) == RECENT_FILES
    assert recent[0].path == tmp_path / "评审包5.qpanel"
    assert recent[0].opened == datetime(2026, 7, 2, tzinfo=UTC)
    assert len({entry.path for entry in recent}) == RECENT_FILES
