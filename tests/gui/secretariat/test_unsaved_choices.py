"""What was chosen in a section and is not kept yet is there when one comes back, whatever the window did meanwhile."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QDate
from pytestqt.qtbot import QtBot

from qisp_desktop.domain.screening import ScreeningStatus
from qisp_desktop.gui.app import Application
from qisp_desktop.gui.secretariat.collecting.view import CollectingView
from qisp_desktop.gui.secretariat.desk_page import DeskPage
from qisp_desktop.gui.secretariat.experts.view import ExpertsView
from qisp_desktop.gui.secretariat.issuing.view import IssuingView
from qisp_desktop.gui.secretariat.results.view import ResultsView
from qisp_desktop.gui.secretariat.screening.view import ScreeningView
from qisp_desktop.services.collecting import collect
from tests.gui.samples import OFFICE_PASSPHRASE, IssuedRound
from tests.gui.secretariat.desks import WAIT_MS, copied, opened, settled
from tests.gui.secretariat.returned import Returned
from tests.unit.services.paper_rounds import WAITING, make_round

CHOSEN = QDate(2027, 9, 9)


@pytest.fixture
def own(issued: IssuedRound, tmp_path: Path) -> Path:
    """A copy of the issued round that the test may change."""
    return copied(issued.round, tmp_path)


def away_and_back(qtbot: QtBot, program: Application, page: DeskPage) -> None:
    """Look at the overview while the theme changes and the round is read anew, then come back."""
    section = page.presenter.section
    page.presenter.go_to("overview")
    settled(qtbot, page)
    program.settings.theme = "light" if program.settings.theme == "dark" else "dark"
    page.session.changed.emit()
    settled(qtbot, page)
    page.presenter.go_to(section)
    settled(qtbot, page)


@pytest.fixture
def screening(program: Application, qtbot: QtBot, tmp_path: Path) -> tuple[DeskPage, ScreeningView]:
    page = opened(qtbot, program, make_round(tmp_path), "screening")
    view = cast(ScreeningView, page.view)
    assert view.matrix.go_to_cell(lambda row: row.number == WAITING, "m1")
    return page, view


def test_a_day_of_acceptance_that_is_not_recorded_yet_stays(
    program: Application, qtbot: QtBot, screening: tuple[DeskPage, ScreeningView]
) -> None:
    page, view = screening
    before = view.day.day
    view.day.setDate(CHOSEN)
    away_and_back(qtbot, program, page)
    assert cast(ScreeningView, page.view).day.date() == CHOSEN

    view = cast(ScreeningView, page.view)
    view.accept.click()
    qtbot.waitUntil(lambda: "Accepted on 2027-09-09" in view.clock.text(), timeout=WAIT_MS)
    settled(qtbot, page)
    assert view.is_spare(), "it is recorded"
    view.presenter.accept(before)
    qtbot.waitUntil(lambda: view.day.day == before, timeout=WAIT_MS)
    settled(qtbot, page)


def test_the_day_of_a_letter_that_is_not_written_yet_stays_with_its_application(
    program: Application, qtbot: QtBot, screening: tuple[DeskPage, ScreeningView]
) -> None:
    page, view = screening
    proposed = view.side.day.date()
    view.side.day.setDate(CHOSEN)
    away_and_back(qtbot, program, page)
    view = cast(ScreeningView, page.view)
    assert view.side.day.date() == CHOSEN
    view.side.ask.click()
    qtbot.waitUntil(lambda: "2027-09-09" in view.side.letter_state.text(), timeout=WAIT_MS)
    settled(qtbot, page)
    assert view.is_spare()

    view.side.day.setDate(CHOSEN.addDays(1))
    assert view.matrix.go_to_cell(lambda row: row.number != WAITING, "m1")
    assert view.side.day.date() == proposed, "the other application has a day of its own"


def test_a_decision_without_its_reason_yet_stays(
    program: Application, qtbot: QtBot, screening: tuple[DeskPage, ScreeningView]
) -> None:
    page, view = screening
    view.side.choices.buttons[ScreeningStatus.REFUSED.value].click()
    away_and_back(qtbot, program, page)
    assert cast(ScreeningView, page.view).side.choices.key == ScreeningStatus.REFUSED.value


def test_a_replacement_by_lot_that_waits_for_its_reason_stays(program: Application, qtbot: QtBot, own: Path) -> None:
    page = opened(qtbot, program, own, "experts")
    view = cast(ExpertsView, page.view)
    view.cell.replace_wanted.emit("E001", "")
    view.replace.lot.setChecked(True)
    away_and_back(qtbot, program, page)
    view = cast(ExpertsView, page.view)
    assert view.replace.isVisible()
    assert view.replace.lot.isChecked()
    view.replace.leave.click()
    assert view.is_spare()


def test_an_assignment_that_is_proposed_and_not_taken_yet_stays(program: Application, qtbot: QtBot, own: Path) -> None:
    page = opened(qtbot, program, own, "experts")
    view = cast(ExpertsView, page.view)
    view.assign.click()
    view.auto.readers.setValue(4)
    view.auto.preview.click()
    qtbot.waitUntil(view.auto.outcome.isVisible, timeout=WAIT_MS)
    words = view.auto.outcome.text()
    away_and_back(qtbot, program, page)
    view = cast(ExpertsView, page.view)
    assert view.auto.outcome.isVisible()
    assert view.auto.outcome.text() == words


def test_the_fields_ticked_for_a_new_expert_stay(program: Application, qtbot: QtBot, own: Path) -> None:
    page = opened(qtbot, program, own, "experts")
    view = cast(ExpertsView, page.view)
    view.mode.buttons["panel"].click()
    view.add.click()
    field = next(iter(view.panel.form.fields))
    view.panel.form.fields[field].click()
    away_and_back(qtbot, program, page)
    view = cast(ExpertsView, page.view)
    assert view.panel.form.isVisible()
    assert view.panel.form.fields[field].isChecked()


def test_who_is_to_be_issued_to_again_stays_chosen(
    program: Application, qtbot: QtBot, own: Path, issued: IssuedRound
) -> None:
    page = opened(qtbot, program, own, "issuing")
    view = cast(IssuingView, page.view)
    view.table.go_to(lambda line: line.expert.id == issued.expert)
    view.again.click()
    away_and_back(qtbot, program, page)
    view = cast(IssuingView, page.view)
    assert view.again_card.isVisible()
    assert issued.expert in view.again_card.effect.text()


def test_freezing_without_signing_the_trail_stays_chosen(program: Application, qtbot: QtBot, own: Path) -> None:
    page = opened(qtbot, program, own, "results")
    view = cast(ResultsView, page.view)
    view.freeze.click()
    view.freeze_card.signed.setChecked(False)
    away_and_back(qtbot, program, page)
    view = cast(ResultsView, page.view)
    assert view.freeze_card.isVisible()
    assert not view.freeze_card.signed.isChecked()


def test_a_content_of_a_conflict_that_is_chosen_without_its_reason_yet_stays(
    program: Application, qtbot: QtBot, own: Path, returned: Returned
) -> None:
    collect(own, [returned.first, returned.rival], passphrase=OFFICE_PASSPHRASE)
    page = opened(qtbot, program, own)
    page.presenter.go_to("collecting", returned.contested)
    settled(qtbot, page)
    view = cast(CollectingView, page.view)
    qtbot.waitUntil(lambda: bool(view.conflicts.comparison.choices), timeout=WAIT_MS)
    view.conflicts.comparison.choices[1].click()
    away_and_back(qtbot, program, page)
    assert page.view is view
    assert view.conflicts.comparison.choices[1].isChecked()


def test_files_that_wait_for_the_passphrase_are_still_asked_for(
    program: Application, qtbot: QtBot, own: Path, returned: Returned
) -> None:
    page = opened(qtbot, program, own, "collecting")
    cast(CollectingView, page.view).presenter.collect([returned.first])
    away_and_back(qtbot, program, page)
    view = cast(CollectingView, page.view)
    assert view.gate.isVisible()
    assert view.presenter.waiting == 1
