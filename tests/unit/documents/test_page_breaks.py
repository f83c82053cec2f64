"""Where a paper turns the page: no row parted, no heading and no signature left alone."""

from __future__ import annotations

import dataclasses
import io
import re
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib.units import mm

from qisp_desktop.documents.evaluation_report import render_evaluation_report
from qisp_desktop.documents.expert_summary import render_expert_summary
from qisp_desktop.documents.grid import Cell, Grid, Row
from qisp_desktop.documents.house_style import CELL, GRID
from qisp_desktop.documents.inspection_record import Found, render_inspection_record
from qisp_desktop.documents.round_report import RoundReport, render_round_report
from qisp_desktop.documents.sections import columns, table
from qisp_desktop.documents.text import Text
from tests.unit.documents.paper_samples import (
    kinds,
    make_inspection,
    make_report,
    make_summary,
    shown_photos,
    with_remark,
)
from tests.unit.documents.samples import pages_of, run, split


def test_a_line_of_a_table_is_never_parted_between_pages(tmp_path: Path) -> None:
    pages = ["".join(page.split()) for page in pages_of(render_expert_summary(make_summary(80)), tmp_path)]
    assert len(pages) > 2
    for n in range(3, 81):
        (page,) = [page for page in pages if f"QISP-2026-{n:03d}" in page]
        assert f"第{n}家建设主体" in page
        assert f"{n:064x}"[:12] in page


def test_each_page_of_a_table_repeats_its_heading(tmp_path: Path) -> None:
    pages = pages_of(render_expert_summary(make_summary(80)), tmp_path)
    assert all("数据摘要" in page and "总分" in page for page in pages[:-1])


@settings(max_examples=25)
@given(st.integers(1, 40), st.integers(2, 6))
def test_no_heading_ends_a_page(rows: int, lines: int) -> None:
    texts = tuple(Row((Cell((Text("一行\n" * lines, CELL),)),)) for _n in range(rows))
    head = Row((Cell((Text("组", CELL),)),), heads=True)
    grid = Grid((100.0,), (), (*texts, head, *texts), GRID, whole_up_to=60 * mm)
    for height in range(20, 600, 35):
        parts = split(grid, 100.0, height)
        if parts:
            first, rest = parts
            assert not first._body[-1].heads
            assert len(first._body) + len(rest._body) == 2 * rows + 1
            assert first.height <= height


def test_a_numbered_remark_is_set_in_below_its_first_word(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(render_evaluation_report(with_remark("量值溯源清楚，" * 12)))
    words = re.findall(r'xMin="([\d.]+)" .*>(.*)</word>', run("pdftotext", "-bbox", path, "-"))
    begins = [(float(x), text) for x, text in words if "量值溯源清楚" in text]
    number = next(float(x) for x, text in words if text == "1." and float(x) > begins[0][0] - 20)
    assert len(begins) > 1
    assert len({round(x, 1) for x, _text in begins}) == 1, "all lines begin below each other"
    assert begins[0][0] > number + 5


def test_a_short_group_stays_with_its_heading() -> None:
    head = Row((Cell((Text("组", CELL),)),), heads=True)
    row = Row((Cell((Text("项", CELL),)),))
    grid = Grid((100.0,), (), (head, row, row, row) * 12, GRID, whole_up_to=60 * mm)
    for height in range(90, 800, 13):
        first, rest = split(grid, 100.0, height)
        assert rest._body[0].heads
        assert len(first._body) + len(rest._body) == 48
    (long,) = ((head, *(row,) * 40),)
    first, _rest = split(Grid((100.0,), (), (*long, *long), GRID, whole_up_to=60 * mm), 100.0, 1200.0)
    assert first.height > 1100, "a group that would leave half a page empty goes on where it must"


@pytest.mark.parametrize("rows", [4, 9, 30])
def test_no_row_of_a_table_is_left_alone_at_a_page_end(rows: int) -> None:
    grid = table(columns(("甲", 0)), [(f"第{n}行",) for n in range(rows)])
    grid._whole_up_to = 0.0
    for height in range(20, 320, 7):
        if parts := split(grid, grid.width, height):
            assert min(len(part._body) for part in parts) >= 2
            assert parts[0].height <= height


@pytest.mark.parametrize("findings", range(0, 40, 3))
def test_no_page_of_an_inspection_holds_signatures_only(findings: int, tmp_path: Path) -> None:
    record = make_inspection()
    record = dataclasses.replace(record, findings=tuple(Found(f"发现{n}", "", "") for n in range(findings)))
    pages = pages_of(render_inspection_record(record, shown_photos(record)), tmp_path)
    signed = next(page for page in pages if "核查专家签名" in page)
    assert "照片 1" in signed


@pytest.mark.parametrize("lines", range(0, 45, 4))
def test_no_page_of_a_report_holds_signatures_only(lines: int, tmp_path: Path) -> None:
    report = dataclasses.replace(make_report(), summary="一行简介。\n" * (lines + 1))
    signed = next(page for page in pages_of(render_evaluation_report(report), tmp_path) if "专家组组长签名" in page)
    assert "六、推荐意见" in signed


@pytest.mark.parametrize("lines", range(1, 75, 3))
def test_no_list_is_signed_on_a_page_of_its_own(lines: int, tmp_path: Path) -> None:
    pages = pages_of(render_expert_summary(make_summary(lines)), tmp_path)
    assert f"QISP-2026-{lines:03d}" in next(page for page in pages if "专家签名" in page)
    assert sum(page.count("QISP-2026-") for page in pages) == lines
    assert pages[-1].count("QISP-2026-") > 1 or lines == 1


@pytest.mark.parametrize("proposed", [0, 1, 5, 14, 17, 20, 23, 40])
def test_a_round_report_is_signed_below_its_list_for_the_notice(proposed: int, tmp_path: Path) -> None:
    report = next(kind.record for kind in kinds() if kind.name == "round-report")
    assert isinstance(report, RoundReport)
    found = tuple(dataclasses.replace(report.ranking[0], platform=f"平台{n}号") for n in range(proposed))
    pages = pages_of(render_round_report(dataclasses.replace(report, notice=found)), tmp_path)
    signed = next(page for page in pages if "专家组组长签名" in page)
    assert "八、意见与签名" in signed
    assert (f"平台{proposed - 1}号" if proposed else "没有拟公示的申报") in signed


def test_reasons_longer_than_a_page_come_before_the_places_to_sign(tmp_path: Path) -> None:
    report = make_report()
    found = dataclasses.replace(report.recommendation, reasons=tuple(f"理由{n}" for n in range(200)))
    pages = pages_of(render_evaluation_report(dataclasses.replace(report, recommendation=found)), tmp_path)
    text = "".join(pages)
    assert all(f"理由{n}\n" in text for n in range(200))
    assert text.index("理由199") < text.index("专家组组长签名")


@pytest.mark.parametrize("lines", range(0, 45, 4))
def test_no_title_of_a_section_ends_a_page(lines: int, tmp_path: Path) -> None:
    """The text before them grows line by line, so that every title comes to the foot of a page at some time."""
    report = dataclasses.replace(make_report(), summary="一行简介。\n" * (lines + 1))
    pdf = render_evaluation_report(report)
    with pikepdf.open(io.BytesIO(pdf)) as paper, paper.open_outline() as outline:
        titles = {"".join(str(item.title).split()) for item in outline.root}
        titles |= {"".join(str(below.title).split()) for item in outline.root for below in item.children}
    assert len(titles) > 10
    for page in pages_of(pdf, tmp_path):
        body = ["".join(line.split()) for line in page.splitlines()]
        last = next(n for n, line in enumerate(body) if line.startswith("二维码含")) - 1
        assert body[last] not in titles
