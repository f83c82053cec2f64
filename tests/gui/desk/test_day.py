"""A panel member's day at the desk, from the passphrase to the lock, and coming back to the same place."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.app import Application
from qisp_desktop.gui.panel.desk.page import DeskPage
from qisp_desktop.gui.panel.unlock_page import UnlockPage
from qisp_desktop.services.desk import DeskStatus
from tests.gui.desk.person import CTRL, keys, score_by_keyboard, unlock
from tests.gui.program import page_of, wait_for_page
from tests.gui.samples import IssuedRound


def test_a_day_at_the_desk(program: Application, issued: IssuedRound, qtbot: QtBot) -> None:
    program.go.open(issued.package)
    page = unlock(program, qtbot, issued)
    presenter = page.presenter
    numbers = presenter.sheets.numbers
    for _number in numbers[:3]:
        score_by_keyboard(page, qtbot)
    assert [presenter.sheets.item(number).status for number in numbers[:3]] == [DeskStatus.COMPLETE] * 3

    qtbot.mouseClick(page.scoring.reading.declaration.step_back, Qt.MouseButton.LeftButton)
    keys(qtbot, Qt.Key.Key_Tab, "I advised them last year.")
    keys(qtbot, Qt.Key.Key_Return, modifier=CTRL)
    assert presenter.sheets.item(numbers[3]).status is DeskStatus.RECUSED

    keys(qtbot, Qt.Key.Key_PageUp, modifier=CTRL)
    assert presenter.number == numbers[2]
    qtbot.waitUntil(lambda: page.scoring.reading.citation() is not None, timeout=20_000)
    keys(qtbot, Qt.Key.Key_E, modifier=CTRL)
    (cited,) = presenter.score(presenter.criterion).evidence
    assert cited.page == 1
    keys(qtbot, Qt.Key.Key_Z, modifier=CTRL)
    assert presenter.score(presenter.criterion).evidence == ()
    keys(qtbot, Qt.Key.Key_Y, modifier=CTRL)

    page.turn_to("compare")
    page.turn_to("")
    presenter.select_criterion("R2")
    keys(qtbot, Qt.Key.Key_R, modifier=CTRL)
    keys(qtbot, "half a sent")
    place = presenter.place
    keys(qtbot, Qt.Key.Key_L, modifier=CTRL)
    wait_for_page(qtbot, program, UnlockPage)

    page = unlock(program, qtbot, issued)
    assert (page.presenter.number, page.presenter.criterion) == (place.application, "R2")
    remark = page.scoring.scores.detail.remark
    qtbot.waitUntil(remark.hasFocus)
    assert remark.toPlainText() == "half a sent"
    assert remark.caret == len("half a sent")
    assert page.presenter.sheets.item(numbers[2]).total == Decimal(100)


def test_the_desk_locks_itself_and_says_so(
    program: Application, issued: IssuedRound, desk_page: DeskPage, qtbot: QtBot
) -> None:
    keys(qtbot, "3")
    desk_page.lock(by_itself=True)
    page = wait_for_page(qtbot, program, UnlockPage)
    assert page.banner.isVisible()
    assert "locked itself" in page.banner.what.text()


def test_the_desk_does_not_lock_while_something_cannot_be_saved(
    program: Application, desk_page: DeskPage, qtbot: QtBot
) -> None:
    database = desk_page.presenter._desk.store._connection
    (pages,) = database.execute("PRAGMA page_count").fetchone()
    database.execute(f"PRAGMA max_page_count={pages}")
    desk_page.presenter.set_remark("Q1", "写不下的评语" * 2000)
    desk_page.lock(by_itself=True)
    qtbot.waitUntil(lambda: desk_page.saved.text() == "Not saved")
    assert desk_page.isVisible()
    database.execute("PRAGMA max_page_count=1000000")
    desk_page.presenter.save_now()
    wait_for_page(qtbot, program, UnlockPage)


def test_the_columns_keep_their_widths(program: Application, desk_page: DeskPage, qtbot: QtBot) -> None:
    handle = desk_page.scoring.columns.splitter.handle(1)
    middle = handle.rect().center()
    qtbot.mousePress(handle, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseMove(handle, middle + QPoint(60, 0))
    qtbot.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=middle + QPoint(60, 0))
    widths = desk_page.scoring.columns.splitter.sizes()
    program.go.rebuild()
    page = page_of(program, DeskPage)
    assert page is not desk_page
    qtbot.waitUntil(lambda: page.scoring.columns.splitter.sizes() == widths)


def test_every_field_and_button_of_the_desk_has_a_name_for_who_cannot_see_it(desk_page: DeskPage) -> None:
    nameless = [
        type(widget).__name__
        for widget in desk_page.findChildren(QWidget)
        if widget.isVisible()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not (widget.accessibleName() or getattr(widget, "text", str)() or widget.toolTip())
    ]
    assert [name for name in nameless if name in ("PointsEdit", "QPushButton", "QComboBox", "SearchField")] == []
