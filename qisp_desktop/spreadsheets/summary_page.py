"""What the sheets of the summary workbook have in common: title, headings, filter, protection, row heights, print."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
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
ROW_HEIGHT = 18
TIME_ZONE = "北京时间"
_LINE_HEIGHT = 14
_TALLEST = 400
_CHARACTER, _PADDING = 5.25, 3.75
"""Points that a column takes for each character of its width, and beside them."""
_PAGE_WIDTH, _PAGE_HEIGHT = 780, 470
"""Points of an A4 page in landscape inside the margins that ``paged`` sets, with a little to spare."""
_A3, _A3_WIDTH = 8, 1129
"""Excel's number of the size, and points as above; who has no such printer gets A4 as wide as the page."""
_LEAST_SCALE = 0.65
"""At which the 10 points of the screen are the 6.5 (小六) that office papers have at least."""


@dataclass(frozen=True)
class Heading:
    """A column's heading and width; ``note`` stands small in the band above it. A ``hidden`` column holds what a
    formula or the chart needs."""

    text: str
    width: float
    note: str | int = ""
    hidden: bool = False


class Page:
    """A sheet being written; it keeps how many lines the texts of each row need.

    Heights are set by us, because LibreOffice and previewers do not fit rows to wrapped text when they open a file.
    """

    def __init__(self, sheet: Any, widths: Sequence[float], printed: Sequence[float] | None = None) -> None:
        self.sheet = sheet
        self._widths = widths
        self._printed = widths if printed is None else printed
        if _PAGE_WIDTH / _points(self._printed) < _LEAST_SCALE:
            sheet.set_paper(_A3)
            self._page = _A3_WIDTH, _PAGE_HEIGHT * _A3_WIDTH / _PAGE_WIDTH
        else:
            self._page = _PAGE_WIDTH, _PAGE_HEIGHT
        self._lines: dict[int, int] = {}

    def texts(self, row: int, column: int, texts: Iterable[str], cell_format: Any) -> None:
        """Write ``texts`` as text, side by side from ``column``."""
        for index, text in enumerate(texts, start=column):
            self.sheet.write_string(row, index, plain(text), cell_format)
            lines = lines_of(text, self._widths[index])
            if lines > self._lines.get(row, 1):
                self._lines[row] = lines

    def room_below(self, rows: int) -> float:
        """Points left below the first ``rows`` rows on one landscape page as wide as the table; below 0: none."""
        height = sum(_height(self._lines.get(row, 1)) for row in range(rows))
        width_of_page, height_of_page = self._page
        return height_of_page / min(1.0, width_of_page / _points(self._printed)) - height

    def pixels(self, first: int, last: int) -> int:
        """How wide the columns from ``first`` to ``last`` are together where a digit is 7 pixels wide, as in Excel."""
        return int(_points(self._widths[first : last + 1]) * 4 / 3)

    def finish(self) -> None:
        """Make the rows as high as their texts need."""
        for row, lines in self._lines.items():
            self.sheet.set_row(row, _height(lines))


def start_page(
    book: Publication,
    layout: Layout,
    name: str,
    hint: str,
    headings: Sequence[Heading],
    *,
    rows: int,
    frozen: int,
    printed: int | None = None,
) -> Page:
    """A new sheet with title and headings for ``rows`` rows of data.

    Its first ``frozen`` columns stay when it is scrolled; only the first ``printed`` columns are printed when given.
    What would be too small to read on A4 is set for A3.
    """
    sheet = book.sheet(name)
    sheet.set_default_row(ROW_HEIGHT)
    sheet.write_string(0, 0, plain(f"{layout.data.round.name} · {name}"), book.title)
    sheet.write_string(1, 0, plain(hint), book.hint)
    sheet.set_row(0, 26)
    for column, heading in enumerate(headings):
        sheet.set_column(column, column, heading.width, None, {"hidden": heading.hidden})
        sheet.write_string(HEADING_ROW, column, plain(heading.text), book.heading)
        if isinstance(heading.note, int):
            sheet.write_number(HEADING_ROW - 1, column, heading.note, book.band)
        elif heading.note:
            sheet.write_string(HEADING_ROW - 1, column, plain(heading.note), book.band)
    tallest = max(lines_of(heading.text, heading.width) for heading in headings)
    sheet.set_row(HEADING_ROW, 8 + _LINE_HEIGHT * tallest)
    last_row = FIRST_ROW + max(1, rows) - 1
    sheet.freeze_panes(FIRST_ROW, frozen)
    sheet.autofilter(HEADING_ROW, 0, last_row, len(headings) - 1)
    sheet.protect("", ALLOWED)
    paged(sheet, header=layout.data.round.name, rows=(HEADING_ROW - 1, HEADING_ROW))
    if printed is not None:
        sheet.print_area(0, 0, last_row, printed - 1)
    if not rows:
        sheet.write_string(FIRST_ROW, 0, "（无）", book.hint)
    shown = [heading.width for heading in headings[:printed] if not heading.hidden]
    return Page(sheet, [heading.width for heading in headings], shown)


def local_time(at: datetime) -> str:
    """The aware time ``at`` as the workbook tells it: by ``TIME_ZONE``."""
    return at.astimezone(timezone(timedelta(hours=8))).strftime("%Y-%m-%d %H:%M:%S")


def _points(widths: Iterable[float]) -> float:
    """How wide columns of these widths are together."""
    return sum(_CHARACTER * width + _PADDING for width in widths)


def _height(lines: int) -> float:
    return ROW_HEIGHT if lines == 1 else min(_TALLEST, 5 + _LINE_HEIGHT * lines)


def lines_of(text: str, width: float) -> int:
    """How many lines ``text`` takes in a column of ``width``."""
    return sum(-(-max(1, display_width(line)) // max(1, int(width))) for line in text.split("\n"))
