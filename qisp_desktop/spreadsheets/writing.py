"""What every workbook that we publish has in common: plain text stays text, the same content gives the same bytes."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import xlsxwriter

from qisp_desktop.base import atomic
from qisp_desktop.base.bulk import collector_paused, let_go
from qisp_desktop.base.digests import sha256
from qisp_desktop.spreadsheets.fast_sheet import FastSheet

FONT = "微软雅黑"
LONGEST_CELL = 32_767
"""UTF-16 units of a cell's text, at most (a limit of the file format)."""
_CUT = "……（全文见签名评分表）"
_ACCENT = "#2B66F0"
_LINE = "#C9D0DB"
_SECOND = "#5B6675"


def published(path: Path, build: Callable[[Publication], None], *, title: str, at: datetime) -> str:
    """Write the workbook that ``build`` fills to ``path``, whole or not at all; returns its SHA-256.

    ``at`` is the aware time in its properties. Raises UserError where the place cannot be written.
    """
    buffer = io.BytesIO()
    publication = Publication(buffer)
    publication.workbook.set_properties({"title": title, "created": at.astimezone(UTC).replace(tzinfo=None)})
    with collector_paused():
        build(publication)
        publication.workbook.close()
        publication.let_go()
    content = buffer.getvalue()
    atomic.write_bytes(path, content)
    return sha256(content)


class Publication:
    """A workbook being written, with formats made once and reused."""

    def __init__(self, buffer: io.BytesIO) -> None:
        self.workbook: Any = xlsxwriter.Workbook(
            buffer,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_numbers": False,
                "strings_to_urls": False,
                "default_format_properties": {"font_name": FONT, "font_size": 10},
            },
        )
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._marked: dict[Any, Any] = {}

    def let_go(self) -> None:
        """Forget the cells, once they are written: what a workbook holds in circles else waits for the collector, and
        that takes a hundred thousand cells apart at once."""
        for sheet in self.workbook.worksheets():
            let_go(sheet.table)
        let_go(self.workbook.str_table.string_array)

    def sheet(self, name: str) -> Any:
        """A new worksheet at the end."""
        sheet = self.workbook.add_worksheet(name, FastSheet)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        return sheet

    def format(self, **properties: Any) -> Any:
        """A cell format on top of the house's own: its font, centred vertically."""
        wanted = {"font_name": FONT, "font_size": 10, "valign": "vcenter", **properties}
        key = tuple(sorted(wanted.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format(wanted)
        return self._formats[key]

    def marked(self, cell_format: Any) -> Any:
        """A format of ours as it marks a changed value: on yellow, and for printers without colour with a star."""
        if cell_format not in self._marked:
            properties = dict(next(key for key, made in self._formats.items() if made is cell_format))
            number = properties.get("num_format", "General")
            look = {"bg_color": "#FFF2B3", "num_format": f'{number}" *";-{number}" *";{number}" *";@" *"'}
            self._marked[cell_format] = self.format(**(properties | look))
        return self._marked[cell_format]

    def framed(self, **properties: Any) -> Any:
        """A format with a thin frame, as in tables."""
        return self.format(border=1, border_color=_LINE, **properties)

    @cached_property
    def cell(self) -> Any:
        """Short text in a table."""
        return self.framed()

    @cached_property
    def wrapped(self) -> Any:
        """Long text in a table."""
        return self.framed(text_wrap=True)

    @cached_property
    def centred(self) -> Any:
        """Whole numbers and short words in a table."""
        return self.framed(align="center")

    @cached_property
    def strong(self) -> Any:
        """What the eye should find first."""
        return self.framed(align="center", bold=True)

    def points(self, number_format: str) -> Any:
        """Points in a table."""
        return self.framed(num_format=number_format, align="center")

    @cached_property
    def heading(self) -> Any:
        """Headings of columns."""
        return self.framed(bold=True, bg_color="#E8EEF9", align="center", text_wrap=True)

    @cached_property
    def title(self) -> Any:
        """The line at the top of a sheet."""
        return self.format(bold=True, font_size=14, font_color=_ACCENT)

    @cached_property
    def band(self) -> Any:
        """Small figures above the headings."""
        return self.format(font_color=_SECOND, font_size=8, align="center")

    @cached_property
    def hint(self) -> Any:
        """Small explanations."""
        return self.format(font_color=_SECOND, font_size=9)


@lru_cache(maxsize=4096)
def display_width(text: str) -> int:
    """How many digits wide ``text`` is."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)


def fitted(texts: Iterable[str], least: float, most: float) -> float:
    """The width of a column in which the longest of ``texts`` takes one line, within these bounds."""
    longest = max((display_width(line) for text in texts for line in text.split("\n")), default=0)
    return min(most, max(least, longest + 2))


def plain(text: str) -> str:
    """``text`` as a cell can hold it: not longer than the format allows, with a word where it was cut."""
    if text.startswith("<r>") and text.endswith("</r>"):
        # XlsxWriter takes this for markup of its own and would write it unescaped.
        text += " "
    # A character outside the basic plane counts as two, so only a text of half the limit can be too long.
    if len(text) * 2 > LONGEST_CELL and len(text.encode("utf-16-le")) // 2 > LONGEST_CELL:
        head = text.encode("utf-16-le")[: (LONGEST_CELL - len(_CUT)) * 2]
        text = head.decode("utf-16-le", errors="ignore") + _CUT
    return text


def header_text(text: str) -> str:
    """``text`` for a page header or footer, where ``&`` begins a command and 255 characters are the limit."""
    return text[:100].replace("&", "&&")


def paged(sheet: Any, *, header: str, landscape: bool = True, rows: tuple[int, int] | None = None) -> None:
    """Print ``sheet`` on A4, as wide as the page, with page numbers and ``rows`` (from 0) on every page."""
    if landscape:
        sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    # The blank keeps a number at the start of the text apart from the font size.
    sheet.set_header(f"&L&9 {header_text(header)}&R&9 &A")
    sheet.set_footer("&C&9 第 &P 页，共 &N 页")
    if rows is not None:
        sheet.repeat_rows(*rows)
