"""Opening workbooks that people send: never a hang, never more memory than the limits of ``guard`` allow."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import openpyxl
from openpyxl.workbook import Workbook

from qisp_desktop.base.errors import UserError, os_reason
from qisp_desktop.base.i18n import _
from qisp_desktop.base.reading import open_file
from qisp_desktop.spreadsheets.guard import LARGEST_FILE, SheetFacts, UnfitWorkbook, inspect

Kind = Literal["blank", "text", "number", "date", "other", "error"]
"""What a cell holds; ``other`` are truth values and spans of time, ``error`` is ``#REF!`` and its like."""
Formula = Literal["", "stored", "not_stored"]
_KINDS: dict[str, Kind] = {"s": "text", "n": "number", "d": "date", "e": "error"}
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")


@dataclass(frozen=True)
class Cell:
    """A cell's value as the library gives it; for a formula it is the stored result."""

    value: object
    kind: Kind
    formula: Formula = ""


BLANK = Cell(None, "blank")


@dataclass(frozen=True)
class Row:
    """A row with at least one cell that is not blank; ``number`` as the office program shows it."""

    number: int
    hidden: bool
    cells: tuple[Cell, ...]

    def cell(self, column: int) -> Cell:
        """The cell at ``column`` (from 0); blank beyond the end."""
        return self.cells[column] if 0 <= column < len(self.cells) else BLANK


class Book:
    """An open workbook; sheets are read one at a time, when they are asked for."""

    def __init__(self, workbook: Workbook, facts: dict[str, SheetFacts]) -> None:
        self._facts = {
            # The one thing that the library does not say publicly: which part of the ZIP a sheet is.
            str(sheet.title): facts.get(str(getattr(sheet, "_worksheet_path", "")).lstrip("/"), SheetFacts())
            for sheet in workbook.worksheets
        }
        self._sheets = {str(sheet.title): sheet for sheet in workbook.worksheets}

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of the worksheets, visible ones first."""
        return tuple(sorted(self._sheets, key=lambda name: self._sheets[name].sheet_state != "visible"))

    def rows(self, sheet: str, *, first: int | None = None) -> list[Row]:
        """The rows of ``sheet`` that are not blank; only those among the ``first`` when given.

        Raises UnfitWorkbook where the sheet reaches beyond the limits or cannot be read.
        """
        facts = self._facts[sheet]
        if facts.beyond and first is None:
            raise UnfitWorkbook(
                "too_large",
                _(
                    "cell {cell} is beyond the rows and columns that this program reads; delete what is out there"
                ).format(cell=facts.beyond),
                sheet,
            )
        last = facts.last_row if first is None else min(first, facts.last_row)
        if not last:
            return []
        merged = _merged_columns(facts)
        found: list[Row] = []
        with _library_errors(sheet):
            source = self._sheets[sheet].iter_rows(min_row=1, max_row=last, max_col=facts.last_column)
            above: tuple[Cell, ...] = ()
            for number, cells in enumerate(source, start=1):
                row = tuple(
                    _cell(cell.value, cell.data_type, facts.formulas.get((number, column)))
                    for column, cell in enumerate(cells, start=1)
                )
                if number in merged:
                    row = tuple(above[i] if i in merged[number] else cell for i, cell in enumerate(row))
                above = row
                if any(cell is not BLANK for cell in row):
                    found.append(Row(number, number in facts.hidden, row))
        return found


@contextmanager
def opened(path: Path) -> Iterator[Book]:
    """The workbook at ``path``.

    Raises UnfitWorkbook for what is none or too large, UserError where the file itself cannot be read.
    """
    with opened_bytes(bytes_of(path)) as book:
        yield book


@contextmanager
def opened_bytes(data: bytes) -> Iterator[Book]:
    """The workbook that ``data`` is; raises UnfitWorkbook for what is none or too large."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise UnfitWorkbook("not_a_workbook", _why_no_zip(data)) from error
    with archive, _library_errors(""):
        facts = inspect(archive)
        workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        if not workbook.worksheets:
            raise UnfitWorkbook("not_a_workbook", _("the workbook has no worksheet"))
        for sheet in workbook.worksheets:
            sheet.reset_dimensions()
        yield Book(workbook, facts)
    finally:
        workbook.close()


def bytes_of(path: Path) -> bytes:
    """The bytes of a workbook; raises UnfitWorkbook for a file that is too large, UserError for one that cannot be
    read."""
    try:
        with open_file(path) as stream:
            data = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        raise UserError(
            _("{path} could not be read.").format(path=path),
            os_reason(error),
            _("Check the file and try again."),
        ) from error
    if len(data) > LARGEST_FILE:
        raise UnfitWorkbook("too_large", _("the file is larger than {size} MB").format(size=LARGEST_FILE >> 20))
    return data


def _why_no_zip(data: bytes) -> str:
    if data.startswith(_OLE):
        return _("the file is an old .xls or is encrypted; save it as .xlsx without a password")
    if not data:
        return _("the file is empty")
    return _("the file is not an .xlsx workbook, whatever its name says; save it as .xlsx")


@contextmanager
def _library_errors(sheet: str) -> Iterator[None]:
    """Turn whatever the library raises over a malformed part into UnfitWorkbook, and keep its warnings quiet."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except (UnfitWorkbook, UserError, MemoryError):
            raise
        except Exception as error:
            # KeyError, TypeError, IndexError, SyntaxError, zlib.error …: over parts that contradict each other or are
            # damaged the library raises nearly everything, and none of it is a bug of ours.
            raise UnfitWorkbook(
                "not_a_workbook", _("the file is damaged or is not an .xlsx workbook"), sheet
            ) from error


def _cell(value: object, data_type: str, stored: bool | None) -> Cell:
    formula: Formula = "" if stored is None else "stored" if stored else "not_stored"
    if value is None or (isinstance(value, str) and not value.strip()):
        # A formula whose stored result is an empty text is as blank as it looks.
        return Cell(None, "blank", formula) if formula == "not_stored" else BLANK
    return Cell(value, _KINDS.get(data_type, "other"), formula)


def _merged_columns(facts: SheetFacts) -> dict[int, set[int]]:
    """Columns (from 0) that show in a row what stands above them, because the cells are merged downwards."""
    found: dict[int, set[int]] = {}
    for left, top, right, bottom in facts.merges:
        if left == right:
            for number in range(top + 1, min(bottom, facts.last_row) + 1):
                found.setdefault(number, set()).add(left - 1)
    return found
