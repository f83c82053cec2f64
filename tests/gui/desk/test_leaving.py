"""Leaving the desk, by the window's cross or to another page, never loses what is not saved without an express word."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.app import Application
from qisp_desktop.gui.panel.desk.page import DeskPage
from qisp_desktop.gui.panel.unlock_page import UnlockPage
from qisp_desktop.gui.start.page import StartPage
from qisp_desktop.services.desk import seals
from qisp_desktop.services.desk_editing import contents
from tests.gui.desk.workspaces import OpenAgain
from tests.gui.program import drop, page_of, wait_for_page
from tests.gui.samples import IssuedRound

LONG = "写不下的评语" * 2000


@pytest.fixture
def full_disk(desk_page: DeskPage, qtbot: QtBot) -> Callable[[], None]:
    """The desk with a remark that cannot be saved, as SQLite's file may not grow; a call gives the room back."""
    database = desk_page.presenter._desk.store._connection
    (pages,) = database.execute("PRAGMA page_count").fetchone()
    database.execute(f"PRAGMA max_page_count={pages}")
    desk_page.presenter.set_remark("Q1", LONG)
    qtbot.waitUntil(lambda: desk_page.saved.text() == "Not saved")

    def give_back() -> None:
        database.execute("PRAGMA max_page_count=1000000")

    return give_back


def remark_kept(workspace: Path, issued: IssuedRound, open_again: OpenAgain) -> str:
    with open_again(workspace) as desk:
        draft = contents(desk).entries[issued.numbers[0]].draft
    return draft.items[0].remark if draft is not None else ""


def test_the_window_stays_open_while_saving_fails_and_closes_on_an_express_word(
    program: Application,
    desk_page: DeskPage,
    full_disk: Callable[[], None],
    qtbot: QtBot,
    workspace: Path,
    issued: IssuedRound,
    open_again: OpenAgain,
) -> None:
    for _attempt in range(2):
        assert not program.window.close()
        assert program.window.isVisible()
        assert issued.numbers[0] in desk_page.banner.what.text()
        assert "disk is full" in desk_page.banner.more.text()
        assert "Free some space" in desk_page.banner.more.text()
    desk_page.presenter.save_now()  # fails again, which must not take the choice away
    qtbot.waitUntil(lambda: not program.tasks.busy)
    assert desk_page.banner.action.text() == "Close it and lose the last changes"
    qtbot.mouseClick(desk_page.banner.action, Qt.MouseButton.LeftButton)
    assert not program.window.isVisible()
    program.tasks.shut_down()
    assert remark_kept(workspace, issued, open_again) == ""


def test_a_disk_that_works_again_saves_and_the_window_can_be_closed(
    program: Application,
    desk_page: DeskPage,
    full_disk: Callable[[], None],
    qtbot: QtBot,
    workspace: Path,
    issued: IssuedRound,
    open_again: OpenAgain,
) -> None:
    assert not program.window.close()
    full_disk()
    desk_page.presenter.save_now()
    qtbot.waitUntil(lambda: desk_page.banner.meaning == "good")
    assert program.window.isVisible(), "it was the person who stayed"
    assert program.window.close()
    program.tasks.shut_down()
    assert remark_kept(workspace, issued, open_again) == LONG


def test_what_was_typed_just_now_is_saved_before_the_window_closes(
    program: Application,
    desk_page: DeskPage,
    qtbot: QtBot,
    workspace: Path,
    issued: IssuedRound,
    open_again: OpenAgain,
) -> None:
    desk_page.presenter.set_remark("Q1", "刚写的")
    program.window.close()
    qtbot.waitUntil(lambda: not program.window.isVisible())
    program.tasks.shut_down()
    assert remark_kept(workspace, issued, open_again) == "刚写的"


def test_going_home_and_a_dropped_package_wait_too_while_saving_fails(
    program: Application,
    desk_page: DeskPage,
    full_disk: Callable[[], None],
    qtbot: QtBot,
    issued: IssuedRound,
    tmp_path: Path,
) -> None:
    another = Path(shutil.copyfile(issued.package, tmp_path / "another.qpanel"))
    qtbot.mouseClick(desk_page.back, Qt.MouseButton.LeftButton)
    assert page_of(program, DeskPage) is desk_page
    assert "stays open" in desk_page.banner.what.text()
    drop(program, another)
    assert page_of(program, DeskPage) is desk_page
    qtbot.mouseClick(desk_page.banner.action, Qt.MouseButton.LeftButton)
    page_of(program, UnlockPage)  # the last wish counts


def test_going_home_saves_what_was_typed_just_now(
    program: Application,
    desk_page: DeskPage,
    qtbot: QtBot,
    workspace: Path,
    issued: IssuedRound,
    open_again: OpenAgain,
) -> None:
    desk_page.presenter.set_remark("Q1", "刚写的")
    desk_page.back.click()
    wait_for_page(qtbot, program, StartPage)
    QApplication.processEvents()
    qtbot.waitUntil(lambda: not program.tasks.busy)
    program.tasks.shut_down()
    assert remark_kept(workspace, issued, open_again) == "刚写的"


def test_after_a_bug_nobody_is_told_to_wait_and_leaving_again_tries_again(
    program: Application, desk_page: DeskPage, qtbot: QtBot
) -> None:
    presenter = desk_page.presenter
    program.tasks.bug.disconnect(program.errors.report)  # whose dialog waits for the person
    store = presenter._desk.store
    seal, unseal = seals(presenter._desk.panel)
    store.lock()  # nobody locks a desk that is written to
    with qtbot.waitSignal(presenter.save_failed):
        presenter.set_remark("Q1", "写着")
    assert "tried again by itself" not in desk_page.banner.more.text()
    assert "Try to save it again before you leave." in desk_page.banner.more.text()
    assert desk_page.banner.action.text() == "Try again now"

    with qtbot.waitSignal(presenter.save_failed):
        desk_page.back.click()
    assert "tried again by itself" not in desk_page.banner.more.text()
    assert desk_page.banner.more.text().endswith("Leave again to try again.")

    store.unlock(seal, unseal)
    desk_page.back.click()
    qtbot.waitUntil(lambda: desk_page.banner.what.text() == "Everything is saved again.")
    desk_page.back.click()
    wait_for_page(qtbot, program, StartPage)


def test_while_the_disk_fails_it_is_said_that_saving_is_tried_again(
    desk_page: DeskPage, full_disk: Callable[[], None]
) -> None:
    assert "is tried again by itself" in desk_page.banner.more.text()
    desk_page.back.click()
    assert desk_page.banner.more.text().endswith("It is tried again by itself.")
    full_disk()
