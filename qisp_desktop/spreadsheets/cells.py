"""From what stands in a cell to a value of the domain: strict patterns, and a code for what does not fit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from qisp_desktop.base.i18n import _
from qisp_desktop.base.width import halfwidth
from qisp_desktop.spreadsheets.problems import Code
from qisp_desktop.spreadsheets.reading import Cell

T = TypeVar("T")

LONGEST_TEXT = 5_000
"""Characters of a text cell, at most."""
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SEPARATORS = re.compile(r"[、;,/\n]")
_NUMBER = re.compile(r"(-?(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d{1,10})?)\s*((?:\D.*)?)", re.ASCII)
_DATES = (
    re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})[日号]", re.ASCII),
    re.compile(r"(\d{4})([./-])(\d{1,2})\2(\d{1,2})(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?", re.ASCII),
)
_YEARS = range(1800, 2200)


class CellProblem(Exception):
    """A cell does not hold what its column asks for."""

    def __init__(self, code: Code, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def shown_value(cell: Cell) -> str:
    """The cell's value as a problem shows it."""
    if isinstance(cell.value, datetime):
        return cell.value.isoformat(sep=" ")
    try:
        return _plain(cell)
    except CellProblem:
        return str(cell.value)


def text_of(cell: Cell, *, lines: bool = False) -> str:
    """The text without control and invisible characters and outer blanks; in one line unless ``lines``.

    Characters stay as they were written (full-width brackets belong to a name). Raises CellProblem for an error value
    such as ``#REF!`` and for a text longer than LONGEST_TEXT.
    """
    if cell.kind == "error":
        raise CellProblem("missing_value", _("the cell shows the error {value}").format(value=cell.value))
    text = _plain(cell)
    if len(text) > LONGEST_TEXT:
        raise CellProblem("too_large", _("the text is longer than {most} characters").format(most=LONGEST_TEXT))
    text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    if not lines:
        return " ".join(text.split())
    return "\n".join(line.strip() for line in text.split("\n")).strip()


def folded(cell: Cell) -> str:
    """The text in its compatibility form (NFKC) without blanks, as lists, dates and codes are compared."""
    return "".join(unicodedata.normalize("NFKC", text_of(cell)).split())


def number_of(cell: Cell, units: Mapping[str, Decimal]) -> Decimal:
    """The number, exact as Excel shows it, in the column's own unit.

    ``units`` are what may stand behind a number in a text, with their factor. Raises CellProblem.
    """
    if cell.kind == "number" and isinstance(cell.value, int | float):
        return _exact(cell.value)
    if cell.kind == "text":
        match = _NUMBER.fullmatch(halfwidth(text_of(cell)))
        unit = unicodedata.normalize("NFKC", match[2]).strip() if match else ""
        if match and unit in units:
            return Decimal(match[1].replace(",", "")) * units[unit]
    raise CellProblem("bad_number", _expected_number(units))


def count_of(cell: Cell, units: Mapping[str, Decimal]) -> int:
    """A whole number from 0 on; raises CellProblem."""
    value = number_of(cell, units)
    if value < 0 or value != value.to_integral_value() or value >= 10**9:
        raise CellProblem("bad_number", _("a whole number from 0 on is expected"))
    return int(value)


def amount_of(cell: Cell, units: Mapping[str, Decimal]) -> Decimal:
    """A number from 0 on; raises CellProblem."""
    value = number_of(cell, units)
    if value < 0:
        raise CellProblem("bad_number", _("the number must not be negative"))
    return value


def date_of(cell: Cell) -> date:
    """The day; raises CellProblem for what is none or does not exist."""
    found: date | None = None
    if isinstance(cell.value, datetime):
        found = cell.value.date()
    elif isinstance(cell.value, date):
        found = cell.value
    elif cell.kind == "text":
        found = _written_date(unicodedata.normalize("NFKC", text_of(cell)))
    if found is None or found.year not in _YEARS:
        raise CellProblem(
            "bad_date", _("an existing day is expected, such as 2019年3月1日, 2019.3.1, 2019/03/01 or a real date")
        )
    return found


def choice_of(cell: Cell, known: Mapping[str, T]) -> T:
    """The one of ``known`` that the cell names; raises CellProblem."""
    text = folded(cell)
    if text not in known:
        raise _unknown(text, known)
    return known[text]


def choices_of(cell: Cell, known: Mapping[str, T]) -> tuple[T, ...]:
    """All of ``known`` that the cell lists, each once, in the order of ``known``; raises CellProblem."""
    parts = _SEPARATORS.split(unicodedata.normalize("NFKC", text_of(cell, lines=True)))
    named = ["".join(part.split()) for part in parts]
    for name in named:
        if name and name not in known:
            raise _unknown(name, known)
    return tuple(value for name, value in known.items() if name in named)


def _unknown(text: str, known: Mapping[str, T]) -> CellProblem:
    return CellProblem(
        "unknown_value",
        _("{value} is not known here; known are {known}").format(value=text[:40], known="、".join(known)),
    )


def _plain(cell: Cell) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return format(_exact(value), "f")
    if isinstance(value, datetime):
        return value.date().isoformat()
    return str(value)


def _exact(value: int | float) -> Decimal:
    """The decimal that Excel shows: it keeps 15 digits, what a binary float adds behind them is noise."""
    text = format(value, ".15g") if isinstance(value, float) else str(value)
    number = Decimal(text)
    if not number.is_finite() or abs(number.adjusted()) > 30:
        raise CellProblem("bad_number", _("the number is out of range"))
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number


def _expected_number(units: Mapping[str, Decimal]) -> str:
    named = "、".join(unit for unit in units if unit)
    if not named:
        return _("a number is expected")
    return _("a number is expected, alone or with its unit ({units})").format(units=named)


def _written_date(text: str) -> date | None:
    compact = "".join(text.split())
    if match := _DATES[0].fullmatch(compact):
        year, month, day = match.groups()
    elif match := _DATES[1].fullmatch(" ".join(text.split())):
        year, _mark, month, day = match.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
