"""From sheets to a result: the rules of 2-domain.md, held against plain rational arithmetic."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qisp_desktop.domain.aggregation import (
    Entry,
    Recommendation,
    Result,
    ResultStatus,
    deviations,
    dropped_experts,
    mean,
    ranking,
    results,
    round_half_up,
)
from qisp_desktop.domain.inspection import Overall
from qisp_desktop.domain.policy import Aggregate, Policy
from qisp_desktop.domain.screening import ScreeningStatus
from tests.unit.domain.values import rubric, sheet

RUBRIC = rubric(P=("12", "8"), C=("35",), Q=("20",), R=("25",))
PLAIN = Policy(aggregate=Aggregate.MEAN)
ACCEPTED = ScreeningStatus.ACCEPTED


def entry(number: str, *rows: Sequence[str | Decimal], **changes: object) -> Entry:
    sheets = tuple(sheet(RUBRIC, row, f"E{n:03d}", number) for n, row in enumerate(rows, start=1))
    value = Entry(number, f"单位{number}", ACCEPTED, sheets, False, (), False)
    return replace(value, **changes)  # type: ignore[arg-type]


def flat(total: str) -> list[str | Decimal]:
    """Scores for the five criteria that add up to ``total``, filled from the first criterion on."""
    left, row = Decimal(total), []
    for criterion in RUBRIC.criteria:
        row.append(min(left, criterion.maximum))
        left -= row[-1]
    return list(row)


def result_of(one: Entry, policy: Policy = Policy()) -> Result:  # noqa: B008  a frozen value
    return results([one], RUBRIC, policy)[0]


def half_steps(most: int) -> st.SearchStrategy[Decimal]:
    return st.integers(0, 2 * most).map(lambda n: Decimal(n) / 2)


ROWS = st.tuples(*(half_steps(int(criterion.maximum)) for criterion in RUBRIC.criteria)).map(list)
PANELS = st.lists(ROWS, min_size=3, max_size=12)


def exactly_rounded(value: Fraction) -> Decimal:
    """Half up to two decimals, by whole numbers only."""
    hundredths, rest = divmod(value * 100, 1)
    return Decimal(int(hundredths) + (rest >= Fraction(1, 2))).scaleb(-2)


# Laws -------------------------------------------------------------------------------------------------------------


@given(PANELS)
def test_a_trimmed_mean_is_the_rational_mean_of_what_is_left_after_dropping_the_ends_of_the_sorted_totals(
    rows: list[list[Decimal]],
) -> None:
    totals = sorted(sum(map(Fraction, row), Fraction(0)) for row in rows)
    kept = totals[1:-1] if len(totals) >= 5 else totals
    assert result_of(entry("A", *rows)).final == exactly_rounded(sum(kept, Fraction(0)) / len(kept))


@given(PANELS)
def test_a_plain_mean_counts_every_total(rows: list[list[Decimal]]) -> None:
    totals = [sum(map(Fraction, row), Fraction(0)) for row in rows]
    assert result_of(entry("A", *rows), PLAIN).final == exactly_rounded(sum(totals, Fraction(0)) / len(totals))


@given(PANELS)
def test_groups_and_criteria_are_rational_means_over_all_valid_sheets_even_when_totals_are_trimmed(
    rows: list[list[Decimal]],
) -> None:
    result = result_of(entry("A", *rows))
    columns = [sum(map(Fraction, column), Fraction(0)) / len(rows) for column in zip(*rows, strict=True)]
    assert list(result.criteria.values()) == [exactly_rounded(column) for column in columns]
    assert list(result.groups.values()) == [exactly_rounded(columns[0] + columns[1])] + [
        exactly_rounded(column) for column in columns[2:]
    ]


@given(PANELS, st.randoms(use_true_random=False))
def test_the_order_in_which_sheets_come_changes_nothing(rows: list[list[Decimal]], chance: random.Random) -> None:
    one = entry("A", *rows)
    shuffled = list(one.sheets)
    chance.shuffle(shuffled)
    assert result_of(replace(one, sheets=tuple(shuffled))) == result_of(one)


@given(st.lists(PANELS, min_size=1, max_size=8))
def test_a_rank_is_one_more_than_the_number_of_applications_that_are_better(panels: list[list[list[Decimal]]]) -> None:
    policy = Policy(tie_break=("P", "C", "Q", "R"))
    found = results([entry(f"A{n:02d}", *rows) for n, rows in enumerate(panels)], RUBRIC, policy)
    keys = {one.number: (one.final, *(one.groups[group] for group in policy.tie_break)) for one in found}
    for one in found:
        assert one.rank == 1 + sum(key > keys[one.number] for key in keys.values())


@given(st.dictionaries(st.from_regex(r"E[0-9]{3}", fullmatch=True), half_steps(100), min_size=2, max_size=12))
def test_a_deviation_is_flagged_exactly_when_a_total_is_farther_from_the_mean_of_the_others_than_allowed(
    totals: dict[str, Decimal],
) -> None:
    flagged = {one.expert: one for one in deviations(totals, Decimal(15))}
    for expert, total in totals.items():
        others = [Fraction(other) for name, other in totals.items() if name != expert]
        difference = Fraction(total) - sum(others, Fraction(0)) / len(others)
        assert (abs(difference) > 15) == (expert in flagged)
        if expert in flagged:
            assert abs(Fraction(flagged[expert].difference) - difference) <= Fraction(1, 200)
            assert abs(Fraction(flagged[expert].others_mean) - (Fraction(total) - difference)) <= Fraction(1, 200)


@given(st.fractions(min_value=0, max_value=100))
def test_rounding_goes_to_the_nearest_hundredth_and_halves_go_up(value: Fraction) -> None:
    assert round_half_up(value) == exactly_rounded(value)


# Edges ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        ("84.325", "84.33"),
        ("84.324999", "84.32"),
        ("84.335", "84.34"),
        ("0", "0.00"),
        ("0.005", "0.01"),
        ("100", "100.00"),
    ],
)
def test_halves_are_rounded_up_and_two_decimals_are_always_there(value: str, rounded: str) -> None:
    assert str(round_half_up(Fraction(value))) == rounded


def test_the_mean_of_thirds_is_rounded_once() -> None:
    assert mean([Decimal("83"), Decimal("83.5"), Decimal("83.5")]) == Decimal("83.33")


def test_exactly_one_highest_and_one_lowest_are_dropped_also_among_equals() -> None:
    one = entry("A", flat("90"), flat("90"), flat("90"), flat("60"), flat("60"))
    result = result_of(one)
    assert result.dropped == ("E001", "E004")
    assert result.final == Decimal("80.00")


def test_when_all_totals_are_equal_two_different_sheets_are_dropped() -> None:
    result = result_of(entry("A", *[flat("80.5")] * 5))
    assert result.dropped == ("E001", "E002")
    assert result.final == Decimal("80.50")


def test_below_the_trimming_minimum_nothing_is_dropped() -> None:
    assert result_of(entry("A", *[flat("80")] * 4)).dropped == ()


def test_a_plain_mean_drops_nothing() -> None:
    assert dropped_experts({f"E{n}": Decimal(n) for n in range(9)}, PLAIN) == ()


@pytest.mark.parametrize(("sheets", "status"), [(2, ResultStatus.QUORUM_NOT_MET), (3, ResultStatus.OK)])
def test_a_result_needs_as_many_valid_sheets_as_the_quorum(sheets: int, status: ResultStatus) -> None:
    result = result_of(entry("A", *[flat("80")] * sheets))
    assert result.status is status
    assert (result.final is None) == (result.rank is None) == (status is not ResultStatus.OK)


def test_without_any_sheet_there_are_no_means_and_the_missing_sheets_are_named() -> None:
    result = result_of(entry("A"))
    assert (result.groups, result.criteria, result.deviations) == ({}, {}, ())
    assert result.reasons == ("0 valid sheets, 3 needed",)
    assert result.recommendation is Recommendation.UNDECIDED


def test_a_single_sheet_is_counted_in_the_singular() -> None:
    assert result_of(entry("A", flat("80"))).reasons == ("1 valid sheet, 3 needed",)


def test_a_conflict_leaves_no_final_score_and_no_rank_whatever_the_sheets() -> None:
    result = result_of(entry("A", *[flat("90")] * 5, conflict=True))
    assert (result.status, result.final, result.rank, result.grade) == (ResultStatus.CONFLICT, None, None, None)
    assert result.recommendation is Recommendation.UNDECIDED


@pytest.mark.parametrize(
    ("screening", "status", "recommendation"),
    [
        (None, ResultStatus.NOT_SCREENED, Recommendation.UNDECIDED),
        (ScreeningStatus.TO_DECIDE, ResultStatus.NOT_SCREENED, Recommendation.UNDECIDED),
        (ScreeningStatus.TO_SUPPLEMENT, ResultStatus.NOT_SCREENED, Recommendation.UNDECIDED),
        (ScreeningStatus.REFUSED, ResultStatus.SCREENED_OUT, Recommendation.NOT_RECOMMENDED),
    ],
)
def test_what_the_formal_check_did_not_accept_has_no_result(
    screening: ScreeningStatus | None, status: ResultStatus, recommendation: Recommendation
) -> None:
    result = result_of(entry("A", *[flat("90")] * 5, screening=screening))
    assert (result.status, result.final, result.recommendation) == (status, None, recommendation)


@pytest.mark.parametrize(
    ("total", "recommendation", "grade"),
    [
        ("74.5", Recommendation.NOT_RECOMMENDED, None),
        ("75", Recommendation.RECOMMENDED, "C"),
        ("79.5", Recommendation.RECOMMENDED, "C"),
        ("80", Recommendation.RECOMMENDED, "B"),
        ("90", Recommendation.RECOMMENDED, "A"),
    ],
)
def test_the_pass_score_and_the_grades_begin_at_their_bounds(
    total: str, recommendation: Recommendation, grade: str | None
) -> None:
    result = result_of(entry("A", *[flat(total)] * 3))
    assert (result.recommendation, result.grade) == (recommendation, grade)


def test_the_rounded_score_is_what_is_compared_with_the_pass_score() -> None:
    rows = [flat("75")] * 198 + [flat("74.5")] * 2  # a mean of exactly 74.995
    assert result_of(entry("A", *rows), PLAIN).final == Decimal("75.00")
    assert result_of(entry("A", *rows), PLAIN).recommendation is Recommendation.RECOMMENDED


def test_every_reason_against_is_named_before_what_is_missing() -> None:
    result = result_of(entry("A", *[flat("50")] * 3, inspections=(Overall.PASS, Overall.FAIL), inspections_due=True))
    assert result.recommendation is Recommendation.NOT_RECOMMENDED
    assert result.reasons == (
        "final score 50.00 is below the pass score 75",
        "the site inspection failed",
        "a planned site inspection has not come back",
    )


def test_a_planned_inspection_that_has_not_come_back_leaves_the_recommendation_open() -> None:
    result = result_of(entry("A", *[flat("90")] * 3, inspections_due=True))
    assert result.recommendation is Recommendation.UNDECIDED
    assert result.final == Decimal("90.00")


def test_an_inspection_that_asks_for_rectification_does_not_stand_against() -> None:
    result = result_of(entry("A", *[flat("90")] * 3, inspections=(Overall.RECTIFY,)))
    assert result.recommendation is Recommendation.RECOMMENDED


def test_ties_are_broken_by_the_groups_in_the_order_of_the_policy() -> None:
    strong_in_p: list[str | Decimal] = ["12", "8", "20", "20", "20"]
    strong_in_c: list[str | Decimal] = ["10", "0", "35", "20", "15"]
    entries = [entry("A", *[strong_in_c] * 3), entry("B", *[strong_in_p] * 3)]
    by_p = results(entries, RUBRIC, Policy(tie_break=("P", "C", "Q", "R")))
    by_c = results(entries, RUBRIC, Policy(tie_break=("C", "P")))
    assert [one.rank for one in by_p] == [2, 1]
    assert [one.rank for one in by_c] == [1, 2]


def test_what_is_still_equal_shares_a_rank_and_the_next_one_is_skipped() -> None:
    entries = [entry("D", *[flat("70")] * 3), entry("A", *[flat("90")] * 3)]
    entries += [entry("C", *[flat("80")] * 3), entry("B", *[flat("80")] * 3), entry("E")]
    found = results(entries, RUBRIC, Policy())
    assert [(one.number, one.rank) for one in found] == [("A", 1), ("B", 2), ("C", 2), ("D", 4), ("E", None)]
    assert [one.number for one in ranking(reversed(found))] == ["A", "B", "C", "D", "E"]


def test_a_difference_of_exactly_the_allowed_points_is_no_deviation() -> None:
    assert deviations({"E1": Decimal(80), "E2": Decimal(65)}, Decimal(15)) == ()
    found = deviations({"E1": Decimal(80), "E2": Decimal("64.5")}, Decimal(15))
    assert [(one.expert, one.others_mean, one.difference) for one in found] == [
        ("E1", Decimal("64.50"), Decimal("15.50")),
        ("E2", Decimal("80.00"), Decimal("-15.50")),
    ]


def test_a_single_total_deviates_from_nothing() -> None:
    assert deviations({"E1": Decimal(80)}, Decimal(15)) == ()


def test_a_deviating_total_still_counts() -> None:
    result = result_of(entry("A", flat("90"), flat("90"), flat("60")))
    assert [one.expert for one in result.deviations] == ["E003"]
    assert result.final == Decimal("80.00")
