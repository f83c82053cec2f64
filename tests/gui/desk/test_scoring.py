"""Scoring as a person does it: keys, clicks, input methods."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputMethodEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from qisp_desktop.domain.score_sheet import Evidence
from qisp_desktop.gui.panel.desk.page import DeskPage
from qisp_desktop.gui.panel.desk.shortcuts import KEYS, ShortcutSheet

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def press(qtbot: QtBot, *keys: Qt.Key | str, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press keys wherever the keyboard goes."""
    for key in keys:
        if isinstance(key, str):
            qtbot.keyClicks(focused(), key, modifier)
        else:
            qtbot.keyClick(focused(), key, modifier)


def points(page: DeskPage, code: str) -> Decimal | None:
    return page.scoring.scores.cards[code].points._points


def test_digits_and_enter_score_one_criterion_after_the_other(desk_page: DeskPage, qtbot: QtBot) -> None:
    press(qtbot, "3.5", Qt.Key.Key_Return, "5", Qt.Key.Key_Return, "4", Qt.Key.Key_Down)
    scores = desk_page.scoring.scores
    assert [points(desk_page, code) for code in ("Q1", "Q2", "Q3")] == [Decimal("3.5"), 5, 4]
    assert scores.cards["Q4"].points.hasFocus()
    assert scores.head.total.text() == "12.5"
    assert scores.subtotals["Q"].text() == "12.5 / 20.0"


def test_the_arrow_keys_go_between_criteria_and_stop_at_the_ends(desk_page: DeskPage, qtbot: QtBot) -> None:
    press(qtbot, Qt.Key.Key_Up)
    assert desk_page.scoring.scores.cards["Q1"].points.hasFocus()
    press(qtbot, *[Qt.Key.Key_Down] * 20)
    assert desk_page.scoring.scores.cards["R3"].points.hasFocus()


@pytest.mark.parametrize("typed", ["9", "45", "3.3", "x", "-"])
def test_what_cannot_be_a_score_is_refused_while_it_is_typed(desk_page: DeskPage, qtbot: QtBot, typed: str) -> None:
    card = desk_page.scoring.scores.cards["Q1"]
    press(qtbot, typed)
    assert card.problem.isVisible()
    assert "0 to 4" in card.problem.text()
    assert points(desk_page, "Q1") in (None, 3, 4, 1)
    press(qtbot, Qt.Key.Key_A, modifier=CTRL)
    press(qtbot, "2")
    assert not card.problem.isVisible() or "remark" in card.problem.text()
    assert points(desk_page, "Q1") == 2


def test_full_width_digits_count_as_digits(desk_page: DeskPage, qtbot: QtBot) -> None:
    event = QInputMethodEvent()
    event.setCommitString("３．５")
    QApplication.sendEvent(focused(), event)
    assert points(desk_page, "Q1") == Decimal("3.5")
    assert desk_page.scoring.scores.cards["Q1"].points.text() == "3.5"


def test_enter_and_arrows_belong_to_the_input_method_while_it_composes(desk_page: DeskPage, qtbot: QtBot) -> None:
    field = desk_page.scoring.scores.cards["Q1"].points
    QApplication.sendEvent(field, QInputMethodEvent("san", []))
    press(qtbot, Qt.Key.Key_Return)
    press(qtbot, Qt.Key.Key_Down)
    assert field.hasFocus()
    QApplication.sendEvent(field, QInputMethodEvent("", []))
    press(qtbot, Qt.Key.Key_Return)
    assert not field.hasFocus()


def test_alt_and_a_number_pick_a_level_and_a_score_outside_it_is_marked(desk_page: DeskPage, qtbot: QtBot) -> None:
    press(qtbot, Qt.Key.Key_2, modifier=ALT)
    levels = desk_page.scoring.scores.detail.levels
    assert points(desk_page, "Q1") == 3
    assert levels.chips[1].isChecked()
    assert "three years" in levels.sentence.text()
    assert not levels.doubt.isVisible()
    press(qtbot, Qt.Key.Key_A, modifier=CTRL)
    press(qtbot, "4")
    assert levels.doubt.isVisible()
    assert "good is 3" in levels.doubt.text()


def test_a_click_on_a_level_picks_it(desk_page: DeskPage, qtbot: QtBot) -> None:
    qtbot.mouseClick(desk_page.scoring.scores.detail.levels.chips[0], Qt.MouseButton.LeftButton)
    assert points(desk_page, "Q1") == 4


def test_a_click_on_a_card_turns_to_it_and_shows_all_of_it(desk_page: DeskPage, qtbot: QtBot) -> None:
    scores = desk_page.scoring.scores
    card = scores.cards["Q4"]
    qtbot.mouseClick(card.name, Qt.MouseButton.LeftButton)
    assert desk_page.presenter.criterion == "Q4"
    assert card.points.hasFocus()
    qtbot.waitUntil(lambda: card.visibleRegion().boundingRect().height() == card.height())


def test_the_slider_scores_and_the_wheel_over_it_does_not(desk_page: DeskPage, qtbot: QtBot) -> None:
    slider = desk_page.scoring.scores.detail.slider
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() - 3, slider.height() // 2))
    assert points(desk_page, "Q1") == 4
    middle = slider.rect().center()
    wheel = QWheelEvent(
        middle.toPointF(), slider.mapToGlobal(middle).toPointF(), QPoint(0, -120), QPoint(0, -120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(slider, wheel)
    assert points(desk_page, "Q1") == 4


def test_a_low_score_asks_for_its_remark_in_place(desk_page: DeskPage, qtbot: QtBot) -> None:
    detail = desk_page.scoring.scores.detail
    press(qtbot, "1")
    assert detail.wrong.isVisible()
    assert "2.4" in detail.wrong.text()
    press(qtbot, Qt.Key.Key_R, modifier=CTRL)
    assert detail.remark.hasFocus()
    press(qtbot, "no proof")
    assert not detail.wrong.isVisible()
    assert desk_page.presenter.score("Q1").remark == "no proof"


def test_the_remark_field_grows_with_its_text_and_arrows_lead_out_of_it(desk_page: DeskPage, qtbot: QtBot) -> None:
    detail = desk_page.scoring.scores.detail
    press(qtbot, Qt.Key.Key_R, modifier=CTRL)
    one_line = detail.remark.height()
    press(qtbot, "a", Qt.Key.Key_Return, "b", Qt.Key.Key_Return, "c")
    assert detail.remark.height() > one_line
    press(qtbot, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Up)
    assert desk_page.scoring.scores.cards["Q1"].points.hasFocus()


def test_undo_and_redo_work_from_inside_any_field(desk_page: DeskPage, qtbot: QtBot) -> None:
    presenter = desk_page.presenter
    press(qtbot, "3.5", Qt.Key.Key_Return)
    press(qtbot, Qt.Key.Key_R, modifier=CTRL)
    press(qtbot, "words")
    press(qtbot, Qt.Key.Key_Z, modifier=CTRL)
    assert presenter.score("Q2").remark == ""
    assert desk_page.scoring.scores.detail.remark.toPlainText() == ""
    press(qtbot, Qt.Key.Key_Z, modifier=CTRL)
    assert presenter.score("Q1").points is None
    assert presenter.criterion == "Q1"
    assert desk_page.scoring.scores.cards["Q1"].points.text() == ""
    press(qtbot, Qt.Key.Key_Y, modifier=CTRL)
    assert points(desk_page, "Q1") == Decimal("3.5")
    press(qtbot, Qt.Key.Key_Z, modifier=CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert presenter.score("Q2").remark == "words"


def test_a_citation_is_shown_leads_to_its_page_and_can_be_taken_away(desk_page: DeskPage, qtbot: QtBot) -> None:
    presenter, citations = desk_page.presenter, desk_page.scoring.scores.detail.citations
    application = presenter.application
    assert application is not None
    presenter.cite("Q1", Evidence(application.materials[0].sha256, application.materials[0].name, 1))
    (mark,) = citations.marks
    link, cross = mark.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    with qtbot.waitSignal(citations.followed):
        qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(cross, Qt.MouseButton.LeftButton)
    assert citations.marks == []
    assert presenter.score("Q1").evidence == ()


def test_a_digit_typed_over_the_materials_goes_to_the_current_criterion(desk_page: DeskPage, qtbot: QtBot) -> None:
    desk_page.scoring.reading.pane.stack.currentWidget().setFocus()
    assert not desk_page.scoring.scores.cards["Q1"].points.hasFocus()
    press(qtbot, "4")
    assert points(desk_page, "Q1") == 4
    assert desk_page.scoring.scores.cards["Q1"].points.hasFocus()


def test_f1_shows_every_key(desk_page: DeskPage, qtbot: QtBot) -> None:
    press(qtbot, Qt.Key.Key_F1)
    (sheet,) = desk_page.findChildren(ShortcutSheet)
    assert sheet.isVisible()
    texts = {child.text() for child in sheet.findChildren(QWidget) if hasattr(child, "text")}
    assert {key.text for key in KEYS if key.text} <= texts
    sheet.accept()


def test_finishing_an_unfinished_sheet_marks_everything_that_is_missing(desk_page: DeskPage, qtbot: QtBot) -> None:
    cards = desk_page.scoring.scores.cards
    press(qtbot, "4", Qt.Key.Key_Return, "5")
    press(qtbot, Qt.Key.Key_Return, modifier=CTRL)
    assert cards["Q3"].points.hasFocus()
    assert cards["R3"].problem.text() == "No score yet"
    assert not cards["Q1"].problem.isVisible()


def test_the_header_says_when_everything_was_saved(desk_page: DeskPage, qtbot: QtBot) -> None:
    press(qtbot, "4")
    qtbot.waitUntil(lambda: desk_page.saved.text().startswith("Saved "))


def test_a_failing_disk_is_said_on_the_page_and_mended_by_itself(desk_page: DeskPage, qtbot: QtBot) -> None:
    presenter = desk_page.presenter
    database = presenter._desk.store._connection
    (pages,) = database.execute("PRAGMA page_count").fetchone()
    database.execute(f"PRAGMA max_page_count={pages}")  # what a full disk is to SQLite
    presenter.set_remark("Q1", "写不下的评语" * 2000)
    qtbot.waitUntil(lambda: desk_page.saved.text() == "Not saved")
    assert desk_page.banner.isVisible()
    assert desk_page.banner.meaning == "bad"
    database.execute("PRAGMA max_page_count=1000000")
    qtbot.mouseClick(desk_page.banner.action, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: desk_page.banner.meaning == "good")
    assert desk_page.saved.text().startswith("Saved ")


def test_what_was_undone_is_said_in_the_header_until_the_next_change(desk_page: DeskPage, qtbot: QtBot) -> None:
    presenter = desk_page.presenter
    presenter.set_points("Q1", Decimal(3))
    qtbot.waitUntil(lambda: not presenter.unsaved)
    assert "undone" not in desk_page.saved.text()

    qtbot.keyClick(desk_page.scoring.scores.cards["Q1"].points, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: desk_page.saved.text().endswith("undone: the score of Q1"))
    presenter.redo()
    qtbot.waitUntil(lambda: desk_page.saved.text().endswith("done again: the score of Q1"))

    presenter.set_points("Q2", Decimal(3))
    qtbot.waitUntil(lambda: not presenter.unsaved)
    assert "Q1" not in desk_page.saved.text()
