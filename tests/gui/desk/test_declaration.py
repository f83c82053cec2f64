"""Declaration first; and stepping back, early or late."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from qisp_desktop.domain.regulation import RecusalGround
from qisp_desktop.gui.panel.desk.page import DeskPage

CTRL = Qt.KeyboardModifier.ControlModifier


def go_to_undeclared(page: DeskPage) -> None:
    page.presenter.select(page.presenter.sheets.numbers[1])


def words(page: DeskPage) -> str:
    labels = page.scoring.reading.declaration.findChildren(QLabel)
    return "\n".join(label.text() for label in labels if label.isVisible())


def test_the_record_is_shown_and_nothing_of_the_materials(desk_page: DeskPage, qtbot: QtBot) -> None:
    go_to_undeclared(desk_page)
    application = desk_page.presenter.application
    assert application is not None
    qtbot.waitUntil(lambda: application.number in words(desk_page))
    shown = words(desk_page)
    for part in (application.applicant, application.uscc, application.legal_representative, application.contact):
        assert part in shown
    assert application.projects[0].client in shown
    assert desk_page.scoring.reading.citation() is None
    assert desk_page.scoring.scores.state.is_closed


def test_one_key_declares_no_interest_and_the_caret_is_in_the_first_field(desk_page: DeskPage, qtbot: QtBot) -> None:
    go_to_undeclared(desk_page)
    button = desk_page.scoring.reading.declaration.no_interest
    assert button.hasFocus()
    qtbot.keyClick(button, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: desk_page.presenter.editable)
    assert not desk_page.scoring.reading.asking
    qtbot.waitUntil(lambda: desk_page.scoring.scores.cards["Q1"].points.hasFocus())


def test_stepping_back_asks_for_a_sentence_in_place_and_can_be_undone(desk_page: DeskPage, qtbot: QtBot) -> None:
    go_to_undeclared(desk_page)
    presenter, declaration = desk_page.presenter, desk_page.scoring.reading.declaration
    qtbot.mouseClick(declaration.step_back, Qt.MouseButton.LeftButton)
    form = declaration.form.ui
    qtbot.mouseClick(form.recuse, Qt.MouseButton.LeftButton)
    assert form.wrong.isVisible()
    assert form.reason.hasFocus()
    qtbot.keyClicks(form.reason, "I advised them last year.")
    assert not form.wrong.isVisible()
    qtbot.keyClick(form.reason, Qt.Key.Key_Return, CTRL)
    assert presenter.sheets.recused(presenter.number)
    assert not desk_page.scoring.reading.asking
    state = desk_page.scoring.scores.state
    assert "advised" in state.more.text()

    qtbot.mouseClick(state.withdraw, Qt.MouseButton.LeftButton)
    assert not presenter.sheets.recused(presenter.number)
    assert desk_page.scoring.reading.asking, "what was never declared is asked again"


def test_a_late_recusal_closes_the_materials_and_voids_the_sheet(desk_page: DeskPage, qtbot: QtBot) -> None:
    presenter, scoring = desk_page.presenter, desk_page.scoring
    qtbot.keyClicks(QApplication.focusWidget(), "4")
    qtbot.mouseClick(scoring.scores.recuse, Qt.MouseButton.LeftButton)
    form = scoring.reading.declaration.form.ui
    form.ground.setCurrentIndex(form.ground.findData("kinship"))
    qtbot.keyClicks(form.reason, "My brother works there.")
    qtbot.mouseClick(form.recuse, Qt.MouseButton.LeftButton)
    recusal = presenter.sheets.entry(presenter.number).recusal
    assert recusal is not None
    assert (recusal.ground.value, recusal.reason) == ("kinship", "My brother works there.")
    assert scoring.reading.position() == ""
    assert scoring.scores.state.is_closed
    desk_page.setFocus()
    presenter.undo()
    assert presenter.editable
    assert scoring.scores.cards["Q1"].points.text() == "4.0"


def test_leaving_the_recusal_form_leads_back_to_the_sheet(desk_page: DeskPage, qtbot: QtBot) -> None:
    scoring = desk_page.scoring
    qtbot.mouseClick(scoring.scores.recuse, Qt.MouseButton.LeftButton)
    qtbot.keyClick(scoring.reading.declaration.form.ui.reason, Qt.Key.Key_Escape)
    assert not scoring.reading.asking
    qtbot.waitUntil(lambda: scoring.scores.cards["Q1"].points.hasFocus())


def test_after_stepping_back_no_material_is_said_to_be_missing(desk_page: DeskPage) -> None:
    kinds = desk_page.scoring.reading.pane.kinds
    desk_page.presenter.recuse(RecusalGround.OTHER, "回避。")
    assert not any(button.isEnabled() for button in kinds.buttons.values())
    said = [f"{button.text()} {button.toolTip()}" for button in kinds.buttons.values()]
    assert not any("missing" in one or "–" in one for one in said), said
