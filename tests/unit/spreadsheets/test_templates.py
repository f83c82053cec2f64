"""Templates: what is handed out to be filled in comes back without a problem."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from qisp_desktop.base.errors import UserError
from qisp_desktop.domain.rubric import problems
from qisp_desktop.spreadsheets.applications import read_applications
from qisp_desktop.spreadsheets.experts import read_experts
from qisp_desktop.spreadsheets.rubrics import read_rubric_book
from qisp_desktop.spreadsheets.templates import TemplateKind, write_template
from tests.unit.spreadsheets.office_programs import recalculated
from tests.unit.spreadsheets.rounds import DEFAULT_RUBRIC, small_rubric


def template(tmp_path: Path, kind: TemplateKind) -> Path:
    path = tmp_path / f"{kind}.xlsx"
    write_template(kind, path, DEFAULT_RUBRIC, 2027)
    return path


def examples(book: Any, sheet: str) -> dict[str, str]:
    """The example of every column as the instructions give it."""
    found: dict[str, str] = {}
    inside = False
    for row in book["填写说明"].iter_rows(values_only=True):
        if str(row[0] or "").startswith("工作表"):
            inside = sheet in row[0]
        elif inside and row[1] in ("必填", "选填"):
            found[row[0]] = row[3]
    return found


def fill(path: Path, sheet: str, row: int = 2) -> None:
    """Fill a row of ``sheet`` with the examples, typed as a person would into Excel."""
    book = openpyxl.load_workbook(path)
    given = examples(book, sheet)
    for cell in book[sheet][1]:
        assert cell.column is not None
        heading = str(cell.value).removesuffix(" *").split("（")[0]
        text: Any = given[heading]
        if book[sheet].column_dimensions[get_column_letter(cell.column)].number_format == "yyyy-mm-dd":
            text = date.fromisoformat(text)
        elif text.replace(".", "").isdigit() and heading not in ("联系电话", "手机号码"):
            text = float(text)
        book[sheet].cell(row, cell.column, text)
    book.save(path)


def test_a_filled_in_template_of_applications_reads_back_without_a_problem(tmp_path: Path) -> None:
    path = template(tmp_path, "applications")
    assert read_applications(path, year=2027).problems == ()
    fill(path, "申报信息")
    fill(path, "项目清单")
    book = read_applications(path, year=2027)
    assert (book.problems, book.skipped) == ((), 0)
    (application,) = book.applications
    assert application.number == "QISP-2027-001"
    assert [served.year for served in application.served] == [2025, 2026]
    assert application.premises == 1200
    assert application.projects[0].amount == Decimal("108.37")


def test_a_filled_in_template_of_experts_reads_back_without_a_problem(tmp_path: Path) -> None:
    path = template(tmp_path, "experts")
    fill(path, "专家名单")
    book = read_experts(path)
    assert (book.problems, book.skipped) == ((), 0)
    assert book.experts[0].name == "王五"


def test_closed_lists_are_offered_in_the_cells(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(template(tmp_path, "applications"))["申报信息"]
    lists = [rule.formula1 for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    assert '"企业,事业单位,科研院所,专业技术机构,社会组织,其他"' in lists
    assert '"是,否"' in lists


def test_a_rubric_survives_the_way_through_its_workbook(tmp_path: Path) -> None:
    assert read_rubric_book(template(tmp_path, "rubric")) == DEFAULT_RUBRIC
    small = small_rubric("0.25", [["3.5"], ["10", "2.25"]])
    write_template("rubric", tmp_path / "small.xlsx", small, 2026)
    book = openpyxl.load_workbook(tmp_path / "small.xlsx")
    book["核查清单"].append(["I1", "场所与材料一致", "", "13.4"])
    book.save(tmp_path / "small.xlsx")
    read = read_rubric_book(tmp_path / "small.xlsx")
    assert (read.groups, read.step) == (small.groups, small.step)
    assert read.checklist[0].text == "场所与材料一致"
    assert problems(read) == []


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "place", "words"),
    [
        ("评分项", "G3", "五", "评分项!G3", "number"),
        ("评分项", "G3", 5.3, "评分项!G3", "step"),
        ("评分项", "D3", "Q1", "评分项!D3", "twice"),
        ("评分项", "B4", "别的名称", "评分项!B4", "another name"),
        ("评分项", "E5", None, "评分项!E5", "required"),
        ("等级", "E3", 3.5, "等级!E3", "gap or overlap"),
        ("等级", "D5", 0.5, "等级!D5", "must be 0"),
        ("等级", "A6", "X9", "等级!A6", "no criterion"),
        ("等级", "F6", None, "等级!F6", "required"),
        ("核查清单", "A3", "I1", "核查清单!A3", "twice"),
        ("核查清单", "A3", "小写", "核查清单!A3", "capital letter"),
        ("基本信息", "C2", 0, "基本信息!C2", "greater than 0"),
        ("基本信息", "D2", 60, "基本信息!D2", "between 0 and 1"),
        ("基本信息", "A2", None, "基本信息!A2", "required"),
        ("评分项", "G1", "最高", "评分项", "missing"),
    ],
)
def test_every_mistake_in_a_rubric_is_named_by_sheet_and_cell(
    tmp_path: Path, sheet: str, cell: str, value: object, place: str, words: str
) -> None:
    path = template(tmp_path, "rubric")
    book = openpyxl.load_workbook(path)
    book[sheet][cell].value = value
    book.save(path)
    with pytest.raises(UserError) as refused:
        read_rubric_book(path)
    lines = refused.value.why.split("\n")
    assert any(place in line and words in line for line in lines), lines


def test_several_mistakes_are_named_at_once(tmp_path: Path) -> None:
    path = template(tmp_path, "rubric")
    book = openpyxl.load_workbook(path)
    book["评分项"]["G3"].value, book["等级"]["D4"].value = "五", "低"
    book.save(path)
    with pytest.raises(UserError) as refused:
        read_rubric_book(path)
    assert len(refused.value.why.split("\n")) == 2


@pytest.mark.parametrize("content", [b"", b"no workbook"])
def test_what_is_no_workbook_is_no_rubric(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "rubric.xlsx").write_bytes(content)
    with pytest.raises(UserError, match="cannot be used"):
        read_rubric_book(tmp_path / "rubric.xlsx")


def test_a_workbook_of_something_else_is_no_rubric(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="评分标准名称"):
        read_rubric_book(template(tmp_path, "experts"))


def test_the_score_form_adds_up_and_asks_for_what_is_missing(tmp_path: Path) -> None:
    path = template(tmp_path, "score-form")
    book = openpyxl.load_workbook(path)
    form = book["评分表"]
    rows = [row for row in range(9, 9 + 16) if form.cell(row, 2).value]
    assert len(rows) == 16
    for row, criterion in zip(rows, DEFAULT_RUBRIC.criteria, strict=True):
        assert form.cell(row, 2).value == criterion.code
        assert not form.cell(row, 7).protection.locked
        assert not form.cell(row, 8).protection.locked
        assert form.cell(row, 4).protection.locked
        form.cell(row, 7).value = float(criterion.maximum) - 0.5
    assert form.protection.sheet
    assert len(form.data_validations.dataValidation) == 16
    book.save(path)
    total = recalculated(path, tmp_path)["评分表"]
    assert total.cell(25, 7).value == 92
    assert total.cell(25, 8).value == "已全部评分"


@pytest.mark.parametrize("kind", ["applications", "experts", "rubric", "score-form"])
def test_a_template_has_the_same_bytes_each_time(tmp_path: Path, kind: TemplateKind) -> None:
    first = template(tmp_path, kind).read_bytes()
    assert template(tmp_path, kind).read_bytes() == first
