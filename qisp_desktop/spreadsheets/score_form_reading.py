"""Reading score forms back: strictly, with the cell named of everything that cannot stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from openpyxl.utils import get_column_letter

from qisp_desktop.base.i18n import _, labelled
from qisp_desktop.base.texts import clean_text
from qisp_desktop.domain.paper_scores import item_problem
from qisp_desktop.domain.rubric import Criterion, Rubric
from qisp_desktop.domain.score_sheet import ItemScore
from qisp_desktop.spreadsheets.cells import CellProblem, number_of, shown_value, text_of
from qisp_desktop.spreadsheets.problems import shown
from qisp_desktop.spreadsheets.reading import BLANK, Book, Cell, Row, opened_bytes
from qisp_desktop.spreadsheets.score_form import (
    FIELD_COLUMN,
    FIRST_FIELD_ROW,
    FIRST_ROW,
    HEADINGS,
    IDENTITY_COLUMN,
    IDENTITY_FIELDS,
    FormIdentity,
)

CODE_COLUMN, MAXIMUM_COLUMN = HEADINGS.index("代码"), HEADINGS.index("满分")
POINTS_COLUMN, REMARK_COLUMN = HEADINGS.index("得分"), HEADINGS.index("评语")
MOST_SHEETS = 500
HIGHEST_REVISION = 999_999
_UNITS: Mapping[str, Decimal] = {"": Decimal(1), "分": Decimal(1)}


@dataclass(frozen=True)
class ReadForm:
    """A sheet of a form: whose it is (names as they stand there), and its scores or what is wrong, by cell.

    ``items`` is None where there are ``problems``, and where nothing was filled in (``blank``). ``altered`` where the
    identity is not to be trusted.
    """

    sheet: str
    identity: FormIdentity
    items: tuple[ItemScore, ...] | None
    problems: tuple[str, ...]
    blank: bool = False
    altered: bool = False


@dataclass(frozen=True)
class _Sheet:
    """The rows of a worksheet by their number from 0, as the writer counts them."""

    rows: Mapping[int, Row]

    def cell(self, row: int, column: int) -> Cell:
        """The cell there; blank where there is none."""
        found = self.rows.get(row)
        return BLANK if found is None else found.cell(column)

    def text(self, row: int, column: int) -> str:
        """The text there; empty where it cannot be read as one."""
        try:
            return text_of(self.cell(row, column))
        except CellProblem:
            return ""


def read_score_form(data: bytes, rubric: Rubric) -> list[ReadForm]:
    """The forms in the workbook that ``data`` is; empty when it holds none that this program issued.

    Raises UnfitWorkbook for what is no workbook or too large.
    """
    with opened_bytes(data) as book:
        found = [_read_sheet(name, book, rubric) for name in book.sheets[:MOST_SHEETS]]
    return [one for one in found if one is not None]


def _read_sheet(name: str, book: Book, rubric: Rubric) -> ReadForm | None:
    last = FIRST_ROW + len(rubric.criteria)
    sheet = _Sheet({row.number - 1: row for row in book.rows(name, first=last)})
    labels = tuple(sheet.text(FIRST_FIELD_ROW + n, IDENTITY_COLUMN - 1) for n in range(len(IDENTITY_FIELDS)))
    if labels != IDENTITY_FIELDS:
        return None
    identity, wrong = _identity(sheet)
    if wrong:
        return ReadForm(name, identity, None, tuple(wrong), altered=True)
    items: list[ItemScore] = []
    for place, criterion in enumerate(rubric.criteria):
        item, problem = _read_item(sheet, FIRST_ROW + place, criterion, rubric)
        items.append(item)
        wrong += problem
    if all(item.points is None and not item.remark for item in items) and not _anything(sheet, rubric):
        return ReadForm(name, identity, None, (), blank=True)
    return ReadForm(name, identity, None if wrong else tuple(items), tuple(wrong))


def _identity(sheet: _Sheet) -> tuple[FormIdentity, list[str]]:
    """Whose form it is, and that its identity was changed."""
    fields = [sheet.text(FIRST_FIELD_ROW + n, FIELD_COLUMN) for n in range(4)]
    known = [sheet.text(FIRST_FIELD_ROW + n, IDENTITY_COLUMN) for n in range(4)]
    revision = int(known[2]) if known[2].isascii() and known[2].isdigit() and len(known[2]) <= 6 else 0
    identity = FormIdentity(known[0], known[1], fields[0], fields[1], fields[2], fields[3], revision)
    if identity.check == known[3] and 1 <= revision <= HIGHEST_REVISION:
        return identity, []
    cells = [
        *(_place(FIRST_FIELD_ROW + n, FIELD_COLUMN) for n in (0, 2)),
        f"{_place(FIRST_FIELD_ROW, IDENTITY_COLUMN)}:{_place(FIRST_FIELD_ROW + 3, IDENTITY_COLUMN)}",
    ]
    return identity, [_("the cells that say whose form it is ({cells}) were changed").format(cells=_(", ").join(cells))]


def _read_item(sheet: _Sheet, row: int, criterion: Criterion, rubric: Rubric) -> tuple[ItemScore, list[str]]:
    none = ItemScore(criterion.code, None, "", ())
    if sheet.text(row, CODE_COLUMN) != criterion.code or not _is(sheet.cell(row, MAXIMUM_COLUMN), criterion.maximum):
        return none, [_at(row, CODE_COLUMN, _("{code} is expected in this row").format(code=criterion.code))]
    points_cell, remark_cell = sheet.cell(row, POINTS_COLUMN), sheet.cell(row, REMARK_COLUMN)
    try:
        remark = clean_text(text_of(remark_cell, lines=True))
    except CellProblem as problem:
        return none, [_at(row, REMARK_COLUMN, problem.message)]
    if points_cell.formula:
        return none, [_at(row, POINTS_COLUMN, _("a formula stands where the points belong"))]
    points: Decimal | None = None
    if points_cell.kind != "blank":
        try:
            points = number_of(points_cell, _UNITS)
        except CellProblem as problem:
            message = labelled(shown(shown_value(points_cell)), problem.message)
            return none, [_at(row, POINTS_COLUMN, message)]
    item = ItemScore(criterion.code, points, remark, ())
    # A score that the scale knows can only want its remark.
    column = REMARK_COLUMN if points in rubric.scales[criterion.code] else POINTS_COLUMN
    found = item_problem(item, rubric)
    return item, [_at(row, column, found)] if found else []


def _anything(sheet: _Sheet, rubric: Rubric) -> bool:
    """Whether anything was typed, be it unreadable."""
    cells = (
        sheet.cell(FIRST_ROW + place, column)
        for place in range(len(rubric.criteria))
        for column in (POINTS_COLUMN, REMARK_COLUMN)
    )
    return any(cell.kind != "blank" or cell.formula for cell in cells)


def _is(cell: Cell, expected: Decimal) -> bool:
    try:
        return number_of(cell, _UNITS) == expected
    except CellProblem:
        return False


def _at(row: int, column: int, message: str) -> str:
    return labelled(_place(row, column), message)


def _place(row: int, column: int) -> str:
    return f"{get_column_letter(column + 1)}{row + 1}"
