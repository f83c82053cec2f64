"""Photos that are being taken in are neither lost nor forgotten when the desk is left, locked or closed meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.app import Application
from qisp_desktop.gui.panel.desk.page import DeskPage
from qisp_desktop.gui.panel.inspection.view import InspectionView
from qisp_desktop.gui.panel.unlock_page import UnlockPage
from qisp_desktop.gui.start.page import StartPage
from qisp_desktop.services.desk_editing import contents
from qisp_desktop.services.desk_opening import open_package
from tests.gui.inspection.photos import broken, photo
from tests.gui.program import page_of, wait_for_page
from tests.gui.samples import IssuedRound

COUNT = 6


@pytest.fixture
def card(tmp_path: Path) -> Path:
    folder = tmp_path / "card"
    folder.mkdir()
    for place in range(COUNT):
        photo(folder / f"{place}.jpg", colour=f"#0000{place}0")
    return folder


def kept(program: Application, planned: IssuedRound, workspace: Path) -> int:
    """How many photos the workspace holds, once the program has let go of it."""
    program.tasks.shut_down()
    with open_package(planned.package, workspace, planned.passphrase) as desk:
        visit = contents(desk).entries[planned.numbers[0]].visit
    return 0 if visit is None else len(visit.photos)


def take_in(view: InspectionView, card: Path, qtbot: QtBot) -> None:
    """Begin to take in what lies on ``card``."""
    view.presenter.take_in_folder(card)
    qtbot.waitUntil(lambda: view.presenter.intake.busy)


def test_going_home_waits_for_the_last_photo(
    program: Application, page: DeskPage, view: InspectionView, card: Path, planned: IssuedRound, workspace: Path,
    qtbot: QtBot,
) -> None:  # fmt: skip
    take_in(view, card, qtbot)
    page.back.click()
    assert page_of(program, DeskPage) is page
    assert page.banner.what.text() == "Photos are still being taken in."
    wait_for_page(qtbot, program, StartPage)
    assert kept(program, planned, workspace) == COUNT


def test_the_lock_waits_for_the_last_photo_and_does_not_come_by_itself_meanwhile(
    program: Application, page: DeskPage, view: InspectionView, card: Path, planned: IssuedRound, workspace: Path,
    qtbot: QtBot,
) -> None:  # fmt: skip
    take_in(view, card, qtbot)
    page._lock_by_itself()
    assert not page.banner.isVisible()
    page.lock(by_itself=False)
    assert page.banner.what.text() == "Photos are still being taken in."
    wait_for_page(qtbot, program, UnlockPage)
    assert kept(program, planned, workspace) == COUNT


def test_the_window_closes_after_the_last_photo(
    program: Application, page: DeskPage, view: InspectionView, card: Path, planned: IssuedRound, workspace: Path,
    qtbot: QtBot,
) -> None:  # fmt: skip
    take_in(view, card, qtbot)
    assert not program.window.close()
    qtbot.waitUntil(lambda: not program.window.isVisible(), timeout=10_000)
    assert kept(program, planned, workspace) == COUNT


def test_who_cannot_wait_leaves_the_others_out(
    program: Application, page: DeskPage, view: InspectionView, card: Path, planned: IssuedRound, workspace: Path,
    qtbot: QtBot,
) -> None:  # fmt: skip
    take_in(view, card, qtbot)
    page.back.click()
    qtbot.mouseClick(page.banner.action, Qt.MouseButton.LeftButton)
    wait_for_page(qtbot, program, StartPage)
    assert kept(program, planned, workspace) < COUNT


@pytest.mark.parametrize("elsewhere", [True, False])
def test_a_photo_that_is_refused_is_told_of_before_the_desk_is_left(
    program: Application, page: DeskPage, view: InspectionView, card: Path, qtbot: QtBot, elsewhere: bool
) -> None:
    broken(card / "9.jpg")
    take_in(view, card, qtbot)
    if elsewhere:
        page.turn_to("")
    page.back.click()
    qtbot.waitUntil(lambda: not view.presenter.intake.busy and not program.tasks.busy, timeout=10_000)
    assert page_of(program, DeskPage) is page
    assert "9.jpg" in (page if elsewhere else view).banner.what.text()
    page.back.click()
    wait_for_page(qtbot, program, StartPage)
