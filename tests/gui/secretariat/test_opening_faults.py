"""What goes wrong with a round file, each through the window: a clear word, what to do, and nothing changed."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.app import Application
from qisp_desktop.gui.secretariat.desk_page import DeskPage
from qisp_desktop.gui.secretariat.settings.view import SettingsView
from qisp_desktop.gui.start.page import StartPage
from qisp_desktop.services.round_settings import rename
from qisp_desktop.services.rounds import overview
from qisp_desktop.store.round_store import RoundStore
from tests.gui.program import drop, wait_for_page
from tests.gui.samples import IssuedRound
from tests.gui.secretariat.desks import copied, opened, settled

WAIT_MS = 20_000
PAGE = 4096


@pytest.fixture
def own(issued: IssuedRound, tmp_path: Path) -> Path:
    """A copy of the issued round in a folder of its own."""
    folder = tmp_path / "share"
    folder.mkdir()
    return copied(issued.round, folder)


def desk_of(qtbot: QtBot, program: Application, path: Path) -> DeskPage:
    """The desk of a round that may fail to open, once it says how that went."""
    drop(program, path)
    page = wait_for_page(qtbot, program, DeskPage)
    qtbot.waitUntil(lambda: page.banner.isVisible() and not program.tasks.busy, timeout=WAIT_MS)
    return page


def damage(path: Path, text: str) -> None:
    """Write over the page that holds ``text``, as a failing drive does."""
    data = bytearray(path.read_bytes())
    page = data.index(text.encode()) // PAGE * PAGE
    data[page : page + PAGE] = b"\xff" * PAGE
    path.write_bytes(data)


@pytest.mark.parametrize("whole", [False, True], ids=["one page", "all of it"])
def test_a_damaged_round_offers_its_newest_good_backup_and_says_what_it_lacks(
    program: Application, qtbot: QtBot, own: Path, whole: bool
) -> None:
    with RoundStore.open(own, actor="li", write=True) as store:  # this opening keeps a backup
        rename(store, name="改名一", office="某局")
        rename(store, name="改名二", office="某局")
    if whole:
        own.write_bytes(b"\0" * 8192)
    else:
        damage(own, "改名二")
    damaged = own.read_bytes()

    page = desk_of(qtbot, program, own)
    qtbot.waitUntil(page.banner.action.isVisible, timeout=WAIT_MS)
    assert page.banner.meaning == "bad"
    assert "damaged" in page.banner.what.text()
    told = page.banner.more.text()
    assert ("It lacks 2 changes" in told) is not whole
    assert ("can no longer be read" in told) is whole
    assert page.banner.action.text() == "Open the backup"
    page.banner.action.click()

    qtbot.waitUntil(lambda: program.window.page not in (None, page), timeout=WAIT_MS)
    anew = wait_for_page(qtbot, program, DeskPage)
    qtbot.waitUntil(lambda: anew.session.writable, timeout=WAIT_MS)
    settled(qtbot, anew)
    assert anew.session.place.name == "round-restored.qround"
    assert own.read_bytes() == damaged
    assert overview(anew.session.place).applications == 4
    assert anew.session.open_round is not None
    assert anew.session.open_round.round.name not in ("改名一", "改名二")


def test_a_damaged_round_without_a_backup_says_what_helps(program: Application, qtbot: QtBot, own: Path) -> None:
    shutil.rmtree(own.with_name(f"{own.name}.backups"), ignore_errors=True)
    data = own.read_bytes()
    own.write_bytes(data[:100] + b"\xff" * (len(data) - 100))

    page = desk_of(qtbot, program, own)

    assert page.banner.meaning == "bad"
    assert page.banner.action.text() == "Try again"
    assert "copy of the file from before" in page.banner.more.text()
    assert not page.content.isVisible()


@pytest.mark.parametrize(
    ("major", "minor", "shown"), [(9, 0, False), (1, 99, True)], ids=["unreadable", "readable only"]
)
def test_a_round_of_a_newer_version_says_so(
    program: Application, qtbot: QtBot, own: Path, major: int, minor: int, shown: bool
) -> None:
    with closing(sqlite3.connect(own)) as connection:
        connection.execute("UPDATE file_format SET major = ?, minor = ?", (major, minor))
        connection.commit()
    before = own.read_bytes()

    page = desk_of(qtbot, program, own)

    assert "newer version" in f"{page.banner.what.text()} {page.banner.more.text()}"
    assert page.content.isVisible() is shown
    assert not page.session.writable
    assert own.read_bytes() == before


def test_a_share_that_vanished_is_told_in_place_and_work_goes_on_when_it_is_back(
    program: Application, qtbot: QtBot, own: Path
) -> None:
    page = opened(qtbot, program, own)
    page.settings.click()
    settled(qtbot, page)
    view = page.view
    assert isinstance(view, SettingsView)
    away = own.parent.rename(own.parent.with_name("away"))

    view.presenter.rename("消失", "某局")
    qtbot.waitUntil(page.banner.isVisible, timeout=WAIT_MS)
    assert page.banner.meaning == "bad"
    assert "could not be reached" in page.banner.what.text()
    assert not view.banner.isVisible()
    page.banner.action.click()
    qtbot.waitUntil(lambda: page.session.error is not None and not program.tasks.busy, timeout=WAIT_MS)
    assert "is not there" in page.banner.what.text()

    away.rename(own.parent)
    page.banner.action.click()
    qtbot.waitUntil(lambda: page.session.writable, timeout=WAIT_MS)
    settled(qtbot, page)
    view.presenter.rename("回来", "某局")
    settled(qtbot, page)
    assert page.session.open_round is not None
    with RoundStore.open(own, actor="test") as store:
        assert store.round().name == "回来"


@pytest.fixture
def read_only_drive(own: Path) -> Iterator[Path]:
    """The round on a drive that may only be read."""
    drive = own.parent.with_name("drive")
    drive.mkdir()
    command = ["mount", "--bind", str(own.parent), str(drive)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("mounting needs rights that this process does not have")
    subprocess.run(["mount", "-o", "remount,ro,bind", str(drive)], check=True)
    yield drive / own.name
    subprocess.run(["umount", "--lazy", str(drive)], check=True)


def test_a_round_on_a_drive_that_may_only_be_read_is_shown_and_says_why_it_cannot_be_changed(
    program: Application, qtbot: QtBot, read_only_drive: Path
) -> None:
    page = desk_of(qtbot, program, read_only_drive)
    qtbot.waitUntil(lambda: page.session.open_round is not None, timeout=WAIT_MS)
    settled(qtbot, page)

    assert page.banner.meaning == "warn"
    assert "only be read" in page.banner.more.text()
    assert page.content.isVisible()
    assert not page.session.writable
    program.go.home()
    qtbot.waitUntil(lambda: not program.tasks.busy)


def test_leaving_waits_for_what_is_being_done_to_the_round(program: Application, qtbot: QtBot, own: Path) -> None:
    page = opened(qtbot, program, own)
    page.settings.click()
    settled(qtbot, page)
    view = page.view
    assert isinstance(view, SettingsView)

    view.presenter.rename("改名", "某局")
    program.go.home()

    assert program.window.page is page
    assert page.banner.meaning == "warn"
    assert "Saving the settings" in page.banner.what.text()
    program.go.open(own)  # another desk, which waits like the first page before it, and is thrown away with it
    settled(qtbot, page)
    with RoundStore.open(own, actor="test") as store:
        assert store.round().name == "改名"
    program.go.home()
    wait_for_page(qtbot, program, StartPage)
