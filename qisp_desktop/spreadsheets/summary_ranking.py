"""排名: the ranking, with the chart of final scores."""

from __future__ import annotations

from typing import Any

from qisp_desktop.base.codec import decimal_text
from qisp_desktop.domain.aggregation import Recommendation
from qisp_desktop.spreadsheets.formulas import competition_rank, lookup
from qisp_desktop.spreadsheets.summary_changes import mark_ranking, marks_hint
from qisp_desktop.spreadsheets.summary_layout import (
    FIRST_ROW,
    PASS_SCORE,
    RANKING,
    Layout,
    Line,
    cell,
    grade_bound,
    grade_name,
)
from qisp_desktop.spreadsheets.summary_page import Heading, Page, start_page
from qisp_desktop.spreadsheets.writing import Publication, fitted

CHART_HEIGHT, LEAST_CHART_HEIGHT = 360, 240
"""Pixels, of which 4 are 3 points."""
LOWEST_GRADE = "C"
"""The grade from the pass score on (Art. 16)."""


def write_ranking(book: Publication, layout: Layout) -> None:
    """排名: ranked applications first, by rank, then those without a result."""
    groups = {group.code: group for group in layout.rubric.groups}
    tail = layout.ranking_tail
    reasons = fitted(("；".join(line.result.reasons) for line in layout.lines if line.result), 16, 28)
    headings = [
        Heading("排名", 6),
        Heading("申报编号", 15),
        Heading("平台名称", layout.platform_width),
        Heading("建设主体", layout.applicant_width),
        Heading("有效\n评分表", 7),
        Heading("最终得分", 9),
        *(
            Heading(f"{code}\n{groups[code].name}", 10, f"满分 {decimal_text(groups[code].maximum)}")
            for code in layout.group_order
        ),
        Heading("等级", 6),
        Heading("推荐意见", 9),
        Heading("理由", reasons),
        Heading("状态", layout.status_width),
        Heading("申报\n序号", 6),
        Heading("合格线", 8, hidden=True),
    ]
    order = "、".join(groups[code].name for code in layout.policy.tie_break)
    hint = (
        f"按最终得分从高到低；得分相同依次比较{order}，仍相同的并列。" if order else "按最终得分从高到低，相同的并列。"
    )
    hint += marks_hint(layout)
    page = start_page(book, layout, RANKING, hint, headings, rows=len(layout.lines), frozen=3)
    for row, line in enumerate(layout.ranked, start=FIRST_ROW):
        _write_line(book, page, layout, row, line, tail)
    page.finish()
    sheet = page.sheet
    mark_ranking(book, layout, sheet)
    if layout.lines:
        _colour(book, sheet, layout, tail)
    _chart(book, page, layout, tail)


def _write_line(book: Publication, page: Page, layout: Layout, row: int, line: Line, tail: int) -> None:
    sheet, result = page.sheet, line.result
    ordinal = cell(row, tail + 4, fixed_column=True)
    matrix, parts = layout.matrix, layout.parts
    final = cell(row, layout.RANKING_FINAL, fixed_column=True)

    def value(found: object) -> object:
        return "" if found is None else found

    sheet.write_formula(row, 0, _rank(layout, row), book.strong, value(result.rank if result else None))
    sheet.write_string(row, 1, line.number, book.cell)
    page.texts(row, 2, (line.platform, line.applicant), book.wrapped)
    count = lookup(parts.there(layout.PARTS_SHEETS), parts.there(0), ordinal)
    sheet.write_formula(row, layout.RANKING_SHEETS, count, book.centred, len(line.sheets))
    final_formula = lookup(matrix.there(layout.matrix_final), matrix.there(0), ordinal) if layout.experts else '""'
    strong_mean = book.framed(num_format="0.00", bold=True, align="center")
    sheet.write_formula(row, layout.RANKING_FINAL, final_formula, strong_mean, value(result.final if result else None))
    codes = [group.code for group in layout.rubric.groups]
    mean = book.points("0.00")
    for n, code in enumerate(layout.group_order):
        column = layout.PARTS_GROUPS + codes.index(code)
        formula = lookup(parts.there(column), parts.there(0), ordinal)
        found = result.groups.get(code) if result else None
        sheet.write_formula(row, layout.RANKING_GROUPS + n, formula, mean, value(found))
    sheet.write_formula(row, tail, _grade(layout, final), book.strong, value(result.grade if result else None))
    recommendation = result.recommendation if result else Recommendation.UNDECIDED
    sheet.write_string(row, tail + 1, recommendation.zh, book.centred)
    texts = ("；".join(result.reasons), result.status.zh) if result else ("", "")
    page.texts(row, tail + 2, texts, book.wrapped)
    sheet.write_number(row, tail + 4, line.ordinal, book.centred)
    sheet.write_formula(row, tail + 5, PASS_SCORE, book.centred, layout.policy.pass_score)


def _rank(layout: Layout, row: int) -> str:
    columns = [layout.RANKING_FINAL]
    columns += [layout.RANKING_GROUPS + n for n in range(len(layout.policy.tie_break))]
    keys = [(layout.ranking.here(column), cell(row, column, fixed_column=True)) for column in columns]
    return f'IF({keys[0][1]}="","",{competition_rank(keys)})'


def _grade(layout: Layout, final: str) -> str:
    formula = f'"{LOWEST_GRADE}"'
    for index in reversed(range(len(layout.grades))):
        formula = f"IF({final}>={grade_bound(index)},{grade_name(index)},{formula})"
    return f'IF({final}="","",IF({final}<{PASS_SCORE},"",{formula}))'


def _colour(book: Publication, sheet: Any, layout: Layout, tail: int) -> None:
    last = layout.ranking.last_row
    sheet.conditional_format(
        FIRST_ROW,
        layout.RANKING_FINAL,
        last,
        layout.RANKING_FINAL,
        {
            "type": "data_bar",
            "bar_color": "#A9C3F8",
            "min_type": "num",
            "min_value": 0,
            "max_type": "num",
            "max_value": layout.rubric.maximum,
        },
    )
    for member, colour in (
        (Recommendation.RECOMMENDED, "#1F8A4D"),
        (Recommendation.NOT_RECOMMENDED, "#C63333"),
        (Recommendation.UNDECIDED, "#B86E00"),
    ):
        sheet.conditional_format(
            FIRST_ROW,
            tail + 1,
            last,
            tail + 1,
            {
                "type": "cell",
                "criteria": "==",
                "value": f'"{member.zh}"',
                "format": book.workbook.add_format({"font_color": colour, "bold": True}),
            },
        )


def _chart(book: Publication, page: Page, layout: Layout, tail: int) -> None:
    """Final scores as columns in the order of ranks, with the pass score as a line."""
    ranked = sum(line.result is not None and line.result.rank is not None for line in layout.lines)
    if not ranked:
        return
    last = FIRST_ROW + ranked - 1
    numbers = [RANKING, FIRST_ROW, 1, last, 1]
    chart = book.workbook.add_chart({"type": "column"})
    chart.add_series(
        {
            "name": "最终得分",
            "categories": numbers,
            "values": [RANKING, FIRST_ROW, layout.RANKING_FINAL, last, layout.RANKING_FINAL],
            "fill": {"color": "#2B66F0"},
            "gap": 60,
            "data_labels": {"value": True, "num_format": "0.00", "font": {"size": 8}} if ranked <= 30 else {},
        }
    )
    line = book.workbook.add_chart({"type": "line"})
    line.add_series(
        {
            "name": "合格线",
            "categories": numbers,
            "values": [RANKING, FIRST_ROW, tail + 5, last, tail + 5],
            "line": {"color": "#C63333", "width": 1.5, "dash_type": "dash"},
        }
    )
    chart.combine(line)
    chart.show_hidden_data()
    chart.set_title({"name": "最终得分", "name_font": {"size": 12}})
    chart.set_y_axis(
        {"min": 0, "max": layout.rubric.maximum, "major_gridlines": {"visible": True, "line": {"color": "#E3E7EE"}}}
    )
    chart.set_x_axis({"num_font": {"size": 8, "rotation": -45}})
    chart.set_legend({"position": "bottom"})
    # Below the table: beside it nobody would see it, and it would halve the size of the print.
    last_row = layout.ranking.last_row
    room = int(page.room_below(last_row + 2) * 4 / 3)
    printed = room >= LEAST_CHART_HEIGHT
    # Its frame ends within the last column, or it would not be printed.
    chart.set_size(
        {"width": page.pixels(1, tail + 4) - 6, "height": min(CHART_HEIGHT, room) if printed else CHART_HEIGHT}
    )
    page.sheet.insert_chart(last_row + 2, 1, chart, {"object_position": 3, "description": "最终得分柱形图"})
    if not printed:
        # A page break would cut it in two: with a long table it is for the screen.
        page.sheet.print_area(0, 0, last_row, tail + 4)
