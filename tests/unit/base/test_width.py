"""Numbers from a Chinese keyboard are read as they are meant, and what is no plain digit is no digit."""

from __future__ import annotations

import pytest

from qisp_desktop.base.width import halfwidth
from qisp_desktop.domain.typed_points import parse_points


@pytest.mark.parametrize(
    ("typed", "plain"),
    [("１２．５", "12.5"), ("－３，０００", "-3,000"), ("９　元", "9 元"), ("ａＢ％", "aB%"), ("评价。", "评价。")],
)
def test_full_width_characters_become_plain_ones(typed: str, plain: str) -> None:
    assert halfwidth(typed) == plain


@pytest.mark.parametrize("typed", ["15²", "1①", "⑴", "½", "x₂", "Ⅻ", "㎡"])
def test_a_digit_of_another_shape_is_not_made_a_digit_of_the_number(typed: str) -> None:
    assert halfwidth(typed) == typed


def test_points_may_be_full_width_but_have_no_exponent_or_ring() -> None:
    assert str(parse_points("３．５")) == "3.5"
    for typed in ("1²", "1①", "½", "３．５²"):
        with pytest.raises(ValueError, match="is not a number"):
            parse_points(typed)
