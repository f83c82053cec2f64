"""Originals that cannot be had, as the desk tells them: above the list, in it, beside the paper, and afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from qisp_desktop.domain.issuing import Return
from qisp_desktop.gui.app import Application
from qisp_desktop.gui.printing.page import PrintingPage
from qisp_desktop.gui.printing.work import Saving
from qisp_desktop.services.papers import PaperKind
from qisp_desktop.store.contents import place_of
from qisp_desktop.store.round_store import RoundStore
from tests.e2e.small_round import PASSPHRASE
from tests.gui.printing.tray import PATIENCE_MS, Tray, choose, settled, show_desk

LOST = "E003"


@pytest.fixture
def desk(program: Application, qtbot: QtBot, round_path: Path, tray: Tray) -> PrintingPage:
    """The desk with the originals taken, of a round that has lost a return."""
    with RoundStore.open(round_path, actor="tests") as store:
        (received,) = store.all(Return, expert=LOST)
        place_of(store.files, received.file).unlink()
    page = show_desk(program, qtbot, round_path)
    with qtbot.waitSignal(page.presenter.loaded, timeout=PATIENCE_MS):
        page.presenter.unlock(PASSPHRASE)
    settled(qtbot, page)
    return page


def test_what_cannot_be_had_is_said_before_anything_is_printed(desk: PrintingPage, qtbot: QtBot) -> None:
    copies = [paper for paper in desk.presenter.listed if paper.expert == LOST]
    assert desk.banner.meaning == "warn"
    assert f"{len(copies)} papers are copies" in desk.banner.what.text()
    assert f"Collect {LOST}-r1.qscore again" in desk.banner.more.text()
    assert f"{len(copies)} originals cannot be had" in desk.print_card.originals.text()
    model = desk.list_card.model
    marks = {row: model.columns[5].text(row) for row in model.rows}
    assert {row for row, mark in marks.items() if mark == "副本"} == set(copies)
    why = model.columns[5].hint
    assert why is not None
    assert f"The return {LOST}-r1.qscore" in why(copies[0])
    assert why(next(row for row in model.rows if row not in copies)) == ""

    with qtbot.waitSignal(desk.presenter.previewed, timeout=PATIENCE_MS):
        desk.presenter.show_paper(copies[1])
    assert desk.preview.note.isVisible()
    assert f"The return {LOST}-r1.qscore" in desk.preview.note.text()
    settled(qtbot, desk)


def test_what_was_printed_and_saved_says_which_are_copies(desk: PrintingPage, qtbot: QtBot, tmp_path: Path) -> None:
    copies = [paper.name for paper in desk.presenter.listed if paper.expert == LOST]
    with qtbot.waitSignal(desk.presenter.printed, timeout=PATIENCE_MS):
        desk.presenter.print()
    assert all(name in desk.resume_card.more.text() for name in copies)
    with qtbot.waitSignal(desk.presenter.saved, timeout=PATIENCE_MS):
        desk.presenter.save(Saving.SINGLE, tmp_path / "out")
    assert desk.banner.meaning == "warn"
    assert all(name in desk.banner.more.text() for name in copies)

    choose(desk, PaperKind.SIGN_IN)
    settled(qtbot, desk)
    with qtbot.waitSignal(desk.presenter.saved, timeout=PATIENCE_MS):
        desk.presenter.save(Saving.SINGLE, tmp_path / "out")
    assert desk.banner.meaning == "good", "nothing of this lay in the return"
