"""The sheet of one expert: what is missing, what cannot stand, and what a received sheet must satisfy."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qisp_desktop.domain.score_sheet import (
    LONGEST_REMARK,
    DraftSheet,
    Evidence,
    ItemScore,
    ScoreSheet,
    empty_draft,
    missing_items,
    points_problem,
    reopened,
    sheet_problem,
)
from tests.unit.domain.values import rubric, sheet

D = Decimal
RUBRIC = rubric()  # P1 12, P2 8, Q1 10
GOOD = sheet(RUBRIC, ["12", "6.5", "10"])


def item(sheet: ScoreSheet, n: int, **changes: object) -> ScoreSheet:
    """The sheet with one item changed and the total of what its items then say."""
    items = list(sheet.items)
    items[n] = replace(items[n], **changes)  # type: ignore[arg-type]
    total = sum((one.points for one in items if one.points is not None), D(0))
    return replace(sheet, items=tuple(items), total=total)


def test_a_complete_sheet_of_the_round_has_no_problem() -> None:
    assert sheet_problem(GOOD, RUBRIC) == ""
    later = replace(GOOD, revision=2, previous=GOOD.digest, reason="评语补充")
    assert sheet_problem(later, RUBRIC) == ""


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        (replace(GOOD, rubric="0" * 64), "it was scored with another rubric"),
        (replace(GOOD, revision=0), "its revision does not fit what it says of the one before"),
        (replace(GOOD, revision=2), "its revision does not fit what it says of the one before"),
        (replace(GOOD, previous="0" * 64), "its revision does not fit what it says of the one before"),
        (replace(GOOD, items=GOOD.items[:2]), "its criteria are not those of the rubric"),
        (replace(GOOD, items=GOOD.items[::-1]), "its criteria are not those of the rubric"),
        (replace(GOOD, items=GOOD.items + GOOD.items[:1]), "its criteria are not those of the rubric"),
        (item(GOOD, 1, points=None), "P2: no score"),
        (item(GOOD, 1, points=D("8.5")), "P2: 8.5 is outside 0 to 8"),
        (item(GOOD, 1, points=D("-0.5")), "P2: -0.5 is outside 0 to 8"),
        (item(GOOD, 1, points=D("6.4")), "P2: 6.4 is not a multiple of 0.5"),
        (item(GOOD, 1, points=D("4.5"), remark=" \n"), "P2: a score under 4.8 needs a remark"),
        (item(GOOD, 1, remark="长" * (LONGEST_REMARK + 1)), "P2: the remark is too long"),
        (item(GOOD, 1, evidence=(Evidence("0" * 64, "a.pdf", -1),)), "P2: a citation names no page"),
        (replace(GOOD, total=D("28")), "its total 28 is not the sum of its scores 28.5"),
    ],
)
def test_a_received_sheet_that_does_not_fit_is_refused_with_the_reason(bad: ScoreSheet, problem: str) -> None:
    assert sheet_problem(bad, RUBRIC) == problem


def test_a_high_score_needs_no_remark_and_a_low_one_with_a_remark_is_fine() -> None:
    assert sheet_problem(item(GOOD, 1, points=D("5"), remark=""), RUBRIC) == ""
    assert sheet_problem(item(GOOD, 1, points=D("0"), evidence=(Evidence("0" * 64, "a.jpg", 0),)), RUBRIC) == ""


@given(st.lists(st.integers(-10, 100), min_size=3, max_size=3))
def test_a_sheet_is_accepted_exactly_when_each_of_its_scores_can_stand(quarters: list[int]) -> None:
    points = [D(n) / 4 for n in quarters]
    fits = all(
        0 <= one <= criterion.maximum and one % D("0.5") == 0
        for one, criterion in zip(points, RUBRIC.criteria, strict=True)
    )
    assert (sheet_problem(sheet(RUBRIC, points), RUBRIC) == "") == fits
    problems = [points_problem(c, RUBRIC, one) for c, one in zip(RUBRIC.criteria, points, strict=True)]
    assert (not any(problems)) == fits


@pytest.mark.parametrize("points", ["NaN", "Infinity", "-Infinity", "1E+999999", "-1", "12.5", "12.000001"])
def test_points_outside_the_range_are_named_with_it(points: str) -> None:
    problem = points_problem(RUBRIC.by_code["P1"], RUBRIC, D(points))
    assert problem == f"P1: {points} is outside 0 to 12"


@pytest.mark.parametrize("points", ["0.1", "1E-999999", "11.999999999999999999999999999999999999999"])
def test_points_off_the_step_are_named_with_it(points: str) -> None:
    problem = points_problem(RUBRIC.by_code["P1"], RUBRIC, D(points))
    assert problem == f"P1: {points[:20]} is not a multiple of 0.5"


@pytest.mark.parametrize("points", ["0", "-0", "0.5", "12", "12.0"])
def test_points_on_the_step_within_the_range_can_stand(points: str) -> None:
    assert points_problem(RUBRIC.by_code["P1"], RUBRIC, D(points)) == ""


def test_what_is_missing_is_listed_in_the_order_of_the_rubric() -> None:
    items = (ItemScore("P1", None, "", ()), ItemScore("P2", D("4.5"), "", ()), ItemScore("Q1", D(6), "", ()))
    assert missing_items(items, RUBRIC) == ["P1: no score", "P2: a score under 4.8 needs a remark"]
    assert missing_items(GOOD.items, RUBRIC) == []


def test_an_empty_draft_has_every_criterion_no_points_and_has_not_been_started() -> None:
    draft = empty_draft("A-1", RUBRIC)
    assert tuple(one.criterion for one in draft.items) == RUBRIC.codes
    assert (draft.total, draft.started, draft.revision, draft.previous) == (Decimal(0), False, 1, "")
    assert missing_items(draft.items, RUBRIC) == ["P1: no score", "P2: no score", "Q1: no score"]


@pytest.mark.parametrize(
    "change", [{"points": D(0)}, {"remark": "待核"}, {"evidence": (Evidence("0" * 64, "1.pdf", 3),)}]
)
def test_a_draft_has_been_started_with_the_first_score_remark_or_citation(change: dict[str, object]) -> None:
    draft = empty_draft("A-1", RUBRIC)
    first = replace(draft.items[0], **change)  # type: ignore[arg-type]
    assert replace(draft, items=(first, *draft.items[1:])).started


def test_the_total_of_a_draft_is_the_sum_of_what_is_scored() -> None:
    draft = DraftSheet("A-1", 1, "", "", (ItemScore("P1", D("3.5"), "", ()), ItemScore("P2", None, "", ())))
    assert draft.total == D("3.5")


def test_reopening_a_signed_sheet_starts_the_next_revision_from_what_was_signed() -> None:
    draft = reopened(GOOD, "专家组讨论后调整")
    assert (draft.application, draft.revision, draft.previous) == ("A-1", 2, GOOD.digest)
    assert (draft.reason, draft.items) == ("专家组讨论后调整", GOOD.items)


def test_a_sheet_is_known_by_expert_and_application_and_each_content_by_its_digest() -> None:
    assert GOOD.identity == ("E001", "A-1")
    assert item(GOOD, 0, remark="另一评语").digest != GOOD.digest
