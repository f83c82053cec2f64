"""Reading the office's workbook of applications (申报信息) and their projects (项目清单)."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from qisp_desktop.base.i18n import _
from qisp_desktop.domain.application import NUMBER, Application, Project, ServedEnterprises
from qisp_desktop.domain.regulation import BodyKind, KeyArea, ServiceCategory
from qisp_desktop.spreadsheets.corrections import (
    APPLICATIONS,
    NO_CORRECTIONS,
    PROJECTS,
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
from qisp_desktop.spreadsheets.reading import Row, bytes_of, opened_bytes
from qisp_desktop.spreadsheets.tables import (
    HEADING_ROWS,
    Column,
    RowReader,
    Table,
    by_key,
    find_sheet,
    folded_heading,
    no_table,
    read_table,
)

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and of how much; may raise to stop the work."""

_ONE = Decimal(1)
PERSONS = {"人": _ONE, "名": _ONE, "位": _ONE}
ENTERPRISES = {"家": _ONE, "户": _ONE, "个": _ONE}
AREAS = {"㎡": _ONE, "m2": _ONE, "平方米": _ONE, "平米": _ONE}
MONEY = {"万元": _ONE, "万": _ONE, "元": Decimal("0.0001"), "万元人民币": _ONE, "人民币万元": _ONE}
YEARS = {"年": _ONE, "年度": _ONE}

APPLICATION_COLUMNS = (
    Column("number", ("申报编号",), required=True),
    Column("platform", ("平台名称",), required=True),
    Column("summary", ("平台简介",)),
    Column("applicant", ("建设主体",), required=True),
    Column("uscc", ("统一社会信用代码",), required=True),
    Column("body_kind", ("主体类型",), required=True),
    Column("started_on", ("运营起始日期",), required=True),
    Column("legal_representative", ("法定代表人",)),
    Column("address", ("注册地址",)),
    Column("district", ("所在区",)),
    Column("contact", ("联系人",)),
    Column("phone", ("联系电话",)),
    Column("staff", ("企业服务人员数",), required=True, units=PERSONS),
    Column("categories", ("服务能力",), required=True),
    Column("key_areas", ("重点领域",)),
    Column("audit_opinion", ("审计意见",)),
    Column("dishonest", ("严重失信主体",)),
    Column("premises", ("场所面积",), units=AREAS),
)
PROJECT_COLUMNS = (
    Column("number", ("申报编号",), required=True),
    Column("name", ("项目名称",), required=True),
    Column("client", ("服务对象",)),
    Column("year", ("年度",), required=True, units=YEARS),
    Column("category", ("服务类别",)),
    Column("amount", ("合同金额",), units=MONEY),
    Column("recognition", ("成效与认可",)),
)
BODY_KINDS = {kind.zh: kind for kind in BodyKind}
CATEGORIES = {category.zh: category for category in ServiceCategory}
KEY_AREAS = {area.zh: area for area in KeyArea}
YES_NO = {"是": True, "否": False}
_SERVED = re.compile(r"(\d{4})年度?服务企业数量?", re.ASCII)
EARLIEST, LATEST = 1990, 2100
"""Years that a project can be of."""


@dataclass(frozen=True)
class ApplicationsBook:
    """What a workbook of applications holds.

    ``applications`` are those of the rows without an error, in the workbook's order, without materials; ``skipped``
    counts the rows with an error, ``left_out`` those that a clerk left out; ``rows`` gives the row of every number that
    was found, also of such rows. ``numbers`` names the application of each row that holds data (empty: of none), by
    worksheet and row; ``tables`` says where the tables are, ``mended`` what a clerk's corrections changed in them.
    """

    applications: tuple[Application, ...]
    problems: tuple[Problem, ...]
    skipped: int
    rows: Mapping[str, int]
    left_out: int = 0
    numbers: Mapping[tuple[str, int], str] = field(default_factory=dict)
    tables: Mapping[str, ColumnMap] = field(default_factory=dict)
    mended: tuple[MendedCell, ...] = ()


def read_applications(
    path: Path,
    *,
    year: int,
    existing: Collection[str] = (),
    progress: Progress | None = None,
    corrections: Corrections = NO_CORRECTIONS,
) -> ApplicationsBook:
    """The applications of the workbook at ``path`` for the round of ``year``.

    ``existing`` are numbers that the round holds already; a row with one of them is an error. Whatever is wrong with
    the workbook comes back as problems; raises UserError only where the file cannot be read at all or is another one
    than that of the ``corrections``, and whatever ``progress`` raises.
    """
    try:
        data = bytes_of(path)
        require_same_book(data, corrections, path.name)
        with opened_bytes(data) as book:
            return applications_in(book, year=year, existing=existing, progress=progress, corrections=corrections)
    except UnfitWorkbook as unfit:
        return ApplicationsBook((), (unfit_problem(unfit, path.name),), 0, {})


def applications_in(
    book: Rows,
    *,
    year: int,
    existing: Collection[str] = (),
    progress: Progress | None = None,
    corrections: Corrections = NO_CORRECTIONS,
) -> ApplicationsBook:
    """``read_applications`` for a workbook that is open; raises UnfitWorkbook where it cannot be read."""
    read = _Reading(CorrectedBook(book, corrections), year, existing, progress, corrections).result()
    return replace(read, mended=mended_cells(book, corrections, read.tables, read.numbers))


class _Reading:
    """One pass over a workbook; holds what both sheets need of each other."""

    def __init__(
        self,
        book: Rows,
        year: int,
        existing: Collection[str],
        progress: Progress | None,
        corrections: Corrections,
    ) -> None:
        self._book = book
        self._year = year
        self._taken = {number.casefold() for number in existing}
        self._progress = progress
        self._corrections = corrections
        self._problems: list[Problem] = []
        self._skipped = 0
        self._left_out = 0
        self._rows: dict[str, int] = {}
        self._spelling: dict[str, str] = {}
        self._left_numbers: set[str] = set()
        self._numbers: dict[tuple[str, int], str] = {}
        self._tables: dict[str, ColumnMap] = {}

    def result(self) -> ApplicationsBook:
        """Read both sheets."""
        chosen = self._corrections.tables.get(APPLICATIONS)
        sheet = chosen.sheet if chosen else find_sheet(self._book, APPLICATION_COLUMNS, least=4)
        if sheet is None:
            return ApplicationsBook((), tuple(no_table(self._book, APPLICATION_COLUMNS)), 0, {})
        columns = APPLICATION_COLUMNS + self._served_columns(sheet, chosen)
        table = read_table(self._book, sheet, columns, self._problems, chosen=chosen)
        self._tables[APPLICATIONS] = table.map
        served = {int(column.key[6:]): column.key for column in columns if column.key.startswith("served")}
        applications = self._applications(table, by_key(columns), served)
        projects = self._projects(sheet, {application.number for application in applications})
        return ApplicationsBook(
            tuple(
                replace(application, projects=tuple(projects.get(application.number, ())))
                for application in applications
            ),
            tuple(self._problems),
            self._skipped,
            dict(self._rows),
            self._left_out,
            dict(self._numbers),
            dict(self._tables),
        )

    def _served_columns(self, sheet: str, chosen: ColumnMap | None) -> tuple[Column, ...]:
        """Columns ``YYYY年服务企业数`` as found; the newest two are required, named after the round when absent."""
        if chosen is not None:
            named = [key for key in chosen.columns.values() if key.startswith("served")]
            return served_columns({int(key[6:]) for key in named}, self._year)
        cells = (cell for row in self._book.rows(sheet, first=HEADING_ROWS) for cell in row.cells)
        matches = (_SERVED.match(folded_heading(cell)) for cell in cells)
        return served_columns({int(match[1]) for match in matches if match}, self._year)

    def _applications(
        self, table: Table, columns: Mapping[str, Column], served: Mapping[int, str]
    ) -> list[Application]:
        applications = []
        for done, row in enumerate(table.rows):
            self._report(_("Reading applications"), done, len(table.rows))
            if self._is_left_out(table, row, columns):
                continue
            reader = RowReader(table, row, columns, self._problems)
            if reader.is_not_data("number"):
                continue
            application = self._application(reader, served)
            if application is None:
                self._skipped += 1
            else:
                applications.append(application)
        return applications

    def _application(self, reader: RowReader, served: Mapping[int, str]) -> Application | None:
        number = self._number(reader)
        body_kind = reader.choice("body_kind", BODY_KINDS)
        started_on = reader.day("started_on")
        staff = reader.count("staff")
        counts = {year: reader.count(key) for year, key in sorted(served.items())}
        application = Application(
            number=number,
            platform=reader.text("platform"),
            summary=reader.text("summary", lines=True),
            applicant=reader.text("applicant"),
            uscc=reader.uscc("uscc"),
            body_kind=body_kind or BodyKind.INELIGIBLE,
            started_on=started_on or date.min,
            legal_representative=reader.text("legal_representative"),
            address=reader.text("address"),
            district=reader.text("district"),
            contact=reader.text("contact"),
            phone=reader.text("phone"),
            staff=staff or 0,
            categories=reader.choices("categories", CATEGORIES),
            key_areas=reader.choices("key_areas", KEY_AREAS),
            served=tuple(ServedEnterprises(year, count) for year, count in counts.items() if count is not None),
            audit_opinion=reader.text("audit_opinion"),
            dishonest=reader.choice("dishonest", YES_NO),
            premises=reader.amount("premises"),
            projects=(),
            materials=(),
        )
        if reader.failed or reader.lacks_required:
            return None
        return application

    def _number(self, reader: RowReader) -> str:
        """The row's number; of rows with the same one the first stands and the later one is the error.

        Compared without regard to case, because numbers become names of folders.
        """
        number = reader.code("number", NUMBER)
        self._numbers[reader.sheet, reader.number] = number
        if not number:
            return ""
        key = number.casefold()
        if key in self._spelling:
            reader.error(
                "number",
                "duplicate_number",
                _("row {row} has the same number; the first stands").format(row=self._rows[self._spelling[key]]),
            )
            return number
        self._spelling[key] = number
        self._rows[number] = reader.number
        if key in self._taken:
            reader.error("number", "duplicate_number", _("the round holds an application of this number already"))
        return number

    def _projects(self, applications_sheet: str, accepted: Collection[str]) -> dict[str, list[Project]]:
        """The projects by application number; those of skipped rows go with them, without a problem."""
        chosen = self._corrections.tables.get(PROJECTS)
        found = find_sheet(self._book, PROJECT_COLUMNS, least=3, but_not=applications_sheet)
        sheet = chosen.sheet if chosen else found
        if sheet is None:
            return {}
        table = read_table(self._book, sheet, PROJECT_COLUMNS, self._problems, chosen=chosen)
        self._tables[PROJECTS] = table.map
        columns = by_key(PROJECT_COLUMNS)
        numbered = "number" in self._tables[APPLICATIONS].columns.values()
        projects: dict[str, list[Project]] = {}
        for done, row in enumerate(table.rows):
            self._report(_("Reading projects"), done, len(table.rows))
            if (sheet, row.number) in self._corrections.skipped:
                self._left_out += 1
                continue
            problems: list[Problem] = []
            reader = RowReader(table, row, columns, problems)
            if reader.is_not_data("number"):
                self._problems.extend(problems)
                continue
            number, project = self._project(reader)
            self._numbers[sheet, row.number] = number
            if (number and number not in accepted) or not numbered:
                # It goes with the skipped row of its application, without a problem of its own.
                continue
            self._problems.extend(problems)
            if project is None:
                self._skipped += 1
            else:
                projects.setdefault(number, []).append(project)
        return projects

    def _project(self, reader: RowReader) -> tuple[str, Project | None]:
        """The application's number (empty when it is nobody's), and the project when nothing is wrong with it."""
        written = reader.code("number", NUMBER)
        number = self._spelling.get(written.casefold(), "")
        if not number and written.casefold() in self._left_numbers:
            return written, None
        if written and not number:
            reader.error("number", "unknown_application", _("no application of this workbook has this number"))
        year = reader.count("year")
        if year is not None and not EARLIEST <= year <= LATEST:
            reader.error(
                "year",
                "bad_number",
                _("a year between {first} and {last} is expected").format(first=EARLIEST, last=LATEST),
            )
        project = Project(
            name=reader.text("name"),
            client=reader.text("client"),
            year=year or 0,
            category=reader.choice("category", CATEGORIES),
            amount=reader.amount("amount"),
            recognition=reader.text("recognition", lines=True),
        )
        return number, None if reader.failed or reader.lacks_required else project

    def _is_left_out(self, table: Table, row: Row, columns: Mapping[str, Column]) -> bool:
        """Whether a clerk left the row out: then its number is free for another row, and its projects go with it."""
        if (table.sheet, row.number) not in self._corrections.skipped:
            return False
        self._left_out += 1
        number = RowReader(table, row, columns, []).code("number", NUMBER)
        if number:
            self._left_numbers.add(number.casefold())
            self._rows.setdefault(number, row.number)
        return True

    def _report(self, what: str, done: int, total: int) -> None:
        if self._progress is not None and done % 50 == 0:
            self._progress(what, done, total)


def served_columns(years: Collection[int], round_year: int) -> tuple[Column, ...]:
    """The columns of enterprises served in ``years``, of which the newest two are required.

    The two years before the round stand in for those that are not there.
    """
    found = sorted(years, reverse=True)
    wanted = [year for year in (round_year - 1, round_year - 2) if year not in found]
    required = (found + wanted)[:2]
    return tuple(
        Column(
            f"served{year}",
            tuple(f"{year}{name}" for name in ("年服务企业数", "年度服务企业数", "年服务企业数量", "年度服务企业数量")),
            required=year in required,
            units=ENTERPRISES,
        )
        for year in sorted({*found, *required})
    )
