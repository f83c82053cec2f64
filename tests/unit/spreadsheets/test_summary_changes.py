"""A second export of a changed round says what changed since the first, in a list and at the values themselves."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl

from qisp_desktop.domain.exports import Export
from qisp_desktop.domain.policy import Policy
from qisp_desktop.domain.score_sheet import ScoreSheet
from qisp_desktop.spreadsheets.summary import write_summary
from qisp_desktop.spreadsheets.summary_data import SummaryData
from tests.unit.spreadsheets.office_programs import formulas_and_values, printed, recalculated
from tests.unit.spreadsheets.rounds import application, assembled, expert, random_round, sheet, small_rubric

RUBRIC = small_rubric("0.5", [["10", "10"], ["20"]])
POLICY = Policy(tie_break=("G2", "G1"), pass_score=Decimal(20), deviation=Decimal(5), grades={"甲": Decimal(30)})
PANEL = [expert(n) for n in range(1, 5)]
REQUESTS = [application(f"QISP-2026-{n:03d}") for n in range(1, 4)]
MARK = "FFFFF2B3"


def scored(points: dict[str, Sequence[str]]) -> SummaryData:
    """A round in which expert n gives the n-th of these totals, less than 20 of them for the second group."""
    sheets = [
        sheet(PANEL[n].id, number, RUBRIC, [Decimal(0), Decimal(total) - Decimal(10), Decimal(10)])
        for number, totals in points.items()
        for n, total in enumerate(totals)
        if total
    ]
    return assembled(REQUESTS, PANEL, sheets, RUBRIC, POLICY)


def before() -> SummaryData:
    return scored(
        {
            "QISP-2026-001": ["18", "18", "18", "18"],
            "QISP-2026-002": ["19", "19", "19", "19.5"],
            "QISP-2026-003": ["12", "12", ""],
        }
    )


def after() -> SummaryData:
    return scored(
        {
            "QISP-2026-001": ["20", "20", "20", "20.0"],
            "QISP-2026-002": ["19", "19", "19", ""],
            "QISP-2026-003": ["12", "12", "12"],
        }
    )


def exported(data: SummaryData) -> Export:
    at = datetime(2026, 7, 30, 1, 5, tzinfo=UTC)
    return Export("r-1", at, "李秘书", "一稿.xlsx", "1" * 64, "2" * 64, "3" * 64, data.shown)


def second(old: SummaryData, new: SummaryData) -> SummaryData:
    return dataclasses.replace(new, previous=exported(old))


def written(tmp_path: Path, data: SummaryData) -> Path:
    write_summary(tmp_path / "summary.xlsx", data)
    return tmp_path / "summary.xlsx"


def rows_of(sheet: Any) -> list[tuple[object, ...]]:
    """Number, aspect, expert, before, after, step of every row of 变更."""
    rows = sheet.iter_rows(min_row=5, values_only=True)
    return [(row[1], row[3], row[5] or "", *row[7:10]) for row in rows if row[1]]


def test_the_first_export_says_that_there_is_nothing_to_compare_with(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written(tmp_path, before()))

    assert "第一次导出" in book["变更"]["A2"].value
    assert rows_of(book["变更"]) == []
    assert marked(book["排名"]) == marked(book["专家评分"]) == {}


def test_an_unchanged_round_says_so_and_marks_nothing(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written(tmp_path, second(before(), before())))

    assert book["变更"]["A2"].value == "上次导出：2026-07-30 09:05:00，李秘书，一稿.xlsx。本次与上次没有不同。"
    assert rows_of(book["变更"]) == []
    assert marked(book["排名"]) == {}


def test_every_change_stands_with_its_old_and_its_new_value(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written(tmp_path, second(before(), after())), data_only=True)

    assert rows_of(book["变更"]) == [
        ("QISP-2026-001", "最终得分", "", 18, 20, 2),
        ("QISP-2026-001", "排名", "", 2, 1, -1),
        ("QISP-2026-001", "等级", "", "（无）", "C", None),
        ("QISP-2026-001", "推荐意见", "", "不推荐", "推荐", None),
        *[("QISP-2026-001", "专家合计", f"E00{n}", 18, 20, 2) for n in range(1, 5)],
        ("QISP-2026-002", "最终得分", "", 19.13, 19, -0.13),
        ("QISP-2026-002", "排名", "", 1, 2, 1),
        ("QISP-2026-002", "专家合计", "E004", 19.5, "（无）", None),
        ("QISP-2026-003", "最终得分", "", "（无）", 12, None),
        ("QISP-2026-003", "排名", "", "（无）", 3, None),
        ("QISP-2026-003", "推荐意见", "", "待定", "不推荐", None),
        ("QISP-2026-003", "状态", "", "有效评分表不足", "有效", None),
        ("QISP-2026-003", "专家合计", "E003", "（无）", 12, None),
    ]
    assert "共 3 项申报有 16 处变更" in book["变更"]["A2"].value


def test_changed_values_are_marked_where_they_stand_with_what_they_were(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written(tmp_path, second(before(), after())))

    assert marked(book["排名"])["QISP-2026-002"] == ["排名：1 → 2", "最终得分：19.13 → 19.00"]
    assert marked(book["专家评分"]) == {
        "QISP-2026-001": [*["专家合计：18.0 → 20.0"] * 4, "最终得分：18.00 → 20.00"],
        "QISP-2026-002": ["专家合计：19.5 → （无）", "最终得分：19.13 → 19.00"],
        "QISP-2026-003": ["专家合计：（无） → 12.0", "最终得分：（无） → 12.00", "状态：有效评分表不足 → 有效"],
    }


def marked(sheet: Any) -> dict[str, list[str]]:
    """The comments at marked cells by application; a mark is a colour, a star for black-and-white print, a comment."""
    found: dict[str, list[str]] = {}
    for row in sheet.iter_rows(min_row=5):
        for cell in row:
            if cell.comment is None:
                assert cell.fill.fgColor.rgb != MARK
            else:
                assert cell.fill.fgColor.rgb == MARK
                assert '" *"' in cell.number_format
                found.setdefault(str(row[1].value), []).append(cell.comment.text)
    return found


def test_a_new_revision_with_the_same_total_is_a_change(tmp_path: Path) -> None:
    old = before()
    sheets: list[ScoreSheet] = [dataclasses.replace(old.sheets[0], revision=2), *old.sheets[1:]]
    new = dataclasses.replace(old, sheets=sheets)

    book = openpyxl.load_workbook(written(tmp_path, second(old, new)))

    assert rows_of(book["变更"])[0][:5] == ("QISP-2026-001", "评分表版次", "E001", 1, 2)
    assert marked(book["专家评分"]) == {"QISP-2026-001": ["评分表版次：1 → 2"]}


def test_an_application_that_came_or_went_is_listed_with_its_values(tmp_path: Path) -> None:
    old, new = before(), before()
    old = dataclasses.replace(
        old,
        results=old.results[1:],
        screenings=old.screenings[1:],
        sheets=old.sheets[4:],
        inspections=old.inspections[1:],
    )
    new = dataclasses.replace(
        new,
        applications=new.applications[:2],
        results=new.results[:2],
        screenings=new.screenings[:2],
        sheets=new.sheets[:8],
        inspections=[],
    )

    book = openpyxl.load_workbook(written(tmp_path, second(old, new)), data_only=True)

    rows = rows_of(book["变更"])
    assert rows[0] == ("QISP-2026-001", "申报", "", "（无）", "QISP-2026-001", None)
    assert ("QISP-2026-003", "申报", "", "QISP-2026-003", "（无）", None) in rows
    assert ("QISP-2026-003", "现场核查", "E001", "限期整改", "（无）", None) in rows


def test_libreoffice_finds_the_new_values_and_every_check_holds(tmp_path: Path) -> None:
    path = written(tmp_path, second(random_round(12, 6, least_sheets=2, seed=7), random_round(12, 6, seed=8)))
    ours = formulas_and_values(path)

    theirs = recalculated(path, tmp_path)

    listed = [place for place in ours if place[0] == "变更"]
    assert len(listed) > 60
    for place in listed:
        assert theirs[place[0]][place[1]].value == ours[place][1], (place, ours[place])
    assert theirs["校验"]["J1"].value == "是"


def test_libreoffice_prints_every_sheet_with_its_changes_and_the_chart(tmp_path: Path) -> None:
    pages = printed(written(tmp_path, second(random_round(8, 5, seed=7), random_round(8, 5, seed=8))), tmp_path)

    sheets = ["排名", "专家评分", "分项得分", "评分明细", "现场核查", "形式审查", "偏差", "变更", "校验", "说明"]
    titles = [page.split()[1] for page in pages]
    assert list(dict.fromkeys(titles)) == sheets
    ranking, changes, check = (pages[titles.index(name)] for name in ("排名", "变更", "校验"))
    assert "合格线" in ranking  # the chart's legend
    assert " *" in ranking
    assert "上次导出：2026-07-30" in changes
    assert "总体检查" in check
    assert "不一致" not in check.partition("序号")[2]


def test_a_second_export_gives_the_same_bytes_each_time(tmp_path: Path) -> None:
    data = second(before(), after())
    first = written(tmp_path, data).read_bytes()

    assert written(tmp_path, dataclasses.replace(data)).read_bytes() == first


def test_names_that_look_like_formulas_stay_text(tmp_path: Path) -> None:
    hostile = dataclasses.replace(exported(before()), file="=1+1.xlsx", by="@SUM(A1)")
    data = dataclasses.replace(after(), previous=hostile)

    book = openpyxl.load_workbook(written(tmp_path, data))

    assert all(cell.data_type != "f" for row in book["变更"].iter_rows(max_row=4) for cell in row)
    assert "=1+1.xlsx" in book["变更"]["A2"].value
