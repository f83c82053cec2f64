"""专家评分, 分项得分 and 评分明细: the panel's totals, the means of groups and criteria, every item of every sheet."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from qisp_desktop.base.codec import decimal_text
from qisp_desktop.domain.aggregation import ResultStatus
from qisp_desktop.domain.desk_records import PaperConfirmation
from qisp_desktop.domain.score_sheet import ScoreSheet
from qisp_desktop.spreadsheets.formulas import exact_mean, exact_sum
from qisp_desktop.spreadsheets.summary_changes import mark_matrix, marks_hint
from qisp_desktop.spreadsheets.summary_layout import (
    DETAILS,
    DEVIATION_LIMIT,
    FIRST_ROW,
    HEADING_ROW,
    MATRIX,
    METHOD,
    PARTS,
    TRIM_MIN,
    Layout,
    Line,
    cell,
)
from qisp_desktop.spreadsheets.summary_page import Heading, Page, start_page
from qisp_desktop.spreadsheets.writing import Publication, plain

RECUSED = "回避"
RELATED = "利益关系"


def write_matrix(book: Publication, layout: Layout) -> None:
    """专家评分: applications by experts, with everything between the totals and the final score."""
    headings = _matrix_headings(layout)
    hint = "删除线：去掉的一个最高分和一个最低分；橙色：与其他专家平均分相差超过偏差限。表头上方的小字是专家序号。"
    hint += marks_hint(layout)
    page = start_page(book, layout, MATRIX, hint, headings, rows=len(layout.lines), frozen=3)
    sheet, centred = page.sheet, book.centred
    absent = _absences(layout)
    points = book.points(layout.points_format)
    last = layout.matrix_figures - 1
    total_formula = (
        f"SUMIFS({layout.details.there(layout.details_total)},{layout.details.there(0)},$A{{row}},"
        f"{layout.details.there(2)},{{column}}${HEADING_ROW})"
    )
    columns = [cell(0, layout.MATRIX_EXPERTS + n)[:-1] for n in range(len(layout.experts))]
    for row, line in enumerate(layout.lines, start=FIRST_ROW):
        sheet.write_number(row, 0, line.ordinal, centred)
        page.texts(row, 1, (line.number, line.platform, line.applicant), book.wrapped)
        totals = {score_sheet.expert: score_sheet.total for score_sheet in line.sheets}
        for n, expert in enumerate(layout.experts):
            column = layout.MATRIX_EXPERTS + n
            total = totals.get(expert.id)
            if total is not None:
                formula = total_formula.format(row=row + 1, column=columns[n])
                sheet.write_formula(row, column, formula, points, total)
            elif mark := absent.get((expert.id, line.number)):
                sheet.write_string(row, column, mark, centred)
            else:
                sheet.write_blank(row, column, None, points)
        if layout.experts:
            _write_figures(book, page, layout, row, line)
    page.finish()
    mark_matrix(book, layout, sheet)
    if layout.experts and layout.lines:
        _mark_totals(book, sheet, layout, last)


def _matrix_headings(layout: Layout) -> list[Heading]:
    return [
        Heading("序号", 6),
        Heading("申报编号", 16),
        Heading("平台名称", layout.platform_width),
        Heading("建设主体", layout.applicant_width),
        *(Heading(f"{expert.id}\n{expert.name}", 9, ordinal) for expert, ordinal in _ordered(layout)),
        *(
            Heading(text, width)
            for text, width in (
                ("有效\n评分表", 8),
                ("全部合计", 10),
                ("最高", 8),
                ("最低", 8),
                ("极差", 8),
                ("计入份数", 8),
                ("计入合计", 10),
                ("最终得分", 10),
                ("去掉的评分", 12),
                ("状态", layout.status_width),
            )
        ),
    ]


def _ordered(layout: Layout) -> list[tuple[Any, int]]:
    return [(expert, layout.expert_ordinals[expert.id]) for expert in layout.experts]


def _absences(layout: Layout) -> dict[tuple[str, str], str]:
    """What stands where an expert has no sheet because of an interest."""
    marks = {(conflict.expert, conflict.application): RELATED for conflict in layout.data.conflicts}
    return marks | {(recusal.expert, recusal.application): RECUSED for recusal in layout.data.recusals}


def _trims(count: str) -> str:
    return f'AND({METHOD}="trimmed",{count}>={TRIM_MIN})'


def _write_figures(book: Publication, page: Page, layout: Layout, row: int, line: Line) -> None:
    start = layout.matrix_figures
    totals = f"{cell(row, layout.MATRIX_EXPERTS, fixed_column=True)}:{cell(row, start - 1, fixed_column=True)}"
    names = [cell(row, start + n, fixed_column=True) for n in range(8)]
    count, counted, counted_sum = names[layout.COUNT], names[layout.COUNTED], names[layout.COUNTED_SUM]
    status = cell(row, start + 9, fixed_column=True)
    decimals = layout.rubric.decimals
    trimmed = f"IF({_trims(count)},MAX({totals})+MIN({totals}),0)"
    ok = f'{status}="{ResultStatus.OK.zh}"'
    some = f"{count}>0"
    formulas = (
        f"COUNT({totals})",
        f'IF({some},{exact_sum(f"SUM({totals})", decimals)},"")',
        f'IF({some},MAX({totals}),"")',
        f'IF({some},MIN({totals}),"")',
        f'IF({some},{exact_sum(f"MAX({totals})-MIN({totals})", decimals)},"")',
        f'IF({ok},{count}-IF({_trims(count)},2,0),"")',
        f'IF({ok},{exact_sum(f"SUM({totals})-{trimmed}", decimals)},"")',
        f'IF({ok},{exact_mean(counted_sum, counted, layout.scale)},"")',
    )
    whole, points = book.centred, book.points(layout.points_format)
    final = book.framed(num_format="0.00", align="center", bold=True)
    formats = (whole, points, points, points, points, whole, points, final)
    for n, value in enumerate(figures(line)):
        page.sheet.write_formula(row, start + n, formulas[n], formats[n], "" if value is None else value)
    result = line.result
    texts = ("、".join(result.dropped), result.status.zh) if result else ("", "")
    page.texts(row, start + 8, texts, book.wrapped)


def figures(line: Line) -> tuple[int | Decimal | None, ...]:
    """Our values of the figures on 专家评分, in their order."""
    totals = [sheet.total for sheet in line.sheets]
    everything: tuple[int | Decimal | None, ...] = (len(totals), None, None, None, None)
    if totals:
        highest, lowest = max(totals), min(totals)
        everything = (len(totals), sum(totals, Decimal(0)), highest, lowest, highest - lowest)
    if line.result is None or line.result.final is None:
        return (*everything, None, None, None)
    counted = [sheet.total for sheet in line.sheets if sheet.expert not in line.result.dropped]
    return (*everything, len(counted), sum(counted, Decimal(0)), line.result.final)


def _mark_totals(book: Publication, sheet: Any, layout: Layout, last: int) -> None:
    """Strike through what is dropped (the first highest, the first lowest other than it), colour what deviates."""
    row, first = FIRST_ROW, layout.MATRIX_EXPERTS
    own = cell(row, first)
    start = cell(row, first, fixed_column=True)
    totals = f"{start}:{cell(row, last, fixed_column=True)}"
    so_far = f"{start}:{own}"
    count = cell(row, layout.matrix_count, fixed_column=True)
    everything = cell(row, layout.matrix_sum, fixed_column=True)
    final = cell(row, layout.matrix_final, fixed_column=True)
    highest = f"AND({own}=MAX({totals}),COUNTIF({so_far},MAX({totals}))=1)"
    lowest = f"AND({own}=MIN({totals}),COUNTIF({so_far},MIN({totals}))=IF(MAX({totals})=MIN({totals}),2,1))"
    difference = f"ABS({own}*({count}-1)-({everything}-{own}))"
    dropped = f"ISNUMBER({own}),ISNUMBER({final}),{_trims(count)},OR({highest},{lowest})"
    deviates = f"ISNUMBER({own}),{count}>1,{difference}>{DEVIATION_LIMIT}*({count}-1)+0.000001"
    struck, coloured = {"font_strikeout": True, "font_color": "#8A94A3"}, {"bg_color": "#FFE2B8"}
    # The case of both has a rule of its own, because LibreOffice applies only the first rule that holds.
    for condition, look in ((f"{dropped},{deviates}", struck | coloured), (dropped, struck), (deviates, coloured)):
        rule = {"type": "formula", "criteria": f"=AND({condition})", "format": book.workbook.add_format(look)}
        sheet.conditional_format(FIRST_ROW, first, layout.matrix.last_row, last, rule)


def write_parts(book: Publication, layout: Layout) -> None:
    """分项得分: the means of groups and criteria over all valid sheets."""
    rubric = layout.rubric
    headings = [
        Heading("序号", 6),
        Heading("申报编号", 16),
        Heading("平台名称", layout.platform_width),
        Heading("有效\n评分表", 8),
        *(Heading(f"{g.code} {g.name}", 10, f"满分 {decimal_text(g.maximum)}") for g in rubric.groups),
        *(Heading(f"{c.code}\n{c.name}", 9, f"满分 {decimal_text(c.maximum)}") for c in rubric.criteria),
    ]
    hint = "全部有效评分表的平均分，四舍五入到两位小数；一级指标由原始分直接平均，不由已舍入的分项相加。"
    page = start_page(book, layout, PARTS, hint, headings, rows=len(layout.lines), frozen=3)
    sheet = page.sheet
    whole, mean = book.centred, book.points("0.00")
    strong = book.framed(num_format="0.00", bold=True, align="center")
    formulas = _part_formulas(layout)
    count_formula = f"COUNTIF({layout.details.there(0)},$A{{row}})"
    for row, line in enumerate(layout.lines, start=FIRST_ROW):
        sheet.write_number(row, 0, line.ordinal, whole)
        page.texts(row, 1, (line.number, line.platform), book.wrapped)
        sheet.write_formula(row, 3, count_formula.format(row=row + 1), whole, len(line.sheets))
        for column, (formula, value) in enumerate(zip(formulas, part_values(layout, line), strict=True), start=4):
            style = strong if column < layout.parts_criteria else mean
            sheet.write_formula(row, column, formula.format(row=row + 1), style, "" if value is None else value)
    page.finish()
    maxima = [group.maximum for group in rubric.groups] + [criterion.maximum for criterion in rubric.criteria]
    for column, maximum in enumerate(maxima, start=layout.PARTS_GROUPS):
        scale = {"type": "2_color_scale", "min_type": "num", "min_value": 0, "max_type": "num", "max_value": maximum}
        scale |= {"min_color": "#FFFFFF", "max_color": "#BFE3CC"}
        sheet.conditional_format(FIRST_ROW, column, layout.parts.last_row, column, scale)


def _part_formulas(layout: Layout) -> list[str]:
    """The formulas of a row of 分项得分, with ``{row}`` for its number."""
    details, ordinals = layout.details, layout.details.there(0)
    first = layout.DETAILS_ITEMS
    sums = [
        f"SUMPRODUCT(({ordinals}=$A{{row}})*{details.there(first + start, first + end)})"
        for start, end in layout.group_spans.values()
    ]
    sums += [f"SUMIFS({details.there(first + n)},{ordinals},$A{{row}})" for n in range(len(layout.rubric.codes))]
    return [f'IF($D{{row}}>0,{exact_mean(total, "$D{row}", layout.scale)},"")' for total in sums]


def part_values(layout: Layout, line: Line) -> list[Decimal | None]:
    """Our means of the groups and criteria; all None without a valid sheet."""
    groups = line.result.groups if line.result else {}
    criteria = line.result.criteria if line.result else {}
    return [groups.get(group.code) for group in layout.rubric.groups] + [
        criteria.get(code) for code in layout.rubric.codes
    ]


def write_details(book: Publication, layout: Layout) -> None:
    """评分明细: a row for each valid sheet, a column for each criterion, then the remarks."""
    rubric = layout.rubric
    headings = [
        Heading("序号", 6),
        Heading("申报编号", 16),
        Heading("专家\n序号", 6),
        Heading("专家编号", 9),
        Heading("专家姓名", layout.name_width),
        Heading("版次", 6),
        *(Heading(f"{c.code}\n{c.name}", 10, f"满分 {decimal_text(c.maximum)}") for c in rubric.criteria),
        Heading("合计", 9, f"满分 {decimal_text(rubric.maximum)}"),
        Heading("签署合计", 9),
        *(Heading(f"{c.code} 评语", 24) for c in rubric.criteria),
        Heading("引用的材料", 30),
        Heading("评分表摘要（SHA-256）", 68),
        Heading("纸质评分来源", 60),
    ]
    share = decimal_text(rubric.remark_below * 100)
    hint = (
        f"每份有效评分表一行；红字：低于满分的 {share}%，须有评语。"
        "合计由公式计算，签署合计是已签名评分表上的数字；评语在右侧各列，不随本表打印。"
    )
    printed = layout.details_total + 2
    page = start_page(book, layout, DETAILS, hint, headings, rows=len(layout.details_rows), frozen=5, printed=printed)
    sheet = page.sheet
    names = {expert.id: plain(expert.name) for expert in layout.experts}
    confirmed = {one.sheet: one for one in layout.data.confirmations}
    for row, (line, score_sheet) in enumerate(layout.details_rows, start=FIRST_ROW):
        sheet.write_number(row, 0, line.ordinal, book.centred)
        sheet.write_string(row, 1, line.number, book.cell)
        sheet.write_number(row, 2, layout.expert_ordinals[score_sheet.expert], book.centred)
        sheet.write_string(row, 3, score_sheet.expert, book.cell)
        sheet.write_string(row, 4, names[score_sheet.expert], book.cell)
        sheet.write_number(row, 5, score_sheet.revision, book.centred)
        _write_items(book, sheet, layout, row, score_sheet)
        if score_sheet.digest in confirmed:
            origin = origin_text(confirmed[score_sheet.digest])
            sheet.write_string(row, layout.details_total + 4 + len(rubric.criteria), plain(origin), book.cell)
    if layout.details_rows:
        low = book.workbook.add_format({"font_color": "#C63333"})
        for n, criterion in enumerate(rubric.criteria):
            rule = {"type": "cell", "criteria": "<", "value": rubric.remark_below * criterion.maximum, "format": low}
            column = layout.DETAILS_ITEMS + n
            sheet.conditional_format(FIRST_ROW, column, layout.details.last_row, column, rule)


def origin_text(confirmation: PaperConfirmation) -> str:
    """How a sheet's scores came from paper, and who answers for it."""
    entered = "、".join(confirmation.entered_by)
    return f"{confirmation.source.zh}；录入：{entered}；确认：{confirmation.by}；理由：{confirmation.reason}"


def _write_items(book: Publication, sheet: Any, layout: Layout, row: int, score_sheet: ScoreSheet) -> None:
    points = book.points(layout.points_format)
    first, total = layout.DETAILS_ITEMS, layout.details_total
    cited = []
    sheet.write_numbers(row, first, [item.points for item in score_sheet.items], points)
    for n, item in enumerate(score_sheet.items):
        if item.remark:
            sheet.write_string(row, total + 2 + n, plain(item.remark), book.cell)
        if item.evidence:
            pages = (f"{e.name} 第{e.page}页" if e.page else e.name for e in item.evidence)
            cited.append(f"{item.criterion}：{'、'.join(pages)}")
    items = f"{cell(row, first)}:{cell(row, total - 1)}"
    formula = exact_sum(f"SUM({items})", layout.rubric.decimals)
    sheet.write_formula(row, total, formula, points, score_sheet.total)
    sheet.write_number(row, total + 1, score_sheet.total, points)
    after = total + 2 + len(score_sheet.items)
    if cited:
        sheet.write_string(row, after, plain("；".join(cited)), book.cell)
    sheet.write_string(row, after + 1, score_sheet.digest, book.cell)
