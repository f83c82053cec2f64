"""Workbooks as offices send them: every real mistake named once, hostile ones refused, and nothing in between."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.e2e.command import done, qisp, refused
from tests.e2e.small_round import PASSPHRASE, Place
from tests.unit.spreadsheets.office_books import good_project, good_row, write_book

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "samples"
needs_samples = pytest.mark.skipif(not SHARED.is_dir(), reason="the office's samples are not beside this checkout")


@pytest.fixture(scope="session")
def empty_once(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = Place(tmp_path_factory.mktemp("empty"))
    place.secret.write_text(PASSPHRASE, encoding="utf-8")
    done(*place.office("round", "new", place.round, "--year", 2026, "--name", "2026年度评价"))
    return place


@pytest.fixture
def empty(empty_once: Place, tmp_path: Path) -> Place:
    """A new round with nothing in it."""
    return empty_once.copied(tmp_path / "place")


def found(problems: list[dict[str, Any]]) -> set[tuple[object, ...]]:
    return {(one["level"], one["sheet"], one["row"], one["code"]) for one in problems}


def mistakes(path: Path) -> Path:
    """A workbook with a title above its headings and one of each mistake that offices make."""
    rows = [
        good_row("A-1"),
        good_row("A-2", 统一社会信用代码="12440300676TY39FYX"),
        good_row("A-3", 企业服务人员数="约二十"),
        good_row("A-4", 运营起始日期="2023-02-30"),
        good_row(
            "A-5",
            企业服务人员数="１６人",
            运营起始日期="2019年3月1日",
            服务能力="计量；标准,检验检测/认证认可，品牌培育",
        ),
        good_row("A-1", 平台名称="后来的一行"),
        good_row("A-6", 平台名称='=cmd|"/c calc"!A1'),
        {"申报编号": "合计", "2025年服务企业数": 999},
    ]
    projects = [good_project("A-1"), good_project("A-2"), good_project("A-9")]

    def edit(book: Any) -> None:
        sheet = book["申报信息"]
        sheet.row_dimensions[4].hidden = True
        sheet.cell(10, 2).data_type = "s"

    return write_book(path, rows, projects, top=[["2026年度申报汇总表"], []], edit=edit)


def test_every_real_mistake_is_named_and_the_good_rows_come_in(empty: Place) -> None:
    book = mistakes(empty.folder / "book.xlsx")
    command = ("import", "applications", empty.round, book)
    ran = qisp(*command, "--json")
    assert (ran.code, ran.json["imported"]) == (1, 0)
    assert found(ran.json["problems"]) == {
        ("error", "申报信息", 5, "bad_uscc"),
        ("error", "申报信息", 6, "bad_number"),
        ("error", "申报信息", 7, "bad_date"),
        ("error", "申报信息", 9, "duplicate_number"),
        ("error", "项目清单", 4, "unknown_application"),
        ("note", "申报信息", 4, "hidden_row"),
        ("note", "申报信息", 11, "total_row"),
    }
    assert done("round", "show", empty.round, "--json").json["applications"] == 0

    skipping = done(*command, "--skip-invalid", "--json").json
    assert (skipping["imported"], skipping["problems"]) == (3, ran.json["problems"])
    screened = done("screen", empty.round, "--accepted-on", "2026-07-01", "--json").json
    assert [one["number"] for one in screened["applications"]] == ["A-1", "A-5", "A-6"]
    done("export", "workbook", empty.round, empty.folder / "out.xlsx")
    exported = openpyxl.load_workbook(empty.folder / "out.xlsx")
    texts = [cell for sheet in exported for row in sheet.iter_rows() for cell in row if "cmd|" in str(cell.value)]
    assert all(cell.data_type == "s" for cell in texts)


def edited(source: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """The parts of a workbook, each as ``change`` returns it; None leaves it out."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = change(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
    return target.getvalue()


def hostile_books(folder: Path) -> dict[str, bytes]:
    good = write_book(folder / "good.xlsx", [good_row("B-1")], [good_project("B-1")]).read_bytes()

    def in_sheet(old: bytes, new: bytes) -> bytes:
        def change(name: str, data: bytes) -> bytes:
            return data.replace(old, new, 1) if name == "xl/worksheets/sheet1.xml" else data

        return edited(good, change)

    laughs = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
    )
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", bytes(300_000_000))
    return {
        "xls": bytes.fromhex("d0cf11e0a1b11ae1") + bytes(4096),
        "csv": "申报编号,平台名称\nA-1,平台\n".encode(),
        "gbk": "申报编号,平台名称\n".encode("gbk"),
        "empty": b"",
        "cut": good[: len(good) // 2],
        "zip": make_zip({"readme.txt": b"no workbook"}),
        "bomb": bomb.getvalue(),
        "no_sheet": edited(good, lambda name, data: None if "worksheets/" in name else data),
        "laughs": in_sheet(b"<worksheet", laughs + b"]><worksheet"),
        "far": in_sheet(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'),
        "million": in_sheet(b"</sheetData>", b'<row r="1000000"><c r="A1000000"><v>1</v></c></row></sheetData>'),
    }


def make_zip(parts: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return data.getvalue()


def test_hostile_workbooks_are_refused_and_change_nothing(empty: Place) -> None:
    before = done("audit", empty.round, "--json").json["head"]
    for name, data in hostile_books(empty.folder).items():
        book = empty.folder / f"{name}.xlsx"
        book.write_bytes(data)
        for kind in ("applications", "experts"):
            ran = qisp("import", kind, empty.round, book, "--json")
            assert ran.code == 1, (name, kind, ran)
            errors = [problem for problem in ran.json["problems"] if problem["level"] == "error"]
            assert errors or "error" in ran.json, (name, kind)
            assert all(problem["message"] for problem in errors)
        rubric = ("round", "new", empty.folder / "x.qround", "--year", 2026, "--name", "x", "--rubric", book)
        assert qisp(*empty.office(*rubric)).code == 1, name
        assert not (empty.folder / "x.qround").exists()
    assert done("audit", empty.round, "--json").json["head"] == before


def test_a_template_that_was_filled_in_is_not_written_over(tmp_path: Path) -> None:
    for kind in ("applications", "experts", "rubric", "score-form"):
        out = tmp_path / f"{kind}.xlsx"
        done("template", kind, out)
        empty = out.read_bytes()
        done("template", kind, out)
        assert out.read_bytes() == empty
        book = openpyxl.load_workbook(out)
        book.worksheets[0].cell(9, 1).value = "QISP-2026-001"
        book.save(out)
        filled_in = out.read_bytes()
        refused("template", kind, out, words="is there already")
        assert out.read_bytes() == filled_in


def test_a_folder_in_place_of_a_workbook_is_called_a_folder(empty: Place) -> None:
    refused("import", "applications", empty.round, empty.folder, words="It is a folder.")
    not_a_folder = empty.secret / "summary.xlsx"
    refused("export", "workbook", empty.round, not_a_folder, words="A part of the path is a file")


def test_an_empty_used_range_of_a_million_rows_is_no_trouble(empty: Place) -> None:
    book = empty.folder / "book.xlsx"
    good = write_book(book, [good_row("B-1")], [good_project("B-1")]).read_bytes()

    def change(name: str, data: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return data
        at = data.index(b'<dimension ref="')
        return data[:at] + b'<dimension ref="A1:XFD1048576"/>' + data[data.index(b"/>", at) + 2 :]

    book.write_bytes(edited(good, change))
    assert done("import", "applications", empty.round, book, "--json").json["imported"] == 1


def test_materials_that_are_missing_linked_or_nobodys_are_told(empty: Place) -> None:
    book = write_book(empty.folder / "book.xlsx", [good_row("B-1"), good_row("B-2")], [good_project("B-1")])
    folder = empty.folder / "materials"
    (folder / "B-1").mkdir(parents=True)
    secret = empty.folder / "1_秘密.pdf"
    secret.write_bytes(b"not for the panel")
    (folder / "B-1" / "1_评价申请书.pdf").write_bytes(b"%PDF-1.7")
    (folder / "B-1" / "3_审计报告.pdf").write_bytes(b"%PDF-1.7 which of both?")
    (folder / "B-1" / "2_证书副本.pdf").symlink_to(secret)
    (folder / "B-2").symlink_to(empty.folder)
    (folder / "说明.txt").write_text("x", encoding="utf-8")
    command = ("import", "applications", empty.round, book, "--json", "--materials")
    refused(*command, empty.folder / "nowhere", words="is not there")
    (folder / "C-7").mkdir()
    nobody = qisp(*command, folder)
    assert nobody.code == 1
    assert ("error", "", None, "unknown_application") in found(nobody.json["problems"])
    (folder / "C-7").rmdir()

    problems = done(*command, folder).json["problems"]
    assert {one["value"] for one in problems} == {"B-1/3_审计报告.pdf", "B-1/2_证书副本.pdf", "B-2", "说明.txt"}
    assert {one["code"] for one in problems} == {"unmatched_material"}
    assert [one["value"] for one in problems if "link" in one["message"]] == ["B-1/2_证书副本.pdf", "B-2"]
    assert done("round", "show", empty.round, "--json").json["materials"] == 1
    kept = [path.read_bytes() for path in (empty.folder / "2026.qround.files").rglob("*") if path.is_file()]
    assert kept == [b"%PDF-1.7"]


# The office's own samples -----------------------------------------------------------------------------------------


@needs_samples
def test_the_workbook_as_received_gives_exactly_its_real_problems(empty: Place) -> None:
    book = SHARED / "as-received" / "applications.xlsx"
    ran = qisp("import", "applications", empty.round, book, "--json")
    errors = {(one["row"], one["code"]) for one in ran.json["problems"] if one["level"] == "error"}
    assert ran.code == 1
    assert errors == {(5, "bad_uscc"), (7, "bad_number"), (8, "bad_date"), (16, "duplicate_number")}
    assert {one["code"] for one in ran.json["problems"] if one["level"] == "note"} == {"hidden_row", "total_row"}
    skipping = done("import", "applications", empty.round, book, "--skip-invalid", "--json").json
    assert (skipping["imported"], skipping["skipped"]) == (9, 4)
    assert done("round", "show", empty.round, "--json").json["applications"] == skipping["imported"]


@needs_samples
def test_the_round_of_2026_imports_clean_and_screens_exactly(empty: Place) -> None:
    source = SHARED / "round-2026"
    folder = empty.folder / "round-2026"
    shutil.copytree(source, folder)
    book, materials = folder / "applications.xlsx", folder / "materials"
    document = done("import", "applications", empty.round, book, "--materials", materials, "--json").json
    assert (document["imported"], document["skipped"], document["problems"]) == (12, 0, [])
    assert done("import", "experts", empty.round, folder / "experts.xlsx", "--json").json["problems"] == []
    assert done("round", "show", empty.round, "--json").json["materials"] == 83
    screened = done("screen", empty.round, "--accepted-on", "2026-07-01", "--json").json["applications"]
    statuses = {one["number"]: (one["status"], one["reason"].partition(" ")[0]) for one in screened}
    assert statuses == {
        **{f"QISP-2026-{n:03d}": ("accepted", "") for n in range(1, 7)},
        "QISP-2026-007": ("to_supplement", "missing:"),
        "QISP-2026-008": ("refused", "(7)"),
        "QISP-2026-009": ("refused", "(3)"),
        "QISP-2026-010": ("refused", "(1)"),
        "QISP-2026-011": ("refused", "(5)"),
        "QISP-2026-012": ("refused", "(6)"),
    }
    missing = {
        (one["number"], number) for one in screened for number, state in one["materials"].items() if state == "missing"
    }
    assert missing == {("QISP-2026-007", "4")}
