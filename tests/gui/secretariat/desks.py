"""The secretariat's desk in a test: a round of one's own, open in the real window."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QAbstractItemView, QWidget
from pytestqt.qtbot import QtBot

from qisp_desktop.base.errors import UserError
from qisp_desktop.gui.app import Application
from qisp_desktop.gui.secretariat.desk_page import DeskPage
from tests.gui.dropping import drop_on
from tests.gui.program import drop, wait_for_page

WAIT_MS = 20_000


def copied(round: Path, folder: Path) -> Path:
    """A copy of the round with its materials in ``folder``."""
    own = folder / round.name
    shutil.copyfile(round, own)
    files = round.with_name(f"{round.name}.files")
    if files.is_dir():
        shutil.copytree(files, own.with_name(files.name))
    return own


def opened(qtbot: QtBot, program: Application, round: Path, section: str = "overview") -> DeskPage:
    """The desk of ``round`` in the window, its ``section`` shown and read."""
    drop(program, round)
    page = wait_for_page(qtbot, program, DeskPage)
    qtbot.waitUntil(lambda: page.session.open_round is not None, timeout=WAIT_MS)
    if section != "overview":
        page.presenter.go_to(section)
    settled(qtbot, page)
    return page


def dropped_at(view: QAbstractItemView, place: QPoint, path: Path) -> None:
    """Drop a file on what stands at ``place`` in ``view``."""
    dropped_on(view.viewport(), place, path)


def dropped_on(widget: QWidget, place: QPoint, path: Path) -> None:
    """Drop a file on ``widget``, which must want it."""
    assert drop_on(widget, path, at=place)


def unexpected(error: UserError) -> None:
    """For what a test does not want to hear."""
    pytest.fail(f"{error.what} {error.why}")


def settled(qtbot: QtBot, page: DeskPage) -> None:
    """Wait until the section that is shown has been read and nothing is being done."""
    presenter = page.presenter.presenter_of(page.presenter.section)
    qtbot.waitUntil(
        lambda: presenter.data is not None and not page.presenter.busy_with() and not page.session.tasks.busy,
        timeout=WAIT_MS,
    )
