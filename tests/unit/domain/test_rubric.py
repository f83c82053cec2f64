"""The rubric: what it adds up to, and every mistake that makes it unfit for scoring."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qisp_desktop.base.i18n import using
from qisp_desktop.domain.rubric import MOST_CRITERIA, MOST_STEPS, Criterion, Level, Rubric, RubricProblem, problems
from tests.unit.domain.values import criterion, rubric

D = Decimal


def first_criterion(of: Rubric, change: Callable[[Criterion], Criterion]) -> Rubric:
    group = of.groups[0]
    return replace(
        of, groups=(replace(group, criteria=(change(group.criteria[0]), *group.criteria[1:])), *of.groups[1:])
    )


def with_levels(*ranges: tuple[str, str]) -> Rubric:
    levels = tuple(Level("级", "", D(lowest), D(highest), "证据", "") for lowest, highest in ranges)
    return first_criterion(rubric(Q=("10",)), lambda one: replace(one, levels=levels))


def found(of: Rubric) -> list[tuple[str, str]]:
    return [(problem.path, problem.message) for problem in problems(of)]


def test_totals_of_groups_and_of_the_whole_are_sums_of_the_maxima() -> None:
    of = rubric(P=("12", "8"), Q=("10.5",))
    assert [group.maximum for group in of.groups] == [D(20), D("10.5")]
    assert of.maximum == D("30.5")
    assert of.codes == ("P1", "P2", "Q1")
    assert of.by_code["P2"].maximum == D(8)
    assert found(of) == []


@pytest.mark.parametrize(
    ("step", "decimals", "text"),
    [("0.5", 1, "8.0"), ("1", 0, "8"), ("10", 0, "8"), ("0.25", 2, "8.00"), ("0.50", 1, "8.0")],
)
def test_points_are_shown_with_the_decimals_of_the_step(step: str, decimals: int, text: str) -> None:
    of = replace(rubric(), step=D(step))
    assert (of.decimals, of.points_text(D(8))) == (decimals, text)


@given(st.integers(0, 24).map(lambda n: D(n) / 2))
def test_a_remark_is_required_below_sixty_percent_and_not_at_it(points: Decimal) -> None:
    of = rubric()
    assert of.remark_required(of.by_code["P1"], points) == (points * 10 < 72)


@given(st.integers(0, 20).map(lambda n: D(n) / 2))
def test_every_score_on_the_step_lies_in_exactly_one_level(points: Decimal) -> None:
    levels = criterion("Q1", "10").levels
    assert [level for level in levels if level.lowest <= points <= level.highest] == [
        criterion("Q1", "10").level_of(points)
    ]


def test_a_score_between_two_steps_may_lie_in_no_level() -> None:
    assert criterion("Q1", "10").level_of(D("4.75")) is None


def test_names_follow_the_language_and_fall_back_to_chinese() -> None:
    of = rubric()
    level = of.criteria[0].levels[0]
    named = (of.groups[0], of.criteria[0], level, of.checklist[0])
    assert [one.label for one in named] == ["group P", "criterion P1", "excellent", "premises"]
    assert level.text == "well proved"
    assert replace(level, name_en="", sentence_en="").label == "优"
    with using("zh_CN"):
        assert [one.label for one in named] == ["组P", "评分项P1", "优", "场所一致"]
        assert level.text == "证据充分"


def test_the_digest_names_the_content() -> None:
    assert rubric().digest == rubric().digest
    assert rubric().digest != replace(rubric(), remark_below=D("0.5")).digest


@pytest.mark.parametrize(
    ("ranges", "path", "message"),
    [
        ([("5", "9"), ("0", "4.5")], "levels[0].highest", "must be 10: levels go from the maximum down to 0"),
        ([("5", "10"), ("0", "4")], "levels[1].highest", "must be 4.5: levels go from the maximum down to 0"),
        ([("5", "10"), ("0", "5")], "levels[1].highest", "must be 4.5: levels go from the maximum down to 0"),
        ([("5", "10"), ("1", "4.5")], "levels[1].lowest", "must be 0: the last level ends at 0"),
        ([("5", "10"), ("4.7", "4.5")], "levels[1].lowest", "must be a multiple of the step between 0 and 4.5"),
        ([("4.8", "10"), ("0", "4.5")], "levels[0].lowest", "must be a multiple of the step between 0 and 10"),
        ([("-1", "10")], "levels[0].lowest", "must be a multiple of the step between 0 and 10"),
        ([("0", "10"), ("0", "0")], "levels[1]", "stands after the level that ends at 0"),
        ([], "levels", "is empty"),
    ],
)
def test_levels_go_from_the_maximum_down_to_zero(ranges: list[tuple[str, str]], path: str, message: str) -> None:
    [(place, why)] = found(with_levels(*ranges))
    assert place == f"groups[0].criteria[0].{path}"
    assert why.startswith(message)


def test_a_single_level_and_a_level_of_one_score_are_fine() -> None:
    assert found(with_levels(("0", "10"))) == []
    assert found(with_levels(("10", "10"), ("0.5", "9.5"), ("0", "0"))) == []


@pytest.mark.parametrize("step", ["0", "-0.5", "0.00001", "NaN", "Infinity", "1E-999999", "10000.5"])
def test_a_step_is_positive_and_short_enough_for_exact_sums(step: str) -> None:
    assert [place for place, _why in found(replace(rubric(), step=D(step)))] == ["step"]


@pytest.mark.parametrize("bound", ["-0.1", "1.1", "0.60001", "NaN"])
def test_the_bound_for_remarks_is_a_share(bound: str) -> None:
    assert [place for place, _why in found(replace(rubric(), remark_below=D(bound)))] == ["remark_below"]


@pytest.mark.parametrize("maximum", ["0", "-1", "9.7", "10000.5", "1E+40", "NaN", "9.50000000000000000000000000000001"])
def test_a_maximum_is_a_positive_multiple_of_the_step_within_bounds(maximum: str) -> None:
    of = first_criterion(rubric(), lambda one: replace(one, maximum=D(maximum)))
    assert [place for place, _why in found(of)] == ["groups[0].criteria[0].maximum"]


def test_a_scale_has_a_reasonable_number_of_steps() -> None:
    of = replace(rubric(Q=("1",)), step=D("0.0004"))
    assert found(first_criterion(of, lambda one: replace(one, maximum=D("0.8004")))) == [
        ("groups[0].criteria[0].maximum", f"is more than {MOST_STEPS} steps")
    ]


def test_the_scale_of_a_criterion_lists_every_score_and_whether_it_needs_a_remark() -> None:
    of = rubric(Q=("2",))
    assert of.scales == {"Q1": {D("0"): True, D("0.5"): True, D("1"): True, D("1.5"): False, D("2"): False}}


def test_a_hostile_level_is_a_problem_and_no_crash() -> None:
    assert found(with_levels(("0", "1E+999999")))
    assert found(with_levels(("1E-999999", "10")))


def test_codes_are_capital_letters_with_letters_and_digits_each_once_in_the_whole_rubric() -> None:
    of = rubric(P=("12", "8"), Q=("10",))
    group = of.groups[0]
    same = replace(of, groups=(replace(group, criteria=(group.criteria[0], group.criteria[0])), of.groups[1]))
    assert found(same) == [("groups[0].criteria[1].code", "the code P1 is used twice")]
    like_group = first_criterion(of, lambda one: replace(one, code="Q"))
    assert found(like_group) == [("groups[1].code", "the code Q is used twice")]
    bad = first_criterion(of, lambda one: replace(one, code="p 1"))
    assert found(bad) == [
        ("groups[0].criteria[0].code", "'p 1' is not a capital letter followed by letters and digits")
    ]


def test_what_is_empty_is_named() -> None:
    of = rubric(Q=("10",))
    level = of.criteria[0].levels[0]
    blank = first_criterion(
        of, lambda one: replace(one, name=" ", levels=(replace(level, name="", sentence=" "), one.levels[1]))
    )
    blank = replace(
        blank,
        name="",
        groups=(replace(blank.groups[0], name=""), replace(of.groups[0], code="Z", criteria=())),
        checklist=(replace(of.checklist[0], text=" "),),
    )
    assert [place for place, why in found(blank) if why == "is empty"] == [
        "name",
        "groups[0].name",
        "groups[0].criteria[0].name",
        "groups[0].criteria[0].levels[0].name",
        "groups[0].criteria[0].levels[0].sentence",
        "groups[1].criteria",
        "checklist[0].text",
    ]
    assert found(replace(of, groups=())) == [("groups", "is empty")]


def test_a_rubric_beyond_all_bounds_is_refused() -> None:
    of = rubric(Q=["1"] * (MOST_CRITERIA + 1))
    assert found(of) == [("groups", f"has more than {MOST_CRITERIA} criteria")]


def test_a_problem_reads_with_its_path_and_its_place_in_the_file() -> None:
    assert str(RubricProblem("step", "is wrong")) == "step: is wrong"
    assert str(RubricProblem("step", "is wrong", 3, 5)) == "line 3, column 5: step: is wrong"
    assert str(RubricProblem("", "is wrong", 3, 5)) == "line 3, column 5: is wrong"
