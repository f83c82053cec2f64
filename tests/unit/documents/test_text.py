"""Paragraphs of letters and reports."""

from __future__ import annotations

import pytest

from qisp_desktop.documents.text import Paragraph, Text, TextStyle, width_of

TYPE = TextStyle(10, 15, "#000000")
TEXT = Text("\n".join(f"第{number}行" for number in range(10)), TYPE)


def test_a_paragraph_goes_on_with_at_least_two_lines_on_either_side() -> None:
    assert [part.wrap(300, 999)[1] / 15 for part in Paragraph(TEXT).split(300, 100)] == [6, 4]
    assert [part.wrap(300, 999)[1] / 15 for part in Paragraph(TEXT).split(300, 149)] == [8, 2]
    assert Paragraph(TEXT).split(300, 29) == []
    assert Paragraph(Text("一\n二\n三", TYPE)).split(300, 40) == []


def test_a_part_keeps_its_lines_and_the_last_part_the_gap_below() -> None:
    first, rest = Paragraph(TEXT, after=7).split(300, 100)
    assert (first.getSpaceAfter(), rest.getSpaceAfter()) == (0, 7)
    assert rest.wrap(200, 999) == (200, 60)


def test_full_width_characters_are_as_wide_as_the_type_is_large() -> None:
    assert width_of("质量", TYPE) == pytest.approx(20)
