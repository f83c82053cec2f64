"""One's own scores side by side."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from qisp_desktop.domain.regulation import RecusalGround
from qisp_desktop.gui.panel.compare.figures import bars_of, compared_rows, mean_of, sum_of
from qisp_desktop.gui.panel.compare.view import FIRST_SCORES, TOTAL, CompareView, heat
from qisp_desktop.gui.panel.desk.page import DeskPage
from qisp_desktop.gui.panel.desk.presenter import DeskPresenter
from qisp_desktop.gui.theme import Theme, current
from qisp_desktop.gui.tokens import DARK, LIGHT, contrast


def declare_all(presenter: DeskPresenter, qtbot: QtBot) -> None:
    for number in presenter.sheets.numbers:
        presenter.select(number)
        if not presenter.editable:
            with qtbot.waitSignal(presenter.application_changed):
                presenter.declare()


def score_all(presenter: DeskPresenter, number: str, less: int = 0) -> None:
    """Full points but for the first ``less`` steps of C1."""
    presenter.select(number)
    for criterion in presenter.rubric.criteria:
        presenter.set_points(criterion.code, criterion.maximum)
    presenter.set_points("C1", 10 - presenter.rubric.step * less)


def test_equal_and_extreme_rows_stand_out(presenter: DeskPresenter, qtbot: QtBot) -> None:
    declare_all(presenter, qtbot)
    numbers = presenter.sheets.numbers
    score_all(presenter, numbers[0])
    score_all(presenter, numbers[1], less=2)
    score_all(presenter, numbers[2], less=2)
    notes = {row.item.number: row.notes for row in compared_rows(presenter.sheets)}
    assert notes[numbers[0]] == ("full points everywhere", "your highest")
    assert notes[numbers[1]] == ("the same in every criterion as another", "your lowest")
    assert notes[numbers[1]] == notes[numbers[2]]
    presenter.select(numbers[2])
    presenter.set_points("C1", Decimal(10))
    presenter.set_points("C2", Decimal(6))
    assert "the same total as another" in compared_rows(presenter.sheets)[1].notes


def test_an_application_that_was_given_up_is_not_compared(presenter: DeskPresenter) -> None:
    presenter.recuse(RecusalGround.OTHER, "回避。")
    assert [row.item.number for row in compared_rows(presenter.sheets)] == list(presenter.sheets.numbers[1:])


def test_an_unfinished_sheet_has_no_total() -> None:
    assert sum_of([Decimal(1), None]) is None
    assert sum_of([Decimal("1.5"), Decimal(2)]) == Decimal("3.5")


def test_the_mean_is_exact_and_rounded_half_up() -> None:
    assert mean_of([]) is None
    assert mean_of([Decimal("80.00"), Decimal("80.01")]) == Decimal("80.01")


def test_bars_run_from_the_lowest_to_the_highest_and_full_points_stand_in_the_last() -> None:
    totals = [Decimal("72.5"), Decimal(75), Decimal(100), Decimal("99.5")]
    assert bars_of(totals, Decimal(100)) == [(70, 1), (75, 1), (80, 0), (85, 0), (90, 0), (95, 2)]
    assert bars_of([], Decimal(100)) == []


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_numbers_keep_their_contrast_on_the_strongest_heat(look: Theme, mode: str) -> None:
    look.apply(mode, 100)
    tokens = {"light": LIGHT, "dark": DARK}[mode]
    colour, card = heat(Decimal(10), Decimal(10)), current().colour("card")
    share = colour.alphaF()
    mixed = [round(over * share + under * (1 - share)) for over, under in zip(
        (colour.red(), colour.green(), colour.blue()), (card.red(), card.green(), card.blue()), strict=True
    )]  # fmt: skip
    assert contrast(tokens.text, "#" + "".join(f"{part:02X}" for part in mixed)) >= 4.5


def test_the_grid_sorts_and_a_double_click_leads_to_the_score(desk_page: DeskPage, qtbot: QtBot) -> None:
    presenter = desk_page.presenter
    declare_all(presenter, qtbot)
    first, second = presenter.sheets.numbers[:2]
    score_all(presenter, first, less=4)
    score_all(presenter, second)
    qtbot.keyClick(desk_page, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: desk_page.findChild(CompareView) is not None)
    view = desk_page.findChild(CompareView)
    assert isinstance(view, CompareView)
    assert view.distribution.bars
    assert "2 scored in full" in view.figures.text()
    view.table.sortByColumn(TOTAL, Qt.SortOrder.DescendingOrder)
    assert [row.item.number for row in view.model.rows][:2] == [second, first]

    place = FIRST_SCORES + presenter.sheets.place_of("P2")
    cell = view.table.visualRect(view.model.index(1, place)).center()
    view.table.scrollTo(view.model.index(1, place))
    cell = view.table.visualRect(view.model.index(1, place)).center()
    qtbot.mouseClick(view.table.viewport(), Qt.MouseButton.LeftButton, pos=cell)
    qtbot.mouseDClick(view.table.viewport(), Qt.MouseButton.LeftButton, pos=cell)
    assert (presenter.number, presenter.criterion) == (first, "P2")
    assert desk_page.scoring.isVisible()
    qtbot.waitUntil(lambda: desk_page.scoring.scores.cards["P2"].points.hasFocus())


def test_escape_leads_back_to_scoring(desk_page: DeskPage, qtbot: QtBot) -> None:
    desk_page.turn_to("compare")
    view = desk_page.findChild(CompareView)
    assert isinstance(view, CompareView)
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert desk_page.scoring.isVisible()


def test_the_advice_to_compare_makes_room_for_the_view_that_is_turned_to(desk_page: DeskPage) -> None:
    for view in ("compare", "signing"):
        desk_page.presenter.all_finished.emit()
        assert desk_page.banner.isVisible()
        desk_page.turn_to(view)
        assert not desk_page.banner.isVisible()
        desk_page.turn_to("")
    desk_page.banner.say("bad", "Not saved")
    desk_page.turn_to("compare")
    assert desk_page.banner.isVisible(), "what went wrong stays"
