"""What the office's workbook of applications becomes, and what is said about the rows that cannot be taken."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from qisp_desktop.base.errors import Cancelled
from qisp_desktop.domain.regulation import BodyKind, KeyArea, ServiceCategory
from qisp_desktop.spreadsheets.applications import ApplicationsBook, read_applications
from tests.unit.spreadsheets.office_books import (
    HEADINGS,
    PROJECT_HEADINGS,
    VALID_CODES,
    changed_parts,
    good_project,
    good_row,
    write_book,
)


def found(book: ApplicationsBook) -> list[tuple[str, int | None, str]]:
    return [(problem.code, problem.row, problem.column) for problem in book.problems]


def read(tmp_path: Path, *rows: dict[str, Any], **options: Any) -> ApplicationsBook:
    return read_applications(write_book(tmp_path / "book.xlsx", rows, **options), year=2026)


def test_a_good_row_becomes_an_application_with_its_projects(tmp_path: Path) -> None:
    book = read(tmp_path, good_row(), projects=[good_project(), good_project(项目名称="第二个项目", 服务类别=None)])
    assert (book.problems, book.skipped, book.rows) == ((), 0, {"QISP-2026-001": 2})
    (application,) = book.applications
    assert application.number == "QISP-2026-001"
    assert application.body_kind is BodyKind.INSTITUTION
    assert application.started_on == date(2019, 3, 1)
    assert application.staff == 38
    assert application.categories == tuple(ServiceCategory)[:5]
    assert application.key_areas == (KeyArea.INNOVATIVE,)
    assert [(served.year, served.count) for served in application.served] == [(2024, 120), (2025, 156)]
    assert application.dishonest is False
    assert application.premises == Decimal("1200.5")
    assert application.materials == ()
    assert [project.name for project in application.projects] == ["质量提升项目", "第二个项目"]
    assert application.projects[0].amount == Decimal("108.37")
    assert application.projects[1].category is None


def test_headings_are_found_in_any_order_below_titles_with_blanks_stars_and_wide_brackets(tmp_path: Path) -> None:
    headings = [f" {heading} *" if heading == "建设主体" else heading for heading in reversed(HEADINGS)]
    headings[headings.index("场所面积(㎡)")] = "场所面积（㎡）"
    headings[headings.index("服务能力")] = "服务\n能力"
    row = good_row()
    row |= {" 建设主体 *": row["建设主体"], "场所面积（㎡）": 7, "服务\n能力": row["服务能力"]}
    book = read(tmp_path, row, headings=headings, top=[["2026年度申报信息汇总表"], []])
    assert book.problems == ()
    assert book.applications[0].applicant == "深圳市示例无人机研究院"
    assert book.applications[0].premises == 7
    assert book.rows == {"QISP-2026-001": 4}


def test_a_column_keeps_its_heading_as_found_in_a_problem(tmp_path: Path) -> None:
    headings = ["企业服务人员数 *" if heading == "企业服务人员数" else heading for heading in HEADINGS]
    book = read(tmp_path, good_row() | {"企业服务人员数 *": "约二十"}, headings=headings)
    assert found(book) == [("bad_number", 2, "企业服务人员数 *")]
    assert book.problems[0].value == "约二十"
    assert "人" in book.problems[0].message


@pytest.mark.parametrize(
    ("written", "day"),
    [
        (datetime.fromisoformat("2025-09-01T08:30"), date(2025, 9, 1)),
        ("2019年3月1日", date(2019, 3, 1)),
        ("2019.3.1", date(2019, 3, 1)),
        ("2019/03/01", date(2019, 3, 1)),
        ("２０１９－０３－０１", date(2019, 3, 1)),
        (" 2019 年 3 月 1 日 ", date(2019, 3, 1)),
        ("2019-03-01 00:00:00", date(2019, 3, 1)),
    ],
)
def test_dates_are_read_in_every_usual_form(tmp_path: Path, written: object, day: date) -> None:
    book = read(tmp_path, good_row(运营起始日期=written))
    assert book.problems == ()
    assert book.applications[0].started_on == day


@pytest.mark.parametrize(
    "written", ["2019年13月40日", "2019.2.30", "去年", "2019年3月", "3/1/2019", 43525, "2019.3/1", "3019.3.1", True]
)
def test_an_impossible_date_is_an_error(tmp_path: Path, written: object) -> None:
    book = read(tmp_path, good_row(运营起始日期=written))
    assert found(book) == [("bad_date", 2, "运营起始日期")]
    assert (book.applications, book.skipped) == ((), 1)


@pytest.mark.parametrize(
    ("written", "count"),
    [
        (139.0, 139),
        ("１０８", 108),
        ("16人", 16),
        ("51 名", 51),
        ("1,234", 1234),
        ("９", 9),
        (0, 0),
        (12.000000000000002, 12),
    ],
)
def test_counts_are_read_in_every_usual_form(tmp_path: Path, written: object, count: int) -> None:
    book = read(tmp_path, good_row(企业服务人员数=written))
    assert book.problems == ()
    assert book.applications[0].staff == count


@pytest.mark.parametrize(
    "written",
    [139.5, -1, "约二十", "16台", "1.5人", True, date(2019, 3, 1), 10**12, 1e300, "1,23", "十六", "15²", "1①", "½"],
)
def test_what_is_no_count_is_an_error(tmp_path: Path, written: object) -> None:
    book = read(tmp_path, good_row(企业服务人员数=written))
    assert found(book) == [("bad_number", 2, "企业服务人员数")]


def test_amounts_carry_no_binary_noise_and_know_their_unit(tmp_path: Path) -> None:
    amounts = [108.37, 0.1 + 0.2, "７.４４", "12.5万元", "83000元"]
    book = read(tmp_path, good_row(), projects=[good_project(**{"合同金额(万元)": amount}) for amount in amounts])
    assert book.problems == ()
    read_back = [project.amount for project in book.applications[0].projects]
    assert read_back == [Decimal(text) for text in ("108.37", "0.3", "7.44", "12.5", "8.3")]
    assert [str(amount) for amount in read_back[:2]] == ["108.37", "0.3"]


def test_a_heading_in_another_unit_is_converted_and_an_unknown_one_refused(tmp_path: Path) -> None:
    row = good_row() | {"场所面积(亩)": 3}
    book = read(tmp_path, row, headings=[h.replace("㎡", "亩") for h in HEADINGS])
    assert found(book) == [("unknown_value", 1, "场所面积(亩)")]

    def in_yuan(open_book: Any) -> None:
        open_book["项目清单"]["F1"] = "合同金额（元）"

    book = read(tmp_path, good_row(), projects=[good_project(**{"合同金额(万元)": 1083700})], edit=in_yuan)
    assert book.problems == ()
    assert book.applications[0].projects[0].amount == Decimal("108.37")


@pytest.mark.parametrize("separator", ["、", "；", ";", ",", "，", "/", "\n", " 、 "])
def test_lists_are_read_with_every_usual_separator(tmp_path: Path, separator: str) -> None:
    book = read(tmp_path, good_row(服务能力=separator.join(["标准", "计量", "特色服务", "标准", ""])))
    assert book.problems == ()
    assert book.applications[0].categories == (
        ServiceCategory.METROLOGY,
        ServiceCategory.STANDARDS,
        ServiceCategory.OTHER,
    )


def test_a_credit_code_is_normalised_before_it_is_judged(tmp_path: Path) -> None:
    rows = [
        good_row("A1", 统一社会信用代码=f" {VALID_CODES[0].lower()}\u200b"),
        good_row("A2", 统一社会信用代码="91440300MA5EXAMPLE"),
        good_row("A3", 统一社会信用代码=914403001234567890),
    ]
    book = read(tmp_path, *rows)
    assert [application.uscc for application in book.applications] == [VALID_CODES[0]]
    assert found(book) == [("bad_uscc", 3, "统一社会信用代码"), ("bad_uscc", 4, "统一社会信用代码")]


def test_closed_lists_refuse_what_they_do_not_know(tmp_path: Path) -> None:
    rows = [
        good_row("A1", 主体类型="个体户"),
        good_row("A2", 主体类型="其他"),
        good_row("A3", 服务能力="计量、算命"),
        good_row("A4", 严重失信主体="也许"),
        good_row("A5", 严重失信主体=None),
        good_row("编号五"),
    ]
    book = read(tmp_path, *rows)
    assert [a.number for a in book.applications] == ["A2", "A5"]
    assert book.applications[0].body_kind is BodyKind.INELIGIBLE
    assert book.applications[1].dishonest is None
    assert found(book) == [
        ("unknown_value", 2, "主体类型"),
        ("unknown_value", 4, "服务能力"),
        ("unknown_value", 5, "严重失信主体"),
        ("unknown_value", 7, "申报编号"),
    ]


def test_every_mistake_of_a_row_is_named(tmp_path: Path) -> None:
    book = read(tmp_path, good_row(平台名称=None, 建设主体="  ", 统一社会信用代码="X", 企业服务人员数=None))
    assert found(book) == [
        ("missing_value", 2, "企业服务人员数"),
        ("missing_value", 2, "平台名称"),
        ("missing_value", 2, "建设主体"),
        ("bad_uscc", 2, "统一社会信用代码"),
    ]
    assert book.skipped == 1


def test_of_rows_with_the_same_number_the_first_stands(tmp_path: Path) -> None:
    rows = [good_row("A1"), good_row("a1", 平台名称="后来的"), good_row("B1", 企业服务人员数="多"), good_row("B1")]
    book = read_applications(write_book(tmp_path / "book.xlsx", rows), year=2026, existing={"C1"})
    assert [a.platform for a in book.applications] == ["无人机质量基础设施一站式服务平台"]
    assert found(book) == [
        ("duplicate_number", 3, "申报编号"),
        ("bad_number", 4, "企业服务人员数"),
        ("duplicate_number", 5, "申报编号"),
    ]
    assert book.rows == {"A1": 2, "B1": 4}


def test_a_number_that_the_round_holds_already_is_an_error(tmp_path: Path) -> None:
    path = write_book(tmp_path / "book.xlsx", [good_row("A1"), good_row("A2")])
    book = read_applications(path, year=2026, existing={"A2"})
    assert found(book) == [("duplicate_number", 3, "申报编号")]
    assert [a.number for a in book.applications] == ["A1"]


def test_a_hidden_row_is_read_like_any_other_and_noted(tmp_path: Path) -> None:
    def hide(book: Any) -> None:
        book.active.row_dimensions[3].hidden = True

    book = read(tmp_path, good_row("A1"), good_row("A2"), edit=hide)
    assert [a.number for a in book.applications] == ["A1", "A2"]
    assert [(p.level, p.code, p.row) for p in book.problems] == [("note", "hidden_row", 3)]


def test_a_line_of_totals_and_a_repeated_heading_are_no_applications(tmp_path: Path) -> None:
    rows = [good_row("A1"), dict(zip(HEADINGS, HEADINGS, strict=True)), {}, {"申报编号": "合计", "平台名称": "12家"}]
    rows.append({"平台名称": "总计：1"})
    book = read(tmp_path, *rows)
    assert [(p.level, p.code, p.row) for p in book.problems] == [("note", "total_row", 5), ("note", "total_row", 6)]
    assert len(book.applications) == 1


def test_a_formulas_stored_result_is_taken_and_noted(tmp_path: Path) -> None:
    path = write_book(tmp_path / "book.xlsx", [good_row(企业服务人员数="=30+8")])
    assert found(read_applications(path, year=2026)) == [("missing_value", 2, "企业服务人员数")]
    changed_parts(path, lambda name, data: re.sub(rb"</f><v ?/>|</f><v></v>", b"</f><v>38</v>", data))
    book = read_applications(path, year=2026)
    assert [(p.level, p.code, p.column, p.value) for p in book.problems] == [
        ("note", "formula_value", "企业服务人员数", "38")
    ]
    assert book.applications[0].staff == 38


def test_a_formula_that_was_never_calculated_is_an_error_even_where_a_value_is_optional(tmp_path: Path) -> None:
    book = read(tmp_path, good_row(审计意见="=A1"))
    assert found(book) == [("missing_value", 2, "审计意见")]
    assert "formula" in book.problems[0].message


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    def as_text(book: Any) -> None:
        book.active["B2"].value = "=cmd|'/c calc'!A1"
        book.active["B2"].data_type = "s"

    book = read(tmp_path, good_row(), edit=as_text)
    assert book.problems == ()
    assert book.applications[0].platform == "=cmd|'/c calc'!A1"


def test_an_error_value_never_becomes_a_name(tmp_path: Path) -> None:
    def broken(book: Any) -> None:
        book.active["B2"].value = "#REF!"
        book.active["B2"].data_type = "e"

    assert found(read(tmp_path, good_row(), edit=broken)) == [("missing_value", 2, "平台名称")]


def test_control_characters_go_and_full_width_brackets_stay(tmp_path: Path) -> None:
    def spoiled(book: Any) -> None:
        book.active["C2"].value = "  深圳（示例）\u200b研究院_x000D_\n"
        book.active["T2"].value = "第一行\n\n第二行\ufeff "

    book = read(tmp_path, good_row(), edit=spoiled)
    assert book.applications[0].applicant == "深圳（示例）研究院"
    assert book.applications[0].summary == "第一行\n\n第二行"


def test_a_number_in_a_column_of_text_becomes_text_without_noise(tmp_path: Path) -> None:
    book = read(tmp_path, good_row(联系电话=13800003133.0, 平台简介=0.1 + 0.2, 所在区=True))
    assert book.problems == ()
    application = book.applications[0]
    assert (application.phone, application.summary, application.district) == ("13800003133", "0.3", "TRUE")
    assert found(read(tmp_path, good_row(联系电话=1e300))) == [("bad_number", 2, "联系电话")]


def test_a_negative_amount_and_an_impossible_year_are_errors(tmp_path: Path) -> None:
    projects = [good_project(**{"合同金额(万元)": -1}), good_project(年度=25), good_project(年度="2025年")]
    book = read(tmp_path, good_row(), projects=projects)
    assert [(p.code, p.row, p.value) for p in book.problems] == [("bad_number", 2, "-1"), ("bad_number", 3, "25")]
    assert [project.year for project in book.applications[0].projects] == [2025]


def test_a_table_of_projects_may_repeat_its_heading_and_sum_itself_up(tmp_path: Path) -> None:
    projects = [good_project(), dict(zip(PROJECT_HEADINGS, PROJECT_HEADINGS, strict=True)), {"申报编号": "合计"}]
    book = read(tmp_path, good_row(), projects=projects)
    assert [(p.code, p.sheet, p.row) for p in book.problems] == [("total_row", "项目清单", 4)]


def test_a_text_that_is_too_long_is_named_by_its_cell(tmp_path: Path) -> None:
    book = read(tmp_path, good_row(平台简介="长" * 5001))
    assert found(book) == [("too_large", 2, "平台简介")]
    assert len(book.problems[0].value) <= 60
    assert read(tmp_path, good_row(平台简介="长" * 5000)).problems == ()


def test_a_missing_required_column_is_named_and_nothing_is_taken(tmp_path: Path) -> None:
    book = read(tmp_path, good_row(), headings=[h for h in HEADINGS if h not in ("服务能力", "2024年服务企业数")])
    assert [(p.code, p.row, p.column) for p in book.problems] == [
        ("missing_column", 1, "服务能力"),
        ("missing_column", 1, "2024年服务企业数"),
    ]
    assert (book.applications, book.skipped) == ((), 1)


def test_without_the_column_of_numbers_the_projects_are_not_complained_of_one_by_one(tmp_path: Path) -> None:
    headings = [h for h in HEADINGS if h != "申报编号"]
    projects = [good_project("A1"), good_project("A1", 年度="某年")]
    book = read(tmp_path, good_row("A1"), good_row("A2"), headings=headings, projects=projects)
    assert [(p.code, p.row, p.column) for p in book.problems] == [("missing_column", 1, "申报编号")]
    assert (book.applications, book.skipped) == ((), 2)


def test_a_workbook_without_the_table_lacks_every_required_column(tmp_path: Path) -> None:
    book = read(tmp_path, {"姓名": "张三"}, headings=["姓名", "年龄"])
    assert {p.code for p in book.problems} == {"missing_column"}
    assert len(book.problems) == 8


def test_a_heading_that_stands_twice_with_content_is_refused(tmp_path: Path) -> None:
    def doubled(book: Any) -> None:
        book.active["U1"], book.active["U2"] = "联系人", "别人"

    assert found(read(tmp_path, good_row(), edit=doubled)) == [("unknown_value", 1, "联系人")]


def test_projects_of_a_skipped_row_go_with_it_in_silence(tmp_path: Path) -> None:
    projects = [good_project("A1"), good_project("A2", 年度="某年"), good_project("A9"), good_project("A1", 年度=None)]
    book = read(tmp_path, good_row("A1"), good_row("A2", 企业服务人员数="多"), projects=projects)
    assert [(p.sheet, p.code, p.row) for p in book.problems] == [
        ("申报信息", "bad_number", 3),
        ("项目清单", "unknown_application", 4),
        ("项目清单", "missing_value", 5),
    ]
    assert len(book.applications[0].projects) == 1
    assert book.skipped == 3


def test_a_number_merged_over_several_projects_counts_for_each(tmp_path: Path) -> None:
    def merged(book: Any) -> None:
        book["项目清单"].merge_cells("A2:A4")

    book = read(tmp_path, good_row(), projects=[good_project(), good_project(), good_project()], edit=merged)
    assert book.problems == ()
    assert len(book.applications[0].projects) == 3


def test_years_are_taken_from_the_headings(tmp_path: Path) -> None:
    headings = [
        *(h for h in HEADINGS if "服务企业数" not in h),
        "2023年度服务企业数",
        "2024年服务企业数 *",
        "2025年服务企业数",
    ]
    row = good_row() | {"2023年度服务企业数": None, "2024年服务企业数 *": "１２０家", "2025年服务企业数": 130}
    book = read(tmp_path, row, headings=headings)
    assert book.problems == ()
    assert [(s.year, s.count) for s in book.applications[0].served] == [(2024, 120), (2025, 130)]


def test_progress_is_told_and_can_stop_the_reading(tmp_path: Path) -> None:
    path = write_book(tmp_path / "book.xlsx", [good_row(f"A{n}") for n in range(120)])
    told: list[tuple[int, int]] = []
    read_applications(path, year=2026, progress=lambda what, done, total: told.append((done, total)))
    assert told == [(0, 120), (50, 120), (100, 120)]

    def stop(what: str, done: int, total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        read_applications(path, year=2026, progress=stop)
