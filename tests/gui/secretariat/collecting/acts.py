"""What a clerk does and sees in the section 回收."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot

from qisp_desktop.domain.merging import Received
from qisp_desktop.gui.secretariat.collecting.view import CollectingView
from qisp_desktop.gui.secretariat.desk_page import DeskPage
from qisp_desktop.services.board_data import BoardState
from tests.gui.dropping import drop_on
from tests.gui.secretariat.desks import WAIT_MS, settled


def collected(qtbot: QtBot, page: DeskPage, view: CollectingView, *paths: Path) -> list[Received]:
    """Drop ``paths`` and wait; the verdicts of this call in their order."""
    before = len(view.presenter.files)
    drop_on(view, *paths)
    qtbot.waitUntil(
        lambda: len(view.presenter.files) >= before + len(paths) and not view.presenter.busy, timeout=WAIT_MS
    )
    settled(qtbot, page)
    qtbot.waitUntil(lambda: len(view.files.model.rows) == len(view.presenter.files), timeout=WAIT_MS)
    return [one.file.verdict for one in view.presenter.files[: len(view.presenter.files) - before]]


def states(view: CollectingView, expert: str) -> dict[str, BoardState]:
    data = view.presenter.data
    assert data is not None
    place = [one.id for one in data.board.experts].index(expert)
    return {row.number: row.cells[place].state for row in data.board.rows}


def wait_for(qtbot: QtBot, page: DeskPage, done: Callable[[], bool]) -> None:
    qtbot.waitUntil(done, timeout=WAIT_MS)
    settled(qtbot, page)
