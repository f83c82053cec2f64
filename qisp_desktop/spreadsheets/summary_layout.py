"""Where everything of the summary workbook stands: which rows and columns, before any of it is written.

Sheets refer to each other by ordinal numbers (序号), never by position, because a clerk may sort a sheet, and never by
codes, because ``SUMIFS`` takes the code ``001`` for ``1``.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property

from xlsxwriter.utility import xl_col_to_name

from qisp_desktop.domain.aggregation import Result, ranking
from qisp_desktop.domain.application import Application
from qisp_desktop.domain.panel import Expert, Role
from qisp_desktop.domain.score_sheet import ScoreSheet
from qisp_desktop.domain.screening import Screening
from qisp_desktop.spreadsheets.summary_data import SummaryData
from qisp_desktop.spreadsheets.writing import fitted

RANKING = "排名"
MATRIX = "专家评分"
PARTS = "分项得分"
DETAILS = "评分明细"
INSPECTIONS = "现场核查"
SCREENING = "形式审查"
DEVIATIONS = "偏差"
CHANGES = "变更"
CHECK = "校验"
NOTES = "说明"

HEADING_ROW = 3
FIRST_ROW = 4
"""Rows from 0: a title, a hint, a band over the headings, the headings, then the data."""

METHOD = "计分方法"
TRIM_MIN = "去极值起始份数"
PASS_SCORE = "合格分"
DEVIATION_LIMIT = "偏差限"
"""Names that the workbook gives to the cells of the policy."""


@dataclass(frozen=True)
class Line:
    """An application with all that is known of it; ``ordinal`` counts from 1 in the order of numbers."""

    ordinal: int
    number: str
    application: Application | None
    result: Result | None
    screening: Screening | None
    sheets: tuple[ScoreSheet, ...]

    @property
    def platform(self) -> str:
        """The platform's name."""
        return self.application.platform if self.application else ""

    @property
    def applicant(self) -> str:
        """The applicant's name."""
        if self.application:
            return self.application.applicant
        return self.result.applicant if self.result else ""


@dataclass(frozen=True)
class Grid:
    """The data rows of a sheet, for formulas to point at."""

    sheet: str
    rows: int

    @property
    def last_row(self) -> int:
        """The last data row (from 0); an empty grid points at one blank row."""
        return FIRST_ROW + max(1, self.rows) - 1

    def here(self, column: int, to: int | None = None) -> str:
        """The data cells of ``column`` (to column ``to``), as seen from the same sheet."""
        return _cells(column, column if to is None else to, self.last_row)

    def there(self, column: int, to: int | None = None) -> str:
        """The same cells as seen from any sheet."""
        return f"'{self.sheet}'!{self.here(column, to)}"


@cache
def _cells(first: int, last: int, last_row: int) -> str:
    return f"${xl_col_to_name(first)}${FIRST_ROW + 1}:${xl_col_to_name(last)}${last_row + 1}"


class Layout:
    """The content of the workbook in its order, and the columns that formulas point at."""

    def __init__(self, data: SummaryData) -> None:
        self.data = data
        self.rubric = data.rubric
        self.policy = data.round.policy
        self.scale = 10**data.rubric.decimals
        self.lines = _lines(data)
        self.experts = _experts(data)
        self.expert_ordinals = {expert.id: n for n, expert in enumerate(self.experts, start=1)}
        by_number = {line.number: line for line in self.lines}
        ranked = [by_number[result.number] for result in ranking(data.results)]
        self.ranked = ranked + [line for line in self.lines if line.result is None]
        self.details_rows = [(line, sheet) for line in self.lines for sheet in line.sheets]

        self.ranking = Grid(RANKING, len(self.lines))
        self.matrix = Grid(MATRIX, len(self.lines))
        self.parts = Grid(PARTS, len(self.lines))
        self.details = Grid(DETAILS, len(self.details_rows))
        self.deviations = Grid(DEVIATIONS, sum(len(line.result.deviations) for line in self.lines if line.result))
        self.changes = Grid(CHANGES, len(data.differences))
        self.check = Grid(CHECK, len(self.lines))

    # 排名: rank, number, platform, applicant, sheets, final, groups …, grade, recommendation, reasons, status, ordinal
    RANKING_SHEETS = 4
    RANKING_FINAL = 5
    RANKING_GROUPS = 6

    # 专家评分: ordinal, number, platform, applicant, experts …, then the figures
    MATRIX_EXPERTS = 4

    # 分项得分: ordinal, number, platform, sheets, groups …, criteria …
    PARTS_SHEETS = 3
    PARTS_GROUPS = 4

    # 评分明细: ordinal, number, expert ordinal, expert, name, revision, criteria …, total, signed total, remarks …
    DETAILS_ITEMS = 6

    @cached_property
    def group_order(self) -> tuple[str, ...]:
        """The groups' codes as the ranking shows them: those that break ties first."""
        codes = tuple(group.code for group in self.rubric.groups)
        return self.policy.tie_break + tuple(code for code in codes if code not in self.policy.tie_break)

    @cached_property
    def group_spans(self) -> dict[str, tuple[int, int]]:
        """For each group the first and last of its criteria among all criteria (from 0)."""
        spans = {}
        start = 0
        for group in self.rubric.groups:
            spans[group.code] = (start, start + len(group.criteria) - 1)
            start += len(group.criteria)
        return spans

    @property
    def ranking_tail(self) -> int:
        """The first column after the groups on 排名: the grade."""
        return self.RANKING_GROUPS + len(self.group_order)

    @property
    def ranking_ordinals(self) -> int:
        """The column of the applications' ordinals on 排名."""
        return self.ranking_tail + 4

    @property
    def parts_criteria(self) -> int:
        """The first column of the criteria on 分项得分."""
        return self.PARTS_GROUPS + len(self.rubric.groups)

    @property
    def details_total(self) -> int:
        """The column of the sheet's total on 评分明细; beside it stands the signed one."""
        return self.DETAILS_ITEMS + len(self.rubric.codes)

    @property
    def matrix_figures(self) -> int:
        """The first column after the experts on 专家评分."""
        return self.MATRIX_EXPERTS + len(self.experts)

    # The figures on 专家评分, counted from ``matrix_figures``.
    COUNT, SUM, HIGHEST, LOWEST, SPREAD, COUNTED, COUNTED_SUM, FINAL = range(8)

    @property
    def matrix_count(self) -> int:
        """The column of the number of valid sheets on 专家评分."""
        return self.matrix_figures + self.COUNT

    @property
    def matrix_sum(self) -> int:
        """The column of the sum of all totals on 专家评分."""
        return self.matrix_figures + self.SUM

    @property
    def matrix_final(self) -> int:
        """The column of the final score on 专家评分."""
        return self.matrix_figures + self.FINAL

    @cached_property
    def platform_width(self) -> float:
        """How wide the columns of platforms' names are."""
        return fitted((line.platform for line in self.lines), 16, 44)

    @cached_property
    def applicant_width(self) -> float:
        """How wide the columns of applicants' names are."""
        return fitted((line.applicant for line in self.lines), 16, 40)

    @cached_property
    def name_width(self) -> float:
        """How wide the columns of experts' names are."""
        return fitted((expert.name for expert in self.experts), 10, 24)

    @cached_property
    def status_width(self) -> float:
        """How wide the columns of the results' states are."""
        return fitted((line.result.status.zh for line in self.lines if line.result), 8, 20)

    @cached_property
    def points_format(self) -> str:
        """The number format of scores and totals."""
        return "0." + "0" * self.rubric.decimals if self.rubric.decimals else "0"

    @cached_property
    def grades(self) -> tuple[tuple[str, Decimal], ...]:
        """The grades above the lowest, the highest bound first."""
        return tuple(sorted(self.policy.grades.items(), key=lambda entry: -entry[1]))


def grade_name(index: int) -> str:
    """The name of the cell that holds the ``index``-th grade's name."""
    return f"等级名_{index + 1}"


def grade_bound(index: int) -> str:
    """The name of the cell that holds the ``index``-th grade's bound."""
    return f"等级下限_{index + 1}"


def cell(row: int, column: int, *, fixed_column: bool = False) -> str:
    """A cell's name from its row and column (from 0)."""
    return f"{'$' if fixed_column else ''}{xl_col_to_name(column)}{row + 1}"


def _lines(data: SummaryData) -> tuple[Line, ...]:
    applications = {application.number: application for application in data.applications}
    results = {result.number: result for result in data.results}
    screenings = {screening.number: screening for screening in data.screenings}
    sheets: dict[str, list[ScoreSheet]] = {}
    for sheet in data.sheets:
        sheets.setdefault(sheet.application, []).append(sheet)
    numbers = sorted(applications.keys() | results.keys() | sheets.keys())
    return tuple(
        Line(
            ordinal,
            number,
            applications.get(number),
            results.get(number),
            screenings.get(number),
            tuple(sorted(sheets.get(number, ()), key=lambda sheet: sheet.expert)),
        )
        for ordinal, number in enumerate(numbers, start=1)
    )


def _experts(data: SummaryData) -> tuple[Expert, ...]:
    known = {expert.id: expert for expert in data.experts}
    for sheet in data.sheets:
        if sheet.expert not in known:
            known[sheet.expert] = Expert(sheet.expert, "", "", "", "", (), "", Role.MEMBER)
    return tuple(known[code] for code in sorted(known))
