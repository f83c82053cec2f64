"""变更: what changed since the export before, and the marks at the changed values on 排名 and 专家评分."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from qisp_desktop.domain.exports import Aspect, Difference, Shown
from qisp_desktop.domain.regulation import Term
from qisp_desktop.spreadsheets.fast_sheet import FastSheet
from qisp_desktop.spreadsheets.formulas import lookup
from qisp_desktop.spreadsheets.summary_layout import CHANGES, FIRST_ROW, Layout, cell
from qisp_desktop.spreadsheets.summary_page import Heading, Page, local_time, start_page
from qisp_desktop.spreadsheets.writing import Publication, plain

NONE = "（无）"
"""What stands where one of the two exports shows no value."""
ORDINAL, EXPERT_ORDINAL, BEFORE, AFTER, STEP = 0, 4, 7, 8, 9
_POINTS = frozenset({Aspect.FINAL, Aspect.TOTAL})
_COUNTS = frozenset({Aspect.RANK, Aspect.REVISION})


def write_changes(book: Publication, layout: Layout) -> None:
    """变更: a row for each value that the export before showed differently."""
    headings = [
        Heading("申报\n序号", 6),
        Heading("申报编号", 16),
        Heading("平台名称", layout.platform_width),
        Heading("事项", 12),
        Heading("专家\n序号", 6),
        Heading("专家编号", 9),
        Heading("专家姓名", layout.name_width),
        Heading("上次导出", 20),
        Heading("本次导出", 20),
        Heading("增减", 9),
    ]
    found = layout.data.differences
    page = start_page(book, layout, CHANGES, _hint(layout), headings, rows=len(found), frozen=4)
    names = {expert.id: expert.name for expert in layout.experts}
    lines = {line.number: line for line in layout.lines}
    for row, one in enumerate(found, start=FIRST_ROW):
        line = lines.get(one.application)
        _write_ordinal(book, page, row, ORDINAL, line.ordinal if line else None)
        page.texts(row, 1, (one.application, line.platform if line else "", one.aspect.zh), book.wrapped)
        _write_ordinal(book, page, row, EXPERT_ORDINAL, layout.expert_ordinals.get(one.expert))
        page.texts(row, 5, (one.expert, names.get(one.expert, "")), book.wrapped)
        _write_values(book, page, layout, row, one)
    page.finish()


def _hint(layout: Layout) -> str:
    previous = layout.data.previous
    if previous is None:
        return "这是本轮次第一次导出，没有可以比较的上次导出；以后导出时，此表逐项列出与上次的不同。"
    last = f"上次导出：{local_time(previous.at)}，{previous.by}，{previous.file}。"
    found = layout.data.differences
    if not found:
        return f"{last}本次与上次没有不同。"
    applications = len({one.application for one in found})
    return f"{last}共 {applications} 项申报有 {len(found)} 处变更；排名、专家评分两表中黄底并带 * 的是变更的值。"


def _write_ordinal(book: Publication, page: Page, row: int, column: int, ordinal: int | None) -> None:
    if ordinal is None:
        page.sheet.write_blank(row, column, None, book.centred)
    else:
        page.sheet.write_number(row, column, ordinal, book.centred)


def _write_values(book: Publication, page: Page, layout: Layout, row: int, one: Difference) -> None:
    """Before as it was, after as the other sheets calculate it now, and the step between two numbers."""
    style, signed = _formats(book, layout, one.aspect)
    if isinstance(one.before, (Decimal, int)):
        page.sheet.write_number(row, BEFORE, one.before, style)
    else:
        page.texts(row, BEFORE, (_text(one.before),), style)
    if isinstance(one.after, (Decimal, int)):
        _write_number_now(page, layout, row, one, style)
    else:
        page.texts(row, AFTER, (_text(one.after),), style)
    if isinstance(one.before, (Decimal, int)) and isinstance(one.after, (Decimal, int)):
        formula = f"ROUND({cell(row, AFTER)}-{cell(row, BEFORE)},6)"
        page.sheet.write_formula(row, STEP, formula, signed, one.after - one.before)
    else:
        page.sheet.write_blank(row, STEP, None, signed)


def _write_number_now(page: Page, layout: Layout, row: int, one: Difference, style: Any) -> None:
    own, expert = cell(row, ORDINAL, fixed_column=True), cell(row, EXPERT_ORDINAL, fixed_column=True)
    matrix, ranking, details = layout.matrix, layout.ranking, layout.details
    match one.aspect:
        case Aspect.FINAL:
            formula = lookup(matrix.there(layout.matrix_final), matrix.there(0), own)
        case Aspect.RANK:
            formula = lookup(ranking.there(0), ranking.there(layout.ranking_ordinals), own)
        case Aspect.TOTAL:
            formula = (
                f"SUMIFS({details.there(layout.details_total)},{details.there(0)},{own},{details.there(2)},{expert})"
            )
        case _:
            page.sheet.write_number(row, AFTER, one.after, style)
            return
    page.sheet.write_formula(row, AFTER, formula, style, one.after)


def _formats(book: Publication, layout: Layout, aspect: Aspect) -> tuple[Any, Any]:
    """The formats of the two values and of the step between them."""
    if aspect in _COUNTS:
        return book.points("0"), book.points("+0;-0;0")
    if aspect in _POINTS:
        number = "0.00" if aspect is Aspect.FINAL else layout.points_format
        return book.points(number), book.points(f"+{number};-{number};{number}")
    return book.framed(text_wrap=True, align="center"), book.centred


def _text(value: Shown) -> str:
    """A value that is no number, in Chinese."""
    if value is None:
        return NONE
    return value.zh if isinstance(value, Term) else str(value)


# The marks ----------------------------------------------------------------------------------------------------------


class Place(NamedTuple):
    """Where a value stands on a sheet."""

    row: int
    column: int


def marks_hint(layout: Layout) -> str:
    """What a mark means, for the line under the title of a sheet that has some."""
    return "黄底并带 *：与上次导出不同，见变更。" if layout.data.differences else ""


def mark_ranking(book: Publication, layout: Layout, sheet: FastSheet) -> None:
    """Mark what changed of each application's own values on 排名, once its rows are written."""
    tail = layout.ranking_tail
    columns = {
        Aspect.RANK: 0,
        Aspect.FINAL: layout.RANKING_FINAL,
        Aspect.GRADE: tail,
        Aspect.RECOMMENDATION: tail + 1,
        Aspect.STATUS: tail + 3,
    }
    rows = {line.number: row for row, line in enumerate(layout.ranked, start=FIRST_ROW)}
    for one in layout.data.differences:
        if one.application in rows and one.aspect in columns:
            _mark(book, sheet, Place(rows[one.application], columns[one.aspect]), _comment(layout, (one,)))


def mark_matrix(book: Publication, layout: Layout, sheet: FastSheet) -> None:
    """Mark the totals, final scores and states that changed on 专家评分, once its rows are written."""
    places: dict[Place, list[Difference]] = {}
    for one, place in _matrix_places(layout):
        places.setdefault(place, []).append(one)
    for place, found in places.items():
        _mark(book, sheet, place, _comment(layout, found))


def _matrix_places(layout: Layout) -> Iterator[tuple[Difference, Place]]:
    rows = {line.number: row for row, line in enumerate(layout.lines, start=FIRST_ROW)}
    own = {Aspect.FINAL: layout.matrix_final, Aspect.STATUS: layout.matrix_figures + 9}
    for one in layout.data.differences:
        if one.application not in rows or not layout.experts:
            continue
        if one.aspect in own:
            yield one, Place(rows[one.application], own[one.aspect])
        elif one.aspect in (Aspect.TOTAL, Aspect.REVISION) and one.expert in layout.expert_ordinals:
            column = layout.MATRIX_EXPERTS + layout.expert_ordinals[one.expert] - 1
            yield one, Place(rows[one.application], column)


def _mark(book: Publication, sheet: FastSheet, place: Place, comment: str) -> None:
    if sheet.is_blank(*place):
        sheet.write_string(*place, NONE, book.centred)
    sheet.restyle(*place, book.marked)
    sheet.write_comment(*place, plain(comment), {"x_scale": 1.4, "y_scale": 0.6, "font_size": 9})


def _comment(layout: Layout, found: tuple[Difference, ...] | list[Difference]) -> str:
    return "\n".join(
        f"{one.aspect.zh}：{_shown(layout, one.aspect, one.before)} → {_shown(layout, one.aspect, one.after)}"
        for one in found
    )


def _shown(layout: Layout, aspect: Aspect, value: Shown) -> str:
    if isinstance(value, Decimal):
        return f"{value:.2f}" if aspect is Aspect.FINAL else layout.rubric.points_text(value)
    return _text(value)
