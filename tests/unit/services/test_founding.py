"""Founding a round: from a plan that can be carried out, with a passphrase that is worth its name, or not at all."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from qisp_desktop.base.errors import UserError
from qisp_desktop.domain.calendar import DayCount
from qisp_desktop.domain.policy import Aggregate, policy_problem
from qisp_desktop.exchange.passphrases import new_passphrase
from qisp_desktop.services.founding import RoundPlan, found_round, office_name, round_name
from qisp_desktop.services.passphrase_strength import strength_of
from qisp_desktop.services.policy_words import policy_example, policy_sentences, totals_in
from qisp_desktop.services.round_defaults import proposed_name, usual_policy
from qisp_desktop.services.rubrics import default_rubric

RUBRIC = default_rubric()
PLAN = RoundPlan(2026, proposed_name(2026), "某市局", RUBRIC, usual_policy(RUBRIC))


@pytest.mark.parametrize(
    ("plan", "why"),
    [
        (replace(PLAN, year=2021), "2021"),
        (replace(PLAN, name=" "), "no name"),
        (replace(PLAN, office=""), "office"),
        (replace(PLAN, name="长" * 201), "too long"),
        (replace(PLAN, policy=replace(PLAN.policy, quorum=0)), "quorum"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_with_the_reason_and_leaves_nothing(
    tmp_path: Path, plan: RoundPlan, why: str
) -> None:
    with pytest.raises(UserError, match=why):
        found_round(tmp_path / "round.qround", plan, "right and long")
    assert list(tmp_path.iterdir()) == []


def test_a_name_is_one_line() -> None:
    assert round_name(" 2026年度\r\n评审\x07 ") == "2026年度 评审"
    assert office_name("深圳市\n市场监督管理局") == "深圳市 市场监督管理局"


def test_a_round_is_never_founded_over_something(tmp_path: Path) -> None:
    path = tmp_path / "round.qround"
    path.write_bytes(b"something")

    with pytest.raises(UserError, match="there already"):
        found_round(path, PLAN, "right and long")
    assert path.read_bytes() == b"something"


def test_the_usual_rule_fits_a_standard_of_another_size() -> None:
    smaller = replace(RUBRIC, groups=RUBRIC.groups[1:3])
    policy = usual_policy(smaller)

    assert policy_problem(policy, smaller) == ""
    assert policy.pass_score == Decimal("48.75")
    assert policy.tie_break == ("P", "C")


def test_the_example_drops_one_highest_and_one_lowest_and_says_what_comes_of_it() -> None:
    totals = totals_in("92 88 85 80 61", RUBRIC)
    assert totals is not None

    example = policy_example(PLAN.policy, totals)
    plain = policy_example(replace(PLAN.policy, aggregate=Aggregate.MEAN), totals)

    assert [one.points for one in example.totals if one.dropped] == [92, 61]
    assert [one.points for one in example.totals if one.deviates] == [61]
    assert (example.final, example.grade) == (Decimal("84.33"), "B")
    assert plain.final == Decimal("81.20")


def test_the_example_of_too_few_sheets_has_no_result() -> None:
    example = policy_example(PLAN.policy, [Decimal(90), Decimal(80)])

    assert (example.final, example.grade, example.passes) == (None, None, False)
    assert "3 needed" in example.outcome


@pytest.mark.parametrize("text", ["", "abc", "101", "-1", "80.3", "NaN", " ".join(["80"] * 16)])
def test_what_are_no_totals_of_the_standard_makes_no_example(text: str) -> None:
    assert totals_in(text, RUBRIC) is None


def test_totals_are_read_as_people_type_them() -> None:
    assert totals_in("９２，88、85.5;80", RUBRIC) == tuple(map(Decimal, ("92", "88", "85.5", "80")))


def test_every_part_of_the_rule_is_said_in_words() -> None:
    words = " ".join(policy_sentences(replace(PLAN.policy, days=DayCount.WORKING), RUBRIC))

    for part in ("5 valid", "fewer than 3", "75 points", "A from 90", "C from 75", "15 points", "working days"):
        assert part in words


@pytest.mark.parametrize("weak", ["12345678", "password1", "20260701", "aaaaaaaaaa", "qwertyuiop"])
def test_what_everybody_tries_first_is_weak(weak: str) -> None:
    strength = strength_of(weak)

    assert strength.weak
    assert strength.meaning
    assert strength.advice


def test_the_name_of_the_round_does_not_make_a_passphrase_strong() -> None:
    assert (
        strength_of("某市质量评价工作2026", ["某市质量评价工作", "2026"]).score
        < strength_of("某市质量评价工作2026").score
    )


def test_a_made_up_passphrase_is_very_strong_in_any_spelling_and_however_long() -> None:
    assert strength_of(new_passphrase()).score == 4
    assert strength_of("4821 0937 5526 1204 7788").score == 4
    assert strength_of("窗前明月 bright moon 7731 疑是地上霜 " * 40).score >= 3
    assert strength_of("").meaning == ""
