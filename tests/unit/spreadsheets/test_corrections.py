"""A clerk's corrections over a workbook: read as if the office had written it so, the workbook left as it is."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qisp_desktop.base.errors import UserError
from qisp_desktop.spreadsheets.applications import ApplicationsBook, read_applications
from qisp_desktop.spreadsheets.corrections import (
    APPLICATIONS,
    PROJECTS,
    CellAt,
    ColumnMap,
    Corrections,
    column_letters,
    hold,
)
from qisp_desktop.spreadsheets.experts import read_experts
from qisp_desktop.spreadsheets.guard import UnfitWorkbook
from qisp_desktop.spreadsheets.record_fields import read_field
from tests.unit.spreadsheets.office_books import HEADINGS, VALID_CODES, good_project, good_row, write_book

SHEET = "申报信息"
STAFF, USCC, NUMBER = (HEADINGS.index(name) for name in ("企业服务人员数", "统一社会信用代码", "申报编号"))


def read(path: Path, **parts: object) -> ApplicationsBook:
    return read_applications(path, year=2026, corrections=Corrections(**parts))  # type: ignore[arg-type]


def codes(book: ApplicationsBook) -> list[tuple[str, int | None]]:
    return [(one.code, one.row) for one in book.problems if one.level == "error"]


def test_a_mended_cell_is_read_like_one_that_was_sent(tmp_path: Path) -> None:
    path = write_book(tmp_path / "book.xlsx", [good_row(企业服务人员数="约二十")])
    sent = path.read_bytes()
    assert codes(read(path)) == [("bad_number", 2)]

    book = read(path, cells={CellAt(SHEET, 2, STAFF): "20人"})

    assert codes(book) == []
    assert book.applications[0].staff == 20
    (mended,) = book.mended
    assert mended == (SHEET, 2, "企业服务人员数", "QISP-2026-001", "约二十", "20人")
    assert path.read_bytes() == sent


def test_a_mended_cell_can_be_wrong_again_and_says_where(tmp_path: Path) -> None:
    path = write_book(tmp_path / "book.xlsx", [good_row()])

    (problem,) = read(path, cells={CellAt(SHEET, 2, STAFF): "许多"}).problems

    assert (problem.row, problem.index, problem.value) == (2, STAFF, "许多")


def test_an_emptied_cell_lacks_its_value(tmp_path: Path) -> None:
    path = write_book(tmp_path / "book.xlsx", [good_row()])

    assert codes(read(path, cells={CellAt(SHEET, 2, USCC): "  "})) == [("missing_value", 2)]


def test_a_value_can_be_given_beyond_the_end_of_a_short_row(tmp_path: Path) -> None:
    headings = (*HEADINGS[:-1], "平台简介")
    path = write_book(tmp_path / "book.xlsx", [good_row(平台简介=None)], headings=headings)

    book = read(path, cells={CellAt(SHEET, 2, len(headings) - 1): "面向无人机产业。"})

    assert book.applications[0].summary == "面向无人机产业。"


def test_of_two_rows_with_one_number_either_can_be_left_out(tmp_path: Path) -> None:
    path = write_book(tmp_path / "book.xlsx", [good_row(平台名称="先"), good_row(平台名称="后")])

    first = read(path, skipped=frozenset({(SHEET, 3)}))
    second = read(path, skipped=frozenset({(SHEET, 2)}))

    assert [one.platform for one in first.applications] == ["先"]
    assert [one.platform for one in second.applications] == ["后"]
    assert (codes(first), codes(second), second.left_out) == ([], [], 1)


def test_the_projects_of_a_row_that_is_left_out_go_with_it(tmp_path: Path) -> None:
    rows, projects = [good_row("A1"), good_row("A2")], [good_project("A1"), good_project("A2"), good_project("A3")]
    path = write_book(tmp_path / "book.xlsx", rows, projects)

    book = read(path, skipped=frozenset({(SHEET, 2)}))

    assert [(one.number, len(one.projects)) for one in book.applications] == [("A2", 1)]
    assert codes(book) == [("unknown_application", 4)]  # only A3 is nobody's
    assert book.rows["A1"] == 2  # so that nothing is said of its materials' folder


def test_a_project_alone_can_be_left_out(tmp_path: Path) -> None:
    path = write_book(tmp_path / "book.xlsx", [good_row()], [good_project(年度=1850), good_project()])

    book = read(path, skipped=frozenset({("项目清单", 2)}))

    assert codes(book) == []
    assert len(book.applications[0].projects) == 1


def test_nothing_is_kept_of_what_was_mended_in_a_row_that_is_left_out(tmp_path: Path) -> None:
    path = write_book(tmp_path / "book.xlsx", [good_row("A1"), good_row("A2")])
    cells = {CellAt(SHEET, 2, STAFF): "5", CellAt(SHEET, 3, STAFF): "6", CellAt(SHEET, 99, STAFF): "7"}

    book = read(path, cells=cells, skipped=frozenset({(SHEET, 2)}))

    assert [(one.number, one.after) for one in book.mended] == [("A2", "6")]


def test_a_column_is_what_the_clerk_says_whatever_its_heading(tmp_path: Path) -> None:
    headings = tuple("信用代码(新)" if name == "统一社会信用代码" else name for name in HEADINGS)
    row = good_row() | {"信用代码(新)": VALID_CODES[1]}
    path = write_book(tmp_path / "book.xlsx", [row], headings=headings)
    assert [code for code, _row in codes(read(path))] == ["missing_column"]
    columns = dict(read(path).tables[APPLICATIONS].columns)

    book = read(path, tables={APPLICATIONS: ColumnMap(SHEET, 1, columns | {USCC: "uscc"})})

    assert codes(book) == []
    assert book.applications[0].uscc == VALID_CODES[1]


def test_a_column_that_is_not_read_leaves_its_value_out(tmp_path: Path) -> None:
    path = write_book(tmp_path / "book.xlsx", [good_row()])
    columns = {index: key for index, key in read(path).tables[APPLICATIONS].columns.items() if key != "summary"}

    book = read(path, tables={APPLICATIONS: ColumnMap(SHEET, 1, columns)})

    assert book.applications[0].summary == ""


def test_the_unit_in_the_heading_counts_also_for_a_column_named_by_hand(tmp_path: Path) -> None:
    path = write_book(tmp_path / "book.xlsx", [good_row()], [good_project()])
    columns = dict(read(path).tables[PROJECTS].columns)
    heading = CellAt("项目清单", 1, 5)

    inside = read(path, tables={PROJECTS: ColumnMap("项目清单", 1, columns)}, cells={heading: "合同金额(元)"})
    unknown = read(path, tables={PROJECTS: ColumnMap("项目清单", 1, columns)}, cells={heading: "合同金额(美元)"})

    assert str(inside.applications[0].projects[0].amount) == "0.010837"
    assert ("unknown_value", 1) in codes(unknown)
    assert inside.mended[0].number == ""  # a heading is of no application


def test_a_table_without_any_known_heading_is_read_where_the_clerk_says(tmp_path: Path) -> None:
    headings = tuple(f"第{n}项" for n in range(len(HEADINGS)))
    row = dict(zip(headings, good_row().values(), strict=True))
    path = write_book(tmp_path / "book.xlsx", [row], headings=headings, top=[["汇总"]])
    known = read(write_book(tmp_path / "other.xlsx", [good_row()])).tables[APPLICATIONS].columns

    book = read(path, tables={APPLICATIONS: ColumnMap(SHEET, 2, known)})

    assert (codes(book), len(book.applications)) == ([], 1)


def test_corrections_made_for_another_workbook_are_refused(tmp_path: Path) -> None:
    path = write_book(tmp_path / "book.xlsx", [good_row()])
    corrections = Corrections(book=hold(path.read_bytes()).digest)
    write_book(path, [good_row("QISP-2026-002")])

    with pytest.raises(UserError, match="not the workbook any more"):
        read_applications(path, year=2026, corrections=corrections)
    with pytest.raises(UserError, match="not the workbook any more"):
        read_experts(path, corrections=corrections)


def test_experts_are_mended_and_left_out_alike(tmp_path: Path) -> None:
    headings = ("专家编号", "姓名", "工作单位", "角色")
    rows = [
        dict(zip(headings, values, strict=True))
        for values in (("E001", "张三", "示例大学", "组员X"), ("E002", "李四", "", "成员"))
    ]
    path = write_book(tmp_path / "book.xlsx", rows, headings=headings)
    assert read_experts(path).skipped == 2

    book = read_experts(
        path, corrections=Corrections(cells={CellAt(SHEET, 2, 3): "组长"}, skipped=frozenset({(SHEET, 3)}))
    )

    assert [(one.id, one.role.zh) for one in book.experts] == [("E001", "组长")]
    assert (book.skipped, book.left_out, book.mended[0].before) == (0, 1, "组员X")


def test_a_held_workbook_answers_like_the_open_one_also_where_a_sheet_cannot_be_read(tmp_path: Path) -> None:
    def far(book) -> None:  # type: ignore[no-untyped-def]
        book.create_sheet("远").cell(row=1_000_000, column=16_000, value="x")

    path = write_book(tmp_path / "book.xlsx", [good_row()], edit=far)

    held = hold(path.read_bytes())

    assert [row.number for row in held.rows(SHEET)] == [1, 2]
    assert held.rows("远", first=30) == []
    with pytest.raises(UnfitWorkbook):
        held.rows("远")


def test_a_day_is_shown_without_a_time(tmp_path: Path) -> None:
    path = write_book(tmp_path / "book.xlsx", [good_row(运营起始日期=datetime(2019, 3, 1))])  # noqa: DTZ001  as in a cell

    book = read(path, cells={CellAt(SHEET, 2, 5): "2019-04-01"})

    assert book.mended[0].before == "2019-03-01"


@given(st.integers(0, 16_383))
def test_letters_over_columns_count_as_in_excel(column: int) -> None:
    from openpyxl.utils import get_column_letter

    assert column_letters(column) == get_column_letter(column + 1)


@pytest.mark.parametrize(
    ("key", "text", "problem"),
    [
        ("staff", "20 人", False),
        ("staff", "二十", True),
        ("uscc", VALID_CODES[1].lower(), False),
        ("uscc", "123", True),
        ("started_on", "2019年3月1日", False),
        ("started_on", "", True),
        ("body_kind", "事业单位", False),
        ("categories", "计量、标准", False),
        ("key_areas", "月球", True),
        ("dishonest", "否", False),
        ("premises", "1,200.5㎡", False),
        ("summary", "第一行\n第二行", False),
        ("served2025", "130家", False),
        ("phone", "", False),
    ],
)
def test_a_field_is_read_as_a_cell_would_be(key: str, text: str, problem: bool) -> None:
    assert bool(read_field(key, text)[1]) is problem
