"""The formal check at the desk: it explains itself, is decided by hand with a reason, and asks for supplements."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, Qt
from pytestqt.qtbot import QtBot

from qisp_desktop.domain.desk_records import SupplementNotice
from qisp_desktop.domain.policy import Policy
from qisp_desktop.domain.round import Round
from qisp_desktop.domain.screening import ScreeningDecision, ScreeningStatus
from qisp_desktop.gui.app import Application
from qisp_desktop.gui.printing.page import PrintingPage
from qisp_desktop.gui.secretariat.desk_page import DeskPage
from qisp_desktop.gui.secretariat.screening.view import ScreeningView
from qisp_desktop.services.screening import screenings
from qisp_desktop.store.round_store import RoundStore
from tests.gui.program import wait_for_page
from tests.gui.secretariat.desks import WAIT_MS, dropped_at, opened, settled
from tests.unit.domain.values import ACCEPTED_ON, YEAR, application, rubric
from tests.unit.services.paper_rounds import WAITING, make_round

RUBRIC = rubric()


def made(path: Path, accepted_on: date | None) -> Path:
    """A-1 is whole, A-2 lacks its materials, A-3 has too few persons, of A-4's finances nothing is known."""
    value = Round(
        "round", YEAR, "评价", "局", "zh_CN", Policy(tie_break=("P", "Q")), RUBRIC.digest, "PEM", "age1", accepted_on
    )
    with RoundStore.create(path, value, RUBRIC, actor="li@office") as store, store.change("fill") as change:
        change.put_all(
            [
                application(number="A-1"),
                application(number="A-2", materials=()),
                application(number="A-3", staff=3),
                application(number="A-4", audit_opinion=""),
            ]
        )
    return path


@pytest.fixture
def page(program: Application, qtbot: QtBot, tmp_path: Path) -> DeskPage:
    return opened(qtbot, program, made(tmp_path / "round.qround", ACCEPTED_ON), "screening")


def view_of(page: DeskPage) -> ScreeningView:
    view = page.view
    assert isinstance(view, ScreeningView)
    return view


def at(page: DeskPage, number: str, key: str) -> ScreeningView:
    """The view with the keyboard on a cell."""
    view = view_of(page)
    assert view.matrix.go_to_cell(lambda row: row.number == number, key)
    return view


def status(page: DeskPage, number: str) -> ScreeningStatus:
    with RoundStore.open(page.session.place, actor="test") as store:
        return next(one.status for one in screenings(store, store.round()) if one.number == number)


def test_the_day_of_acceptance_starts_the_thirty_days(program: Application, qtbot: QtBot, tmp_path: Path) -> None:
    page = opened(qtbot, program, made(tmp_path / "round.qround", None), "screening")
    view = at(page, "A-2", "m1")
    assert "Not accepted yet" in view.clock.text()
    assert not view.side.ask.isEnabled()

    view.day.setDate(QDate(2026, 7, 1))
    view.accept.click()
    qtbot.waitUntil(lambda: "Accepted on 2026-07-01" in view.clock.text(), timeout=WAIT_MS)

    assert "must end by 2026-07-31" in view.clock.text()
    assert "of 30" in view.clock.text()
    assert view.side.ask.isEnabled()


@pytest.mark.parametrize(
    ("number", "key", "mark", "why"),
    [
        ("A-1", "c5", "✓", "10 persons serve enterprises, 10 needed"),
        ("A-3", "c5", "✗", "3 persons serve enterprises, 10 needed"),
        ("A-4", "c2", "?", "the record gives no audit opinion"),
        ("A-2", "m4", "✗", "This material is missing (Art. 15)."),
        ("A-1", "m4", "✓", "4.pdf"),
    ],
)
def test_every_cell_explains_itself_with_the_numbers(
    page: DeskPage, number: str, key: str, mark: str, why: str
) -> None:
    view = at(page, number, key)

    assert view.matrix.currentIndex().data() == mark
    assert view.side.about.text().startswith(mark)
    assert view.side.why.text() == why


def test_a_condition_is_overridden_with_a_reason_and_the_override_is_undone(page: DeskPage, qtbot: QtBot) -> None:
    view = at(page, "A-3", "c5")
    qtbot.keyClick(view.matrix, Qt.Key.Key_Return)
    view.side.choices.buttons["accepted"].click()
    assert view.side.reason.text() == "(5) "
    assert view.side.decide.isEnabled()

    view.side.reason.setText("(5) 已核验社保名册，实有 12 人")
    view.side.decide.click()
    qtbot.waitUntil(lambda: "decided by" in view.side.state.text(), timeout=WAIT_MS)
    settled(qtbot, page)
    assert status(page, "A-3") is ScreeningStatus.ACCEPTED
    cell = view.model.mark(view.model.index(2, view.model.column_of("decision")))
    assert cell is not None
    assert cell.flag
    assert "已核验社保名册" in cell.hint
    assert "Computed: refused" in cell.hint

    view.banner.action.click()
    settled(qtbot, page)

    assert status(page, "A-3") is ScreeningStatus.REFUSED


def test_without_a_reason_nothing_is_decided(page: DeskPage) -> None:
    view = at(page, "A-3", "decision")
    view.side.choices.buttons["accepted"].click()

    view.side.reason.setText("  ")

    assert not view.side.decide.isEnabled()


def test_several_selected_applications_are_decided_at_once(page: DeskPage, qtbot: QtBot) -> None:
    view = at(page, "A-3", "decision")
    qtbot.keyClick(view.matrix, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert "2 applications are selected." in view.side.state.text()

    view.side.choices.buttons["refused"].click()
    view.side.reason.setText("逾期未补正")
    view.side.decide.click()
    settled(qtbot, page)

    with RoundStore.open(page.session.place, actor="test") as store:
        assert [one.application for one in store.all(ScreeningDecision)] == ["A-3", "A-4"]


def test_the_computed_result_can_stand_again(page: DeskPage, qtbot: QtBot) -> None:
    view = at(page, "A-3", "decision")
    view.presenter.decide(["A-3"], ScreeningStatus.ACCEPTED, "先前的认定")
    qtbot.waitUntil(lambda: view.side.computed.isVisible(), timeout=WAIT_MS)
    settled(qtbot, page)

    view.side.computed.click()
    settled(qtbot, page)

    assert status(page, "A-3") is ScreeningStatus.REFUSED


def test_a_supplement_is_asked_for_saved_as_a_letter_and_marked_when_overdue(
    page: DeskPage, qtbot: QtBot, tmp_path: Path
) -> None:
    view = at(page, "A-2", "m4")
    assert "Not asked for yet" in view.side.letter_state.text()
    view.side.ask.click()
    qtbot.waitUntil(lambda: view.side.save.isVisible(), timeout=WAIT_MS)
    settled(qtbot, page)
    with RoundStore.open(page.session.place, actor="test") as store:
        (notice,) = store.all(SupplementNotice)
    assert len(notice.missing) == 7

    view.presenter.save_letters(["A-2"], tmp_path / "letters")
    qtbot.waitUntil(lambda: (tmp_path / "letters" / "A-2_supplement.pdf").is_file(), timeout=WAIT_MS)
    settled(qtbot, page)
    assert (tmp_path / "letters" / "A-2_supplement.pdf").read_bytes().startswith(b"%PDF")

    row = view.matrix.matrix.row(1)._replace(overdue=True)
    view.model.replace_row(view.model.row(1), row)
    mark = view.model.mark(view.model.index(1, view.model.column_of("decision")))
    assert mark is not None
    assert mark.text.startswith("!")
    assert "overdue" in mark.words


def test_a_supplement_dropped_on_its_cell_is_taken_in(page: DeskPage, qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "新审计.pdf"
    file.write_bytes(b"%PDF-1.4")
    view = at(page, "A-2", "m4")
    place = view.matrix.visualRect(view.matrix.currentIndex()).center()
    dropped_at(view.matrix, place, file)

    qtbot.waitUntil(lambda: view.matrix.currentIndex().data() == "✓", timeout=WAIT_MS)
    settled(qtbot, page)
    assert view.side.why.text() == "新审计.pdf"


def test_the_matrix_is_filtered_by_what_is_to_be_done(page: DeskPage) -> None:
    view = view_of(page)

    view.table.show_filter("decide")
    assert [row.number for row in view.model.rows] == ["A-4"]
    view.table.show_filter("supplement")
    assert [row.number for row in view.model.rows] == ["A-2"]


def test_another_section_leads_to_an_application(page: DeskPage, qtbot: QtBot) -> None:
    page.presenter.go_to("overview")
    page.presenter.go_to("screening", "A-4")
    settled(qtbot, page)

    cell = view_of(page).matrix.current_cell()
    assert cell is not None
    assert (cell[0].number, cell[1]) == ("A-4", "decision")


def test_a_round_without_applications_leads_to_their_import(program: Application, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "round.qround"
    value = Round(
        "round", YEAR, "评价", "局", "zh_CN", Policy(tie_break=("P", "Q")), RUBRIC.digest, "PEM", "age1", None
    )
    RoundStore.create(path, value, RUBRIC, actor="li@office").close()
    page = opened(qtbot, program, path, "screening")
    view = view_of(page)
    assert not view.accept.isEnabled()

    view.presenter.wanted.emit("applications", None)

    assert page.presenter.section == "applications"


def test_the_printing_desk_opens_at_the_letter_of_what_is_chosen_and_leads_back_here(
    program: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    view = at(opened(qtbot, program, make_round(tmp_path), "screening"), WAITING, "decision")
    view.side.print.click()

    printing = wait_for_page(qtbot, program, PrintingPage)
    qtbot.waitUntil(lambda: bool(printing.presenter.listed), timeout=WAIT_MS)
    assert [(one.kind.value, one.application) for one in printing.presenter.listed] == [("letter", WAITING)]
    assert printing.choice.kinds.model.checked == {"letter"}
    assert printing.choice.applications.model.checked == {WAITING}

    printing.back.click()
    back = wait_for_page(qtbot, program, DeskPage)
    qtbot.waitUntil(lambda: back.session.open_round is not None, timeout=WAIT_MS)
    settled(qtbot, back)
    assert back.presenter.section == "screening"
    assert isinstance(back.view, ScreeningView)
