"""The Excel score form (评分表) for experts who cannot run the program: protected, validated, one application a sheet.

What comes back counts only after a clerk has confirmed the hand-signed paper, with a reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from qisp_desktop.base.codec import decimal_text
from qisp_desktop.base.digests import sha256
from qisp_desktop.domain.rubric import Criterion, Rubric
from qisp_desktop.spreadsheets.writing import Publication, display_width, paged, plain

FIELDS = ("专家编号", "专家姓名", "申报编号", "平台名称")
IDENTITY_FIELDS = ("轮次标识", "评分标准摘要", "版次", "校验码")
"""What an issued form carries beside them, at ``IDENTITY_COLUMN``: by it the form is known when it comes back."""
FIELD_COLUMN, IDENTITY_COLUMN = 1, 6
"""Where the values of the two stand (from 0); their names stand one column to the left."""
FIRST_FIELD_ROW = 2
HEADINGS = ("一级指标", "代码", "评分项", "满分", "依据条款", "等级要点", "得分", "评语")
FIRST_ROW = 8
"""Where the criteria begin (from 0)."""
CHECK_DIGITS = 12
SIGNATURE_LINE = "专家签名：＿＿＿＿＿＿＿＿＿＿    日期：＿＿＿＿年＿＿月＿＿日"
_LEVEL_WIDTH, _LEVEL_LINE = 70, 13
"""Digits that a line of the levels takes, and its height in points."""
LONGEST_SHEET_NAME = 31
_WIDTHS = (12, 8, 24, 8, 12, 60, 10, 46)


@dataclass(frozen=True)
class FormIdentity:
    """Whose form a sheet is: ``revision`` is the one that its scores become; names are for people only."""

    round: str
    rubric: str
    expert: str
    expert_name: str
    application: str
    platform: str
    revision: int

    @property
    def check(self) -> str:
        """Digits that no longer fit when one of the others was changed by mistake (no protection against intent)."""
        parts = [self.round, self.rubric, self.expert, self.application, str(self.revision)]
        return sha256("\n".join(parts).encode())[:CHECK_DIGITS]

    @property
    def fields(self) -> tuple[str, ...]:
        """The values of ``FIELDS``."""
        return self.expert, self.expert_name, self.application, self.platform

    @property
    def identity_fields(self) -> tuple[str, ...]:
        """The values of ``IDENTITY_FIELDS``."""
        return self.round, self.rubric, str(self.revision), self.check


def write_score_forms(
    book: Publication, rubric: Rubric, year: int, round_name: str, forms: Sequence[FormIdentity]
) -> None:
    """Add one sheet for each of ``forms`` (all of one expert), and before them a page that says how to fill them in."""
    names = _sheet_names([form.application for form in forms])
    _write_guide(book, round_name, forms, names)
    for form, name in zip(forms, names, strict=True):
        write_score_form(book, rubric, year, name, form)


def write_score_form(
    book: Publication, rubric: Rubric, year: int, name: str = "评分表", form: FormIdentity | None = None
) -> None:
    """Add the form for one application: an empty one to be copied, or with ``form`` one that is known when it comes
    back."""
    sheet = book.sheet(name)
    for index, width in enumerate(_WIDTHS):
        sheet.set_column(index, index, width)
    sheet.write_string(0, 0, f"{year}年度 {rubric.name}", book.title)
    hint = f"计分步长 {decimal_text(rubric.step)} 分；得分低于满分的 {_percent(rubric.remark_below)} 时须填写评语。"
    sheet.write_string(1, 0, hint + "只有浅黄色单元格可以填写；填毕打印并签名。", book.hint)
    entry = book.framed(bg_color="#FFF9E0", locked=False, text_wrap=True)
    _write_identity(book, sheet, form)
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
    if form is not None:
        sheet.set_row(row + 2, 30)
        sheet.write_string(row + 2, 0, SIGNATURE_LINE, book.format(font_size=12))
    sheet.protect("", {"format_columns": True, "format_rows": True})
    sheet.freeze_panes(FIRST_ROW, 0)
    paged(sheet, header=f"{year}年度 {rubric.name}", rows=(FIRST_ROW - 1, FIRST_ROW - 1))


def _write_identity(book: Publication, sheet: Any, form: FormIdentity | None) -> None:
    open_cell = book.framed(bg_color="#FFF9E0", locked=False, num_format="@")
    known_cell = book.framed(num_format="@", shrink=True)
    for number, name in enumerate(FIELDS):
        row = FIRST_FIELD_ROW + number
        sheet.write_string(row, FIELD_COLUMN - 1, name, book.heading)
        value = plain(form.fields[number]) if form else ""
        sheet.merge_range(row, FIELD_COLUMN, row, 4, value, known_cell if form else open_cell)
    if form is None:
        return
    for number, name in enumerate(IDENTITY_FIELDS):
        row = FIRST_FIELD_ROW + number
        sheet.write_string(row, IDENTITY_COLUMN - 1, name, book.framed(align="right", font_color="#5B6675"))
        sheet.merge_range(row, IDENTITY_COLUMN, row, IDENTITY_COLUMN + 1, "", known_cell)
        # Written again as text: merging would make a number of what looks like one.
        sheet.write_string(row, IDENTITY_COLUMN, form.identity_fields[number], known_cell)


def _write_guide(book: Publication, round_name: str, forms: Sequence[FormIdentity], names: Sequence[str]) -> None:
    sheet = book.sheet("填写说明")
    for column, width in enumerate((16, 18, 60)):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, plain(f"{round_name} 电子评分表"), book.title)
    lines = (
        "1. 每个申报一张工作表，请在浅黄色单元格填写得分和评语；其余单元格已保护，请勿改动。",
        "2. 得分须在 0 与满分之间并符合计分步长；低于规定比例的得分须写评语（未写时标红）。",
        "3. 填毕保存，逐表打印并亲笔签名；电子文件与签名纸质件一并交回秘书处。",
        "4. 秘书处将电子文件与签名纸质件核对一致并确认后，评分方计入结果。",
        "5. 与申报单位有利益关系的，该表留空，并另行提交书面回避申明。",
    )
    for row, line in enumerate(lines, start=2):
        sheet.write_string(row, 0, line, book.format())
    first = len(lines) + 3
    for column, heading in enumerate(("工作表", "申报编号", "平台名称")):
        sheet.write_string(first, column, heading, book.heading)
    for row, (form, name) in enumerate(zip(forms, names, strict=True), start=first + 1):
        for column, text in enumerate((name, form.application, form.platform)):
            sheet.write_string(row, column, plain(text), book.wrapped)
    sheet.protect("", {"format_columns": True, "format_rows": True})
    paged(sheet, header=round_name, landscape=False)


def _sheet_names(applications: Sequence[str]) -> list[str]:
    """A name for each that every office program takes: 31 characters at most, different also without their case."""
    names: list[str] = []
    for place, application in enumerate(applications, start=1):
        taken = {name.casefold() for name in names}
        usable = len(application) <= LONGEST_SHEET_NAME and application.casefold() not in taken | {"history"}
        names.append(application if usable else f"申报{place}")
    return names


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
    lines = sum(-(-display_width(line) // _LEVEL_WIDTH) for line in levels.split("\n"))
    sheet.set_row(row, _LEVEL_LINE * max(2, lines) + 4)
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
