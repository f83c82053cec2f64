"""The Excel score form (评分表) for experts who cannot run the program: protected, validated, one application a sheet.

What comes back counts only after a clerk has confirmed the hand-signed paper, with a reason.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from qisp_desktop.base.codec import decimal_text
from qisp_desktop.domain.rubric import Criterion, Rubric
from qisp_desktop.spreadsheets.writing import Publication, paged, plain

FIELDS = ("专家编号", "专家姓名", "申报编号", "平台名称")
HEADINGS = ("一级指标", "代码", "评分项", "满分", "依据条款", "等级要点", "得分", "评语")
FIRST_ROW = 8
"""Where the criteria begin (from 0)."""
_WIDTHS = (12, 8, 24, 8, 12, 60, 10, 46)


def write_score_form(book: Publication, rubric: Rubric, year: int) -> None:
    """Add the form for one application; more applications are copies of the sheet."""
    sheet = book.sheet("评分表")
    for index, width in enumerate(_WIDTHS):
        sheet.set_column(index, index, width)
    sheet.write_string(0, 0, f"{year}年度 {rubric.name}", book.title)
    hint = f"计分步长 {decimal_text(rubric.step)} 分；得分低于满分的 {_percent(rubric.remark_below)} 时须填写评语。"
    sheet.write_string(1, 0, hint + "只有浅黄色单元格可以填写；填毕打印并签名。", book.hint)
    entry = book.framed(bg_color="#FFF9E0", locked=False, text_wrap=True)
    for number, name in enumerate(FIELDS):
        sheet.write_string(2 + number, 0, name, book.heading)
        sheet.merge_range(
            2 + number, 1, 2 + number, 4, "", book.framed(bg_color="#FFF9E0", locked=False, num_format="@")
        )
    for index, heading in enumerate(HEADINGS):
        sheet.write_string(FIRST_ROW - 1, index, heading, book.heading)
    row = FIRST_ROW
    points = book.framed(bg_color="#FFF9E0", locked=False, num_format=_points_format(rubric), align="center")
    for group in rubric.groups:
        for criterion in group.criteria:
            _criterion_row(book, sheet, row, group.name, criterion, rubric)
            sheet.write_blank(row, 6, None, points)
            sheet.write_blank(row, 7, None, entry)
            row += 1
    _total_row(book, sheet, row, rubric)
    _highlight_missing(book, sheet, row, rubric)
    sheet.protect("", {"format_columns": True, "format_rows": True})
    sheet.freeze_panes(FIRST_ROW, 0)
    paged(sheet, header=f"{year}年度 {rubric.name}", rows=(FIRST_ROW - 1, FIRST_ROW - 1))


def _criterion_row(book: Publication, sheet: Any, row: int, group: str, criterion: Criterion, rubric: Rubric) -> None:
    text = book.framed(text_wrap=True)
    levels = "\n".join(
        f"{level.name} {decimal_text(level.lowest)}–{decimal_text(level.highest)}：{level.sentence}"
        for level in criterion.levels
    )
    sheet.write_string(row, 0, plain(group), text)
    sheet.write_string(row, 1, criterion.code, text)
    sheet.write_string(row, 2, plain(criterion.name), text)
    sheet.write_number(row, 3, criterion.maximum, book.framed(align="center"))
    sheet.write_string(row, 4, plain(criterion.article), text)
    sheet.write_string(row, 5, plain(levels), book.framed(text_wrap=True, font_size=9))
    sheet.set_row(row, 15 * max(2, 2 * len(criterion.levels)))
    cell = f"G{row + 1}"
    steps = f"{cell}/{decimal_text(rubric.step)}"
    message = f"0 到 {decimal_text(criterion.maximum)} 之间，{decimal_text(rubric.step)} 的整数倍"
    sheet.data_validation(
        row,
        6,
        row,
        6,
        {
            "validate": "custom",
            "value": f"=AND(ISNUMBER({cell}),{cell}>=0,{cell}<=D{row + 1},ABS({steps}-ROUND({steps},0))<0.000001)",
            "input_title": criterion.code,
            "input_message": message,
            "error_title": criterion.code,
            "error_message": message,
        },
    )


def _total_row(book: Publication, sheet: Any, row: int, rubric: Rubric) -> None:
    bold = book.framed(bold=True, align="center", num_format=_points_format(rubric))
    sheet.merge_range(row, 0, row, 2, "合计", bold)
    sheet.write_number(row, 3, rubric.maximum, bold)
    sheet.merge_range(row, 4, row, 5, "", bold)
    formula = f"=ROUND(SUM(G{FIRST_ROW + 1}:G{row}),{rubric.decimals})"
    sheet.write_formula(row, 6, formula, bold, 0)
    count = f"COUNT(G{FIRST_ROW + 1}:G{row})"
    sheet.write_formula(
        row,
        7,
        f'=IF({count}={len(rubric.criteria)},"已全部评分","尚有 "&({len(rubric.criteria)}-{count})&" 项未评分")',
        book.framed(),
        f"尚有 {len(rubric.criteria)} 项未评分",
    )


def _highlight_missing(book: Publication, sheet: Any, row: int, rubric: Rubric) -> None:
    """Mark a remark that is required and not there."""
    first = FIRST_ROW + 1
    bound = f"$D{first}*{decimal_text(rubric.remark_below)}"
    sheet.conditional_format(
        FIRST_ROW,
        7,
        row - 1,
        7,
        {
            "type": "formula",
            "criteria": f'=AND(ISNUMBER($G{first}),$G{first}<{bound}-0.000001,TRIM($H{first})="")',
            "format": book.workbook.add_format({"bg_color": "#FFD9D9"}),
        },
    )


def _points_format(rubric: Rubric) -> str:
    return "0." + "0" * rubric.decimals if rubric.decimals else "0"


def _percent(share: Decimal) -> str:
    return f"{decimal_text(share * 100)}%"
