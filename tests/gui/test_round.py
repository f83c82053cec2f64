"""Opening a round: its numbers, its ranking, and that nothing of it is changed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from qisp_desktop.base.digests import sha256_file
from qisp_desktop.domain.aggregation import Recommendation, Result, ResultStatus
from qisp_desktop.gui.app import Application
from qisp_desktop.gui.page import Screen
from qisp_desktop.gui.secretariat.overview_page import OverviewPage
from qisp_desktop.gui.secretariat.presenter import OverviewPresenter, RoundContents
from qisp_desktop.services.rounds import overview
from tests.gui.program import drop, page_of, wait_for_page
from tests.gui.samples import IssuedRound


def result(number: int, final: str | None, rank: int | None) -> Result:
    """The result of an application; without a final score the quorum was not met."""
    met = final is not None
    return Result(
        f"QISP-2026-{number:03}",
        f"示例检测中心{number}",
        5 if met else 2,
        {},
        (),
        Decimal(final) if final is not None else None,
        {},
        {},
        rank,
        "A" if met else None,
        ResultStatus.OK if met else ResultStatus.QUORUM_NOT_MET,
        Recommendation.RECOMMENDED if met else Recommendation.UNDECIDED,
        () if met else ("2 valid sheets, 3 needed",),
        (),
    )


def show_results(program: Application, issued: IssuedRound, *results: Result, warning: str = "") -> OverviewPage:
    """The overview of the round with ``results`` and ``warning`` in place of its own."""
    presenter = OverviewPresenter(issued.round, program.tasks)
    presenter.contents = RoundContents(replace(overview(issued.round), warning=warning), results)
    program.go.show(Screen(lambda: OverviewPage(program.go.shell, presenter), presenter))
    return page_of(program, OverviewPage)


def test_the_numbers_of_a_round_are_shown_and_the_file_is_untouched(
    program: Application, qtbot: QtBot, issued: IssuedRound
) -> None:
    before = sha256_file(issued.round)
    drop(program, issued.round)
    page = wait_for_page(qtbot, program, OverviewPage)

    named = {label.accessibleName() for label in page.numbers}
    numbers = overview(issued.round)
    assert f"Applications: {numbers.applications}" in named
    assert f"Packages issued: 1 / {numbers.experts}" in named
    assert "Experts returned: 0 / 1" in named
    assert page.stack.currentIndex() == 1
    assert sha256_file(issued.round) == before


def test_the_ranking_is_shown_in_its_order_and_sorts_by_a_click(
    program: Application, qtbot: QtBot, issued: IssuedRound
) -> None:
    page = show_results(program, issued, result(2, "92.63", 1), result(1, "9.50", 2), result(3, None, None))
    model = page.model

    assert page.stack.currentIndex() == 0
    assert [model.index(row, 0).data() for row in range(3)] == ["1", "2", "—"]
    assert [model.index(row, 3).data() for row in range(3)] == ["92.63", "9.50", "—"]
    model.sort(3, Qt.SortOrder.AscendingOrder)
    assert [model.index(row, 3).data() for row in range(3)] == ["9.50", "92.63", "—"]
    assert model.index(2, 8).data() == "2 valid sheets, 3 needed"


def test_the_ranking_is_searched(program: Application, qtbot: QtBot, issued: IssuedRound) -> None:
    page = show_results(program, issued, result(2, "92.63", 1), result(1, "90.00", 2))
    qtbot.keyClicks(page.search, "sljc")
    qtbot.keyClicks(page.search, " 002")

    qtbot.waitUntil(lambda: [row.number for row in page.model.rows] == ["QISP-2026-002"])


def test_a_warning_of_the_round_is_said_in_place(program: Application, issued: IssuedRound) -> None:
    page = show_results(program, issued, warning="The measures are valid until 14 June 2027 (Art. 21).")

    assert page.banner.isVisible()
    assert page.banner.meaning == "warn"


def test_f5_reads_the_round_again_and_the_columns_stay(program: Application, qtbot: QtBot, issued: IssuedRound) -> None:
    drop(program, issued.round)
    page = wait_for_page(qtbot, program, OverviewPage)
    page.table.setColumnWidth(1, 233)

    with qtbot.waitSignal(page.presenter.changed):
        qtbot.keyClick(program.window, Qt.Key.Key_F5)

    assert not page.progress.isVisible()

    assert page.table.columnWidth(1) == 233
