"""The summary workbook: right, provably right, plain text, the same each time, and usable at every stage of a round."""

from __future__ import annotations

import dataclasses
import time
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.formula.translate import Translator

from qisp_desktop.base.errors import UserError
from qisp_desktop.domain.aggregation import Entry, Recommendation, results
from qisp_desktop.domain.panel import Recusal
from qisp_desktop.domain.policy import Aggregate, Policy
from qisp_desktop.domain.regulation import RecusalGround
from qisp_desktop.domain.score_sheet import Evidence
from qisp_desktop.domain.screening import ScreeningStatus
from qisp_desktop.spreadsheets.summary import write_summary
from qisp_desktop.spreadsheets.summary_data import SummaryData
from tests.unit.spreadsheets.office_programs import formulas_and_values, recalculated
from tests.unit.spreadsheets.rounds import (
    DEFAULT_RUBRIC,
    application,
    assembled,
    expert,
    random_round,
    sheet,
    small_rubric,
)

SHEETS = ["排名", "专家评分", "分项得分", "评分明细", "现场核查", "形式审查", "偏差", "变更", "校验", "说明"]


def written(tmp_path: Path, data: SummaryData, name: str = "summary.xlsx") -> Path:
    write_summary(tmp_path / name, data)
    return tmp_path / name


def column_of(sheet: Any, heading: str) -> list[object]:
    """The values below a heading of row 4, down to the first blank number."""
    for cell in sheet[4]:
        if str(cell.value or "").replace("\n", " ").startswith(heading):
            return [row[cell.column - 1].value for row in sheet.iter_rows(min_row=5) if row[1].value]
    raise AssertionError(f"no heading {heading}")


def tied_round() -> SummaryData:
    """Equal finals that groups part, finals that stay equal, equal extremes, and a mean ending on a half."""
    rubric = small_rubric("0.5", [["10", "10"], ["20"]])
    policy = Policy(tie_break=("G2", "G1"), pass_score=Decimal(20), deviation=Decimal(5), grades={"甲": Decimal(30)})
    panel = [expert(n) for n in range(1, 8)]
    requests = [application(f"{n:03d}") for n in range(1, 6)] + [application("1")]
    scores = {
        "001": [("9", "9", "12")] * 5,
        "002": [("6", "6", "18")] * 5,
        "003": [("6", "6", "18")] * 5,
        "004": [("5", "5", "10"), ("5", "5", "10.5"), ("5", "5", "10.5"), ("5", "5", "10.5")],
        "005": [("0", "0", "0.5"), ("10", "10", "20")],
        "1": [("1", "1", "1"), ("1", "1", "1"), ("10", "10", "20"), ("10", "10", "20"), ("10", "0", "19.5")],
    }
    sheets = [
        sheet(panel[n].id, number, rubric, [Decimal(value) for value in points])
        for number, rows in scores.items()
        for n, points in enumerate(rows)
    ]
    return assembled(requests, panel, sheets, rubric, policy)


@pytest.mark.parametrize(
    "make",
    [
        lambda: random_round(40, 9, least_sheets=1, lowest="0"),
        lambda: random_round(25, 6, least_sheets=3, policy=Policy(aggregate=Aggregate.MEAN), seed=2),
        lambda: random_round(30, 9, rubric=small_rubric("0.1", [["3.3", "6.7"], ["90"]]), lowest="0.9", seed=3),
        lambda: random_round(30, 8, rubric=small_rubric("0.25", [["5", "5"], ["10"], ["80"]]), lowest="0.7", seed=4),
        tied_round,
    ],
    ids=["sheets missing", "plain mean", "step 0.1", "step 0.25", "ties"],
)
def test_libreoffice_recalculates_every_number_to_our_value(tmp_path: Path, make: Any) -> None:
    path = written(tmp_path, make())
    ours = formulas_and_values(path)
    theirs = recalculated(path, tmp_path)
    different = {
        place: (formula, value, theirs[place[0]][place[1]].value)
        for place, (formula, value) in ours.items()
        if ("" if value is None else value) != (theirs[place[0]][place[1]].value or ("" if value is None else 0))
    }
    assert different == {}
    check = theirs["校验"]
    cells = [cell.value for row in check.iter_rows(min_row=5) for cell in row]
    assert cells.count("一致") >= 40
    assert "不一致" not in cells


def test_the_check_shows_a_score_that_was_changed_afterwards(tmp_path: Path) -> None:
    path = written(tmp_path, tied_round())
    book = openpyxl.load_workbook(path)
    book["评分明细"]["G5"].value = 1
    book.save(path)
    check = recalculated(path, tmp_path)["校验"]
    assert check["J1"].value == "否"


def test_everything_stays_right_when_a_clerk_sorts_the_sheets(tmp_path: Path) -> None:
    path = written(tmp_path, tied_round())
    book = openpyxl.load_workbook(path)
    for name in ("评分明细", "专家评分", "分项得分", "排名"):
        one = book[name]
        rows = [[cell.value for cell in row] for row in one.iter_rows(min_row=5) if row[1].value]
        for target, source in enumerate(reversed(range(5, 5 + len(rows))), start=5):
            for cell, value in zip(one[target], rows[source - 5], strict=True):
                moved = Translator(value, f"A{source}").translate_formula(f"A{target}") if is_formula(value) else value
                cell.value = moved
    book.save(path)
    assert recalculated(path, tmp_path)["校验"]["J1"].value == "是"


def is_formula(value: object) -> bool:
    return isinstance(value, str) and value.startswith("=")


def test_the_stored_values_are_those_of_the_domain(tmp_path: Path) -> None:
    data = tied_round()
    book = openpyxl.load_workbook(written(tmp_path, data), data_only=True)
    ranking = book["排名"]
    by_number = {result.number: result for result in data.results}
    numbers = [str(number) for number in column_of(ranking, "申报编号")]
    assert numbers == ["002", "003", "001", "1", "004", "005"]
    assert column_of(ranking, "排名") == [1, 1, 3, 4, 5, None]
    assert column_of(ranking, "最终得分") == [
        None if by_number[number].final is None else float(by_number[number].final or 0) for number in numbers
    ]
    assert by_number["004"].final == Decimal("20.38")
    assert column_of(ranking, "等级") == ["甲", "甲", "甲", "C", "C", None]


def test_a_dropped_total_is_marked_by_a_rule_and_named(tmp_path: Path) -> None:
    data = tied_round()
    book = openpyxl.load_workbook(written(tmp_path, data), data_only=True)
    named = dict(zip(column_of(book["专家评分"], "申报编号"), column_of(book["专家评分"], "去掉的评分"), strict=True))
    assert {number: value or "" for number, value in named.items()} == {
        result.number: "、".join(result.dropped) for result in data.results
    }
    rules = [rule for ranges in book["专家评分"].conditional_formatting for rule in ranges.rules]
    assert any(rule.dxf.font is not None and rule.dxf.font.strike for rule in rules)


def test_every_sheet_is_there_frozen_filtered_protected_without_password_and_set_for_print(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written(tmp_path, random_round(8, 5)))
    assert book.sheetnames == SHEETS
    for one in book:
        assert one.freeze_panes
        assert one.protection.sheet
        assert one.protection.password is None
        # openpyxl says "True" of what is forbidden.
        assert (one.protection.sort, one.protection.autoFilter) == (False, False)
        page = one.sheet_properties.pageSetUpPr
        assert page is not None
        assert page.fitToPage
        assert one.page_setup.fitToWidth in (None, 1)  # 1 where nothing is written
        assert one.page_setup.fitToHeight == 0
        footer = one.oddFooter
        assert footer is not None
        assert footer.center is not None
        assert "&P" in str(footer.center.text)
        if one.title != "说明":
            assert one.auto_filter.ref
            assert one.print_title_rows
        for row in one.iter_rows():
            assert all(cell.protection.locked for cell in row if cell.data_type == "f")
    with zipfile.ZipFile(tmp_path / "summary.xlsx") as archive:
        assert [name for name in archive.namelist() if name.startswith("xl/charts/chart")] == ["xl/charts/chart1.xml"]


def test_wide_sheets_are_set_for_a3_so_that_print_can_be_read(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written(tmp_path, random_round(8, 9)))
    papers = {one.title: one.page_setup.paperSize for one in book}
    a4, a3 = 9, 8
    assert {papers[name] for name in ("排名", "偏差", "变更", "校验", "说明")} == {a4}
    assert {papers[name] for name in ("专家评分", "分项得分", "现场核查", "形式审查")} == {a3}
    assert book["排名"].column_dimensions["P"].hidden


def test_text_stays_text_whatever_it_looks_like(tmp_path: Path) -> None:
    data = tied_round()
    hostile = ["=cmd|'/c calc'!A1", "<r><t>markup</t></r>", "+1+1", "https://example.org", "_x0041_", "\x01\x1f㛃𬭚"]
    requests = [dataclasses.replace(one, platform=text) for one, text in zip(data.applications, hostile, strict=True)]
    first = data.sheets[0]
    items = (
        dataclasses.replace(first.items[0], remark="=1+1", evidence=(Evidence("ab", "=2+2.pdf", 3),)),
        *first.items[1:],
    )
    sheets = [dataclasses.replace(first, items=items), *data.sheets[1:]]
    book = openpyxl.load_workbook(written(tmp_path, dataclasses.replace(data, applications=requests, sheets=sheets)))
    shown = {
        cell.value: cell.data_type
        for row in book["排名"].iter_rows(min_row=5, min_col=3, max_col=3)
        for cell in row
        if cell.value
    }
    assert set(shown.values()) == {"s"}
    assert {"=cmd|'/c calc'!A1", "<r><t>markup</t></r> ", "+1+1", "https://example.org"} <= set(shown)
    details = book["评分明细"]
    texts = {cell.value: cell.data_type for row in details.iter_rows() for cell in row if isinstance(cell.value, str)}
    assert texts["=1+1"] == "s"
    assert texts["G1C1：=2+2.pdf 第3页"] == "s"
    with zipfile.ZipFile(tmp_path / "summary.xlsx") as archive:
        assert not any(b"<hyperlink" in archive.read(name) for name in archive.namelist())


def test_a_remark_longer_than_a_cell_says_where_the_rest_is(tmp_path: Path) -> None:
    data = tied_round()
    first = data.sheets[0]
    for text in ("长" * 40_000, "𬭚" * 20_000):
        items = (dataclasses.replace(first.items[0], remark=text), *first.items[1:])
        sheets = [dataclasses.replace(first, items=items), *data.sheets[1:]]
        book = openpyxl.load_workbook(written(tmp_path, dataclasses.replace(data, sheets=sheets)))
        (remark,) = (
            str(cell.value) for row in book["评分明细"].iter_rows() for cell in row if text[0] in str(cell.value)
        )
        assert remark.endswith("（全文见签名评分表）")
        assert len(remark.encode("utf-16-le")) // 2 <= 32_767


def test_the_same_data_give_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    data = random_round(6, 5, least_sheets=3)
    mixed = dataclasses.replace(
        data,
        sheets=list(reversed(data.sheets)),
        applications=list(reversed(data.applications)),
        experts=list(reversed(data.experts)),
        results=list(reversed(data.results)),
        screenings=list(reversed(data.screenings)),
        inspections=list(reversed(data.inspections)),
    )
    first = written(tmp_path, data, "a.xlsx").read_bytes()
    assert written(tmp_path, mixed, "b.xlsx").read_bytes() == first


@pytest.mark.parametrize(("applications", "experts"), [(0, 0), (0, 3), (2, 0), (1, 1)])
def test_a_round_with_hardly_anything_in_it_gives_a_good_workbook(
    tmp_path: Path, applications: int, experts: int
) -> None:
    path = written(tmp_path, random_round(applications, experts))
    assert openpyxl.load_workbook(path).sheetnames == SHEETS
    values = recalculated(path, tmp_path)
    assert values["校验"]["J1"].value == "是"
    shown = [cell.value for sheet in values for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert [text for text in shown if text.startswith("#") or "Err:" in text] == []


def test_applications_without_a_result_stand_at_the_end_with_their_reason(tmp_path: Path) -> None:
    data = random_round(3, 5)
    waiting = [application("QISP-2026-900"), application("QISP-2026-901"), application("QISP-2026-902")]
    entries = [
        Entry("QISP-2026-900", "甲", ScreeningStatus.REFUSED, (), False, (), False),
        Entry("QISP-2026-901", "乙", ScreeningStatus.ACCEPTED, (), True, (), False),
    ]
    more = results(entries, data.rubric, data.round.policy)
    recusal = Recusal("E002", "QISP-2026-901", RecusalGround.KINSHIP, "")
    data = dataclasses.replace(
        data,
        applications=[*data.applications, *waiting],
        results=[*data.results, *more],
        recusals=[recusal],
    )
    book = openpyxl.load_workbook(written(tmp_path, data), data_only=True)
    ranking = book["排名"]
    assert column_of(ranking, "申报编号")[3:] == ["QISP-2026-900", "QISP-2026-901", "QISP-2026-902"]
    assert column_of(ranking, "排名")[3:] == [None, None, None]
    assert column_of(ranking, "推荐意见")[3:] == [Recommendation.NOT_RECOMMENDED.zh, "待定", "待定"]
    assert column_of(ranking, "状态")[3:5] == ["形式审查未通过", "版本冲突待裁定"]
    assert "回避" in column_of(book["专家评分"], "E002")


def test_the_default_rubric_and_policy_are_told_in_the_notes(tmp_path: Path) -> None:
    data = random_round(3, 5)
    book = openpyxl.load_workbook(written(tmp_path, data))
    notes = {str(row[0].value).strip("　"): row[1].value for row in book["说明"].iter_rows() if row[0].value}
    assert notes["评分标准摘要"] == DEFAULT_RUBRIC.digest
    assert notes["输入数据摘要"] == "ab" * 32
    assert notes["生成时间"] == "2026-08-01 14:30:00"
    assert notes["合格分"] == 75
    assert notes["P1"] == "服务企业数量与增长"
    assert book.defined_names["合格分"].attr_text.startswith("'说明'!$B$")


def test_a_place_that_cannot_be_written_is_the_persons_to_change(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(UserError):
        write_summary(tmp_path / "file" / "summary.xlsx", random_round(1, 1))


def test_a_large_round_is_written_in_seconds(tmp_path: Path) -> None:
    data = random_round(300, 9)
    start = time.process_time()
    write_summary(tmp_path / "summary.xlsx", data)
    # 0.7 s where nothing else runs; the benchmark has the real bound.
    assert time.process_time() - start < 30
