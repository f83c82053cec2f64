"""Reading the office's workbook of experts (专家名单)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from qisp_desktop.base.i18n import _
from qisp_desktop.domain.panel import CODE, Expert, Role
from qisp_desktop.spreadsheets.applications import CATEGORIES
from qisp_desktop.spreadsheets.corrections import (
    EXPERTS,
    NO_CORRECTIONS,
    ColumnMap,
    CorrectedBook,
    Corrections,
    MendedCell,
    Rows,
    mended_cells,
    require_same_book,
)
from qisp_desktop.spreadsheets.guard import UnfitWorkbook
from qisp_desktop.spreadsheets.problems import Problem, unfit_problem
from qisp_desktop.spreadsheets.reading import bytes_of, opened_bytes
from qisp_desktop.spreadsheets.tables import Column, RowReader, by_key, find_sheet, no_table, read_table

EXPERT_COLUMNS = (
    Column("id", ("专家编号",), required=True),
    Column("name", ("姓名",), required=True),
    Column("organisation", ("工作单位",), required=True),
    Column("uscc", ("单位统一社会信用代码", "统一社会信用代码")),
    Column("title", ("职称",)),
    Column("fields", ("专业领域",)),
    Column("phone", ("手机号码", "联系电话")),
    Column("role", ("角色",)),
)
ROLES = {role.zh: role for role in Role}


@dataclass(frozen=True)
class ExpertsBook:
    """The experts of the rows without an error, in the workbook's order; ``skipped`` counts the rows with one,
    ``left_out`` those that a clerk left out. ``numbers``, ``tables`` and ``mended`` as for applications."""

    experts: tuple[Expert, ...]
    problems: tuple[Problem, ...]
    skipped: int
    left_out: int = 0
    numbers: Mapping[tuple[str, int], str] = field(default_factory=dict)
    tables: Mapping[str, ColumnMap] = field(default_factory=dict)
    mended: tuple[MendedCell, ...] = ()


def read_experts(
    path: Path, *, existing: Collection[str] = (), corrections: Corrections = NO_CORRECTIONS
) -> ExpertsBook:
    """The experts of the workbook at ``path``; ``existing`` are ids that the round holds already.

    A blank role is a member's. How many leaders a panel has is not the workbook's to say. Problems and errors as for
    ``read_applications``.
    """
    try:
        data = bytes_of(path)
        require_same_book(data, corrections, path.name)
        with opened_bytes(data) as book:
            return experts_in(book, existing=existing, corrections=corrections)
    except UnfitWorkbook as unfit:
        return ExpertsBook((), (unfit_problem(unfit, path.name),), 0)


def experts_in(book: Rows, *, existing: Collection[str] = (), corrections: Corrections = NO_CORRECTIONS) -> ExpertsBook:
    """``read_experts`` for a workbook that is open; raises UnfitWorkbook where it cannot be read."""
    corrected = CorrectedBook(book, corrections)
    chosen = corrections.tables.get(EXPERTS)
    sheet = chosen.sheet if chosen else find_sheet(corrected, EXPERT_COLUMNS, least=3)
    if sheet is None:
        return ExpertsBook((), tuple(no_table(corrected, EXPERT_COLUMNS)), 0)
    problems: list[Problem] = []
    table = read_table(corrected, sheet, EXPERT_COLUMNS, problems, chosen=chosen)
    columns = by_key(EXPERT_COLUMNS)
    first_rows: dict[str, int] = {}
    taken = {one.casefold() for one in existing}
    experts: list[Expert] = []
    numbers: dict[tuple[str, int], str] = {}
    skipped = left_out = 0
    for row in table.rows:
        if (sheet, row.number) in corrections.skipped:
            left_out += 1
            continue
        reader = RowReader(table, row, columns, problems)
        if reader.is_not_data("id"):
            continue
        numbers[sheet, row.number], expert = _expert(reader, first_rows, taken)
        if expert is None:
            skipped += 1
        else:
            experts.append(expert)
    tables = {EXPERTS: table.map}
    mended = mended_cells(book, corrections, tables, numbers)
    return ExpertsBook(tuple(experts), tuple(problems), skipped, left_out, numbers, tables, mended)


def _expert(reader: RowReader, first_rows: dict[str, int], taken: set[str]) -> tuple[str, Expert | None]:
    code = reader.code("id", CODE)
    key = code.casefold()
    if code and key in first_rows:
        reader.error(
            "id",
            "duplicate_number",
            _("row {row} has the same number; the first stands").format(row=first_rows[key]),
        )
    elif code and key in taken:
        reader.error("id", "duplicate_number", _("the round holds an expert of this number already"))
    if code:
        first_rows.setdefault(key, reader.number)
    expert = Expert(
        code,
        reader.text("name"),
        reader.text("organisation"),
        reader.uscc("uscc"),
        reader.text("title"),
        reader.choices("fields", CATEGORIES),
        reader.text("phone"),
        reader.choice("role", ROLES) or Role.MEMBER,
    )
    return code, None if reader.failed or reader.lacks_required else expert
