"""Visits in the window: who goes, what came back, its photos, and what follows from it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from qisp_desktop.domain.inspection import Overall
from qisp_desktop.gui.app import Application
from qisp_desktop.gui.secretariat.desk_page import DeskPage
from qisp_desktop.gui.secretariat.inspections.view import InspectionsView
from qisp_desktop.services.assigning import plan_inspection
from qisp_desktop.services.collecting import collect
from qisp_desktop.services.desk_inspecting import inspect
from qisp_desktop.services.desk_opening import open_package
from qisp_desktop.services.desk_signing import sign
from qisp_desktop.services.sample import sample_inspection
from qisp_desktop.store.round_store import RoundStore
from tests.gui.samples import OFFICE_PASSPHRASE, IssuedRound
from tests.gui.secretariat.desks import copied, opened, settled
from tests.unit.domain.values import inspection
from tests.unit.services.panel_rounds import RUBRIC, issue_all, make_panel, put

A1 = "A-1"


@pytest.fixture
def round(tmp_path: Path) -> Path:
    """Three applications to visit, experts who have their packages."""
    path = tmp_path / "panel.qround"
    with make_panel(path) as store:
        issue_all(store)
    return path


@pytest.fixture(scope="module")
def visited(planned: IssuedRound, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A round whose planned visit has come back, with photos."""
    folder = tmp_path_factory.mktemp("visited")
    own = copied(planned.round, folder)
    with open_package(planned.package, folder / "E.qwork", planned.passphrase) as desk:
        inspect(desk, planned.numbers[0], sample_inspection(desk.rubric), planned.round.parent / "input" / "photos")
        sign(desk, folder / "returns", partial=True)
    collect(own, [folder / "returns"], passphrase=OFFICE_PASSPHRASE)
    return own


def inspections_view(qtbot: QtBot, program: Application, round: Path, number: str) -> tuple[DeskPage, InspectionsView]:
    program.window.resize(1366, 768)
    page = opened(qtbot, program, round, "inspections")
    view = cast(InspectionsView, page.view)
    assert view.table.go_to(lambda line: line.row.number == number)
    return page, view


def words(view: InspectionsView) -> str:
    return "\n".join(label.text() for card in view.cards for label in card.findChildren(QLabel))


def test_a_visit_is_planned_with_conflicts_kept_out_and_can_be_undone(
    program: Application, qtbot: QtBot, round: Path
) -> None:
    page, view = inspections_view(qtbot, program, round, "A-3")
    assert not view.party.boxes["E005"].isEnabled()
    assert "same credit code" in view.party.boxes["E005"].text()
    assert view.consequence.text() == "No visit is planned."

    view.party.boxes["E001"].click()
    qtbot.waitUntil(lambda: "has not come back" in view.consequence.text())
    settled(qtbot, page)
    assert "Issue again for E001" in view.banner.more.text()

    view.banner.action.click()
    qtbot.waitUntil(lambda: view.consequence.text() == "No visit is planned.")
    settled(qtbot, page)
    assert not view.party.boxes["E001"].isChecked()


@pytest.mark.parametrize(
    ("overall", "says"),
    [(Overall.RECTIFY, "put right within a time limit"), (Overall.FAIL, "not recommended, whatever its score")],
)
def test_what_a_verdict_means_for_the_recommendation_is_said(
    program: Application, qtbot: QtBot, round: Path, overall: Overall, says: str
) -> None:
    with RoundStore.open(round, actor="clerk", write=True) as store:
        put(store, inspection(RUBRIC, overall=overall), inspection(RUBRIC, expert="E002"))
    page, view = inspections_view(qtbot, program, round, A1)
    assert says in view.consequence.text(), "the severest verdict counts"
    assert len(view.cards) == 2
    settled(qtbot, page)


def test_two_versions_of_a_record_are_both_shown_and_neither_counts(
    program: Application, qtbot: QtBot, round: Path
) -> None:
    first = inspection(RUBRIC)
    with RoundStore.open(round, actor="clerk", write=True) as store:
        put(store, first, replace(first, received_by="另一人"))
    page, view = inspections_view(qtbot, program, round, A1)
    assert "neither counts" in view.consequence.text()
    assert words(view).count("one of two versions, does not count") == 2

    with RoundStore.open(round, actor="clerk", write=False):
        settled(qtbot, page)


def test_the_record_that_came_back_is_shown_with_its_photos_once_the_keys_are_there(
    program: Application, qtbot: QtBot, visited: Path, planned: IssuedRound, tmp_path: Path
) -> None:
    own = copied(visited, tmp_path)
    page, view = inspections_view(qtbot, program, own, planned.numbers[0])
    (card,) = view.cards
    assert "counts" in words(view)
    assert card.record.photos
    assert not card.gallery.isVisible()

    card.open.click()
    qtbot.waitUntil(view.gate.isVisible)
    view.gate.passphrase.setText(OFFICE_PASSPHRASE)
    view.gate.unlock.click()
    qtbot.waitUntil(card.gallery.isVisible, timeout=20_000)
    settled(qtbot, page)
    assert all(not tile.icon().isNull() for tile in card.tiles.values())

    next(iter(card.tiles.values())).click()
    qtbot.waitUntil(view.large.isVisible, timeout=20_000)
    assert not view.large.picture.pixmap().isNull()
    view.large.back.click()
    assert view.table.isVisible()

    page.keys.click()
    assert view.presenter.small == {}, "nothing decrypted lies open once the keys are locked"
    assert not card.gallery.isVisible()


def test_the_printing_desk_opens_at_the_records_of_what_is_chosen(
    program: Application, qtbot: QtBot, visited: Path, planned: IssuedRound, tmp_path: Path
) -> None:
    from qisp_desktop.gui.printing.page import PrintingPage
    from tests.gui.program import wait_for_page

    _page, view = inspections_view(qtbot, program, copied(visited, tmp_path), planned.numbers[0])
    view.print.click()
    printing = wait_for_page(qtbot, program, PrintingPage)
    qtbot.waitUntil(lambda: len(printing.presenter.listed) == 1)
    assert printing.presenter.listed[0].kind.value == "inspection"


def test_taking_somebody_out_says_first_whose_record_it_voids(program: Application, qtbot: QtBot, round: Path) -> None:
    with RoundStore.open(round, actor="clerk", write=True) as store:
        plan_inspection(store, A1, ["E004"])
        put(store, inspection(RUBRIC, expert="E004"))
    page, view = inspections_view(qtbot, program, round, A1)
    assert view.party.question.isHidden()

    view.party.boxes["E004"].click()
    assert view.party.question.isVisible()
    assert "E004 returned" in view.party.effect.text()
    assert "No record of the visit counts then." in view.party.effect.text()
    view.party.leave.click()
    assert view.party.boxes["E004"].isChecked()
    assert view.party.question.isHidden()
    assert page.presenter.session.open_round is not None

    view.party.boxes["E004"].click()
    view.party.confirm.click()
    qtbot.waitUntil(lambda: view.consequence.text() == "No visit is planned.")
    settled(qtbot, page)
    assert "does not count" in words(view)
    assert view.party.question.isHidden()

    view.banner.action.click()
    qtbot.waitUntil(lambda: "Passed" in view.consequence.text())
    settled(qtbot, page)
    assert view.party.boxes["E004"].isChecked()


def test_whose_record_counts_anyway_is_taken_out_without_a_question(
    program: Application, qtbot: QtBot, round: Path
) -> None:
    with RoundStore.open(round, actor="clerk", write=True) as store:
        plan_inspection(store, A1, ["E001", "E004"])
        put(store, inspection(RUBRIC))
    page, view = inspections_view(qtbot, program, round, A1)
    view.party.boxes["E001"].click()
    qtbot.waitUntil(lambda: "E004 will visit" in view.banner.what.text())
    settled(qtbot, page)
    assert view.party.question.isHidden()
    assert "Passed" in view.consequence.text(), "E001 scores the application too"
