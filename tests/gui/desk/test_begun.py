"""What was begun and not entered, a recusal or the reason for a revision, outlives the lock and a crash."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from qisp_desktop.base.codec import from_bytes, to_bytes
from qisp_desktop.domain.regulation import RecusalGround
from qisp_desktop.gui.app import Application
from qisp_desktop.gui.panel.desk.page import DeskPage, desk_screen
from qisp_desktop.gui.panel.unlock_page import UnlockPage
from qisp_desktop.services.desk_editing import BegunAct, Place, contents, keep
from qisp_desktop.services.desk_scoring import score
from qisp_desktop.services.desk_signing import sign
from tests.gui.desk.workspaces import OpenAgain
from tests.gui.desk_rounds import full_marks
from tests.gui.program import page_of, wait_for_page
from tests.gui.samples import IssuedRound

Reopen = Callable[[], DeskPage]


@pytest.fixture
def reopen(program: Application, workspace: Path, issued: IssuedRound, open_again: OpenAgain, qtbot: QtBot) -> Reopen:
    """Locks the desk that is shown, if there is one, and shows that of the same workspace."""

    def show() -> DeskPage:
        if isinstance(program.window.page, DeskPage):
            program.window.page.lock(by_itself=True)
            wait_for_page(qtbot, program, UnlockPage)
            closed: list[None] = []
            program.tasks.run(program, lambda _job: None, closed.append)  # after what closes the workspace
            qtbot.waitUntil(lambda: bool(closed))
        desk = open_again(workspace)
        program.go.show(desk_screen(program.go.shell, issued.package, contents(desk)))
        return page_of(program, DeskPage)

    return show


def test_a_recusal_that_was_begun_is_there_after_the_lock(desk_page: DeskPage, reopen: Reopen, qtbot: QtBot) -> None:
    number = desk_page.presenter.number
    qtbot.mouseClick(desk_page.scoring.scores.recuse, Qt.MouseButton.LeftButton)
    form = desk_page.scoring.reading.declaration.form.ui
    form.ground.setCurrentIndex(form.ground.findData(RecusalGround.KINSHIP.value))
    form.reason.setPlainText("我的同学在该单位任职，\ud83d\n")

    page = reopen()

    assert page.presenter.number == number
    form = page.scoring.reading.declaration.form.ui
    assert form.reason.isVisible()
    assert (form.ground.currentData(), form.reason.toPlainText()) == (
        RecusalGround.KINSHIP.value,
        "我的同学在该单位任职，",
    )
    qtbot.mouseClick(form.cancel, Qt.MouseButton.LeftButton)
    assert not reopen().scoring.reading.asking, "what was given up is not asked again"


def test_it_stays_with_its_application_while_others_are_read(desk_page: DeskPage, reopen: Reopen, qtbot: QtBot) -> None:
    first, second = desk_page.presenter.sheets.numbers[:2]
    qtbot.mouseClick(desk_page.scoring.scores.recuse, Qt.MouseButton.LeftButton)
    desk_page.scoring.reading.declaration.form.ui.reason.setPlainText("My brother")
    desk_page.presenter.select(second)

    page = reopen()

    assert page.presenter.number == second
    page.presenter.select(first)
    assert page.scoring.reading.declaration.form.ui.reason.toPlainText() == "My brother"
    page.presenter.recuse(RecusalGround.KINSHIP, "My brother works there.")
    assert reopen().presenter.begun.recusals == {}


def test_the_reason_for_a_revision_is_there_after_the_lock(
    reopen: Reopen, open_again: OpenAgain, workspace: Path, issued: IssuedRound, tmp_path: Path, qtbot: QtBot
) -> None:
    number = issued.numbers[0]
    out = tmp_path / "out"
    out.mkdir()
    with open_again(workspace) as desk:
        score(desk, {number: full_marks()})
        sign(desk, out, partial=True)
    page = reopen()
    page.presenter.select(number)
    state = page.scoring.scores.state
    qtbot.mouseClick(state.revise, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(state.reason, "a typing error in C1")

    again = reopen()

    assert again.scoring.scores.state.reason.isVisible()
    assert again.scoring.scores.state.reason.text() == "a typing error in C1"
    again.presenter.revise("a typing error in C1")
    assert reopen().presenter.begun.revisions == {}


def test_a_place_of_before_is_read_and_one_without_anything_begun_is_written_as_before(
    workspace: Path, open_again: OpenAgain, issued: IssuedRound
) -> None:
    place = Place(issued.numbers[1], "Q2", "remark", 3)
    written = (
        b'{"application":"%s","caret":3,"criterion":"Q2","field":"remark","reading":""}' % place.application.encode()
    )
    assert to_bytes(place) == written
    assert from_bytes(Place, written) == place
    begun = Place(begun=(BegunAct("QISP-2026-001", RecusalGround.OTHER, "x"), BegunAct("QISP-2026-002", None, "y")))
    with open_again(workspace) as desk:
        keep(desk, {}, begun)
    with open_again(workspace) as desk:
        assert contents(desk).place == begun
