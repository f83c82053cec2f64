"""A workbook that a clerk looks through before it is imported: which column is which, what is wrong where, what stands.

The workbook is read once and held; each correction is checked by the reader that imports it in the end.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.base.work import Work
from qisp_desktop.domain.application import Application
from qisp_desktop.domain.panel import Expert
from qisp_desktop.domain.regulation import MaterialKind, Term
from qisp_desktop.services.application_fields import SERVED
from qisp_desktop.services.importing import ImportReport, import_applications, import_experts
from qisp_desktop.services.materials import NO_PLACES
from qisp_desktop.spreadsheets.applications import (
    APPLICATION_COLUMNS,
    PROJECT_COLUMNS,
    applications_in,
    served_columns,
)
from qisp_desktop.spreadsheets.corrections import (
    APPLICATIONS,
    EXPERTS,
    PROJECTS,
    CellAt,
    ColumnMap,
    CorrectedBook,
    Corrections,
    HeldBook,
    hold,
    shown_row,
)
from qisp_desktop.spreadsheets.experts import EXPERT_COLUMNS, experts_in
from qisp_desktop.spreadsheets.guard import UnfitWorkbook
from qisp_desktop.spreadsheets.problems import Problem
from qisp_desktop.spreadsheets.reading import bytes_of
from qisp_desktop.spreadsheets.tables import HEADING_ROWS, Column, folded_heading
from qisp_desktop.store.round_store import RoundStore


class ImportKind(Term):
    """What is imported."""

    APPLICATIONS = "applications", "申报", "applications"
    EXPERTS = "experts", "专家", "experts"


TABLES = {ImportKind.APPLICATIONS: (APPLICATIONS, PROJECTS), ImportKind.EXPERTS: (EXPERTS,)}


class ColumnChoice(NamedTuple):
    """A column of ours that a column of the workbook can be: its key, its usual heading, whether it must be there."""

    key: str
    heading: str
    required: bool


class SheetRow(NamedTuple):
    """A row as the office program shows it: its number, whether it is hidden there, the texts of its cells."""

    number: int
    hidden: bool
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Draft:
    """A workbook that was read, for a round that holds ``existing`` numbers already.

    ``shown`` are the rows of its worksheets as they were sent; empty for one that cannot be read.
    """

    kind: ImportKind
    path: Path
    book: HeldBook
    year: int
    office: str
    existing: frozenset[str]
    shown: Mapping[str, tuple[SheetRow, ...]]

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of its worksheets."""
        return self.book.sheets


@dataclass(frozen=True)
class Checked:
    """What the workbook comes to with ``corrections``.

    ``numbers`` are those of the rows of the first table that would be imported, ``wrong`` rows (of any table) have an
    error, ``left_out`` the clerk left out. ``cells`` and ``rows`` give the problems of a cell and of a whole row;
    those of the book are among ``problems`` only. ``data`` are the rows that hold data. ``tables`` says where the
    tables were found.
    """

    corrections: Corrections
    problems: tuple[Problem, ...]
    numbers: tuple[str, ...]
    wrong: int
    left_out: int
    cells: Mapping[CellAt, tuple[Problem, ...]]
    rows: Mapping[tuple[str, int], tuple[Problem, ...]]
    data: frozenset[tuple[str, int]]
    tables: Mapping[str, ColumnMap]

    @property
    def ready(self) -> int:
        """How many rows of the first table would be imported."""
        return len(self.numbers)

    @cached_property
    def places(self) -> tuple[CellAt, ...]:
        """The cells with an error, in the order of the workbook; for a whole row the first cell."""
        cells = {place for place, found in self.cells.items() if _has_error(found)}
        rows = {CellAt(*at, 0) for at, found in self.rows.items() if _has_error(found)}
        return tuple(sorted(cells | rows, key=lambda place: (self._order(place.sheet), place.row, place.column)))

    def _order(self, sheet: str) -> int:
        return next((n for n, table in enumerate(self.tables.values()) if table.sheet == sheet), len(self.tables))


def open_draft(store: RoundStore, path: Path, kind: ImportKind) -> Draft:
    """Read the workbook at ``path`` once. Raises UserError for what is no workbook."""
    try:
        book = hold(bytes_of(path))
    except UnfitWorkbook as unfit:
        raise UserError(
            _("{name} cannot be read.").format(name=path.name), unfit.message, _("Correct the file and try again.")
        ) from unfit
    value = store.round()
    column, cls = ("number", Application) if kind is ImportKind.APPLICATIONS else ("id", Expert)
    existing = frozenset(str(number) for (number,) in store.listing(cls, column))
    shown = {sheet: _shown(book, sheet) for sheet in book.sheets}
    return Draft(kind, path, book, value.year, value.office, existing, shown)


def _shown(book: HeldBook, sheet: str) -> tuple[SheetRow, ...]:
    try:
        return tuple(SheetRow(row.number, row.hidden, shown_row(row)) for row in book.rows(sheet))
    except UnfitWorkbook:
        return ()


def choices(draft: Draft, table: str) -> tuple[ColumnChoice, ...]:
    """The columns that ``table`` can have."""
    return tuple(ColumnChoice(column.key, column.heading, column.required) for column in _columns(draft, table))


def located(draft: Draft, remembered: Mapping[str, Mapping[str, str]]) -> Corrections:
    """Where the tables of the workbook are, by their headings and by what was ``remembered`` of others (table → heading
    as it is compared → key); a table that is not found begins at the fullest row of the first worksheet."""
    corrections = Corrections(book=draft.book.digest)
    found = check(draft, corrections).tables
    tables: dict[str, ColumnMap] = {}
    for table in TABLES[draft.kind]:
        known = remembered.get(table, {})
        map_ = found.get(table)
        if map_ is None and table != PROJECTS:
            map_ = _guessed(draft, table, known)
        if map_ is None:
            continue
        named = _with_remembered(draft, table, map_, known)
        if named != found.get(table):
            # What the reader finds by itself stays its own: then it can say of a heading why it is none.
            tables[table] = named
    return replace(corrections, tables=tables)


def _with_remembered(draft: Draft, table: str, map_: ColumnMap, known: Mapping[str, str]) -> ColumnMap:
    """``map_`` with the headings that an office explained before, as far as this round has such columns."""
    ours = {column.key for column in _columns(draft, table)}
    columns = dict(map_.columns)
    for index, heading in enumerate(folded_headings(draft, map_)):
        key = known.get(heading)
        if key == "":
            columns.pop(index, None)
        elif key in ours and key not in columns.values() and _lasts(heading, key):
            columns[index] = key
    return replace(map_, columns=dict(sorted(columns.items())))


def _lasts(heading: str, key: str) -> bool:
    """Whether what was said of ``heading`` holds in every year: “last year's enterprises” is another year each time."""
    year = key.removeprefix(SERVED)
    return year == key or year in heading


def moved(draft: Draft, table: str, sheet: str, heading_row: int, known: Mapping[str, str]) -> ColumnMap:
    """The table when a person says in which worksheet and row its headings are."""
    headings = folded_headings(draft, ColumnMap(sheet, heading_row, {}))
    names = {_folded(name): column.key for column in _columns(draft, table) for name in column.headings}
    columns: dict[int, str] = {}
    for index, heading in enumerate(headings):
        key = names.get(heading.split("(")[0]) or names.get(heading)
        if key is not None and key not in columns.values():
            columns[index] = key
    return _with_remembered(draft, table, ColumnMap(sheet, heading_row, columns), known)


def explained(draft: Draft, corrections: Corrections) -> dict[str, dict[str, str]]:
    """What a person said of headings that the program would have taken otherwise, to be remembered for the office."""
    automatic = check(draft, Corrections(book=draft.book.digest)).tables
    found: dict[str, dict[str, str]] = {}
    for table, map_ in corrections.tables.items():
        usual = automatic.get(table)
        same = usual is not None and (usual.sheet, usual.heading_row) == (map_.sheet, map_.heading_row)
        before = usual.columns if usual is not None and same else {}
        for index, heading in enumerate(folded_headings(draft, map_)):
            key = map_.columns.get(index, "")
            if heading and before.get(index, "") != key and _lasts(heading, key):
                found.setdefault(table, {})[heading] = key
    return found


def folded_headings(draft: Draft, map_: ColumnMap) -> tuple[str, ...]:
    """The headings of a table as they are compared."""
    rows = CorrectedBook(draft.book, Corrections()).rows(map_.sheet, first=map_.heading_row)
    found = next((row for row in rows if row.number == map_.heading_row), None)
    return () if found is None else tuple(folded_heading(cell) for cell in found.cells)


def check(draft: Draft, corrections: Corrections) -> Checked:
    """What stands and what is wrong, with ``corrections``."""
    try:
        if draft.kind is ImportKind.APPLICATIONS:
            book = applications_in(draft.book, year=draft.year, existing=draft.existing, corrections=corrections)
            numbers = tuple(one.number for one in book.applications)
            return _checked(corrections, book.problems, numbers, book.left_out, book.numbers.keys(), book.tables)
        panel = experts_in(draft.book, existing=draft.existing, corrections=corrections)
    except UnfitWorkbook as unfit:
        problem = Problem("error", unfit.sheet, None, "", draft.path.name, unfit.code, unfit.message)
        return _checked(corrections, (problem,), (), 0, (), corrections.tables)
    codes = tuple(one.id for one in panel.experts)
    return _checked(corrections, panel.problems, codes, panel.left_out, panel.numbers.keys(), panel.tables)


def take_in(
    store: RoundStore,
    draft: Draft,
    corrections: Corrections,
    *,
    materials: Path | None = None,
    by_hand: Mapping[str, tuple[str, MaterialKind]] = NO_PLACES,
    work: Work | None = None,
) -> ImportReport:
    """Import what stands, in one change; rows with a problem and those left out stay out."""
    if draft.kind is ImportKind.APPLICATIONS:
        return import_applications(
            store,
            draft.path,
            materials=materials,
            skip_invalid=True,
            corrections=corrections,
            by_hand=by_hand,
            work=work,
        )
    return import_experts(store, draft.path, skip_invalid=True, corrections=corrections, work=work)


def _columns(draft: Draft, table: str) -> tuple[Column, ...]:
    if table == APPLICATIONS:
        years = range(draft.year - 3, draft.year)
        return APPLICATION_COLUMNS + served_columns(years, draft.year)
    return PROJECT_COLUMNS if table == PROJECTS else EXPERT_COLUMNS


def _guessed(draft: Draft, table: str, known: Mapping[str, str]) -> ColumnMap | None:
    """The row of a readable worksheet with the most headings that were explained before, else the fullest one."""
    best: tuple[tuple[int, int], ColumnMap] | None = None
    for sheet in draft.sheets:
        try:
            rows = draft.book.rows(sheet, first=HEADING_ROWS)
        except UnfitWorkbook:
            continue
        for row in rows:
            map_ = moved(draft, table, sheet, row.number, known)
            texts = sum(cell.kind == "text" for cell in row.cells)
            score = (len(map_.columns), texts)
            if best is None or score > best[0]:
                best = (score, map_)
    return None if best is None else best[1]


def _checked(
    corrections: Corrections,
    problems: Sequence[Problem],
    numbers: tuple[str, ...],
    left_out: int,
    data: Collection[tuple[str, int]],
    tables: Mapping[str, ColumnMap],
) -> Checked:
    cells: dict[CellAt, list[Problem]] = {}
    rows: dict[tuple[str, int], list[Problem]] = {}
    for problem in problems:
        if problem.row is None:
            continue
        if problem.index is None:
            rows.setdefault((problem.sheet, problem.row), []).append(problem)
        else:
            cells.setdefault(CellAt(problem.sheet, problem.row, problem.index), []).append(problem)
    wrong = {(one.sheet, one.row) for one in problems if one.level == "error" and (one.sheet, one.row) in data}
    return Checked(
        corrections,
        tuple(problems),
        numbers,
        len(wrong),
        left_out,
        {place: tuple(found) for place, found in cells.items()},
        {at: tuple(found) for at, found in rows.items()},
        frozenset(data),
        dict(tables),
    )


def _has_error(problems: Iterable[Problem]) -> bool:
    return any(problem.level == "error" for problem in problems)


def _folded(name: str) -> str:
    return "".join(name.split()).rstrip(":")
