"""Files that are no workbook, or one that would cost too much: a clear word, quickly, and nothing taken."""

from __future__ import annotations

import random
import time
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from qisp_desktop.base.errors import UserError
from qisp_desktop.spreadsheets import guard
from qisp_desktop.spreadsheets.applications import read_applications
from tests.unit.spreadsheets.office_books import changed_parts, good_project, good_row, with_part, write_book

SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def code_of(path: Path) -> str:
    """The one problem's code; reading takes no more work than a person would wait for."""
    start = time.process_time()
    book = read_applications(path, year=2026)
    assert time.process_time() - start < 30
    assert book.applications == ()
    (problem,) = book.problems
    assert problem.level == "error"
    assert problem.message
    return problem.code


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return write_book(tmp_path / "book.xlsx", [good_row()], [good_project()])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04",
        "申报编号,平台名称\nA1,平台\n".encode(),
        bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2000),
        b"<html><table><tr><td>1</td></tr></table></html>",
        bytes(range(256)) * 40,
    ],
    ids=["empty", "torn", "csv", "xls or encrypted", "html", "noise"],
)
def test_a_file_of_another_kind_under_the_name_of_a_workbook(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(content)
    assert code_of(path) == "not_a_workbook"


def test_a_zip_that_is_no_workbook(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "book.xlsx", "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert code_of(tmp_path / "book.xlsx") == "not_a_workbook"


def test_a_workbook_without_a_sheet(good: Path) -> None:
    empty = f'<workbook xmlns="{MAIN}"><sheets/></workbook>'.encode()
    assert code_of(with_part(good, "xl/workbook.xml", empty)) == "not_a_workbook"


def test_a_workbook_with_macros(good: Path) -> None:
    assert code_of(with_part(good, "xl/vbaProject.bin", b"macro")) == "not_a_workbook"


@pytest.mark.parametrize("part", [SHEET, "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml"])
def test_entities_that_multiply(good: Path, part: str) -> None:
    laughs = b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(10)
    )
    data = laughs + f']><worksheet xmlns="{MAIN}"><sheetData>&k;</sheetData></worksheet>'.encode()
    assert code_of(with_part(good, part, data)) == "not_a_workbook"


def test_an_entity_from_outside(good: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret", "utf-8")
    uri = (tmp_path / "secret.txt").as_uri()
    data = f'<!DOCTYPE x [<!ENTITY a SYSTEM "{uri}">]><sst xmlns="{MAIN}"><si><t>&a;</t></si></sst>'
    assert code_of(with_part(good, "xl/sharedStrings.xml", data.encode())) == "not_a_workbook"


@pytest.mark.parametrize("cell", ["XFD1048576", "A1048576", "XFD1", "IW2", "A20001"])
def test_a_cell_far_out_is_named(tmp_path: Path, cell: str) -> None:
    def far_out(book: Any) -> None:
        book.active[cell] = "x"

    path = write_book(tmp_path / "book.xlsx", [good_row()], edit=far_out)
    assert code_of(path) == "too_large"
    assert cell in read_applications(path, year=2026).problems[0].message


def test_a_used_range_of_a_million_rows_without_content_is_only_a_claim(good: Path) -> None:
    changed_parts(good, lambda name, data: data.replace(b'ref="A1:T2"', b'ref="A1:XFD1048576"'))
    book = read_applications(good, year=2026)
    assert (len(book.applications), book.problems) == (1, ())


def test_a_million_rows_are_too_many(good: Path) -> None:
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(1, 1_000_001))
    data = f'<worksheet xmlns="{MAIN}"><sheetData>'.encode() + rows + b"</sheetData></worksheet>"
    assert code_of(with_part(good, SHEET, data)) == "too_large"


def test_a_row_of_very_many_cells_is_too_large(good: Path) -> None:
    cells = b"<c><v>1</v></c>" * 600_000
    data = f'<worksheet xmlns="{MAIN}"><sheetData><row r="1">'.encode() + cells + b"</row></sheetData></worksheet>"
    assert code_of(with_part(good, SHEET, data)) == "too_large"


@pytest.mark.parametrize("part", ["xl/styles.xml", "xl/workbook.xml", "[Content_Types].xml", "xl/sharedStrings.xml"])
def test_parts_of_very_many_elements_are_too_large(good: Path, part: str) -> None:
    data = f'<sst xmlns="{MAIN}">'.encode() + b"<si/>" * 500_001 + b"</sst>"
    assert code_of(with_part(good, part, data)) == "too_large"


def test_xml_that_nests_without_end_is_too_large(good: Path) -> None:
    assert code_of(with_part(good, SHEET, b"<a>" * 100_000)) == "too_large"


def test_a_part_packed_a_thousand_times_is_too_large(good: Path) -> None:
    assert code_of(with_part(good, "xl/media/image1.png", bytes(60 << 20), packed=True)) == "too_large"


def test_a_file_larger_than_the_limit_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with path.open("wb") as stream:
        stream.truncate(guard.LARGEST_FILE + 1)
    assert code_of(path) == "too_large"


def test_rows_out_of_order_are_refused_rather_than_lost(good: Path) -> None:
    data = f'<worksheet xmlns="{MAIN}"><sheetData><row r="5"/><row r="2"/></sheetData></worksheet>'.encode()
    assert code_of(with_part(good, SHEET, data)) == "not_a_workbook"


def test_a_date_beyond_all_calendars_is_a_bad_date(tmp_path: Path) -> None:
    def far_future(book: Any) -> None:
        book.active["F2"].value = 99_999_999
        book.active["F2"].number_format = "yyyy-mm-dd"

    book = read_applications(write_book(tmp_path / "book.xlsx", [good_row()], edit=far_future), year=2026)
    assert [problem.code for problem in book.problems] == ["bad_date"]


def test_a_missing_file_and_a_folder_are_the_persons_to_correct(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"none\.xlsx could not be read"):
        read_applications(tmp_path / "none.xlsx", year=2026)
    with pytest.raises(UserError):
        read_applications(tmp_path, year=2026)


def test_no_flipped_byte_and_no_torn_file_breaks_the_reading(good: Path, tmp_path: Path) -> None:
    data = good.read_bytes()
    generator = random.Random(7)
    broken = tmp_path / "broken.xlsx"
    for position in [*range(0, 60, 7), *(generator.randrange(len(data)) for _ in range(120))]:
        torn = generator.random() < 0.2
        changed = data[:position] + bytes([data[position] ^ (1 << generator.randrange(8))]) + data[position + 1 :]
        broken.write_bytes(data[:position] if torn else changed)
        # Whatever stands in it, it is read or refused; nothing else is raised.
        book = read_applications(broken, year=2026)
        assert book.applications or book.problems


def test_no_changed_xml_breaks_the_reading(good: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(good) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    generator = random.Random(11)
    for _ in range(120):
        name = generator.choice(sorted(name for name in parts if name.endswith(("xml", "rels"))))
        data = bytearray(parts[name])
        position = generator.randrange(len(data))
        data[position : position + generator.randrange(4)] = generator.choice(
            [b"<", b">", b'"', b"9", b"", b"\xff", b"-1"]
        )
        with zipfile.ZipFile(tmp_path / "broken.xlsx", "w") as archive:
            for part, held in parts.items():
                archive.writestr(part, bytes(data) if part == name else held)
        book = read_applications(tmp_path / "broken.xlsx", year=2026)
        assert book.applications or book.problems


def test_an_empty_sheet_lacks_every_column(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "book.xlsx")
    book = read_applications(tmp_path / "book.xlsx", year=2026)
    assert {problem.code for problem in book.problems} == {"missing_column"}
