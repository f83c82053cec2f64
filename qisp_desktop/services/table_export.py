"""A workbook of what a table of the program shows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from qisp_desktop.spreadsheets.listing import write_listing


def export_table(
    path: Path, title: str, headings: Sequence[str], rows: Sequence[Sequence[str]], numbers: Collection[int] = ()
) -> Path:
    """Write the table to ``path`` and return it; ``numbers`` are the columns that hold numbers. Raises UserError."""
    write_listing(path, title, headings, rows, numbers)
    return path
