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
from qisp_desktop.services.workspaces import open_at_home
from tests.gui.program import page_of, wait_for_page
from tests.gui.samples import OFFICE_PASSPHRASE, IssuedRound


@pytest.fixture
def again(issued: IssuedRound, tmp_path: Path) -> tuple[Path, str]:
    """The same expert's second package, and its passphrase; on the first, one score was given already."""
    with open_at_home(issued.package, issued.passphrase) as desk:
        score(desk, {issued.numbers[0]: {"scores": {"Q1": "3.5"}}})
    folder = Path(shutil.copytree(issued.round.parent, tmp_path / "office"))
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
    qtbot.waitUntil(lambda: not page._presenter.busy)
    assert not page.ui.unlock.isEnabled()
    return page


def test_with_the_earlier_passphrase_the_drafts_come_along(
    program: Application, qtbot: QtBot, issued: IssuedRound, again: tuple[Path, str]
) -> None:
    page = ask(program, qtbot, again)
    page.ui.earlier.set_text(issued.passphrase)
    qtbot.mouseClick(page.ui.unlock, Qt.MouseButton.LeftButton)
    desk = wait_for_page(qtbot, program, DeskPage)._presenter
    assert desk.score("Q1").points == Decimal("3.5")
    assert desk.sheets.declared(issued.numbers[0])


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
    desk = wait_for_page(qtbot, program, DeskPage)._presenter
    assert desk.score("Q1").points is None
