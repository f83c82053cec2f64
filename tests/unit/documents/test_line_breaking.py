"""Lines of Chinese text end where they may, and nothing is lost between them."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qisp_desktop.documents.line_breaking import break_lines, glued


class Halves(dict[str, float]):
    """ASCII is half as wide as everything else."""

    def __missing__(self, character: str) -> float:
        return 0.5 if character.isascii() else 1.0


ADVANCES = Halves()
texts = st.text(alphabet="质量服务平台一二。，（）《》“”、—… abcXYZ019.,-/()%\n", max_size=120)


def lines(text: str, measure: float) -> list[str]:
    return break_lines(text, ADVANCES, measure)


@given(texts, st.integers(min_value=1, max_value=30))
def test_every_character_but_blanks_is_set_once_and_in_order(text: str, measure: int) -> None:
    assert "".join(lines(text, measure)).replace(" ", "") == text.replace(" ", "").replace("\n", "")


@given(texts, st.integers(min_value=1, max_value=30))
def test_no_line_is_wider_than_its_measure(text: str, measure: int) -> None:
    assert all(sum(ADVANCES[c] for c in line) <= measure for line in lines(text, measure))


@given(texts, st.integers(min_value=8, max_value=30))
def test_a_line_ends_where_it_may_unless_a_whole_line_has_no_such_place(text: str, measure: int) -> None:
    for part in text.split("\n"):
        broken = lines(part, measure)
        for line, following in pairwise(broken):
            if line and following and line + following in part and glued(line[-1], following[0]):
                assert all(glued(a, b) for a, b in pairwise(line))


@pytest.mark.parametrize(
    ("text", "measure", "expected"),
    [
        ("质量服务，平台", 4, ["质量服", "务，平台"]),
        ("质量服（平台", 4, ["质量服", "（平台"]),
        ("质量—— 服务", 3, ["质", "量——", "服务"]),
        ("总分86.5分", 3, ["总分", "86.5分"]),
        ("详见https://a.cn/b", 5, ["详见", "https://", "a.cn/b"]),
        ("abcdefghij", 2, ["abcd", "efgh", "ij"]),
        ("。。。。。", 2, ["。。", "。。", "。"]),
        ("甲\n\n乙", 9, ["甲", "", "乙"]),
        ("", 9, [""]),
    ],
)
def test_marks_numbers_and_words_keep_together(text: str, measure: float, expected: list[str]) -> None:
    assert lines(text, measure) == expected


@pytest.mark.parametrize(
    ("text", "measure", "expected"),
    [
        ("建议在年内补正。", 6, ["建议在年内", "补正。"]),
        ("建议在年内补充正。", 7, ["建议在年内补", "充正。"]),
        ("共计服务企业二百一十九家", 11, ["共计服务企业二百一十", "九家"]),
        ("详见第二章（附件）。", 8, ["详见第二章", "（附件）。"]),
        ("质量服务平台 一。", 6, ["质量服务平台", "一。"]),
        ("甲乙", 1, ["甲", "乙"]),
    ],
)
def test_a_paragraph_does_not_end_with_a_line_of_one_character(text: str, measure: float, expected: list[str]) -> None:
    assert break_lines(text, ADVANCES, measure, least_end=2) == expected


@example("0《——", 3)
@given(texts, st.integers(min_value=3, max_value=30))
def test_lines_that_are_set_in_leave_the_room_and_lose_nothing(text: str, measure: int) -> None:
    first, *others = break_lines(text, ADVANCES, measure, least_end=2, hang=1.5)
    assert sum(ADVANCES[c] for c in first) <= measure
    assert all(sum(ADVANCES[c] for c in line) <= measure - 1.5 for line in others)
    assert "".join([first, *others]).replace(" ", "") == text.replace(" ", "").replace("\n", "")


@given(texts, st.integers(min_value=2, max_value=30))
def test_a_longer_last_line_keeps_every_rule(text: str, measure: int) -> None:
    plain, longer = lines(text, measure), break_lines(text, ADVANCES, measure, least_end=2)
    assert len(plain) == len(longer)
    assert "".join(plain).replace(" ", "") == "".join(longer).replace(" ", "")
    assert all(sum(ADVANCES[c] for c in line) <= measure for line in longer)
    for broken, other in zip(plain, longer, strict=True):
        assert broken.startswith(other) or other[0] not in "。，）》”、…,.)%"


@pytest.mark.parametrize("text", ["（" * 100_000, "a" * 100_000, " " * 100_000 + "x", "。字" * 50_000])
def test_the_work_grows_with_the_length_only(text: str) -> None:
    start = time.process_time()
    lines(text, 25)
    assert time.process_time() - start < 10
