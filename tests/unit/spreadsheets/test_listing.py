"""What a table of the program shows, as a workbook."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from openpyxl import load_workbook

from qisp_desktop.spreadsheets.listing import write_listing
from qisp_desktop.spreadsheets.writing import Publication, published


def test_a_listing_holds_texts_as_texts_and_numbers_as_numbers(tmp_path: Path) -> None:
    path = tmp_path / "table.xlsx"
    write_listing(path, "申报", ["编号", "得分"], [["=1+1", "86.5"], ["007", "—"]], {1})
    book = load_workbook(path)  # whole, so that its file is closed
    sheet = book.worksheets[0]
    assert [[cell.value for cell in row] for row in sheet] == [["编号", "得分"], ["=1+1", 86.5], ["007", "—"]]


def test_the_cells_of_a_written_workbook_do_not_wait_for_the_collector(tmp_path: Path) -> None:
    made: list[Publication] = []

    def build(book: Publication) -> None:
        made.append(book)
        book.sheet("1").write_string(0, 0, "申报", book.cell)

    published(tmp_path / "table.xlsx", build, title="1", at=datetime(2026, 7, 1, tzinfo=UTC))
    (publication,) = made
    assert [len(sheet.table) for sheet in publication.workbook.worksheets()] == [0]
    assert publication.workbook.str_table.string_array == []
