"""A rubric as a workbook: what ``templates`` writes with ``write_template("rubric", …)`` is read back here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from openpyxl.utils.cell import get_column_letter

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.domain.rubric import ChecklistItem, Criterion, CriterionGroup, Level, Rubric, problems
from qisp_desktop.spreadsheets.guard import UnfitWorkbook
from qisp_desktop.spreadsheets.problems import Problem
from qisp_desktop.spreadsheets.reading import Book, opened
from qisp_desktop.spreadsheets.tables import Column, RowReader, Table, by_key, find_sheet, read_table

POINTS = {"分": Decimal(1)}
BASIC_COLUMNS = (
    Column("name", ("评分标准名称",), required=True),
    Column("version", ("版本",), required=True),
    Column("step", ("计分步长",), required=True, units=POINTS),
    Column("remark_below", ("评语下限比例",), required=True),
)
CRITERION_COLUMNS = (
    Column("group", ("一级指标代码",), required=True),
    Column("group_name", ("一级指标",), required=True),
    Column("group_name_en", ("一级指标英文名",)),
    Column("code", ("评分项代码",), required=True),
    Column("name", ("评分项",), required=True),
    Column("name_en", ("评分项英文名",)),
    Column("maximum", ("满分",), required=True, units=POINTS),
    Column("article", ("依据条款",)),
)
LEVEL_COLUMNS = (
    Column("code", ("评分项代码",), required=True),
    Column("name", ("等级",), required=True),
    Column("name_en", ("等级英文名",)),
    Column("lowest", ("最低分",), required=True, units=POINTS),
    Column("highest", ("最高分",), required=True, units=POINTS),
    Column("sentence", ("等级描述",), required=True),
    Column("sentence_en", ("等级描述英文",)),
)
CHECKLIST_COLUMNS = (
    Column("code", ("核查项代码",), required=True),
    Column("text", ("核查内容",), required=True),
    Column("text_en", ("核查内容英文",)),
    Column("article", ("依据条款",)),
)
_CODE = re.compile(r".{1,40}")
_PATH = re.compile(
    r"(?:groups\[(?P<group>\d+)\])?(?:\.?criteria\[(?P<criterion>\d+)\])?(?:\.?levels\[(?P<level>\d+)\])?"
    r"(?:checklist\[(?P<item>\d+)\])?\.?(?P<field>\w*)"
)
_MOST_SHOWN = 40


@dataclass
class _Draft:
    """The tables as read, with the row of everything, so that a mistake found later still has its cell."""

    tables: dict[str, Table] = field(default_factory=dict)
    found: list[Problem] = field(default_factory=list)
    basic: list[tuple[int, Rubric]] = field(default_factory=list)
    groups: dict[str, tuple[int, CriterionGroup]] = field(default_factory=dict)
    criteria: dict[str, list[tuple[int, Criterion]]] = field(default_factory=dict)
    levels: dict[str, list[tuple[int, Level]]] = field(default_factory=dict)
    checklist: list[tuple[int, ChecklistItem]] = field(default_factory=list)


def read_rubric_book(path: Path) -> Rubric:
    """The rubric in the workbook at ``path``.

    Raises UserError that names sheet and cell of every mistake.
    """
    draft = _Draft()
    try:
        with opened(path) as book:
            _read_basic(book, draft)
            _read_criteria(book, draft)
            _read_levels(book, draft)
            _read_checklist(book, draft)
    except UnfitWorkbook as unfit:
        raise _unusable(path, [unfit.message]) from unfit
    mistakes = [_line(problem, draft.tables) for problem in draft.found if problem.level == "error"]
    if mistakes:
        raise _unusable(path, mistakes)
    rubric = _rubric(draft)
    mistakes = [f"{_place(problem.path, draft)}: {problem.message}" for problem in problems(rubric)]
    if mistakes:
        raise _unusable(path, mistakes)
    return rubric


def _unusable(path: Path, mistakes: list[str]) -> UserError:
    shown = mistakes[:_MOST_SHOWN]
    if len(mistakes) > _MOST_SHOWN:
        shown.append(_("… and {count} more").format(count=len(mistakes) - _MOST_SHOWN))
    return UserError(
        _("The rubric {path} cannot be used.").format(path=path),
        "\n".join(shown),
        _("Correct the places named, then try again."),
    )


def _readers(book: Book, draft: _Draft, part: str, columns: tuple[Column, ...]) -> list[RowReader]:
    sheet = find_sheet(book, columns, least=sum(column.required for column in columns))
    if sheet is None:
        needed = "、".join(column.heading for column in columns if column.required)
        message = _("no worksheet has the columns {columns}").format(columns=needed)
        draft.found.append(Problem("error", "", None, "", "", "missing_column", message))
        return []
    table = read_table(book, sheet, columns, draft.found)
    draft.tables[part] = table
    return [RowReader(table, row, by_key(columns), draft.found) for row in table.rows]


def _read_basic(book: Book, draft: _Draft) -> None:
    readers = _readers(book, draft, "basic", BASIC_COLUMNS)
    for reader in readers:
        rubric = Rubric(
            reader.text("name"),
            reader.text("version"),
            reader.amount("step") or Decimal(0),
            reader.amount("remark_below") or Decimal(0),
            (),
            (),
        )
        draft.basic.append((reader.number, rubric))
        if len(draft.basic) > 1:
            reader.error("name", "unknown_value", _("only one rubric fits into a workbook"))
    if "basic" in draft.tables and not readers:
        table = draft.tables["basic"]
        message = _("a value is required here")
        draft.found.append(
            Problem("error", table.sheet, table.heading_row + 1, "评分标准名称", "", "missing_value", message)
        )


def _read_criteria(book: Book, draft: _Draft) -> None:
    for reader in _readers(book, draft, "criteria", CRITERION_COLUMNS):
        group, name = reader.code("group", _CODE), reader.text("group_name")
        name_en = reader.text("group_name_en")
        criterion = Criterion(
            reader.code("code", _CODE),
            reader.text("name"),
            reader.text("name_en"),
            reader.amount("maximum") or Decimal(0),
            reader.text("article"),
            (),
        )
        if any(criterion.code == held.code for entries in draft.criteria.values() for _row, held in entries):
            reader.error("code", "duplicate_number", _("the code {code} is used twice").format(code=criterion.code))
        row, held = draft.groups.setdefault(group, (reader.number, CriterionGroup(group, name, name_en, ())))
        if (held.name, held.name_en) != (name, name_en):
            reader.error(
                "group_name", "unknown_value", _("row {row} gives the same group another name").format(row=row)
            )
        draft.criteria.setdefault(group, []).append((reader.number, criterion))


def _read_levels(book: Book, draft: _Draft) -> None:
    known = {criterion.code for entries in draft.criteria.values() for _row, criterion in entries}
    for reader in _readers(book, draft, "levels", LEVEL_COLUMNS):
        code = reader.code("code", _CODE)
        if code and code not in known:
            reader.error("code", "unknown_value", _("no criterion has this code"))
        level = Level(
            reader.text("name"),
            reader.text("name_en"),
            reader.amount("lowest") or Decimal(0),
            reader.amount("highest") or Decimal(0),
            reader.text("sentence"),
            reader.text("sentence_en"),
        )
        draft.levels.setdefault(code, []).append((reader.number, level))


def _read_checklist(book: Book, draft: _Draft) -> None:
    for reader in _readers(book, draft, "checklist", CHECKLIST_COLUMNS):
        item = ChecklistItem(
            reader.code("code", _CODE), reader.text("text"), reader.text("text_en"), reader.text("article")
        )
        draft.checklist.append((reader.number, item))


def _rubric(draft: _Draft) -> Rubric:
    def filled(criterion: Criterion) -> Criterion:
        levels = tuple(level for _row, level in draft.levels.get(criterion.code, ()))
        return Criterion(
            criterion.code, criterion.name, criterion.name_en, criterion.maximum, criterion.article, levels
        )

    groups = tuple(
        CriterionGroup(
            code,
            group.name,
            group.name_en,
            tuple(filled(criterion) for _row, criterion in draft.criteria[code]),
        )
        for code, (_row, group) in draft.groups.items()
    )
    basic = draft.basic[0][1]
    checklist = tuple(item for _row, item in draft.checklist)
    return Rubric(basic.name, basic.version, basic.step, basic.remark_below, groups, checklist)


def _line(problem: Problem, tables: Mapping[str, Table]) -> str:
    """A mistake of a cell, with the cell's name."""
    for table in tables.values():
        if table.sheet == problem.sheet and problem.row is not None:
            index = next((f.index for f in table.columns.values() if f.heading == problem.column), None)
            if index is not None:
                return f"{problem.sheet}!{get_column_letter(index + 1)}{problem.row}: {problem.message}"
    place = f"{problem.sheet}: " if problem.sheet else ""
    return place + problem.message


def _place(path: str, draft: _Draft) -> str:
    """The cell behind a path of the domain, such as ``groups[1].criteria[3].levels[0].highest``."""
    match = _PATH.fullmatch(path)
    if match is None:
        return path
    part, row, key = "basic", draft.basic[0][0], match["field"]
    if match["item"] is not None:
        part, row = "checklist", draft.checklist[int(match["item"])][0]
    elif match["group"] is not None:
        part = "criteria"
        code = list(draft.groups)[int(match["group"])]
        row = draft.groups[code][0]
        key = {"code": "group", "name": "group_name"}.get(key, key)
        if match["criterion"] is not None:
            row, criterion = draft.criteria[code][int(match["criterion"])]
            key = match["field"]
            levels = draft.levels.get(criterion.code, [])
            if match["level"] is not None and levels:
                part, row = "levels", levels[int(match["level"])][0]
    table = draft.tables[part]
    column = table.columns.get(key)
    cell = f"{get_column_letter(column.index + 1)}{row}" if column else _("row {row}").format(row=row)
    return f"{table.sheet}!{cell}"
