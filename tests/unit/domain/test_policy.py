"""The policy of a round: its defaults, its JSON form with every key optional, and its bounds."""

from __future__ import annotations

from decimal import Decimal

import pytest

from qisp_desktop.base.codec import CodecError, encode
from qisp_desktop.domain.calendar import DayCount
from qisp_desktop.domain.policy import Aggregate, Policy, policy_from
from tests.unit.domain.values import rubric

HUNDRED = rubric(Q=("20",), C=("35",), P=("30",), R=("15",))


def test_an_empty_policy_is_the_default_of_the_design() -> None:
    policy = policy_from({}, HUNDRED)
    assert policy == Policy()
    assert (policy.aggregate, policy.trim_min, policy.quorum) == (Aggregate.TRIMMED, 5, 3)
    assert (policy.pass_score, policy.deviation, policy.days) == (Decimal(75), Decimal(15), DayCount.CALENDAR)
    assert policy.tie_break == ("P", "C", "Q", "R")
    assert policy.grades == {"A": 90, "B": 80}


def test_a_key_that_is_given_replaces_its_default_and_no_other() -> None:
    policy = policy_from({"aggregate": "mean", "grades": {"A": "95"}, "days": "working"}, HUNDRED)
    assert (policy.aggregate, policy.days) == (Aggregate.MEAN, DayCount.WORKING)
    assert (policy.grades, policy.quorum) == ({"A": Decimal(95)}, 3)


def test_ties_follow_the_usual_order_as_far_as_the_rubric_has_its_groups_then_its_others() -> None:
    assert policy_from({}, rubric(X=("40",), Q=("30",), P=("30",))).tie_break == ("P", "Q", "X")


def test_a_written_policy_reads_back() -> None:
    assert policy_from(encode(Policy()), HUNDRED) == Policy()


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        ([], "a policy is a JSON object"),
        ({"qorum": 3}, "unknown key 'qorum'; known are aggregate, trim_min"),
        ({"quorum": "3"}, "quorum: expected a whole number, found a string"),
        ({"quorum": 0}, "quorum: must be at least 1"),
        ({"trim_min": 2}, "trim_min: must be at least 3"),
        ({"pass_score": 75}, "pass_score: expected a string, found a whole number"),
        ({"pass_score": "100.5"}, "pass_score: must lie between 0 and 100"),
        ({"pass_score": "-1"}, "pass_score: must lie between 0 and 100"),
        ({"deviation": "0"}, "deviation: must be greater than 0"),
        ({"tie_break": ["P", "Z"]}, "tie_break: must name groups of the rubric"),
        ({"tie_break": ["P", "P"]}, "tie_break: must name groups of the rubric"),
        ({"grades": {" ": "90"}}, "grades: a grade has no name"),
        ({"grades": {"A": "101"}}, "grades: bounds must differ and lie between"),
        ({"grades": {"A": "74"}}, "grades: bounds must differ and lie between"),
        ({"grades": {"A": "90", "B": "90"}}, "grades: bounds must differ and lie between"),
        ({"grades": {"A": "90", "C": "80"}}, "grades: C is the grade from the pass score on"),
        ({"aggregate": "median"}, "aggregate: 'median' is not one of trimmed, mean"),
        ({"days": "business"}, "days: 'business' is not one of calendar, working"),
    ],
)
def test_what_cannot_be_carried_out_is_refused_with_its_key(document: object, complaint: str) -> None:
    with pytest.raises(CodecError) as caught:
        policy_from(document, HUNDRED)
    assert str(caught.value).startswith(complaint)


def test_the_lowest_grade_may_be_written_down_where_it_begins() -> None:
    policy = policy_from({"grades": {"A": "90", "C": "75"}}, HUNDRED)
    assert [policy.grade_of(Decimal(final)) for final in ("90", "89.99", "75", "74.99")] == ["A", "C", "C", None]
