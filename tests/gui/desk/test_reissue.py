"""A package that was issued again takes over what was done on the earlier one."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.app import Application
from qisp_desktop.gui.panel.desk.page import DeskPage
from qisp_desktop.gui.panel.unlock_page import UnlockPage
from qisp_desktop.services.desk_scoring import score
from qisp_desktop.services.issuing import issue_packages
from qisp_desktop.services.screening import screen_round
from qisp_desktop.services.workspaces import open_at_home
from tests.gui.program import page_of, wait_for_page
from tests.gui.samples import OFFICE_PASSPHRASE, IssuedRound


@pytest.fixture
def again(issued: IssuedRound, tmp_path: Path) -> tuple[Path, str]:
    """The same expert's second package, and its passphrase; on the first, one score was given already."""
    with open_at_home(issued.package, issued.passphrase) as desk:
        score(desk, {issued.numbers[0]: {"scores": {"Q1": "3.5"}}})
    return issue_again(issued, tmp_path)


@pytest.fixture
def without_the_first(issued: IssuedRound, tmp_path: Path) -> tuple[Path, str]:
    """As ``again``, but the application that was scored is no longer in the evaluation."""
    with open_at_home(issued.package, issued.passphrase) as desk:
        score(desk, {issued.numbers[0]: {"scores": {"Q1": "3.5"}}})
    return issue_again(issued, tmp_path, refused=issued.numbers[0])


def issue_again(issued: IssuedRound, tmp_path: Path, refused: str = "") -> tuple[Path, str]:
    folder = Path(shutil.copytree(issued.round.parent, tmp_path / "office"))
    if refused:
        screen_round(folder / issued.round.name, decide=(refused, "refused"), reason="申请材料不实。")
    (one,) = issue_packages(
        folder / issued.round.name,
        tmp_path / "again",
        passphrase=OFFICE_PASSPHRASE,
        only=[issued.expert],
        plain_letters=True,
    )
    return one.package, one.letter.with_suffix(".txt").read_text("utf-8").splitlines()[0]


def ask(program: Application, qtbot: QtBot, again: tuple[Path, str]) -> UnlockPage:
    """Open the second package with its own passphrase: the page asks for the earlier one too."""
    program.go.open(again[0])
    page = page_of(program, UnlockPage)
    assert not page.ui.earlier.isVisible()
    page.ui.passphrase.set_text(again[1])
    qtbot.mouseClick(page.ui.unlock, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.ui.earlier.isVisible, timeout=20_000)
    qtbot.waitUntil(lambda: not page.presenter.busy)
    assert not page.ui.unlock.isEnabled()
    return page


def test_with_the_earlier_passphrase_the_drafts_come_along(
    program: Application, qtbot: QtBot, issued: IssuedRound, again: tuple[Path, str]
) -> None:
    page = ask(program, qtbot, again)
    page.ui.earlier.set_text(issued.passphrase)
    qtbot.mouseClick(page.ui.unlock, Qt.MouseButton.LeftButton)
    desk = wait_for_page(qtbot, program, DeskPage).presenter
    assert desk.score("Q1").points == Decimal("3.5")
    assert desk.sheets.declared(issued.numbers[0])
    said = page_of(program, DeskPage).carried
    assert said.isVisible()
    assert said.meaning == "good"
    assert issued.numbers[0] in said.what.text()


def test_what_does_not_apply_any_more_is_said_once_in_place(
    program: Application, qtbot: QtBot, issued: IssuedRound, without_the_first: tuple[Path, str]
) -> None:
    page = ask(program, qtbot, without_the_first)
    page.ui.earlier.set_text(issued.passphrase)
    qtbot.mouseClick(page.ui.unlock, Qt.MouseButton.LeftButton)
    said = wait_for_page(qtbot, program, DeskPage).carried
    assert said.meaning == "warn"
    assert issued.numbers[0] in said.more.text()
    assert "no longer in the package" in said.more.text()
    program.settings.language = "zh_CN"
    said = page_of(program, DeskPage).carried
    assert said.isVisible()
    qtbot.mouseClick(said.dismiss, Qt.MouseButton.LeftButton)
    assert not said.isVisible()
    program.settings.language = "en"
    assert not page_of(program, DeskPage).carried.isVisible()


def test_with_a_wrong_earlier_passphrase_it_says_so_and_asks_again(
    program: Application, qtbot: QtBot, issued: IssuedRound, again: tuple[Path, str]
) -> None:
    page = ask(program, qtbot, again)
    page.ui.earlier.set_text("1234" * 5)
    qtbot.mouseClick(page.ui.unlock, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.ui.wrong.isVisible, timeout=20_000)
    assert page.ui.earlier.isVisible()


def test_where_the_earlier_passphrase_is_lost_the_desk_begins_anew(
    program: Application, qtbot: QtBot, again: tuple[Path, str]
) -> None:
    page = ask(program, qtbot, again)
    page.ui.leave.setChecked(True)
    qtbot.mouseClick(page.ui.unlock, Qt.MouseButton.LeftButton)
    desk = wait_for_page(qtbot, program, DeskPage).presenter
    assert desk.score("Q1").points is None
