"""A run of prints that goes wrong, or that the person leaves, says where it stands and goes on from there."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from qisp_desktop.documents.binding import page_count
from qisp_desktop.gui.app import Application
from qisp_desktop.gui.printing.page import PrintingPage
from qisp_desktop.gui.printing.paper_state import PaperState
from qisp_desktop.gui.start.page import StartPage
from qisp_desktop.services.papers import PaperKind
from qisp_desktop.store.round_store import RoundStore
from tests.gui.printing.tray import PATIENCE_MS, Tray, choose, notes_of, settled, show_desk
from tests.gui.program import wait_for_page


def test_a_printer_that_fails_is_said_in_place_and_the_run_continues_at_the_page(
    program: Application, qtbot: QtBot, round_path: Path, tray: Tray
) -> None:
    page = show_desk(program, qtbot, round_path)
    choose(page, PaperKind.SCORE_SHEET)
    settled(qtbot, page)
    tray.broken = True
    with qtbot.waitSignal(page.presenter.printed, timeout=PATIENCE_MS):
        qtbot.mouseClick(page.print_card.print, Qt.MouseButton.LeftButton)
    card = page.resume_card
    assert card.what.text() == "Tray is on fire."
    assert "Put it out." in card.more.text()

    tray.broken = False
    card.paper.setValue(3)
    card.page.setValue(2)
    assert card.name.text() == page.presenter.listed[2].name
    with qtbot.waitSignal(page.presenter.printed, timeout=PATIENCE_MS):
        qtbot.mouseClick(card.resume, Qt.MouseButton.LeftButton)

    stock = page.presenter.stock
    assert stock is not None
    before = sum(stock.pages(paper) or 0 for paper in page.presenter.listed[:2]) + 1
    assert tray.pages == page.presenter.page_total[0] - before
    assert not card.resume.isVisible()


def test_a_print_while_another_clerk_writes_is_done_and_its_note_waits(
    program: Application, qtbot: QtBot, round_path: Path, tray: Tray
) -> None:
    page = show_desk(program, qtbot, round_path)
    choose(page, PaperKind.SIGN_IN)
    with (
        RoundStore.open(round_path, actor="another clerk", write=True),
        qtbot.waitSignals([page.presenter.printed, page.presenter.notes_wait], timeout=PATIENCE_MS),
    ):
        qtbot.mouseClick(page.print_card.print, Qt.MouseButton.LeftButton)

    assert tray.pages == 1
    assert page.banner.meaning == "warn"
    assert "not in the round's audit trail yet" in page.banner.what.text()
    show_desk(program, qtbot, round_path)
    qtbot.waitUntil(lambda: not program.tasks.busy, timeout=PATIENCE_MS)
    with RoundStore.open(round_path, actor="tests") as store:
        assert [event.subject for event in store.audit_events() if event.action == "print"] == ["paper:sign-in"]


def printing(qtbot: QtBot, page: PrintingPage, tray: Tray) -> None:
    """A run of which one portion is out and two lie at the printer."""
    page.presenter.copies = 4
    tray.prints = 1
    page.presenter.print()
    qtbot.waitUntil(lambda: len(tray.jobs) == 3, timeout=PATIENCE_MS)


def test_who_leaves_while_it_prints_is_asked_and_what_is_out_is_noted_first(
    program: Application, qtbot: QtBot, round_path: Path, tray: Tray
) -> None:
    page = show_desk(program, qtbot, round_path)
    printing(qtbot, page, tray)
    qtbot.mouseClick(page.back, Qt.MouseButton.LeftButton)
    assert program.window.page is page
    assert page.leave_card.isVisible()
    assert page.focusWidget() is page.leave_card.stay

    qtbot.keyClick(page.leave_card.stay, Qt.Key.Key_Escape)
    assert not page.leave_card.isVisible()
    assert page.presenter.busy == "print"
    program.go.home()
    assert program.window.page is page
    qtbot.mouseClick(page.leave_card.go, Qt.MouseButton.LeftButton)
    wait_for_page(qtbot, program, StartPage)
    assert sorted(tray.withdrawn) == [2, 3]
    (noted,) = notes_of(round_path)
    assert noted.count("p. 1-") == page_count(tray.jobs[0]) // 2


def test_the_window_does_not_close_over_a_run_before_the_person_says_so(
    program: Application, qtbot: QtBot, round_path: Path, tray: Tray
) -> None:
    page = show_desk(program, qtbot, round_path)
    printing(qtbot, page, tray)
    assert not program.window.close()
    assert page.leave_card.isVisible()
    with qtbot.waitSignal(program.window.closing, timeout=PATIENCE_MS):
        qtbot.mouseClick(page.leave_card.go, Qt.MouseButton.LeftButton)
    assert len(notes_of(round_path)) == 1


def test_a_run_that_ends_settles_the_question_and_the_page_stays(
    program: Application, qtbot: QtBot, round_path: Path, tray: Tray
) -> None:
    page = show_desk(program, qtbot, round_path)
    printing(qtbot, page, tray)
    program.go.home()
    assert page.leave_card.isVisible()
    with qtbot.waitSignal(page.presenter.printed, timeout=PATIENCE_MS):
        tray.prints = 99
    assert not page.leave_card.isVisible()
    assert program.window.page is page
    assert page.resume_card.isVisible()
    settled(qtbot, page)


def test_who_ends_the_program_in_the_middle_of_a_run_has_it_noted(
    program: Application, qtbot: QtBot, round_path: Path, tray: Tray
) -> None:
    page = show_desk(program, qtbot, round_path)
    printing(qtbot, page, tray)
    program.window.end()
    qtbot.waitUntil(lambda: not program.tasks.busy, timeout=PATIENCE_MS)
    assert sorted(tray.withdrawn) == [2, 3]
    assert len(notes_of(round_path)) == 1


def test_a_run_can_be_cancelled_in_place_and_says_where_it_continues(
    program: Application, qtbot: QtBot, round_path: Path, tray: Tray
) -> None:
    page = show_desk(program, qtbot, round_path)
    page.presenter.copies = 4
    tray.prints = 1
    page.presenter.print()
    qtbot.waitUntil(lambda: len(tray.jobs) == 3, timeout=PATIENCE_MS)
    with qtbot.waitSignal(page.presenter.printed, timeout=PATIENCE_MS):
        qtbot.mouseClick(page.progress.cancel, Qt.MouseButton.LeftButton)

    assert page.resume_card.what.text() == "Printing was stopped."
    first_out = page_count(tray.jobs[0]) // 2
    assert page.resume_card.paper.value() == first_out + 1
    assert PaperState.DOUBTFUL in page.presenter.states.values()
