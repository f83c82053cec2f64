"""Results at the desk: the ranking and what it rests on, another rule tried, deviations explained, freezing, export."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from qisp_desktop.domain.issuing import Explanation
from qisp_desktop.domain.policy import Aggregate
from qisp_desktop.domain.round import Freeze
from qisp_desktop.gui.app import Application
from qisp_desktop.gui.secretariat.desk_page import DeskPage
from qisp_desktop.gui.secretariat.results.spread import SPREAD_ROLE
from qisp_desktop.gui.secretariat.results.view import ResultsView
from qisp_desktop.services.results import round_results
from qisp_desktop.services.screening import screen_round
from qisp_desktop.store.round_store import RoundStore
from tests.gui.secretariat.desks import opened, settled
from tests.unit.services.paper_rounds import PASSPHRASE, make_round

DEVIATING = ("E001", "A-1")


@pytest.fixture(scope="module")
def scored_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scored round; tests do not change it."""
    return make_round(tmp_path_factory.mktemp("scored"))


@pytest.fixture
def scored(scored_once: Path, tmp_path: Path) -> Path:
    """A scored round of one's own."""
    own = tmp_path / "round.qround"
    own.write_bytes(scored_once.read_bytes())
    return own


@pytest.fixture
def page(program: Application, qtbot: QtBot, scored: Path) -> DeskPage:
    """The desk, open at the results."""
    return opened(qtbot, program, scored, "results")


def view_of(page: DeskPage) -> ResultsView:
    view = page.view
    assert isinstance(view, ResultsView)
    return view


def texts(view: ResultsView, title: str) -> list[str]:
    """What stands in the column ``title``, from top to bottom."""
    column = next(place for place, one in enumerate(view.model.columns) if one.title == title)
    return [str(view.model.index(row, column).data()) for row in range(view.model.rowCount())]


def kept(round: Path, *key: str) -> Explanation | None:
    with RoundStore.open(round, actor="test") as store:
        return store.get(Explanation, *key)


def test_the_ranking_is_that_of_the_command_line(page: DeskPage, scored: Path) -> None:
    view = view_of(page)
    by_number = {one["number"]: one for one in round_results(scored).to_json()["applications"]}

    shown = dict(zip(texts(view, "Number"), texts(view, "Final score"), strict=True))
    assert shown == {number: one["final"] or "—" for number, one in by_number.items()}
    ranks = dict(zip(texts(view, "Number"), texts(view, "Rank"), strict=True))
    assert ranks == {number: str(one["rank"] or "—") for number, one in by_number.items()}


def test_the_detail_names_every_total_and_strikes_out_what_was_dropped(page: DeskPage, scored: Path) -> None:
    view = view_of(page)
    number = "A-2"
    (expected,) = [one for one in round_results(scored).results if one.number == number]
    assert expected.dropped

    assert view.table.go_to(lambda result: result.number == number)

    rows = view.detail.model.rows
    assert {row.expert: row.total for row in rows} == dict(expected.sheet_totals)
    assert {row.expert for row in rows if row.dropped} == set(expected.dropped)
    struck = {
        row.expert: view.detail.model.index(place, 1).data(Qt.ItemDataRole.FontRole) is not None
        for place, row in enumerate(rows)
    }
    assert struck == {row.expert: row.dropped for row in rows}


def test_the_spread_shows_the_totals_on_one_scale_for_all(page: DeskPage) -> None:
    view = view_of(page)
    spreads = [view.model.index(row, view.model.spread).data(SPREAD_ROLE) for row in range(view.model.rowCount())]

    assert len({(spread.lowest, spread.highest) for spread in spreads}) == 1
    assert all(spread.lowest <= total <= spread.highest for spread in spreads for total in spread.totals.values())
    assert any(spread.dropped for spread in spreads)


def test_a_what_if_shows_other_results_and_leaves_the_round_alone(page: DeskPage, qtbot: QtBot, scored: Path) -> None:
    view, before = view_of(page), scored.read_bytes()
    own = texts(view, "Final score")

    view.try_rule.click()
    view.what_if.aggregate.buttons[Aggregate.MEAN.value].click()
    view.what_if.quorum.setValue(5)

    shown = dict(zip(texts(view, "Number"), texts(view, "Final score"), strict=True))
    assert shown["A-1"] == "—"  # four sheets, the fifth expert stepped back
    assert "would change" in view.what_if.effect.text()
    assert not view.freeze.isEnabled()
    assert scored.read_bytes() == before
    view.what_if.leave.click()
    assert texts(view, "Final score") == own
    assert not view.what_if.isVisible()


def test_nothing_is_frozen_while_another_rule_is_tried(page: DeskPage) -> None:
    view = view_of(page)
    view.freeze.click()
    assert view.freeze_card.isVisible()

    view.try_rule.click()

    assert not view.freeze_card.isVisible()
    assert not view.freeze.isEnabled()


def test_a_rule_that_cannot_be_is_refused_with_why_and_the_last_one_stays(page: DeskPage) -> None:
    view = view_of(page)
    view.try_rule.click()
    view.what_if.pass_score.setValue(80)

    view.what_if.pass_score.setValue(95)  # above the bound of grade A

    assert "grades" in view.what_if.problem.text()
    assert view.presenter.what_if is not None
    assert view.presenter.what_if.pass_score == Decimal(80)


def test_a_deviation_is_explained_in_place(page: DeskPage, qtbot: QtBot, scored: Path) -> None:
    view = view_of(page)
    view.table.show_filter("deviating")
    assert texts(view, "Number") == ["A-1"]
    view.table.go_to(lambda result: True)
    editor = view.detail.editors["E001"]

    editor.setText("已与专家核实，评分依据充分")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    settled(qtbot, page)

    held = kept(scored, *DEVIATING)
    assert held is not None
    assert held.text == "已与专家核实，评分依据充分"
    assert "E001" in view.detail.editors


def test_what_is_being_typed_about_a_deviation_outlives_a_reading_of_the_round(page: DeskPage, qtbot: QtBot) -> None:
    view = view_of(page)
    view.table.go_to(lambda result: result.number == "A-1")
    editor = view.detail.editors["E001"]
    editor.setText("正在核")
    editor.setModified(True)

    with qtbot.waitSignal(view.presenter.loaded):
        page.session.changed.emit()

    assert view.detail.editors["E001"].text() == "正在核"


def test_freezing_keeps_the_reason_and_signs_the_trail_and_later_changes_show(
    page: DeskPage, qtbot: QtBot, scored: Path
) -> None:
    view = view_of(page)
    view.freeze.click()
    view.freeze_card.reason.setText("经专家组会议确认")
    view.freeze_card.freeze.click()
    view.gate.passphrase.setText(PASSPHRASE)
    view.gate.unlock.click()
    qtbot.waitUntil(lambda: view.frozen.isVisible() and not page.presenter.busy_with(), timeout=10_000)

    with RoundStore.open(scored, actor="test") as store:
        (freeze,) = store.all(Freeze)
        assert freeze.reason == "经专家组会议确认"
        assert store.audit_events()[-1].action == "seal"
    assert "Changed" not in view.frozen.text()

    page.session.act(
        page.presenter,
        lambda store, job: screen_round(store, decide=("A-2", "refused"), reason="材料不实"),
        lambda _report: None,
        lambda error: pytest.fail(str(error)),
    )
    settled(qtbot, page)
    qtbot.waitUntil(lambda: "Changed since then" in view.frozen.text())
    assert "the result itself" in view.frozen.text()


def test_the_summary_workbook_comes_from_here(page: DeskPage, qtbot: QtBot, tmp_path: Path) -> None:
    view, path = view_of(page), tmp_path / "汇总.xlsx"

    view.presenter.export(path)
    settled(qtbot, page)

    assert load_workbook(path).sheetnames[0] == "排名"
    assert view.banner.meaning == "good"
    assert str(path) in view.banner.what.text()


def test_the_table_is_written_as_it_is_shown(page: DeskPage, qtbot: QtBot, tmp_path: Path) -> None:
    view, path = view_of(page), tmp_path / "ranking.xlsx"
    view.table.show_filter("deviating")
    view.table.view.setColumnHidden(2, True)

    with qtbot.waitSignal(view.table.exported):
        view.table.save_as(path)

    rows = list(load_workbook(path).worksheets[0].iter_rows(values_only=True))
    assert "Applicant" not in rows[0]
    assert [row[1] for row in rows[1:]] == ["A-1"]
    assert isinstance(rows[1][0], int)


def test_a_round_without_applications_says_what_to_do(program: Application, qtbot: QtBot, tmp_path: Path) -> None:
    from qisp_desktop.services.rounds import new_round

    path = tmp_path / "new.qround"
    new_round(path, year=2026, name="新轮次", passphrase=PASSPHRASE)

    view = view_of(opened(qtbot, program, path, "results"))

    assert view.table.stack.currentIndex() == 1
    assert not view.detail.isVisible()
