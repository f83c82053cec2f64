"""校验 and 说明: our values beside the formulas', and what everything in the workbook is and rests on."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from qisp_desktop.base.codec import decimal_text
from qisp_desktop.domain.aggregation import Recommendation
from qisp_desktop.spreadsheets.formulas import exact_sum, lookup
from qisp_desktop.spreadsheets.summary_layout import (
    CHECK,
    DEVIATION_LIMIT,
    FIRST_ROW,
    METHOD,
    NOTES,
    PASS_SCORE,
    TRIM_MIN,
    Layout,
    Line,
    cell,
    grade_bound,
    grade_name,
)
from qisp_desktop.spreadsheets.summary_page import ALLOWED, ROW_HEIGHT, TIME_ZONE, Heading, Page, local_time, start_page
from qisp_desktop.spreadsheets.summary_scores import origin_text, part_values
from qisp_desktop.spreadsheets.writing import Publication, paged, plain

EQUAL, DIFFERENT = "一致", "不一致"
YES, NO = "是", "否"


def write_check(book: Publication, layout: Layout) -> None:
    """校验: for every application and for the whole, our value, the formula's value and whether they are equal."""
    rubric = layout.rubric
    triples = ["最终得分", "排名", *(f"{group.code} {group.name}" for group in rubric.groups)]
    headings = [Heading("序号", 6), Heading("申报编号", 16)]
    for name in triples:
        headings += [Heading("本程序", 9, name), Heading("公式", 9), Heading("一致", 7)]
    headings.append(Heading("评分项\n一致", 8))
    headings += [Heading(code, 8, "评分项（本程序）" if n == 2 else "") for n, code in enumerate(rubric.codes)]
    hint = (
        "“本程序”是评审程序算出并写入的固定值，“公式”是本工作簿自行计算的值。修改说明页的参数后不一致属正常。"
        "评分项的值在右侧各列，不随本表打印。"
    )
    agreements = [4 + 3 * n for n in range(len(triples))] + [2 + 3 * len(triples)]
    last_printed = max(9, agreements[-1])
    rows = len(layout.lines)
    sheet = start_page(book, layout, CHECK, hint, headings, rows=rows, frozen=2, printed=last_printed + 1).sheet
    for row, line in enumerate(layout.lines, start=FIRST_ROW):
        sheet.write_number(row, 0, line.ordinal, book.centred)
        sheet.write_string(row, 1, line.number, book.cell)
        _write_triples(book, sheet, layout, row, line)
        _write_criteria(book, sheet, layout, row, line, agreements[-1])
    below = layout.check.last_row + 3
    totals = _write_totals(book, sheet, layout, below)
    sheet.print_area(0, 0, below + totals, last_printed)
    ranges = [layout.check.here(column) for column in agreements] if layout.lines else []
    ranges.append(f"$E${below + 2}:$E${below + 1 + totals}")
    sheet.write_string(0, 8, "全部一致：", book.format(bold=True, align="right"))
    agreed = "+".join(f'COUNTIF({one},"{EQUAL}")' for one in ranges)
    expected = len(layout.lines) * len(agreements) + totals
    verdict = f'IF({agreed}={expected},"{YES}","{NO}")'
    sheet.write_formula(0, 9, verdict, book.format(bold=True, align="center"), YES)
    red = book.workbook.add_format({"bg_color": "#FFD9D9", "font_color": "#C63333", "bold": True})
    # The rule leaves out the verdict in the first row: with that and a print area LibreOffice 7.4 crashes on printing.
    rule = {"type": "cell", "criteria": "==", "value": f'"{DIFFERENT}"', "format": red}
    sheet.conditional_format(FIRST_ROW, 2, below + totals, max(4, agreements[-1]), rule)


def _agreement(condition: str) -> str:
    """Words, because LibreOffice shows a stored truth value as 1 until it calculates the cell anew."""
    return f'IF({condition},"{EQUAL}","{DIFFERENT}")'


def _write_triples(book: Publication, sheet: Any, layout: Layout, row: int, line: Line) -> None:
    result = line.result
    own = cell(row, 0, fixed_column=True)
    matrix, parts, ranking = layout.matrix, layout.parts, layout.ranking
    final = lookup(matrix.there(layout.matrix_final), matrix.there(0), own) if layout.experts else '""'
    pairs: list[tuple[Decimal | int | None, str]] = [
        (result.final if result else None, final),
        (result.rank if result else None, lookup(ranking.there(0), ranking.there(layout.ranking_ordinals), own)),
    ]
    for n, group in enumerate(layout.rubric.groups):
        formula = lookup(parts.there(layout.PARTS_GROUPS + n), parts.there(0), own)
        pairs.append((result.groups.get(group.code) if result else None, formula))
    mean, whole = book.points("0.00"), book.centred
    for n, (ours, formula) in enumerate(pairs):
        column = 2 + 3 * n
        style = whole if n == 1 else mean
        if ours is None:
            sheet.write_blank(row, column, None, style)
        else:
            sheet.write_number(row, column, ours, style)
        sheet.write_formula(row, column + 1, formula, style, "" if ours is None else ours)
        agree = _agreement(f"{cell(row, column)}={cell(row, column + 1)}")
        sheet.write_formula(row, column + 2, agree, whole, EQUAL)


def _write_criteria(book: Publication, sheet: Any, layout: Layout, row: int, line: Line, agreement: int) -> None:
    mean = book.points("0.00")
    values = part_values(layout, line)[len(layout.rubric.groups) :]
    first = agreement + 1
    for column, value in enumerate(values, start=first):
        if value is None:
            sheet.write_blank(row, column, None, mean)
        else:
            sheet.write_number(row, column, value, mean)
    parts, start = layout.parts, layout.parts_criteria
    theirs = parts.there(start, start + len(values) - 1)
    found = f"INDEX({theirs},MATCH({cell(row, 0, fixed_column=True)},{parts.there(0)},0),0)"
    ours = f"{cell(row, first)}:{cell(row, agreement + len(values))}"
    agree = _agreement(f"SUMPRODUCT(--({ours}<>{found}))=0")
    sheet.write_formula(row, agreement, agree, book.centred, EQUAL)


def _write_totals(book: Publication, sheet: Any, layout: Layout, row: int) -> int:
    """The checks of the whole, headings in ``row``; returns how many there are."""
    for column, text in zip((1, 2, 3, 4), ("总体检查", "本程序", "公式", "一致"), strict=True):
        sheet.write_string(row, column, text, book.heading)
    checks = _total_checks(layout)
    for n, (name, ours, formula) in enumerate(checks, start=1):
        sheet.write_string(row + n, 1, name, book.wrapped)
        sheet.write_number(row + n, 2, ours, book.centred)
        sheet.write_formula(row + n, 3, formula, book.centred, ours)
        agree = _agreement(f"{cell(row + n, 2)}={cell(row + n, 3)}")
        sheet.write_formula(row + n, 4, agree, book.centred, EQUAL)
    return len(checks)


def _total_checks(layout: Layout) -> list[tuple[str, Decimal | int, str]]:
    details, decimals = layout.details, layout.rubric.decimals
    signed, total = details.there(layout.details_total + 1), details.there(layout.details_total)
    results = [line.result for line in layout.lines if line.result]
    recommended = sum(result.recommendation is Recommendation.RECOMMENDED for result in results)
    spread = sum((abs(one.difference) for result in results for one in result.deviations), Decimal(0))
    opinions = layout.ranking.there(layout.ranking_tail + 1)
    return [
        ("有效评分表份数", len(layout.details_rows), f"COUNT({details.there(2)})"),
        (
            "评分表合计之和",
            sum((sheet.total for _line, sheet in layout.details_rows), Decimal(0)),
            exact_sum(f"SUM({total})", decimals),
        ),
        ("合计与签署不符的份数", 0, f"SUMPRODUCT(--({total}<>{signed}))"),
        (
            "有最终得分的申报数",
            sum(result.final is not None for result in results),
            f"COUNT({layout.ranking.there(layout.RANKING_FINAL)})",
        ),
        ("推荐的申报数", recommended, f'COUNTIF({opinions},"{Recommendation.RECOMMENDED.zh}")'),
        ("偏差条数", layout.deviations.rows, f"COUNT({layout.deviations.there(10)})"),
        ("偏差差值绝对值之和", spread, exact_sum(f"SUMPRODUCT(ABS({layout.deviations.there(10)}))", 2)),
        ("变更条数", layout.changes.rows, f"COUNTA({layout.changes.there(3)})"),
        ("合格分", layout.policy.pass_score, PASS_SCORE),
        ("偏差限", layout.policy.deviation, DEVIATION_LIMIT),
    ]


def write_notes(book: Publication, layout: Layout) -> None:
    """说明: the round, the policy (which formulas refer to by name), the rubric, the digests, what formulas do."""
    widths = (24, 66, 54)
    page = Page(book.sheet(NOTES), widths)
    sheet = page.sheet
    sheet.set_default_row(ROW_HEIGHT)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.set_row(0, 26)
    sheet.write_string(0, 0, plain(f"{layout.data.round.name} · {NOTES}"), book.title)
    row = _section(book, page, 2, "评价轮次", _round_rows(layout))
    row = _write_policy(book, page, layout, row)
    row = _section(book, page, row, "评分标准", _rubric_rows(layout))
    row = _section(book, page, row, "回避与利益关系", _interest_rows(layout))
    if layout.data.confirmations:
        row = _section(book, page, row, "纸质评分", _paper_rows(layout))
    _section(book, page, row, "公式说明", _formula_rows(layout))
    page.finish()
    sheet.freeze_panes(1, 0)
    sheet.protect("", ALLOWED)
    paged(sheet, header=layout.data.round.name, landscape=False)


def _section(book: Publication, page: Page, row: int, name: str, rows: Sequence[tuple[str, str, str]]) -> int:
    """A section of three columns; returns the row after it."""
    page.sheet.merge_range(row, 0, row, 2, name, book.heading)
    for offset, texts in enumerate(rows or [("（无）", "", "")], start=1):
        page.texts(row + offset, 0, texts, book.wrapped)
    return row + max(1, len(rows)) + 2


def _round_rows(layout: Layout) -> list[tuple[str, str, str]]:
    data = layout.data
    previous = data.previous
    accepted = data.round.accepted_on.isoformat() if data.round.accepted_on else "（尚未受理）"
    return [
        ("轮次名称", data.round.name, f"{data.round.year} 年"),
        ("主管部门", data.round.office, ""),
        ("轮次标识", data.round.id, ""),
        ("受理日期", accepted, "形式审查以此日为准，评价期限自此日起算"),
        ("申报数", str(len(layout.lines)), ""),
        ("专家数", str(len(layout.experts)), ""),
        ("有效评分表", str(len(layout.details_rows)), "已签名（或经确认的纸质）、未被回避、为最新版次的评分表"),
        ("生成时间", local_time(data.made_at), TIME_ZONE),
        ("程序版本", data.program_version, ""),
        ("输入数据摘要", data.inputs_digest or "（无）", "SHA-256；同样的输入得出同样的结果"),
        (
            "上次导出",
            local_time(previous.at) if previous else "（无，本次是第一次导出）",
            f"{previous.by}，{previous.file}；不同之处见变更" if previous else "",
        ),
        ("评分标准摘要", layout.rubric.digest, "SHA-256；首次分发时冻结"),
        ("审计链末端", data.audit_head or "（无）", "SHA-256；截断审计记录会使其改变"),
    ]


def _write_policy(book: Publication, page: Page, layout: Layout, row: int) -> int:
    policy, sheet = layout.policy, page.sheet
    sheet.merge_range(row, 0, row, 2, "计分规则（公式引用这些单元格；浅黄色可改，用于试算）", book.heading)
    entries: list[tuple[str, str, str | int | Decimal, str]] = [
        ("计分方法", METHOD, policy.aggregate.value, "trimmed：去掉一个最高分和一个最低分后平均；mean：直接平均"),
        ("去极值起始份数", TRIM_MIN, policy.trim_min, "有效评分表不少于此数时才去掉最高、最低各一份"),
        ("合格分", PASS_SCORE, policy.pass_score, "最终得分不低于此分方可推荐"),
        ("偏差限", DEVIATION_LIMIT, policy.deviation, "与其他专家平均分相差超过此数须作说明"),
    ]
    for index, (name, bound) in enumerate(layout.grades):
        entries.append((f"第{index + 1}等级名称", grade_name(index), name, "第十六条的等级"))
        entries.append((f"第{index + 1}等级下限", grade_bound(index), bound, "最终得分不低于此分"))
    entry = book.framed(bg_color="#FFF9E0", locked=False, align="left")
    for offset, (label, name, value, meaning) in enumerate(entries, start=1):
        page.texts(row + offset, 0, (label, "", meaning), book.wrapped)
        if isinstance(value, str):
            sheet.write_string(row + offset, 1, plain(value), entry)
        else:
            sheet.write_number(row + offset, 1, value, entry)
        book.workbook.define_name(name, f"='{NOTES}'!$B${row + offset + 1}")
    row += len(entries) + 1
    fixed = [
        ("最少有效评分表", str(policy.quorum), "少于此数不产生最终得分（状态由程序判断）"),
        ("同分比较次序", "、".join(policy.tie_break) or "（不比较）", "一级指标代码"),
        ("期限的计算", policy.days.zh, ""),
    ]
    for offset, texts in enumerate(fixed):
        page.texts(row + offset, 0, texts, book.wrapped)
    return row + len(fixed) + 1


def _rubric_rows(layout: Layout) -> list[tuple[str, str, str]]:
    rubric = layout.rubric
    rows = [
        ("名称", rubric.name, f"版本 {rubric.version}"),
        ("满分 / 步长", f"{decimal_text(rubric.maximum)} / {decimal_text(rubric.step)}", ""),
    ]
    for group in rubric.groups:
        rows.append((group.code, group.name, f"满分 {decimal_text(group.maximum)}"))
        for c in group.criteria:
            article = f"，依据第 {c.article} 条" if c.article else ""
            rows.append((f"　{c.code}", c.name, f"满分 {decimal_text(c.maximum)}{article}"))
    return rows


def _interest_rows(layout: Layout) -> list[tuple[str, str, str]]:
    declared = {(one.expert, one.application) for one in layout.data.recusals}
    rows = [(one.expert, one.application, f"{one.ground.zh}：{one.reason}") for one in layout.data.recusals]
    rows += [
        (one.expert, one.application, one.ground.zh)
        for one in layout.data.conflicts
        if (one.expert, one.application) not in declared
    ]
    return sorted(rows)


def _paper_rows(layout: Layout) -> list[tuple[str, str, str]]:
    """The sheets that count without a signed package, and why."""
    counting = {score_sheet.digest for _line, score_sheet in layout.details_rows}
    return [
        (one.expert, f"{one.application} 第 {one.revision} 版", origin_text(one))
        for one in layout.data.confirmations
        if one.sheet in counting
    ]


def _formula_rows(layout: Layout) -> list[tuple[str, str, str]]:
    scale = layout.scale
    return [
        ("评分明细 · 合计", "各评分项之和", "四舍五入到计分步长的小数位，消除二进制误差"),
        ("专家评分 · 各专家列", "按申报序号和专家序号从评分明细取合计", "工作表重新排序后仍然正确"),
        ("专家评分 · 计入合计", "合计减去一个最高分和一个最低分（适用时）", "并列最高或最低时也只去掉一份"),
        (
            "专家评分 · 最终得分",
            "计入合计 ÷ 计入份数，四舍五入到两位小数，只在最后舍入一次",
            f"在整数上计算：INT((合计×{scale}×200+{scale}×份数)÷({2 * scale}×份数))÷100，恰为一半时各软件结果相同",
        ),
        ("分项得分", "全部有效评分表的平均分（不去极值），舍入方法同上", "用于说明和同分比较"),
        ("排名", "1 + 排在前面的申报数；依次比较最终得分和各一级指标", "仍相同的并列，如 1、2、2、4"),
        ("排名 · 等级", "按说明页的合格分和等级下限判断", "低于合格分的没有等级"),
        ("偏差 · 差值", "本表合计减去其他有效评分表的平均分", "绝对值四舍五入到两位小数"),
        ("变更 · 本次导出", "得分、排名和合计取自其他工作表，其余为固定值", "上次导出的值是当时写入的固定值"),
        ("校验", "本程序的值与公式的值逐一比较", f"全部一致时首行显示“{YES}”"),
        ("推荐意见、理由、状态", "由程序判断后写入的文字", "依据最终得分、形式审查和现场核查"),
    ]
