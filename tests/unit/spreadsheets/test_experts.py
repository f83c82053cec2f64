"""What the office's list of experts becomes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qisp_desktop.domain.panel import Role
from qisp_desktop.domain.regulation import ServiceCategory
from qisp_desktop.spreadsheets.experts import read_experts
from tests.unit.spreadsheets.office_books import VALID_CODES, write_book

HEADINGS = ("专家编号", "姓名", "工作单位", "单位统一社会信用代码", "职称", "专业领域", "手机号码", "角色")


def person(code: str = "E001", **changes: Any) -> dict[str, Any]:
    values = (code, "沈㛃", "示例大学", VALID_CODES[0], "教授", "计量;标准", 13900003680, "组长")
    return dict(zip(HEADINGS, values, strict=True)) | changes


def test_a_good_row_becomes_an_expert(tmp_path: Path) -> None:
    book = read_experts(write_book(tmp_path / "book.xlsx", [person()], headings=HEADINGS))
    assert (book.problems, book.skipped) == ((), 0)
    (expert,) = book.experts
    assert (expert.id, expert.name, expert.uscc, expert.phone) == ("E001", "沈㛃", VALID_CODES[0], "13900003680")
    assert expert.fields == (ServiceCategory.METROLOGY, ServiceCategory.STANDARDS)
    assert expert.role is Role.LEADER


def test_only_number_name_and_organisation_are_required(tmp_path: Path) -> None:
    rows = [{"专家编号": "E001", "姓名": "王五", "工作单位": "示例大学"}]
    book = read_experts(write_book(tmp_path / "book.xlsx", rows, headings=HEADINGS[:3]))
    assert book.problems == ()
    assert book.experts[0].role is Role.MEMBER
    assert book.experts[0].uscc == ""


def test_mistakes_are_named_by_row_and_column(tmp_path: Path) -> None:
    rows = [
        person("E001"),
        person("e001"),
        person("E002", 单位统一社会信用代码="1"),
        person("E003", 姓名=None),
        person("E004", 角色="主席"),
        person("E005"),
        {"专家编号": "合计", "姓名": "5人"},
    ]
    book = read_experts(write_book(tmp_path / "book.xlsx", rows, headings=HEADINGS), existing={"E005"})
    assert [expert.id for expert in book.experts] == ["E001"]
    assert [(p.code, p.row, p.column) for p in book.problems] == [
        ("duplicate_number", 3, "专家编号"),
        ("bad_uscc", 4, "单位统一社会信用代码"),
        ("missing_value", 5, "姓名"),
        ("unknown_value", 6, "角色"),
        ("duplicate_number", 7, "专家编号"),
        ("total_row", 8, "专家编号"),
    ]
    assert book.skipped == 5


def test_what_is_no_workbook_is_one_problem(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_text("专家编号,姓名,工作单位\nE001,王五,示例大学\n", "utf-8")
    book = read_experts(path)
    assert [(p.code, p.row, p.value) for p in book.problems] == [("not_a_workbook", None, "book.xlsx")]
