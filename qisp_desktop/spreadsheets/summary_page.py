"""What the sheets of the summary workbook have in common: title, headings, filter, protection, print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from qisp_desktop.spreadsheets.summary_layout import FIRST_ROW, HEADING_ROW, Layout
from qisp_desktop.spreadsheets.writing import Publication, display_width, paged, plain

ALLOWED = {
    "sort": True,
    "autofilter": True,
    "format_columns": True,
    "format_rows": True,
    "select_locked_cells": True,
    "select_unlocked_cells": True,
}
"""What protection (without a password) leaves open."""


@dataclass(frozen=True)
class Heading:
    """A column's heading and width; ``note`` stands small in the band above it."""

    text: str
    width: float
    note: str | int = ""


def start_sheet(
    book: Publication, layout: Layout, name: str, hint: str, headings: Sequence[Heading], *, rows: int, frozen: int
) -> Any:
    """A new sheet with title and headings for ``rows`` rows of data, its first ``frozen`` columns frozen."""
    sheet = book.sheet(name)
    sheet.write_string(0, 0, plain(f"{layout.data.round.name} · {name}"), book.title)
    sheet.write_string(1, 0, plain(hint), book.hint)
    sheet.set_row(0, 26)
    band = book.format(font_color="#5B6675", font_size=8, align="center")
    tallest = 1
    for column, heading in enumerate(headings):
        sheet.set_column(column, column, heading.width)
        sheet.write_string(HEADING_ROW, column, plain(heading.text), book.heading)
        if isinstance(heading.note, int):
            sheet.write_number(HEADING_ROW - 1, column, heading.note, band)
        elif heading.note:
            sheet.write_string(HEADING_ROW - 1, column, plain(heading.note), band)
        tallest = max(tallest, _lines_of(heading))
    sheet.set_row(HEADING_ROW, 6 + 15 * tallest)
    sheet.freeze_panes(FIRST_ROW, frozen)
    sheet.autofilter(HEADING_ROW, 0, FIRST_ROW + max(1, rows) - 1, len(headings) - 1)
    sheet.protect("", ALLOWED)
    paged(sheet, header=layout.data.round.name, rows=(HEADING_ROW - 1, HEADING_ROW))
    if not rows:
        sheet.write_string(FIRST_ROW, 0, "（无）", book.hint)
    return sheet


def _lines_of(heading: Heading) -> int:
    return sum(-(-max(1, display_width(line)) // max(1, int(heading.width))) for line in heading.text.split("\n"))
