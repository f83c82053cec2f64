"""Somebody else in the place of who cannot read on: chosen or by lot; and what a late recusal costs."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import using
from qisp_desktop.documents.round_report import render_round_report
from qisp_desktop.domain.desk_records import Draw, Replacement, drawn
from qisp_desktop.domain.inspection import InspectionPlan
from qisp_desktop.domain.panel import AssignedBy
from qisp_desktop.services.assigning import assign, change_by_hand, plan_inspection
from qisp_desktop.services.excluding import exclude
from qisp_desktop.services.panel_words import recusal_words, replacement_words, suggestion_words
from qisp_desktop.services.paper_data import gather
from qisp_desktop.services.paper_scores import enter
from qisp_desktop.services.replacing import draw_holds, draw_lots, late_recusals, replace_expert
from qisp_desktop.services.results import compute, read_round
from qisp_desktop.services.round_reports import round_report
from qisp_desktop.services.steps import Step, take
from qisp_desktop.store.round_store import RoundStore
from tests.unit.domain.values import inspection, sheet
from tests.unit.services.panel_rounds import (
    APPLICATIONS,
    KINSMAN,
    RUBRIC,
    board,
    issue_all,
    put,
    readers,
    sign,
    step_back,
)

REASON = "因病退出"


# ---------------------------------------------------------------------------------------------------------- the draw


def test_a_draw_can_be_repeated_by_anybody() -> None:
    # printf '00112233445566778899aabbccddeeff:E001,E003,E004' | sha256sum  →  …, mod 3
    draw = Draw(("E001", "E003", "E004"), "00112233445566778899aabbccddeeff")
    assert drawn(draw) == "E003"


def test_nobody_can_be_drawn_among_nobody() -> None:
    with pytest.raises(ValueError, match="nobody"):
        drawn(Draw((), "00"))


@given(st.sets(st.from_regex(r"E[0-9]{3}", fullmatch=True), min_size=1, max_size=9))
def test_lots_are_drawn_among_all_candidates_in_order_with_a_seed_of_their_own(candidates: set[str]) -> None:
    draw = draw_lots(sorted(candidates, reverse=True))
    assert draw.candidates == tuple(sorted(candidates))
    assert len(bytes.fromhex(draw.seed)) == 16
    assert drawn(draw) in candidates
    assert draw_lots(sorted(candidates)).seed != draw.seed


# ------------------------------------------------------------------------------------------------------- late recusals


def test_a_late_recusal_says_the_lost_quorum_and_suggests_who_has_least_to_do(store: RoundStore) -> None:
    change_by_hand(store, give=[("E005", "A-2")])
    step_back(store, "E001", "A-1")

    (late,) = late_recusals(board(store))

    assert late.quorum_lost
    assert recusal_words(late) == "Quorum lost: 2 valid sheets are possible, a result needs 3."
    assert [one.expert for one in late.candidates] == ["E004", "E005"]
    assert "Suggested: E004" in suggestion_words(late)
    with using("zh_CN"):
        assert "2 份" in recusal_words(late)


def test_a_late_recusal_that_costs_nothing_says_so(store: RoundStore) -> None:
    change_by_hand(store, give=[("E004", "A-1")])
    step_back(store, "E001", "A-1")
    (late,) = late_recusals(board(store))
    assert not late.quorum_lost
    assert recusal_words(late) == "3 valid sheets are still possible, a result needs 3."


def test_a_replaced_recusal_is_settled(store: RoundStore) -> None:
    step_back(store, "E001", "A-1")
    replace_expert(store, "E001", ["A-1"], arriving="E004", reason="申明回避")
    assert late_recusals(board(store)) == ()


def test_where_nobody_is_left_to_suggest_that_is_said(store: RoundStore) -> None:
    for one in ("E004", KINSMAN):
        exclude(store, one, "A-1", reason="利益关系")
    step_back(store, "E001", "A-1")
    (late,) = late_recusals(board(store))
    assert late.candidates == ()
    assert "invite another expert" in suggestion_words(late)


# -------------------------------------------------------------------------------------------------------- replacing


def test_a_chosen_replacement_is_assigned_by_hand_and_recorded(store: RoundStore) -> None:
    issue_all(store)

    report = replace_expert(store, "E001", ["A-1"], arriving="E004", reason=REASON)

    held = board(store)
    assert held.readers["A-1"] == ("E002", "E003", "E004")
    assert held.assigned["E004", "A-1"] is AssignedBy.HAND
    made = store.get(Replacement, "A-1", "E001")
    assert made is not None
    assert (made.arriving, made.reason, made.draw) == ("E004", REASON, None)
    assert report.to_reissue == ("E001",)
    assert report.to_issue == ("E004",)
    take(store, report.step.reversed)
    assert readers(store, "A-1") == ("E001", "E002", "E003")
    assert store.get(Replacement, "A-1", "E001") is None


def test_a_drawn_replacement_can_be_verified_and_stands_in_the_trail_in_full(store: RoundStore) -> None:
    report = replace_expert(store, "E001", ["A-1"], reason=REASON)

    (made,) = report.replacements
    assert made.draw is not None
    assert made.draw.candidates == ("E004", "E005")
    assert made.arriving in readers(store, "A-1")
    assert draw_holds(made)
    other = "E005" if made.arriving == "E004" else "E004"
    assert not draw_holds(replace(made, arriving=other))
    assert not draw_holds(replace(made, draw=replace(made.draw, candidates=made.draw.candidates[::-1])))
    (noted,) = [event for event in store.audit_events() if event.action == "draw"]
    assert noted.subject == "replacement:A-1/E001"
    assert noted.detail == f"{made.draw.seed} E004,E005 {made.arriving}"
    what, more = replacement_words(report)
    assert made.arriving in what
    assert made.draw.seed in more


def test_who_works_for_an_applicant_is_not_drawn_for_it(store: RoundStore) -> None:
    report = replace_expert(store, "E001", ["A-3"], reason=REASON)
    assert [one.arriving for one in report.replacements] == ["E004"]


def test_all_that_somebody_reads_is_passed_on_and_what_nobody_can_read_stays(store: RoundStore) -> None:
    exclude(store, "E004", "A-3", reason="利益关系")

    report = replace_expert(store, "E001", reason=REASON)

    assert {one.application for one in report.replacements} == {"A-1", "A-2"}
    assert report.kept == ("A-3",)
    assert "E001" in readers(store, "A-3")
    assert "Nobody else can read A-3" in replacement_words(report)[1]


def test_who_left_the_panel_is_neither_suggested_nor_assigned_again(store: RoundStore) -> None:
    replace_expert(store, "E001", arriving="E004", reason=REASON)

    held = board(store)
    assert held.withdrawn == {"E001"}
    assert all("E001" not in [one.expert for one in held.candidates(number)] for number in APPLICATIONS)
    assign(store, per_application=3)
    assert all("E001" not in readers(store, number) for number in APPLICATIONS)


def test_who_is_replaced_for_an_interest_stays_on_the_panel(store: RoundStore) -> None:
    change_by_hand(store, take_away=[("E001", "A-2"), ("E001", "A-3")])
    step_back(store, "E001", "A-1")
    replace_expert(store, "E001", ["A-1"], arriving="E005", reason="申明回避")
    assert board(store).withdrawn == frozenset()


def test_a_signed_sheet_of_who_leaves_stays_and_counts_no_longer(store: RoundStore) -> None:
    for one in ("E001", "E002", "E003"):
        sign(store, one, "A-1")

    report = replace_expert(store, "E001", ["A-1"], arriving="E004", reason=REASON)

    assert report.sheets_out == ("A-1",)
    (result,) = [one for one in compute(read_round(store)).results if one.number == "A-1"]
    assert list(result.sheet_totals) == ["E002", "E003"]
    assert result.status.value == "quorum_not_met"
    sign(store, "E004", "A-1")
    (result,) = [one for one in compute(read_round(store)).results if one.number == "A-1"]
    assert list(result.sheet_totals) == ["E002", "E003", "E004"]


def test_a_replacement_is_not_undone_once_the_newcomer_has_signed(store: RoundStore) -> None:
    report = replace_expert(store, "E001", ["A-1"], arriving="E004", reason=REASON)
    for one in ("E002", "E003", "E004"):
        sign(store, one, "A-1")
    head = store.audit_head()

    with pytest.raises(UserError, match="work that has come in would count no longer") as refused:
        take(store, report.step.reversed)

    assert "E004 × A-1" in refused.value.why
    assert store.audit_head() == head
    (result,) = [one for one in compute(read_round(store)).results if one.number == "A-1"]
    assert list(result.sheet_totals) == ["E002", "E003", "E004"]


def test_a_replacement_is_not_undone_once_scores_of_the_newcomer_were_entered_from_paper(store: RoundStore) -> None:
    report = replace_expert(store, "E001", ["A-1"], arriving="E004", reason=REASON)
    items = sheet(RUBRIC, [c.maximum for c in RUBRIC.criteria], "E004", "A-1").items
    enter(store, "E004", "A-1", items, clerk="李")

    with pytest.raises(UserError, match="count no longer"):
        take(store, report.step.reversed)


def test_a_replacement_is_not_undone_once_the_newcomer_has_been_on_site(store: RoundStore) -> None:
    plan_inspection(store, "A-1", ["E001", "E002"])
    report = replace_expert(store, "E001", ["A-1"], arriving="E004", reason=REASON)
    put(store, inspection(RUBRIC, expert="E004", application="A-1"))

    with pytest.raises(UserError, match="E004 × A-1"):
        take(store, report.step.reversed)


def test_what_was_given_by_hand_is_undone_where_the_visit_counts_all_the_same(store: RoundStore) -> None:
    plan_inspection(store, "A-1", ["E004"])
    given = change_by_hand(store, give=[("E004", "A-1")]).step
    put(store, inspection(RUBRIC, expert="E004", application="A-1"))

    take(store, given.reversed)

    assert "E004" not in readers(store, "A-1")
    with pytest.raises(UserError, match="count no longer"):
        take(store, Step("plan inspection", (InspectionPlan("A-1", ("E004",)),), ()))


def test_a_replacement_is_undone_where_the_newcomer_stepped_back_from_what_was_signed(store: RoundStore) -> None:
    report = replace_expert(store, "E001", ["A-1"], arriving="E004", reason=REASON)
    sign(store, "E004", "A-1")
    step_back(store, "E004", "A-1")

    take(store, report.step.reversed)

    assert readers(store, "A-1") == ("E001", "E002", "E003")


def test_a_replacement_is_not_done_again_once_who_left_has_signed_after_all(store: RoundStore) -> None:
    report = replace_expert(store, "E001", ["A-1"], arriving="E004", reason=REASON)
    take(store, report.step.reversed)
    sign(store, "E001", "A-1")

    with pytest.raises(UserError, match="count no longer"):
        take(store, report.step)
    assert replace_expert(store, "E001", ["A-1"], arriving="E004", reason=REASON).sheets_out == ("A-1",)


def test_the_seat_in_a_visit_goes_along_unless_the_visit_is_done(store: RoundStore) -> None:
    for number in ("A-1", "A-2"):
        plan_inspection(store, number, ["E001", "E002"])
    put(store, inspection(RUBRIC, application="A-2"))

    replace_expert(store, "E001", ["A-1", "A-2"], arriving="E004", reason=REASON)

    assert board(store).plans["A-1"] == InspectionPlan("A-1", ("E004", "E002"))
    assert board(store).plans["A-2"] == InspectionPlan("A-2", ("E001", "E002")), "the record that came back counts"


@pytest.mark.parametrize(
    ("leaving", "numbers", "arriving", "why"),
    [
        ("E001", ["A-3"], KINSMAN, "same credit code"),
        ("E001", ["A-1"], "E002", "assigned already"),
        ("E001", ["A-1"], "E001", "cannot replace themselves"),
        ("E001", ["A-1"], "E999", "There is no expert E999"),
        ("E999", [], "E004", "There is no expert E999"),
        ("E004", [], "E005", "E004 reads nothing"),
        ("E004", ["A-1"], "E005", "A-1 is not assigned to E004"),
        ("E001", ["A-7"], "E004", "There is no application A-7"),
    ],
)
def test_a_replacement_that_cannot_be_is_refused_and_changes_nothing(
    store: RoundStore, leaving: str, numbers: list[str], arriving: str, why: str
) -> None:
    head = store.audit_head()
    with pytest.raises(UserError, match=why):
        replace_expert(store, leaving, numbers, arriving=arriving, reason=REASON)
    assert store.audit_head() == head


def test_a_replacement_needs_a_reason(store: RoundStore) -> None:
    with pytest.raises(UserError, match="A reason is needed"):
        replace_expert(store, "E001", ["A-1"], arriving="E004", reason="")


def test_where_nobody_can_take_any_of_it_nothing_is_done(store: RoundStore) -> None:
    exclude(store, "E004", "A-3", reason="利益关系")
    with pytest.raises(UserError, match="Nobody can take the place of E001"):
        replace_expert(store, "E001", ["A-3"], reason=REASON)


def test_the_round_report_shows_who_replaced_whom_and_what_repeats_the_draw(store: RoundStore, tmp_path: Path) -> None:
    exclude(store, "E005", "A-2", reason="曾为其顾问")
    report = replace_expert(store, "E001", ["A-1"], reason=REASON)
    (made,) = report.replacements
    assert made.draw is not None

    printed = round_report(gather(store))

    (line,) = printed.replaced
    assert (line.application, line.arriving.split()[0], line.reason) == ("A-1", made.arriving, REASON)
    assert made.draw.seed in line.how
    assert "秘书处排除" in [one.ground for one in printed.stepped_back]
    pdf = tmp_path / "report.pdf"
    pdf.write_bytes(render_round_report(printed))
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True).stdout.decode()
    assert "专家替换" in text
    assert "SHA-256" in text
