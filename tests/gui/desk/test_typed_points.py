"""Points as they are typed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qisp_desktop.domain.rubric import Criterion, Rubric
from qisp_desktop.gui.panel.desk.typed_points import as_digits, may_become_score, range_text, value_of

STEPS = st.sampled_from([Decimal(text) for text in ("0.05", "0.1", "0.25", "0.5", "1", "2", "5")])


def rubric_of(step: Decimal, steps: int) -> tuple[Criterion, Rubric]:
    criterion = Criterion("A1", "一项", "one", step * steps, "13.1", ())
    return criterion, Rubric("标准", "1", step, Decimal("0.6"), (), ())


@given(STEPS, st.integers(1, 120), st.data())
def test_every_score_can_be_typed_key_by_key(step: Decimal, steps: int, data: st.DataObject) -> None:
    criterion, rubric = rubric_of(step, steps)
    score = step * data.draw(st.integers(0, steps))
    text = f"{score:f}"
    assert all(may_become_score(text[:end], criterion, rubric) for end in range(len(text) + 1))
    assert value_of(text, criterion, rubric) == score


@given(STEPS, st.integers(1, 120), st.text("0123456789.", max_size=7))
def test_what_is_taken_as_a_score_lies_in_the_range_and_on_the_step(step: Decimal, steps: int, text: str) -> None:
    criterion, rubric = rubric_of(step, steps)
    score = value_of(text, criterion, rubric)
    if score is not None:
        assert 0 <= score <= criterion.maximum
        assert score % step == 0


@pytest.mark.parametrize("text", ["5", "45", "4.5", "3.3", "3.25", "-1", "3,5", "x", "1e1", "3..", "00000000"])
def test_what_never_becomes_a_score_of_four_by_halves_is_refused(text: str) -> None:
    assert not may_become_score(text, *rubric_of(Decimal("0.5"), 8))


@pytest.mark.parametrize("text", ["", "0", "3", "3.", "3.5", "3.50", ".5", "4.0"])
def test_what_may_still_become_a_score_of_four_by_halves_is_let_through(text: str) -> None:
    assert may_become_score(text, *rubric_of(Decimal("0.5"), 8))


def test_the_first_digit_of_a_larger_score_is_let_through_but_is_no_score_yet() -> None:
    criterion, rubric = rubric_of(Decimal(5), 20)
    assert may_become_score("7", criterion, rubric)
    assert value_of("7", criterion, rubric) is None
    assert value_of("75", criterion, rubric) == 75


def test_full_width_digits_and_the_chinese_full_stop_count_as_plain_ones() -> None:
    assert as_digits("３．５") == "3.5"
    assert as_digits("３。５ ") == "3.5"


def test_the_range_is_said_with_its_step() -> None:
    assert range_text(*rubric_of(Decimal("0.5"), 8)) == "0 to 4, in steps of 0.5"
