"""Papers in the section 回收: two clerks enter them, score forms are read back, recusals are recorded."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from qisp_desktop.domain.merging import Received
from qisp_desktop.gui.secretariat.collecting.presenter import PAPERS
from qisp_desktop.gui.secretariat.collecting.view import CollectingView
from qisp_desktop.gui.secretariat.desk_page import DeskPage
from qisp_desktop.services.board_data import BoardState
from qisp_desktop.services.results import round_results
from qisp_desktop.services.score_forms import write_form
from tests.gui.secretariat.collecting.acts import collected, states, wait_for
from tests.gui.secretariat.desks import settled, unexpected


def paper_pair(view: CollectingView) -> tuple[str, str]:
    """An expert and application whose sheet is not back."""
    data = view.presenter.data
    assert data is not None
    return data.board.experts[0].id, next(
        row.number for row in data.board.rows if row.cells[0].state is not BoardState.NOT_ASSIGNED
    )


def type_scores(qtbot: QtBot, view: CollectingView, first: str) -> None:
    """Type ``first`` for the first criterion and full marks below, by keyboard alone."""
    grid = view.papers.entry.grid
    rubric = view.papers.entry.model.rubric
    assert rubric is not None
    for row, criterion in enumerate(rubric.criteria):
        assert grid.currentIndex().row() == row
        text = first if row == 0 else str(criterion.maximum)
        if row == 0:
            qtbot.keyClick(grid, Qt.Key.Key_Return)
        editor = QApplication.focusWidget()
        qtbot.keyClicks(editor, text)
        qtbot.keyClick(editor, Qt.Key.Key_Return)
        if grid.currentIndex().column() == view.papers.entry.model.remark_column:
            remark = QApplication.focusWidget()
            qtbot.keyClicks(remark, "see file")
            qtbot.keyClick(remark, Qt.Key.Key_Return)


def begin(view: CollectingView, clerk: str, pair: tuple[str, str]) -> None:
    view.papers.choose(*pair)
    view.papers.clerk.setText(clerk)
    view.papers.enter.click()


def test_two_clerks_enter_a_paper_by_keyboard_settle_a_difference_and_it_counts(
    page: DeskPage, view: CollectingView, qtbot: QtBot, own: Path
) -> None:
    view.tabs.picked.emit(PAPERS)
    pair = paper_pair(view)
    entry = view.papers.entry
    for clerk, first in (("Li", "3.5"), ("Wang", "2")):
        begin(view, clerk, pair)
        assert all(item.points is None for item in entry.model.items), "nobody sees the other's scores"
        type_scores(qtbot, view, first)
        assert entry.keep.isEnabled()
        entry.keep.click()
        wait_for(qtbot, page, lambda: view.papers.stack.currentIndex() == 0)

    (state,) = view.papers.model.rows
    assert [one.criterion for one in state.differences] == ["Q1"]
    begin(view, "Zhao", pair)
    assert view.banner.meaning == "warn"
    view.papers.table.go_to(lambda one: True)
    view.papers.check.click()
    assert [entry.model.is_open(row) for row in range(3)] == [True, False, False]
    assert not entry.keep.isEnabled()
    entry.model.set_points(0, Decimal(3))
    entry.reason.setText("以手签原件为准")
    entry.keep.click()
    wait_for(qtbot, page, lambda: states(view, pair[0])[pair[1]] is BoardState.PAPER)
    assert "confirmed" in view.banner.what.text()
    (result,) = [one for one in round_results(own).results if one.number == pair[1]]
    assert result.sheet_totals == {pair[0]: Decimal(99)}

    view.banner.action.click()
    wait_for(qtbot, page, lambda: states(view, pair[0])[pair[1]] is BoardState.PAPER_WAITING)


def test_what_cannot_be_a_score_is_refused_with_each_key(page: DeskPage, view: CollectingView, qtbot: QtBot) -> None:
    view.tabs.picked.emit(PAPERS)
    begin(view, "Li", paper_pair(view))
    grid = view.papers.entry.grid
    qtbot.keyClick(grid, Qt.Key.Key_Return)
    editor = QApplication.focusWidget()
    qtbot.keyClicks(editor, "9")
    assert "0 to 4" in view.papers.entry.trouble.text()
    qtbot.keyClicks(editor, "2.5")
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    qtbot.keyClick(grid, Qt.Key.Key_Escape)
    assert view.papers.stack.currentIndex() == 0


def test_a_score_form_is_dropped_confirmed_and_counts(
    page: DeskPage, view: CollectingView, qtbot: QtBot, own: Path, tmp_path: Path
) -> None:
    pair = paper_pair(view)
    form = tmp_path / "form.xlsx"
    page.session.act(page, lambda store, job: write_form(store, pair[0], form), lambda _given: None, unexpected)
    settled(qtbot, page)
    book = openpyxl.load_workbook(form)
    sheet = book[pair[1]]
    for row in range(9, 25):
        sheet[f"G{row}"] = sheet[f"D{row}"].value
    book.save(form)

    assert collected(qtbot, page, view, form) == [Received.ACCEPTED]
    assert states(view, pair[0])[pair[1]] is BoardState.PAPER_WAITING
    view.tabs.picked.emit(PAPERS)
    view.papers.clerk.setText("Li")
    view.papers.table.go_to(lambda one: True)
    view.papers.check.click()
    view.papers.entry.reason.setText("与手签原件一致")
    view.papers.entry.keep.click()
    wait_for(qtbot, page, lambda: states(view, pair[0])[pair[1]] is BoardState.PAPER)


def test_a_recusal_on_paper_is_recorded_in_place_and_taken_back(
    page: DeskPage, view: CollectingView, qtbot: QtBot
) -> None:
    view.tabs.picked.emit(PAPERS)
    pair = paper_pair(view)
    view.papers.choose(*pair)
    view.papers.step_back.click()
    line = view.papers.recusal
    assert not line.record.isEnabled()
    line.reason.setText("书面申明")
    line.record.click()
    wait_for(qtbot, page, lambda: states(view, pair[0])[pair[1]] is BoardState.RECUSED)
    view.banner.action.click()
    wait_for(qtbot, page, lambda: states(view, pair[0])[pair[1]] is not BoardState.RECUSED)
