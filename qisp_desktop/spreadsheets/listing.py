"""A workbook of one table as a screen shows it, for clerks who go on with it in Excel."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

from qisp_desktop.spreadsheets.writing import Publication, fitted, paged, plain, published

NARROWEST, WIDEST = 8, 60
MOST_DIGITS = 15
"""Excel keeps no more of a number."""
LONGEST_NAME = 31
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\\\'", " "))


def write_listing(
    path: Path, title: str, headings: Sequence[str], rows: Sequence[Sequence[str]], numbers: Collection[int] = ()
) -> None:
    """Write ``rows`` under ``headings`` to ``path``.

    The columns ``numbers`` hold numbers where their text is one; all else is text. Raises UserError where the place
    cannot be written.
    """

    def build(book: Publication) -> None:
        sheet = book.sheet(title.translate(_FORBIDDEN).strip()[:LONGEST_NAME] or "1")
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, plain(heading), book.heading)
            sheet.set_column(column, column, fitted([heading, *(row[column] for row in rows)], NARROWEST, WIDEST))
        for place, row in enumerate(rows, start=1):
            for column, text in enumerate(row):
                number = _number(text) if column in numbers else None
                if number is None:
                    sheet.write_string(place, column, plain(text), book.wrapped)
                else:
                    sheet.write_number(place, column, number, book.points(_format(number)))
        sheet.freeze_panes(1, 0)
        if headings:
            sheet.autofilter(0, 0, len(rows), len(headings) - 1)
        paged(sheet, header=title, rows=(0, 0))

    published(path, build, title=title, at=datetime.now(UTC))


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    exact = value.is_finite() and format(value, "f") == text and len(text) <= MOST_DIGITS
    return value if exact else None


def _format(number: Decimal) -> str:
    exponent = number.as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return "0" + ("." + "0" * decimals if decimals else "")
