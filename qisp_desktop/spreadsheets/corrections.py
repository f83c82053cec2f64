"""What a clerk says over a workbook that somebody sent: other values, rows left out, which column is which.

The workbook stays as it is. The same reader reads it with or without corrections: it is given a book that answers with
the corrected cells, and tables that are where the clerk says.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, time
from types import MappingProxyType
from typing import NamedTuple, Protocol

from qisp_desktop.base.digests import sha256
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.spreadsheets.cells import shown_value
from qisp_desktop.spreadsheets.guard import UnfitWorkbook
from qisp_desktop.spreadsheets.reading import BLANK, Book, Cell, Row, opened_bytes

APPLICATIONS, PROJECTS, EXPERTS = "applications", "projects", "experts"
"""The tables that workbooks hold."""
MOST_TOP_ROWS = 30
"""Rows from the top in which headings are looked for."""


class Rows(Protocol):
    """A workbook as the readers of tables see it."""

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of the worksheets, visible ones first."""

    def rows(self, sheet: str, *, first: int | None = None) -> list[Row]:
        """The rows that are not blank; UnfitWorkbook where the sheet cannot be read."""


class CellAt(NamedTuple):
    """A cell of a workbook: its worksheet, the row's own number, and the column from 0."""

    sheet: str
    row: int
    column: int


@dataclass(frozen=True)
class ColumnMap:
    """Where a table is: its worksheet, the row of its headings, and which columns (from 0) hold what, by our keys.

    Columns that are not named are not read.
    """

    sheet: str
    heading_row: int
    columns: Mapping[int, str]


@dataclass(frozen=True)
class Corrections:
    """All that a clerk said over the workbook whose SHA-256 is ``book``.

    ``cells`` holds texts in place of what stands there, ``skipped`` the rows (worksheet, row number) to leave out,
    ``tables`` where the tables are that are not to be looked for.
    """

    book: str = ""
    cells: Mapping[CellAt, str] = field(default_factory=lambda: MappingProxyType({}))
    skipped: frozenset[tuple[str, int]] = frozenset()
    tables: Mapping[str, ColumnMap] = field(default_factory=lambda: MappingProxyType({}))


NO_CORRECTIONS = Corrections()


def require_same_book(data: bytes, corrections: Corrections, name: str) -> None:
    """Raise UserError when ``data`` are not those of the workbook that the corrections were made for."""
    if corrections.book and sha256(data) != corrections.book:
        raise UserError(
            _("{name} is not the workbook any more that was looked at.").format(name=name),
            _("It was changed since, so what was mended may stand in other rows now."),
            _("Choose it again and look through it once more."),
        )


class MendedCell(NamedTuple):
    """A corrected cell of a table: ``column`` is its heading as found, or the letter over it; ``number`` names the
    application or expert of its row, empty for a heading."""

    sheet: str
    row: int
    column: str
    number: str
    before: str
    after: str


def mended_cells(
    book: Rows, corrections: Corrections, tables: Mapping[str, ColumnMap], numbers: Mapping[tuple[str, int], str]
) -> tuple[MendedCell, ...]:
    """What ``corrections`` changed in the ``tables`` of ``book``: in their headings and in rows that hold data."""
    found: list[MendedCell] = []
    for table in tables.values():
        places = sorted(place for place in corrections.cells if place.sheet == table.sheet)
        rows = {row.number: row for row in book.rows(table.sheet)} if places else {}
        heading = rows.get(table.heading_row, Row(table.heading_row, False, ()))
        names = [" ".join(shown_text(cell).split()) for cell in heading.cells]
        for place in places:
            name = names[place.column] if place.column < len(names) else ""
            letters = column_letters(place.column)
            column = letters if not name else name if names.count(name) == 1 else f"{name} ({letters})"
            at = (place.sheet, place.row)
            if place.row != table.heading_row and (at not in numbers or at in corrections.skipped):
                continue
            before = shown_text(rows[place.row].cell(place.column)) if place.row in rows else ""
            after = corrections.cells[place]
            if before != after:
                found.append(MendedCell(place.sheet, place.row, column, numbers.get(at, ""), before, after))
    return tuple(found)


class CorrectedBook:
    """A workbook with a clerk's ``corrections`` in place of its cells."""

    def __init__(self, book: Rows, corrections: Corrections) -> None:
        self._book = book
        self._by_row: dict[tuple[str, int], dict[int, str]] = {}
        for place, text in corrections.cells.items():
            self._by_row.setdefault((place.sheet, place.row), {})[place.column] = text

    @property
    def sheets(self) -> tuple[str, ...]:
        """As in the workbook."""
        return self._book.sheets

    def rows(self, sheet: str, *, first: int | None = None) -> list[Row]:
        """As in the workbook, with the corrected cells."""
        found = self._book.rows(sheet, first=first)
        if not self._by_row:
            return found
        return [self._corrected(row, self._by_row.get((sheet, row.number))) for row in found]

    @staticmethod
    def _corrected(row: Row, texts: Mapping[int, str] | None) -> Row:
        if not texts:
            return row
        cells = [*row.cells, *(BLANK for _missing in range(max(texts) + 1 - len(row.cells)))]
        for column, text in texts.items():
            cells[column] = Cell(text, "text") if text.strip() else BLANK
        return Row(row.number, row.hidden, tuple(cells))


class HeldBook:
    """A workbook whose rows were read once and stay: what a person looks at and corrects.

    ``digest`` is its SHA-256. A worksheet that cannot be read raises UnfitWorkbook when it is asked for, as ever.
    """

    def __init__(self, book: Book, digest: str) -> None:
        self.digest = digest
        self.sheets = book.sheets
        self._rows: dict[str, list[Row]] = {}
        self._unfit: dict[str, UnfitWorkbook] = {}
        for sheet in book.sheets:
            try:
                self._rows[sheet] = book.rows(sheet)
            except UnfitWorkbook as unfit:
                self._unfit[sheet] = unfit
                # Its top can tell that the sheet is of no concern.
                with suppress(UnfitWorkbook):
                    self._rows[sheet] = book.rows(sheet, first=MOST_TOP_ROWS)

    def rows(self, sheet: str, *, first: int | None = None) -> list[Row]:
        """The rows that are not blank; only those among the ``first`` when given."""
        if sheet in self._unfit and (first is None or sheet not in self._rows):
            raise self._unfit[sheet]
        rows = self._rows[sheet]
        return rows if first is None else [row for row in rows if row.number <= first]


def hold(data: bytes) -> HeldBook:
    """The workbook with the bytes ``data``; raises UnfitWorkbook for what is none."""
    with opened_bytes(data) as book:
        return HeldBook(book, sha256(data))


def shown_text(cell: Cell) -> str:
    """What stands in a cell, as the office program shows it."""
    value = cell.value
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return shown_value(cell)


def shown_row(row: Row) -> tuple[str, ...]:
    """The texts of a row's cells as the office program shows them."""
    return tuple(shown_text(cell) for cell in row.cells)


def column_letters(column: int) -> str:
    """The letters over a column (from 0) in an office program: A, B, …, Z, AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
