"""What an input method has not written yet, pinyin above all, is never lost: not by locking, leaving or moving on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.app import Application
from qisp_desktop.gui.panel.desk.page import DeskPage
from qisp_desktop.gui.panel.unlock_page import UnlockPage
from qisp_desktop.gui.start.page import StartPage
from qisp_desktop.services.desk_editing import contents
from tests.gui.desk.person import CTRL, keys
from tests.gui.desk.workspaces import OpenAgain
from tests.gui.program import page_of, shown, wait_for_page
from tests.gui.samples import IssuedRound

ALT = Qt.KeyboardModifier.AltModifier


class InputMethod(QObject):
    """Writes what it composes into its field when that is about to lose the keyboard, as those of the systems do."""

    def __init__(self, field: QWidget, composed: str) -> None:
        super().__init__(field)
        self._field, self._composed = field, composed
        field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QInputMethodEvent):
            self._composed = event.preeditString()
        elif event.type() == QEvent.Type.FocusAboutToChange and self._composed:
            written = QInputMethodEvent()
            written.setCommitString(self._composed)
            QApplication.sendEvent(self._field, written)
        return False


def compose(text: str) -> None:
    """Type pinyin where the keyboard is, and choose no characters yet."""
    focused = QApplication.focusWidget()
    assert focused is not None
    QApplication.sendEvent(focused, QInputMethodEvent(text, []))


@pytest.fixture
def kept(program: Application, workspace: Path, issued: IssuedRound, open_again: OpenAgain) -> Callable[[], str]:
    """Ends the program and tells which remark on the first criterion its workspace holds."""

    def remark() -> str:
        program.tasks.shut_down()
        with open_again(workspace) as desk:
            draft = contents(desk).entries[issued.numbers[0]].draft
        return draft.items[0].remark if draft is not None else ""

    return remark


@pytest.fixture
def page(desk_page: DeskPage, qtbot: QtBot) -> DeskPage:
    """The desk with a remark on the first criterion, of which the last word is still being composed."""
    keys(qtbot, "R", modifier=CTRL)
    keys(qtbot, "seen: ")
    compose("ni'hao")
    assert desk_page.presenter.score("Q1").remark == "seen:"
    return desk_page


def test_locking_writes_it_first(program: Application, page: DeskPage, qtbot: QtBot, kept: Callable[[], str]) -> None:
    page.lock(by_itself=True)
    wait_for_page(qtbot, program, UnlockPage)
    assert kept() == "seen: ni'hao"


def test_locking_by_its_keys_writes_it_first(
    program: Application, page: DeskPage, qtbot: QtBot, kept: Callable[[], str]
) -> None:
    keys(qtbot, "L", modifier=CTRL)
    wait_for_page(qtbot, program, UnlockPage)
    assert kept() == "seen: ni'hao"


def test_the_window_closes_once_it_is_written_and_saved(
    program: Application, page: DeskPage, qtbot: QtBot, kept: Callable[[], str]
) -> None:
    program.window.close()
    qtbot.waitUntil(lambda: not program.window.isVisible())
    assert kept() == "seen: ni'hao"


def test_going_home_writes_it_first(
    program: Application, page: DeskPage, qtbot: QtBot, kept: Callable[[], str]
) -> None:
    page.back.click()
    wait_for_page(qtbot, program, StartPage)
    assert kept() == "seen: ni'hao"


def test_turning_to_another_window_writes_it(page: DeskPage, qtbot: QtBot) -> None:
    other = QLineEdit()
    shown(qtbot, other)
    other.setFocus()
    qtbot.waitUntil(other.hasFocus)
    assert page.presenter.score("Q1").remark == "seen: ni'hao"


def test_what_the_input_method_wrote_itself_is_not_written_twice(
    program: Application, page: DeskPage, qtbot: QtBot, kept: Callable[[], str]
) -> None:
    written = QInputMethodEvent()
    written.setCommitString("你好")
    QApplication.sendEvent(page.scoring.scores.detail.remark, written)
    page.lock(by_itself=True)
    wait_for_page(qtbot, program, UnlockPage)
    assert kept() == "seen: 你好"


def test_what_was_given_up_while_composing_is_not_written(page: DeskPage) -> None:
    compose("")
    page.presenter.select_criterion("Q2")
    assert page.presenter.score("Q1").remark == "seen:"


@pytest.mark.parametrize("helpful", [True, False])
@pytest.mark.parametrize(
    ("key", "modifier"),
    [(Qt.Key.Key_Return, CTRL), (Qt.Key.Key_PageDown, CTRL), (Qt.Key.Key_I, CTRL), (Qt.Key.Key_F6, None)],
)
def test_moving_on_by_keys_writes_it_where_it_was_composed(
    page: DeskPage, qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier | None, helpful: bool
) -> None:
    presenter, first = page.presenter, page.presenter.number
    if helpful:
        InputMethod(page.scoring.scores.detail.remark, "ni'hao")
    keys(qtbot, key, modifier=modifier or Qt.KeyboardModifier.NoModifier)
    remarks = {
        (number, score.criterion): score.remark
        for number in presenter.sheets.numbers
        for score in presenter.sheets.scores(number)
        if score.remark
    }
    assert remarks == {(first, "Q1"): "seen: ni'hao"}


def test_a_click_on_another_criterion_writes_it_where_it_was_composed(page: DeskPage, qtbot: QtBot) -> None:
    InputMethod(page.scoring.scores.detail.remark, "ni'hao")
    qtbot.mouseClick(page.scoring.scores.cards["Q2"].name, Qt.MouseButton.LeftButton)
    assert page.presenter.criterion == "Q2"
    assert page.presenter.score("Q1").remark == "seen: ni'hao"
    assert page.presenter.score("Q2").remark == ""


def test_finishing_counts_a_remark_that_is_being_composed(desk_page: DeskPage, qtbot: QtBot) -> None:
    for criterion in desk_page.presenter.rubric.criteria:
        keys(qtbot, str(criterion.maximum), Qt.Key.Key_Return)
    desk_page.presenter.select_criterion("Q1")
    desk_page.scoring.scores.focus_field()
    keys(qtbot, "1")
    keys(qtbot, "R", modifier=CTRL)
    compose("que'shao")
    first = desk_page.presenter.number
    keys(qtbot, Qt.Key.Key_Return, modifier=CTRL)
    assert desk_page.presenter.number != first


def test_undo_takes_back_what_was_being_composed_and_redo_brings_it(page: DeskPage, qtbot: QtBot) -> None:
    keys(qtbot, "Z", modifier=CTRL)
    assert "ni'hao" not in page.presenter.score("Q1").remark
    assert "ni'hao" not in page.scoring.scores.detail.remark.toPlainText()
    keys(qtbot, "Y", modifier=CTRL)
    assert page.presenter.score("Q1").remark == "seen: ni'hao"


def test_a_level_or_a_citation_leaves_it_being_composed(page: DeskPage, qtbot: QtBot) -> None:
    keys(qtbot, Qt.Key.Key_2, modifier=ALT)
    keys(qtbot, Qt.Key.Key_E, modifier=CTRL)
    remark = page.scoring.scores.detail.remark
    assert remark.textCursor().block().layout().preeditAreaText() == "ni'hao"
    page.presenter.moving.emit()
    assert page.presenter.score("Q1").remark == "seen: ni'hao"


def test_the_page_is_made_anew_with_it(program: Application, page: DeskPage, qtbot: QtBot) -> None:
    program.settings.scale = 125
    again = page_of(program, DeskPage)
    assert again is not page
    assert again.presenter.score("Q1").remark == "seen: ni'hao"
    assert again.scoring.scores.detail.remark.toPlainText() == "seen: ni'hao"


def test_a_note_of_the_visit_is_written_before_the_lock(
    program: Application, desk_page: DeskPage, qtbot: QtBot, open_again: OpenAgain, issued: IssuedRound, workspace: Path
) -> None:
    desk_page.turn_to("inspection")
    view = desk_page._other
    assert view is not None
    field = next(one for one in view.findChildren(QLineEdit) if one.isVisible() and one.isEnabled())
    field.setFocus()
    compose("2026-07-03")
    desk_page.lock(by_itself=True)
    wait_for_page(qtbot, program, UnlockPage)
    program.tasks.shut_down()
    with open_again(workspace) as desk:
        visits = [entry.visit for entry in contents(desk).entries.values() if entry.visit is not None]
    assert visits


def test_confirming_a_recusal_by_keys_takes_the_sentence_whole(desk_page: DeskPage, qtbot: QtBot) -> None:
    qtbot.mouseClick(desk_page.scoring.scores.recuse, Qt.MouseButton.LeftButton)
    desk_page.scoring.reading.declaration.form.ui.reason.setFocus()
    keys(qtbot, "my ")
    compose("tong'xue")
    keys(qtbot, Qt.Key.Key_Return, modifier=CTRL)
    recusal = desk_page.presenter.sheets.entry(desk_page.presenter.number).recusal
    assert recusal is not None
    assert recusal.reason == "my tong'xue"
