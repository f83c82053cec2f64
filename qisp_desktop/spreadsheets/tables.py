"""Finding a table in a worksheet by its headings, and reading its rows into values and problems."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeVar

from qisp_desktop.base.i18n import _
from qisp_desktop.domain import uscc
from qisp_desktop.spreadsheets.cells import (
    CellProblem,
    amount_of,
    choice_of,
    choices_of,
    count_of,
    date_of,
    folded,
    shown_value,
    text_of,
)
from qisp_desktop.spreadsheets.corrections import MOST_TOP_ROWS, ColumnMap, Rows
from qisp_desktop.spreadsheets.problems import Code, Problem, shown
from qisp_desktop.spreadsheets.reading import BLANK, Cell, Row

T = TypeVar("T")

HEADING_ROWS = MOST_TOP_ROWS
"""The headings stand within this many rows from the top."""
_SUFFIX = re.compile(r"\(([^()]*)\)$")
_HARMLESS_SUFFIXES = frozenset({"", "必填", "选填", "可选", "*"})
_TOTALS = re.compile(r"(合计|总计|小计|共计)([:：].*)?")


@dataclass(frozen=True)
class Column:
    """A column that is looked for: its ``headings`` (the first is the usual one), and the units of a number in it."""

    key: str
    headings: tuple[str, ...]
    required: bool = False
    units: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def heading(self) -> str:
        """The usual heading."""
        return self.headings[0]


@dataclass(frozen=True)
class Found:
    """Where a column is (from 0), its heading as found, and the factor of the unit in the heading."""

    index: int
    heading: str
    factor: Decimal


@dataclass(frozen=True)
class Table:
    """A table in a worksheet: its found columns by key and its rows below the headings, blank ones left out."""

    sheet: str
    heading_row: int
    columns: Mapping[str, Found]
    rows: tuple[Row, ...]

    @property
    def map(self) -> ColumnMap:
        """Where the table is, to be looked at and changed by a person."""
        return ColumnMap(self.sheet, self.heading_row, {place.index: key for key, place in self.columns.items()})


def folded_heading(cell: Cell) -> str:
    """A heading as it is compared: NFKC, without blanks, line breaks, ``*`` and a colon at the end."""
    try:
        text = folded(cell)
    except CellProblem:
        return ""
    return text.replace("*", "").rstrip(":")


def find_sheet(book: Rows, columns: Sequence[Column], *, least: int, but_not: str = "") -> str | None:
    """The worksheet, other than ``but_not``, with the most of ``columns`` in one row, if at least ``least``."""
    scores = {
        sheet: max((_known(row, columns) for row in book.rows(sheet, first=HEADING_ROWS)), default=0)
        for sheet in book.sheets
        if sheet != but_not
    }
    best = max(scores, key=lambda sheet: scores[sheet], default=None)
    return best if best is not None and scores[best] >= least else None


def read_table(
    book: Rows, sheet: str, columns: Sequence[Column], problems: list[Problem], *, chosen: ColumnMap | None = None
) -> Table:
    """The table of ``sheet``; missing, doubled and unclear headings go to ``problems``.

    With ``chosen`` the columns are those that a person named. Raises UnfitWorkbook as ``Rows.rows``.
    """
    rows = book.rows(sheet)
    heading = _heading_row(rows, columns, chosen)
    body = tuple(row for row in rows if row.number > heading.number)
    search = _Headings(sheet, heading, body, problems)
    found = search.named(columns) if chosen is None else search.chosen(columns, chosen.columns)
    for column in columns:
        if column.required and column.key not in found:
            message = _("the required column {heading} is missing").format(heading=column.heading)
            search.report("missing_column", column.heading, message)
    return Table(sheet, heading.number, found, body)


def _heading_row(rows: Sequence[Row], columns: Sequence[Column], chosen: ColumnMap | None) -> Row:
    if chosen is not None:
        named = (row for row in rows if row.number == chosen.heading_row)
        return next(named, Row(chosen.heading_row, False, ()))
    return max((row for row in rows if row.number <= HEADING_ROWS), key=lambda row: _known(row, columns))


class _Headings:
    """Tells which column is which from the row of the headings."""

    def __init__(self, sheet: str, heading: Row, body: Sequence[Row], problems: list[Problem]) -> None:
        self._sheet = sheet
        self._heading = heading
        self._body = body
        self._problems = problems

    def named(self, columns: Sequence[Column]) -> dict[str, Found]:
        """By what the headings say."""
        by_name = {_fold(name): column for column in columns for name in column.headings}
        found: dict[str, Found] = {}
        for index, cell in enumerate(self._heading.cells):
            name, suffix = _split(folded_heading(cell))
            column = by_name.get(name) or by_name.get(name + suffix)
            if column is None:
                continue
            if column.key in found:
                if any(row.cell(index) is not BLANK for row in self._body):
                    self.report(
                        "unknown_value",
                        text_of(cell),
                        _("the heading stands twice; it is not clear which column counts"),
                        index,
                    )
            elif (place := self._found(column, index, cell, suffix)) is not None:
                found[column.key] = place
        return found

    def chosen(self, columns: Sequence[Column], chosen: Mapping[int, str]) -> dict[str, Found]:
        """By what a person said; the heading tells the unit only."""
        known = by_key(columns)
        found: dict[str, Found] = {}
        for index, key in sorted(chosen.items()):
            column, cell = known.get(key), self._heading.cell(index)
            if column is None or key in found:
                continue
            place = self._found(column, index, cell, _split(folded_heading(cell))[1])
            if place is not None:
                found[key] = place
        return found

    def report(self, code: Code, column: str, message: str, index: int | None = None) -> None:
        """Say what is wrong with a heading."""
        number = self._heading.number
        self._problems.append(Problem("error", self._sheet, number, shown(column), "", code, message, index))

    def _found(self, column: Column, index: int, cell: Cell, suffix: str) -> Found | None:
        as_found = heading_text(cell)
        factor = _factor(column, suffix)
        if factor is None:
            self.report("unknown_value", as_found, _("the unit in the heading is not known here"), index)
            return None
        return Found(index, as_found, factor)


def heading_text(cell: Cell) -> str:
    """A heading as found; empty where the cell shows an error."""
    try:
        return text_of(cell)
    except CellProblem:
        return ""


class RowReader:
    """Reads the cells of one row by column key; what does not fit becomes a problem and ``failed``."""

    def __init__(self, table: Table, row: Row, columns: Mapping[str, Column], problems: list[Problem]) -> None:
        self._table = table
        self._row = row
        self._columns = columns
        self._problems = problems
        self.failed = False

    @property
    def sheet(self) -> str:
        """The worksheet."""
        return self._table.sheet

    @property
    def number(self) -> int:
        """The row's own number."""
        return self._row.number

    @property
    def lacks_required(self) -> bool:
        """Whether a required column is missing, so that no row is complete; that is a problem of the heading."""
        return any(column.required and key not in self._table.columns for key, column in self._columns.items())

    def cell(self, key: str) -> Cell:
        """The cell of the column; blank where the column is missing."""
        found = self._table.columns.get(key)
        return BLANK if found is None else self._row.cell(found.index)

    def is_not_data(self, key: str) -> bool:
        """Whether the row is a repeated heading or a line of totals in column ``key``; notes what was seen."""
        if self.repeats_heading(key):
            return True
        if self.is_total(key):
            self.note("total_row", _("a line of totals, left out"), key)
            return True
        if self._row.hidden:
            self.note("hidden_row", _("the row is hidden; it is read like any other"))
        return False

    def is_total(self, key: str) -> bool:
        """Whether the row sums up others (合计): it says so in column ``key`` or, where that is blank, at its start."""
        cell = self.cell(key)
        if cell is BLANK:
            cell = next((cell for cell in self._row.cells if cell is not BLANK), BLANK)
        return cell.kind == "text" and bool(_TOTALS.fullmatch(_fold(str(cell.value))))

    def repeats_heading(self, key: str) -> bool:
        """Whether the row is the heading once more, as at the top of printed pages."""
        found = self._table.columns.get(key)
        return found is not None and folded_heading(self.cell(key)) == _fold(found.heading)

    def note(self, code: Code, message: str, key: str = "") -> None:
        """Say something that does not keep the row out."""
        self._add("note", code, message, key)

    def error(self, key: str, code: Code, message: str) -> None:
        """Say why the row cannot be taken."""
        self.failed = True
        self._add("error", code, message, key)

    def text(self, key: str, *, lines: bool = False) -> str:
        """The text of a column, empty where blank."""
        return self._read(key, lambda cell: text_of(cell, lines=lines), "")

    def code(self, key: str, pattern: re.Pattern[str]) -> str:
        """An identifier in its compatibility form, fitting ``pattern``; empty where blank or wrong."""
        text = self._read(key, folded, "")
        if text and not pattern.fullmatch(text):
            self.error(key, "unknown_value", _("only Latin letters, digits, - and _ are allowed, and not too many"))
            return ""
        return text

    def uscc(self, key: str) -> str:
        """A unified social credit code, normalised; empty where blank or wrong."""
        code = uscc.normalise(self._read(key, text_of, ""))
        if code and not uscc.is_valid(code):
            self.error(
                key, "bad_uscc", _("not a unified social credit code: length, characters or check digits are wrong")
            )
            return ""
        return code

    def count(self, key: str) -> int | None:
        """A whole number from 0 on, None where blank or wrong."""
        return self._read(key, lambda cell: count_of(cell, self._units(key)), None)

    def amount(self, key: str) -> Decimal | None:
        """A number from 0 on in the unit of the domain, None where blank or wrong."""
        found = self._table.columns.get(key)
        value = self._read(key, lambda cell: amount_of(cell, self._units(key)), None)
        return value if value is None or found is None else value * found.factor

    def day(self, key: str) -> date | None:
        """A day, None where blank or wrong."""
        return self._read(key, date_of, None)

    def choice(self, key: str, known: Mapping[str, T]) -> T | None:
        """One of a closed list, None where blank or wrong."""
        return self._read(key, lambda cell: choice_of(cell, known), None)

    def choices(self, key: str, known: Mapping[str, T]) -> tuple[T, ...]:
        """Several of a closed list, none where blank or wrong."""
        return self._read(key, lambda cell: choices_of(cell, known), ())

    def _units(self, key: str) -> Mapping[str, Decimal]:
        return {"": Decimal(1), **self._columns[key].units}

    def _read(self, key: str, convert: Callable[[Cell], T], nothing: T) -> T:
        cell = self.cell(key)
        if cell.formula == "not_stored":
            self.error(
                key,
                "missing_value",
                _("the formula's result is not stored in the file; open it in an office program and save it"),
            )
            return nothing
        if cell is BLANK:
            return self._blank(key, nothing)
        try:
            value = convert(cell)
        except CellProblem as problem:
            self.error(key, problem.code, problem.message)
            return nothing
        if value in ("", ()):
            return self._blank(key, nothing)
        if cell.formula:
            self.note("formula_value", _("the stored result of a formula was taken"), key)
        return value

    def _blank(self, key: str, nothing: T) -> T:
        if key in self._table.columns and self._columns[key].required:
            self.error(key, "missing_value", _("a value is required here"))
        return nothing

    def _add(self, level: str, code: Code, message: str, key: str) -> None:
        found = self._table.columns.get(key)
        self._problems.append(
            Problem(
                "error" if level == "error" else "note",
                self._table.sheet,
                self._row.number,
                found.heading if found else "",
                shown(shown_value(self.cell(key))) if key else "",
                code,
                message,
                found.index if found else None,
            )
        )


def no_table(book: Rows, columns: Sequence[Column]) -> list[Problem]:
    """The problems of a workbook in which no worksheet has the table."""
    message = _("no worksheet has this required column in its first {rows} rows").format(rows=HEADING_ROWS)
    return [
        Problem("error", book.sheets[0], None, column.heading, "", "missing_column", message)
        for column in columns
        if column.required
    ]


def by_key(columns: Iterable[Column]) -> dict[str, Column]:
    """The columns by their keys."""
    return {column.key: column for column in columns}


def _known(row: Row, columns: Sequence[Column]) -> int:
    names = {_fold(name): column.key for column in columns for name in column.headings}
    headings = (folded_heading(cell) for cell in row.cells if cell.kind == "text")
    keys = {names.get(_split(heading)[0]) or names.get(heading) for heading in headings}
    return len(keys - {None})


def _fold(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).replace("*", "").rstrip(":")


def _split(heading: str) -> tuple[str, str]:
    match = _SUFFIX.search(heading)
    return (heading[: match.start()], match[1]) if match else (heading, "")


def _factor(column: Column, suffix: str) -> Decimal | None:
    """The factor of a unit in a heading's brackets; None when the column is a number and the unit is not known."""
    if not column.units or suffix in _HARMLESS_SUFFIXES:
        return Decimal(1)
    return {_fold(unit): factor for unit, factor in column.units.items()}.get(suffix)
