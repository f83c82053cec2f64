"""An XlsxWriter worksheet that writes plain cells without the detours of the general case.

XlsxWriter looks through every attribute of every cell for characters to escape, through every formula for thirty
functions that need a prefix, and works out a hint about the width of rows that the file format does not ask for. In a
summary of a hundred thousand cells that is half of the time. Here numbers, strings and formulas take a short way;
all else goes the usual one. It leans on the inside of the locked version: the tests read every workbook back.
"""

from __future__ import annotations

from collections.abc import Callable
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

    def _calculate_spans(self) -> None:
        self.row_spans: dict[int, str] = {}

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        kind = cell.__class__.__name__
        style = cell.format
        if style is None or kind not in ("Number", "String", "Formula"):
            super()._write_cell(row, col, cell)
            return
        start = f'<c r="{_column(col)}{row + 1}" s="{style._get_xf_index()}"'
        if kind == "Number":
            self.fh.write(f"{start}><v>{cell.number:.16G}</v></c>")
        elif kind == "String":
            self.fh.write(f'{start} t="s"><v>{cell.string}</v></c>')
        else:
            value = cell.value
            text = isinstance(value, str) and value != ""
            if isinstance(value, bool) or (text and value.startswith("#")):
                super()._write_cell(row, col, cell)
                return
            formula, shown = self._escape_data(cell.formula), self._escape_data(value)
            self.fh.write(f"{start}{_TEXT if text else ''}><f>{formula}</f><v>{shown}</v></c>")


_TEXT = ' t="str"'
_column = cache(xl_col_to_name)
