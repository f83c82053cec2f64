"""An XlsxWriter worksheet that writes plain cells without the detours of the general case.

XlsxWriter looks through every attribute of every cell for characters to escape, through every formula for thirty
functions that need a prefix, and works out a hint about the width of rows that the file format does not ask for. In a
summary of a hundred thousand cells that is half of the time. Here numbers, strings and formulas take a short way;
all else goes the usual one. It leans on the inside of the locked version: the tests read every workbook back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import CellBlankTuple, CellFormulaTuple, CellNumberTuple, CellStringTuple, Worksheet


class FastSheet(Worksheet):  # type: ignore[misc]
    """A worksheet for numbers (never NaN), texts that ``writing.plain`` has been over, and formulas without a function
    newer than Excel 2007, in cells given by row and column from 0."""

    def write_number(self, row: int, col: int, number: Any, cell_format: Any = None) -> None:
        """A number; points may be decimals."""
        self._place(row, col)[col] = CellNumberTuple(number, cell_format)

    def write_numbers(self, row: int, col: int, numbers: Sequence[Any], cell_format: Any = None) -> None:
        """Numbers side by side from ``col``; None leaves its cell out."""
        if numbers:
            self._place(row, col)
            cells = self._place(row, col + len(numbers) - 1)
            for column, number in enumerate(numbers, start=col):
                if number is not None:
                    cells[column] = CellNumberTuple(number, cell_format)

    def write_string(self, row: int, col: int, string: str, cell_format: Any = None) -> None:
        """A text, never anything else."""
        self._place(row, col)[col] = CellStringTuple(self.str_table._get_shared_string_index(string), cell_format)

    def write_formula(self, row: int, col: int, formula: str, cell_format: Any = None, value: Any = 0) -> None:
        """A formula with its result."""
        self._place(row, col)[col] = CellFormulaTuple(formula.removeprefix("="), cell_format, value)

    def restyle(self, row: int, col: int, format_from: Callable[[Any], Any]) -> None:
        """Give a cell that is written another format, made from the one it has."""
        cells = self.table[row]
        cells[col] = cells[col]._replace(format=format_from(cells[col].format))

    def is_blank(self, row: int, col: int) -> bool:
        """Whether a cell holds a format and nothing else."""
        return isinstance(self.table[row].get(col), CellBlankTuple)

    def _place(self, row: int, col: int) -> dict[int, Any]:
        """The row's cells; the used range grows to hold the cell."""
        if self.dim_rowmax is None or row > self.dim_rowmax or row < self.dim_rowmin:
            self._check_dimensions(row, col)
        if col > self.dim_colmax or col < self.dim_colmin:
            self._check_dimensions(row, col)
        cells: dict[int, Any] = self.table[row]
        return cells

    def _write_rows(self) -> None:
        for row in range(self.dim_rowmin or 0, (self.dim_rowmax or 0) + 1):
            cells = self.table.get(row)
            if cells:
                self._write_row(row, None, self.row_info.get(row))
                self._write_cells(row, cells)
                self._xml_end_tag("row")
            elif row in self.row_info:
                self._write_empty_row(row, None, self.row_info[row])

    def _write_cells(self, row: int, cells: dict[int, Any]) -> None:
        """The cells of a row; one write for all of them, unless one goes the usual way."""
        done: list[str] = []
        number = str(row + 1)
        for column in sorted(cells):
            cell = cells[column]
            style = cell.format
            if style is not None:
                start = f'<c r="{_column(column)}{number}" s="{style.xf_index or style._get_xf_index()}"'
                if (written := _plain_cell(start, cell)) is not None:
                    done.append(written)
                    continue
            self.fh.write("".join(done))
            done.clear()
            self._write_cell(row, column, cell)
        self.fh.write("".join(done))


def _plain_cell(start: str, cell: Any) -> str | None:
    """The element of a cell that begins with ``start``; None for what takes the usual way."""
    kind = cell.__class__
    if kind is CellNumberTuple:
        return f"{start}><v>{cell.number:.16G}</v></c>"
    if kind is CellStringTuple:
        return f'{start} t="s"><v>{cell.string}</v></c>'
    if kind is CellBlankTuple:
        return f"{start}/>"
    if kind is not CellFormulaTuple or isinstance(cell.value, bool):
        return None
    formula, value = _escaped(cell.formula), cell.value
    if not isinstance(value, str):
        return f"{start}><f>{formula}</f><v>{value}</v></c>"
    if value.startswith("#"):
        return None
    return f"{start}{_TEXT if value else ''}><f>{formula}</f><v>{_escaped(value)}</v></c>"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


_TEXT = ' t="str"'
_column = cache(xl_col_to_name)
