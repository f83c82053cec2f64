"""Disks, clocks and second programs that make trouble at the expert's desk get a clear word in place."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from qisp_desktop.base.paths import data_folder
from qisp_desktop.gui.app import Application
from qisp_desktop.gui.panel.desk.page import DeskPage
from qisp_desktop.gui.panel.unlock_page import UnlockPage
from qisp_desktop.services.desk_editing import Place, contents, keep
from qisp_desktop.services.desk_scoring import score
from qisp_desktop.services.workspaces import open_at_home
from tests.gui.desk.workspaces import OpenAgain
from tests.gui.program import drop, page_of, wait_for_page
from tests.gui.samples import IssuedRound

needs_mounts = pytest.mark.skipif(sys.platform != "linux", reason="a small file system is mounted by root")


@pytest.fixture
def workspaces_disk(home: Path) -> Iterator[Path]:
    """A file system of 40 MB of its own under the folder of the workspaces."""
    folder = data_folder() / "workspaces"
    folder.mkdir(parents=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", folder], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("this machine does not let file systems be mounted")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def try_to_unlock(program: Application, qtbot: QtBot, issued: IssuedRound) -> UnlockPage:
    program.go.open(issued.package)
    page = page_of(program, UnlockPage)
    page.ui.passphrase.set_text(issued.passphrase)
    qtbot.mouseClick(page.ui.unlock, Qt.MouseButton.LeftButton)
    return page


def refusal(program: Application, qtbot: QtBot, page: UnlockPage) -> str:
    """What the page says of why it stays, which must not be that the passphrase is wrong."""
    qtbot.waitUntil(page.banner.isVisible, timeout=20_000)
    assert page_of(program, UnlockPage) is page
    assert page.banner.meaning == "bad"
    assert not page.ui.wrong.isVisible()
    assert page.ui.unlock.isEnabled()
    return f"{page.banner.what.text()} {page.banner.more.text()}"


def test_many_wrong_passphrases_each_get_the_same_word_and_the_right_one_still_opens(
    program: Application, qtbot: QtBot, issued: IssuedRound
) -> None:
    program.go.open(issued.package)
    page = page_of(program, UnlockPage)
    for attempt in range(4):
        page.ui.passphrase.set_text(f"{attempt}" * 20)
        qtbot.mouseClick(page.ui.unlock, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(page.ui.wrong.isVisible, timeout=20_000)
        assert "issued again" in page.ui.wrong.text(), "what to do when it is lost"
    page.ui.passphrase.set_text(issued.passphrase)
    qtbot.mouseClick(page.ui.unlock, Qt.MouseButton.LeftButton)
    wait_for_page(qtbot, program, DeskPage)


@needs_mounts
def test_a_full_disk_at_unlocking_is_not_a_wrong_passphrase(
    program: Application, qtbot: QtBot, issued: IssuedRound, workspaces_disk: Path
) -> None:
    filler = workspaces_disk / "filler"
    filler.write_bytes(bytes(shutil.disk_usage(workspaces_disk).free))
    page = try_to_unlock(program, qtbot, issued)
    assert "disk is full" in refusal(program, qtbot, page)
    assert [path.name for path in workspaces_disk.iterdir()] == ["filler"]
    filler.unlink()
    qtbot.mouseClick(page.ui.unlock, Qt.MouseButton.LeftButton)
    wait_for_page(qtbot, program, DeskPage)


@needs_mounts
@pytest.mark.parametrize("worked_before", [False, True])
def test_a_read_only_disk_at_unlocking_is_told(
    program: Application, qtbot: QtBot, issued: IssuedRound, workspaces_disk: Path, worked_before: bool
) -> None:
    if worked_before:
        with open_at_home(issued.package, issued.passphrase) as desk:
            desk.declare(issued.numbers[0])
    subprocess.run(["mount", "-o", "remount,ro", workspaces_disk], check=True)
    said = refusal(program, qtbot, try_to_unlock(program, qtbot, issued))
    assert "written" in said
    assert "only be read" in said or "may not be written" in said or "can be written to" in said


def test_a_workspace_that_another_program_has_open_is_told(
    program: Application, qtbot: QtBot, issued: IssuedRound
) -> None:
    with open_at_home(issued.package, issued.passphrase):
        assert "open in another window" in refusal(program, qtbot, try_to_unlock(program, qtbot, issued))


def test_a_clock_set_back_changes_only_the_time_that_is_shown(desk_page: DeskPage, qtbot: QtBot) -> None:
    presenter = desk_page.presenter
    presenter.set_points("Q1", Decimal(3))
    qtbot.waitUntil(lambda: not presenter.unsaved)
    presenter._autosave.saved.emit(datetime(2001, 1, 1, 8, 30, 0, tzinfo=timezone(timedelta(hours=8))))
    assert desk_page.saved.text() == "Saved 08:30:00"
    presenter.set_points("Q1", Decimal(4))
    qtbot.waitUntil(lambda: desk_page.saved.text() not in ("Saved 08:30:00", "Not saved"))
    assert not presenter.unsaved


def test_what_is_kept_last_counts_though_the_clock_ran_ahead_before(
    workspace: Path, issued: IssuedRound, open_again: OpenAgain
) -> None:
    number = issued.numbers[0]

    def score_and_go(points: str, place: Place) -> None:
        with open_again(workspace) as desk:
            desk.declare(number)
            score(desk, {number: {"scores": {"Q1": points}}})
            keep(desk, {}, place)

    score_and_go("3", Place(number, "Q1"))
    with closing(sqlite3.connect(workspace / "workspace.sqlite", isolation_level=None)) as database:
        database.execute("UPDATE document SET updated = '2099-12-31T23:59:59+00:00'")
    score_and_go("4", Place(number, "Q3", "remark", 7))
    with open_again(workspace) as desk:
        found = contents(desk)
    draft = found.entries[number].draft
    assert draft is not None
    assert draft.items[0].points == 4
    assert found.place == Place(number, "Q3", "remark", 7)
    assert number in found.declared


def test_another_package_dropped_on_the_desk_asks_for_its_passphrase_and_nothing_is_lost(
    program: Application,
    desk_page: DeskPage,
    qtbot: QtBot,
    workspace: Path,
    issued: IssuedRound,
    open_again: OpenAgain,
    tmp_path: Path,
) -> None:
    desk_page.presenter.set_points("Q1", Decimal("3.5"))
    other = tmp_path / "E009.qpanel"
    other.write_bytes(issued.package.read_bytes())
    drop(program, other)
    wait_for_page(qtbot, program, UnlockPage)
    qtbot.waitUntil(lambda: not program.tasks.busy)
    program.tasks.shut_down()
    with open_again(workspace) as desk:
        draft = contents(desk).entries[issued.numbers[0]].draft
    assert draft is not None
    assert draft.items[0].points == Decimal("3.5")


def test_what_is_no_package_is_refused_on_the_desk_and_the_desk_stays(
    program: Application, desk_page: DeskPage, tmp_path: Path
) -> None:
    for name, said in (("notes.txt", "neither a panel package"), ("holiday.jpg", "turn to the site inspection")):
        drop(program, tmp_path / name)
        assert page_of(program, DeskPage) is desk_page
        assert said in desk_page.banner.more.text()
