"""A visit is written on site: judged, photographed, signed, and kept with every change."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from qisp_desktop.domain.inspection import Overall, Verdict
from qisp_desktop.domain.regulation import RecusalGround
from qisp_desktop.gui.app import Application
from qisp_desktop.gui.panel.desk.page import DeskPage
from qisp_desktop.gui.panel.inspection.fields import parse_day
from qisp_desktop.gui.panel.inspection.view import InspectionView
from tests.gui.desk_rounds import view_of
from tests.gui.inspection.acts import LEFT, judge_everything, kept
from tests.gui.program import wait_for_page
from tests.gui.samples import IssuedRound


def test_the_planned_visit_is_offered_first_and_says_what_it_misses_once_it_is_begun(
    view: InspectionView, planned: IssuedRound, qtbot: QtBot
) -> None:
    assert view.presenter.number == planned.numbers[0]
    assert view.choice.currentText().endswith("(planned)")
    assert view.missing.text() == ""

    qtbot.mouseClick(view.visit.day.today, LEFT)

    assert view.missing.text() == "Still missing: who received you, I1: no verdict, and 12 more"


def test_a_visit_is_written_by_keys_and_is_there_after_the_next_start(
    program: Application, view: InspectionView, planned: IssuedRound, workspace: Path, qtbot: QtBot
) -> None:
    qtbot.keyClicks(view.visit.day.line, "2026.7.3")
    qtbot.keyClicks(view.visit.received_by, "Lin  Zhiyuan ")
    first, second = list(view.checklist.rows.values())[:2]
    first.verdict.buttons[Verdict.CONFORM].setFocus()
    qtbot.keyClick(first.verdict.buttons[Verdict.CONFORM], Qt.Key.Key_1)
    qtbot.mouseClick(second.verdict.buttons[Verdict.OBSERVATION], LEFT)
    qtbot.keyClicks(second.note, "fees not displayed")
    qtbot.mouseClick(second.finding, LEFT)
    (finding,) = view.findings.rows
    assert finding.text.hasFocus()
    qtbot.keyClicks(finding.text, "No list of fees at the window.")
    qtbot.keyClick(view.visit.overall.buttons[Overall.PASS], Qt.Key.Key_Right)
    qtbot.keyClick(view.visit.overall.buttons[Overall.PASS], Qt.Key.Key_Right)
    program.go.home()
    qtbot.waitUntil(lambda: not program.tasks.busy, timeout=20_000)
    program.tasks.shut_down()

    draft = kept(planned, workspace)

    assert (draft.date, draft.received_by, draft.overall) == (date(2026, 7, 3), "Lin Zhiyuan", Overall.RECTIFY)
    assert [item.verdict for item in draft.items[:3]] == [Verdict.CONFORM, Verdict.OBSERVATION, None]
    assert draft.items[1].note == "fees not displayed"
    (found,) = draft.findings
    assert (found.text, found.item, found.photo) == ("No list of fees at the window.", second.item.code, "")
    assert found.at is not None


def test_a_change_is_durable_within_a_moment_and_the_header_says_when(
    page: DeskPage, view: InspectionView, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(view.presenter.desk.saved, timeout=2000):
        qtbot.mouseClick(view.visit.day.today, LEFT)

    assert page.saved.text().startswith("Saved ")


def test_undo_goes_through_the_visit_and_turns_to_it_from_anywhere(
    page: DeskPage, view: InspectionView, qtbot: QtBot
) -> None:
    row = next(iter(view.checklist.rows.values()))
    qtbot.mouseClick(row.verdict.buttons[Verdict.NONCONFORM], LEFT)
    qtbot.mouseClick(row.verdict.buttons[Verdict.CONFORM], LEFT)
    qtbot.keyClick(row.verdict.buttons[Verdict.CONFORM], Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert row.verdict.key == Verdict.NONCONFORM
    page.turn_to("")

    page.scoring.setFocus()
    qtbot.keyClick(page.scoring, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    again = view_of(page, InspectionView)
    assert [one.verdict.key for one in again.checklist.rows.values()] == [""] * 12


def test_undo_shows_the_visit_in_which_it_undoes(view: InspectionView, planned: IssuedRound, qtbot: QtBot) -> None:
    qtbot.mouseClick(view.visit.day.today, LEFT)
    view.presenter.select(planned.numbers[1])
    assert view.presenter.draft.date is None

    view.presenter.desk.undo()

    assert view.presenter.number == planned.numbers[0]
    assert view.visit.day.line.text() == ""


def test_a_finding_can_be_taken_away_and_brought_back(view: InspectionView, qtbot: QtBot) -> None:
    qtbot.mouseClick(view.findings.add, LEFT)
    qtbot.keyClicks(view.findings.rows[0].text, "first")
    qtbot.mouseClick(view.findings.add, LEFT)
    qtbot.keyClicks(view.findings.rows[1].text, "second")

    qtbot.mouseClick(view.findings.rows[0].remove, LEFT)
    assert [row.text.toPlainText() for row in view.findings.rows] == ["second"]
    view.presenter.desk.undo()

    assert [row.text.toPlainText() for row in view.findings.rows] == ["first", "second"]


def test_a_text_longer_than_can_be_kept_is_cut_and_the_form_goes_on(view: InspectionView, qtbot: QtBot) -> None:
    qtbot.mouseClick(view.findings.add, LEFT)

    view.findings.rows[0].text.setPlainText("长𬭚" * 40_000)

    assert len(view.presenter.draft.findings[0].text) == 10_000


def test_the_form_is_made_anew_in_another_language_with_all_that_was_entered(
    program: Application, view: InspectionView, qtbot: QtBot
) -> None:
    judge_everything(qtbot, view)

    program.settings.language = "zh_CN"

    again = view_of(wait_for_page(qtbot, program, DeskPage), InspectionView)
    assert again.visit.received_by.text() == "Lin Zhiyuan"
    assert again.checklist.rows["I1"].verdict.buttons[Verdict.CONFORM].text() == "符合"


def test_an_application_that_the_expert_stepped_back_from_cannot_be_inspected(
    page: DeskPage, view: InspectionView, planned: IssuedRound
) -> None:
    presenter = view.presenter.desk
    presenter.select(planned.numbers[0])

    presenter.recuse(RecusalGround.ADVISER, "曾任顾问")

    assert "stepped back" in view.state.what.text()
    assert not view.presenter.editable
    assert not view.gallery.files.isVisible()


def test_photos_and_signatures_stand_below_the_record_where_the_window_is_narrow(
    program: Application, view: InspectionView, qtbot: QtBot
) -> None:
    def stands_below() -> bool:
        origin = QPoint(0, 0)
        return view.gallery.mapTo(view, origin).x() == view.visit.mapTo(view, origin).x()

    assert not stands_below()
    program.window.resize(960, 600)
    qtbot.waitUntil(stands_below)
    program.window.resize(1366, 768)
    qtbot.waitUntil(lambda: not stands_below())


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-07-03", date(2026, 7, 3)),
        ("2026.7.3", date(2026, 7, 3)),
        ("2026年7月3日", date(2026, 7, 3)),
        ("2026/7/3", date(2026, 7, 3)),
        ("2026-07-03".translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)}), date(2026, 7, 3)),
        ("2026-02-30", None),
        ("26-7-3", None),
        ("July", None),
        ("9" * 1000, None),
    ],
)
def test_a_day_is_read_in_the_usual_spellings_and_nothing_else_is(typed: str, day: date | None) -> None:
    assert parse_day(typed) == day


def test_what_is_no_day_is_said_in_place_when_the_field_is_left(view: InspectionView, qtbot: QtBot) -> None:
    qtbot.keyClicks(view.visit.day.line, "2026-02-30")
    qtbot.keyClick(view.visit.day.line, Qt.Key.Key_Return)

    assert view.visit.day.wrong.text() == "This is no day; write it as 2026-07-03."
    assert view.presenter.draft.date is None
