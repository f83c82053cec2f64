"""现场核查, 形式审查 and 偏差: what the record holds beside the scores."""

from __future__ import annotations

from typing import Any

from qisp_desktop.domain.aggregation import Deviation
from qisp_desktop.domain.inspection import SiteInspection, Verdict
from qisp_desktop.domain.regulation import Condition, MaterialKind
from qisp_desktop.domain.screening import ConditionResult, Screening
from qisp_desktop.spreadsheets.formulas import exact_difference, exact_mean, lookup
from qisp_desktop.spreadsheets.summary_layout import (
    DEVIATION_LIMIT,
    DEVIATIONS,
    FIRST_ROW,
    INSPECTIONS,
    SCREENING,
    Layout,
    Line,
    cell,
)
from qisp_desktop.spreadsheets.summary_page import Heading, start_page
from qisp_desktop.spreadsheets.writing import Publication, plain

PRESENT, MISSING = "有", "缺"
MET = {True: "符合", False: "不符合", None: "待认定"}


def write_inspections(book: Publication, layout: Layout) -> None:
    """现场核查: a row for each expert's record of a visit."""
    checklist = layout.rubric.checklist
    headings = [
        Heading("申报编号", 16),
        Heading("平台名称", layout.platform_width),
        Heading("专家编号", 9),
        Heading("专家姓名", layout.name_width),
        Heading("核查日期", 11),
        Heading("接待人", 10),
        Heading("核查结论", 10),
        *(Heading(f"{verdict.zh}数", 7) for verdict in Verdict),
        *(Heading(f"{item.code}\n{item.text}", 9) for item in checklist),
        Heading("核查项说明", 26),
        Heading("核查发现", 30),
        Heading("照片\n张数", 6),
    ]
    inspections = sorted(layout.data.inspections, key=lambda one: (one.application, one.expert))
    hint = "每位专家的每次核查一行；项数由公式统计。"
    page = start_page(book, layout, INSPECTIONS, hint, headings, rows=len(inspections), frozen=2)
    platforms = {line.number: line.platform for line in layout.lines}
    names = {expert.id: expert.name for expert in layout.experts}
    first = 7 + len(Verdict)
    last = first + len(checklist) - 1
    for row, one in enumerate(inspections, start=FIRST_ROW):
        texts = (one.application, platforms.get(one.application, ""), one.expert, names.get(one.expert, ""))
        page.texts(row, 0, texts, book.wrapped)
        page.sheet.write_datetime(row, 4, one.date, book.framed(num_format="yyyy-mm-dd", align="center"))
        page.texts(row, 5, (one.received_by, one.overall.zh), book.wrapped)
        for n, verdict in enumerate(Verdict):
            ours = sum(item.verdict is verdict for item in one.items)
            items = f"{cell(row, first, fixed_column=True)}:{cell(row, last, fixed_column=True)}"
            formula = f'COUNTIF({items},"{verdict.zh}")' if checklist else "0"
            page.sheet.write_formula(row, 7 + n, formula, book.centred, ours)
        verdicts = {item.item: item.verdict.zh for item in one.items}
        page.texts(row, first, (verdicts.get(item.code, "") for item in checklist), book.centred)
        page.texts(row, last + 1, (_notes(one), _findings(one)), book.wrapped)
        page.sheet.write_number(row, last + 3, len(one.photos), book.centred)
    page.finish()
    if inspections and checklist:
        for verdict, colour in ((Verdict.NONCONFORM, "#C63333"), (Verdict.OBSERVATION, "#B86E00")):
            _colour_text(
                book, page.sheet, (FIRST_ROW, first, FIRST_ROW + len(inspections) - 1, last), verdict.zh, colour
            )


def _notes(one: SiteInspection) -> str:
    return "\n".join(f"{item.item}：{item.note}" for item in one.items if item.note.strip())


def _findings(one: SiteInspection) -> str:
    found = []
    for number, finding in enumerate(one.findings, start=1):
        about = "，".join(text for text in (finding.item, finding.photo) if text)
        found.append(f"{number}. {finding.text}" + (f"（{about}）" if about else ""))
    return "\n".join(found)


def _colour_text(book: Publication, sheet: Any, area: tuple[int, int, int, int], text: str, colour: str) -> None:
    rule = {
        "type": "cell",
        "criteria": "==",
        "value": f'"{text}"',
        "format": book.workbook.add_format({"font_color": colour, "bold": True}),
    }
    sheet.conditional_format(*area, rule)


def write_screening(book: Publication, layout: Layout) -> None:
    """形式审查: the seven materials and the seven conditions of every application."""
    headings = [
        Heading("申报编号", 16),
        Heading("平台名称", layout.platform_width),
        Heading("审查结论", 10),
        Heading("程序判断", 10),
        Heading("认定人", 10),
        Heading("理由", 24),
        *(Heading(f"材料{kind}\n{kind.zh}", 9) for kind in MaterialKind),
        Heading("材料\n份数", 6),
        *(Heading(f"条件{condition}\n{condition.zh}", 10) for condition in Condition),
        Heading("符合\n条数", 6),
        Heading("判断依据", 60),
    ]
    printed = len(headings) - 1
    hint = "第十五条的七份材料和第十三条的七项条件；份数和条数由公式统计；判断依据在最右列，不随本表打印。"
    page = start_page(book, layout, SCREENING, hint, headings, rows=len(layout.lines), frozen=2, printed=printed)
    materials, conditions = 6, 7 + len(MaterialKind)
    for row, line in enumerate(layout.lines, start=FIRST_ROW):
        page.texts(row, 0, (line.number, line.platform), book.wrapped)
        found = line.screening
        texts = (
            (found.status.zh, found.computed.zh, found.decided_by, found.reason) if found else ("未审查", "", "", "")
        )
        page.texts(row, 2, texts, book.wrapped)
        if found is None:
            continue
        page.texts(row, materials, (_presence(found, kind) for kind in MaterialKind), book.centred)
        present = len(MaterialKind) - len(found.missing)
        span = f"{cell(row, materials)}:{cell(row, materials + len(MaterialKind) - 1)}"
        page.sheet.write_formula(row, conditions - 1, f'COUNTIF({span},"{PRESENT}")', book.centred, present)
        judged = {result.condition: result for result in found.conditions}
        page.texts(row, conditions, (_judgement(judged.get(one)) for one in Condition), book.centred)
        met = sum(result.met is True for result in found.conditions)
        span = f"{cell(row, conditions)}:{cell(row, conditions + len(Condition) - 1)}"
        after = conditions + len(Condition)
        page.sheet.write_formula(row, after, f'COUNTIF({span},"{MET[True]}")', book.centred, met)
        why = "；".join(f"（{result.condition}）{result.why}" for result in found.conditions)
        page.sheet.write_string(row, after + 1, plain(why), book.cell)
    page.finish()
    if layout.lines:
        area = (FIRST_ROW, materials, FIRST_ROW + len(layout.lines) - 1, conditions + len(Condition) - 1)
        for text, colour in ((MISSING, "#C63333"), (MET[False], "#C63333"), (MET[None], "#B86E00")):
            _colour_text(book, page.sheet, area, text, colour)


def _presence(screening: Screening, kind: MaterialKind) -> str:
    return MISSING if kind in screening.missing else PRESENT


def _judgement(result: ConditionResult | None) -> str:
    return MET[result.met] if result else ""


def write_deviations(book: Publication, layout: Layout) -> None:
    """偏差: the totals that ask for an explanation, with what was explained."""
    headings = [
        Heading("申报\n序号", 6),
        Heading("申报编号", 16),
        Heading("平台名称", layout.platform_width),
        Heading("专家\n序号", 6),
        Heading("专家编号", 9),
        Heading("专家姓名", layout.name_width),
        Heading("有效\n评分表", 8),
        Heading("全部合计", 10),
        Heading("本表合计", 10),
        Heading("其他专家平均", 10),
        Heading("差值", 10),
        Heading("偏差限", 8),
        Heading("情况说明", 50),
        Heading("说明人", 12),
    ]
    hint = "与其他有效评分表平均分相差超过偏差限的评分表；须作说明，不因此剔除。"
    rows = [(line, one) for line in layout.lines if line.result for one in line.result.deviations]
    page = start_page(book, layout, DEVIATIONS, hint, headings, rows=len(rows), frozen=3)
    explained = {(one.expert, one.application): one for one in layout.data.explanations}
    names = {expert.id: expert.name for expert in layout.experts}
    for row, (line, one) in enumerate(rows, start=FIRST_ROW):
        page.sheet.write_number(row, 0, line.ordinal, book.centred)
        page.texts(row, 1, (line.number, line.platform), book.wrapped)
        page.sheet.write_number(row, 3, layout.expert_ordinals[one.expert], book.centred)
        page.texts(row, 4, (one.expert, names[one.expert]), book.wrapped)
        explanation = explained.get((one.expert, line.number))
        texts = (explanation.text, explanation.by) if explanation else ("（尚无说明）", "")
        page.texts(row, 12, texts, book.wrapped)
        formulas = _deviation_formulas(layout, row)
        formats = (book.centred, *[book.points(layout.points_format)] * 2, *[book.points("0.00")] * 2, book.centred)
        for n, value in enumerate(deviation_values(layout, line, one)):
            page.sheet.write_formula(row, 6 + n, formulas[n], formats[n], value)
    page.finish()


def _deviation_formulas(layout: Layout, row: int) -> tuple[str, ...]:
    matrix, details = layout.matrix, layout.details
    own, expert = cell(row, 0, fixed_column=True), cell(row, 3, fixed_column=True)
    count, everything, total = (cell(row, column, fixed_column=True) for column in (6, 7, 8))
    others = f"{everything}-{total}"
    return (
        lookup(matrix.there(layout.matrix_count), matrix.there(0), own),
        lookup(matrix.there(layout.matrix_sum), matrix.there(0), own),
        f"SUMIFS({details.there(layout.details_total)},{details.there(0)},{own},{details.there(2)},{expert})",
        exact_mean(others, f"{count}-1", layout.scale),
        exact_difference(total, others, f"{count}-1", layout.scale),
        DEVIATION_LIMIT,
    )


def deviation_values(layout: Layout, line: Line, one: Deviation) -> tuple[object, ...]:
    """Our values of a row of 偏差, in the order of its formulas."""
    return (
        len(line.sheets),
        sum(sheet.total for sheet in line.sheets),
        one.total,
        one.others_mean,
        one.difference,
        layout.policy.deviation,
    )
