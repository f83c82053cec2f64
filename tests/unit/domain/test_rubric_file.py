"""The rubric as a file: the bundled one is sound, and every mistake is named where it stands."""

from __future__ import annotations

import json
from decimal import Decimal
from importlib.resources import files

import pytest

from qisp_desktop.base.codec import encode
from qisp_desktop.domain.rubric_file import LONGEST, RubricFileError, load_rubric
from tests.unit.domain.values import rubric

SMALL = rubric(Q=("10",))
TEXT = json.dumps(encode(SMALL), ensure_ascii=False, indent=1)
BUNDLED = files("qisp_desktop.resources").joinpath("rubrics/default.json").read_text("utf-8")

TABLE = {
    "Q": (
        "资质",
        {"Q1": (4, "13.1"), "Q2": (5, "13.2"), "Q3": (4, "13.2, 15.4"), "Q4": (3, "13.3"), "Q5": (4, "13.4")},
    ),
    "C": ("能力", {"C1": (10, "9, 13.6"), "C2": (7, "13.5"), "C3": (6, "13.4"), "C4": (6, "10"), "C5": (6, "11")}),
    "P": ("服务业绩", {"P1": (12, "13.7"), "P2": (10, "13.7, 15.6"), "P3": (8, "10")}),
    "R": ("示范代表性", {"R1": (6, "8"), "R2": (5, "7, 13.7"), "R3": (4, "18")}),
}
"""The table of the design: group → name, criterion → maximum and article."""


def mistakes(text: str) -> list[str]:
    with pytest.raises(RubricFileError) as caught:
        load_rubric(text)
    return str(caught.value).split("\n")


def place_in(text: str, needle: str) -> str:
    """The place of the first character of ``needle`` as an editor shows it."""
    before = text[: text.index(needle)]
    return f"line {before.count(chr(10)) + 1}, column {len(before) - before.rfind(chr(10))}"


def test_the_bundled_rubric_has_the_groups_criteria_maxima_and_articles_of_the_design() -> None:
    of = load_rubric(BUNDLED)
    assert {
        group.code: (group.name, {one.code: (int(one.maximum), one.article) for one in group.criteria})
        for group in of.groups
    } == TABLE
    assert [group.maximum for group in of.groups] == [20, 35, 30, 15]
    assert (of.maximum, of.step, of.remark_below) == (Decimal(100), Decimal("0.5"), Decimal("0.6"))


def test_each_bundled_criterion_has_four_levels_whose_lowest_is_where_a_remark_is_required() -> None:
    of = load_rubric(BUNDLED)
    for one in of.criteria:
        assert [level.name for level in one.levels] == ["优", "良", "中", "差"]
        assert [level.name_en for level in one.levels] == ["excellent", "good", "fair", "poor"]
        assert of.remark_required(one, one.levels[3].highest)
        assert not of.remark_required(one, one.levels[2].lowest)


def test_every_bundled_sentence_is_there_once_in_both_languages() -> None:
    of = load_rubric(BUNDLED)
    levels = [level for one in of.criteria for level in one.levels]
    sentences = [level.sentence for level in levels] + [item.text for item in of.checklist]
    english = [level.sentence_en for level in levels] + [item.text_en for item in of.checklist]
    assert len(set(sentences)) == len(set(english)) == 16 * 4 + 12
    assert all(any("一" <= c <= "鿿" for c in text) for text in sentences)
    assert all(text.isascii() for text in english)
    assert [item.code for item in of.checklist] == [f"I{n}" for n in range(1, 13)]
    assert all(item.article for item in of.checklist)


def test_a_rubric_reads_in_any_layout_and_key_order_and_with_a_byte_order_mark() -> None:
    backwards = json.dumps(dict(reversed(encode(SMALL).items())))
    assert load_rubric(TEXT) == load_rubric(backwards) == load_rubric("\ufeff" + TEXT) == SMALL


@pytest.mark.parametrize(
    ("old", "new", "at", "message"),
    [
        ('"10"', "10", "10,", "groups[0].criteria[0].maximum: expected a string, found a whole number"),
        ('"0.5"', "0.5", "0.5,", '0.5: a number with decimals is written as a string, such as "3.5"'),
        ('"0.5"', '"0.50"', '"0.50"', "step: '0.50' is not a decimal such as 3.5"),
        ('"0.5"', '"1e3"', '"1e3"', "step: '1e3' is not a decimal such as 3.5"),
        ('"step"', '"stap": "1", "step"', '"1", "step"', "stap: unknown field"),
        (' "version": "1",\n', "", "{", "missing field 'version'"),
        ('"version"', '"name": "x", "version"', '"name": "x"', '"name" stands here a second time'),
        ('"Q1"', '"Q1", "code": "Q2"', '"code": "Q2"', '"code" stands here a second time'),
        (
            '"4.5"',
            '"4"',
            '"4"',
            "groups[0].criteria[0].levels[1].highest: must be 4.5: levels go from the maximum down",
        ),
    ],
)
def test_a_mistake_is_named_with_its_line_column_and_path(old: str, new: str, at: str, message: str) -> None:
    text = TEXT.replace(old, new, 1)
    [said] = mistakes(text)
    assert said.startswith(f"{place_in(text, at)}: {message}")


def test_all_mistakes_of_content_are_named_in_the_order_of_the_file() -> None:
    text = TEXT.replace('"Q1"', '"q1"').replace('"场所一致"', '""').replace('"优"', '" "')
    assert [said.split(": ")[1] for said in mistakes(text)] == [
        "groups[0].criteria[0].code",
        "groups[0].criteria[0].levels[0].name",
        "checklist[0].text",
    ]


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "[" * 100_000, '{"a": 1' + "0" * 5000 + "}", "﻿﻿{}"])
def test_what_is_no_rubric_at_all_is_refused_in_words(text: str) -> None:
    assert all(mistakes(text))


def test_a_file_that_is_cut_off_is_refused_where_it_ends() -> None:
    for length in range(0, len(TEXT), 37):
        assert mistakes(TEXT[:length])[0].startswith("line ")


def test_a_file_beyond_all_bounds_is_not_even_read() -> None:
    assert mistakes(" " * (LONGEST + 1)) == ["the file is too large for a rubric"]
