"""An import while a clerk prepares it: the workbook, what was mended in it, what stands and what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import Signal

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.gui.presenter import Presenter
from qisp_desktop.gui.secretariat.section import AnyPresenter
from qisp_desktop.gui.tasks import Job

if TYPE_CHECKING:
    from qisp_desktop.domain.regulation import MaterialKind
    from qisp_desktop.services.import_drafts import Checked, ColumnChoice, Draft, SheetRow
    from qisp_desktop.services.importing import ImportReport
    from qisp_desktop.services.materials import MaterialsFound
    from qisp_desktop.spreadsheets.corrections import CellAt, Corrections
    from qisp_desktop.store.round_store import RoundStore

Kind = Literal["applications", "experts"]
CHOOSE, COLUMNS, PREVIEW, MATERIALS = "choose", "columns", "preview", "materials"
Remembered = Mapping[str, Mapping[str, str]]
"""What the office said of headings before, by table."""
Placed = Mapping[str, tuple[str, "MaterialKind"]]


@dataclass(frozen=True)
class Edits:
    """All that the clerk did to the workbook and the files; undo goes back from one to the one before."""

    corrections: Corrections
    placed: Placed = field(default_factory=dict)


@dataclass(frozen=True)
class Look:
    """What the worker found out about some edits."""

    edits: Edits
    checked: Checked
    found: MaterialsFound | None


class ImportPresenter(Presenter):
    """Prepares and does one import; a child of the section's presenter, so that it outlives the view."""

    step_changed = Signal(str)
    edited = Signal()
    """``edits`` are others than before; what they come to is found out."""
    looked = Signal()
    """``look`` is there anew."""
    refused = Signal(UserError)
    """Something cannot be done; said in place."""
    busy_changed = Signal()
    finished = Signal(object)
    """The ImportReport of what was imported."""
    closed = Signal()
    """The clerk left the import."""

    def __init__(self, section: AnyPresenter, kind: Kind, memory: Path) -> None:
        super().__init__(section)
        self.section = section
        self.kind: Kind = kind
        self._memory = memory
        self.step = CHOOSE
        self.book: Path | None = None
        self.folder: Path | None = None
        self.draft: Draft | None = None
        self.look: Look | None = None
        self.edits: Edits | None = None
        self.reading = False
        self._undo: list[Edits] = []
        self._redo: list[Edits] = []
        self._checking = False
        self._check_again = False
        self._remembered: Remembered = {}

    def unfinished(self) -> str:
        """The import, once something was mended or said in it."""
        if not self._undo or self.draft is None:
            return ""
        return _("the import of {name} is not finished").format(name=self.draft.path.name)

    # Choosing -------------------------------------------------------------------------------------------------------

    def choose(self, path: Path) -> None:
        """Read the workbook at ``path``, or take the folder there for the materials."""
        if path.is_dir():
            self.choose_folder(path)
            return
        if self.reading or self.importing:
            return
        kind, memory = self.kind, self._memory

        def work(store: RoundStore, job: Job) -> tuple[Draft, Corrections, Remembered]:
            from qisp_desktop.services.column_memory import recalled
            from qisp_desktop.services.import_drafts import TABLES, ImportKind, located, open_draft

            draft = open_draft(store, path, ImportKind(kind))
            remembered = {table: recalled(memory, draft.office, table) for table in TABLES[draft.kind]}
            return draft, located(draft, remembered), remembered

        self._set_reading(True)
        self.section.session.read(
            self, work, lambda found: self._chosen(path, *found), self._not_chosen, None, self._stop
        )

    def choose_folder(self, folder: Path | None) -> None:
        """Look for materials in ``folder``; None: in none."""
        self.folder = folder
        if self.edits is not None:
            self.edits = replace(self.edits, placed={})
            self._check()
        self.looked.emit()

    def go_to(self, step: str) -> None:
        """Show ``step``, if there is something to show."""
        if step == self.step or (step != CHOOSE and self.look is None):
            return
        self.step = step
        self.step_changed.emit(step)

    def leave(self) -> None:
        """Give the import up, or close what is done."""
        self.closed.emit()
        self.deleteLater()

    # Columns --------------------------------------------------------------------------------------------------------

    def choices(self, table: str) -> tuple[ColumnChoice, ...]:
        """What a column of ``table`` can be."""
        from qisp_desktop.services.import_drafts import choices

        return () if self.draft is None else choices(self.draft, table)

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that this kind of workbook holds."""
        from qisp_desktop.services.import_drafts import TABLES

        return () if self.draft is None else TABLES[self.draft.kind]

    def missing(self, table: str) -> tuple[str, ...]:
        """The required columns of ``table`` that no column of the workbook is."""
        if self.look is None:
            return ()
        map_ = self.look.checked.tables.get(table)
        if map_ is None and table == "projects":
            return ()
        held = set() if map_ is None else set(map_.columns.values())
        return tuple(one.heading for one in self.choices(table) if one.required and one.key not in held)

    def set_column(self, table: str, index: int, key: str) -> None:
        """Say what the column ``index`` is (empty: it is not read); the column that was it before is not any more."""
        if self.look is None or (map_ := self.look.checked.tables.get(table)) is None:
            return
        columns = {place: held for place, held in map_.columns.items() if place != index and held != key}
        if key:
            columns[index] = key
        self._set_table(table, replace(map_, columns=dict(sorted(columns.items()))))

    def move_table(self, table: str, sheet: str, heading_row: int) -> None:
        """Say in which worksheet and row the headings of ``table`` are."""
        from qisp_desktop.services.import_drafts import moved

        if self.draft is not None:
            known = self._remembered.get(table, {})
            self._set_table(table, moved(self.draft, table, sheet, heading_row, known))

    def _set_table(self, table: str, map_: Any) -> None:
        if self.edits is not None:
            held = self.edits.corrections
            self._edit(replace(self.edits, corrections=replace(held, tables={**held.tables, table: map_})))

    # Mending --------------------------------------------------------------------------------------------------------

    def rows(self, sheet: str) -> tuple[SheetRow, ...]:
        """The rows of a worksheet as it was sent."""
        return () if self.draft is None else self.draft.shown.get(sheet, ())

    def mend(self, place: CellAt, text: str, before: str) -> None:
        """Put ``text`` in the place of ``before``; the same text as before takes the mending back."""
        if self.edits is None:
            return
        held = self.edits.corrections
        cells = {at: value for at, value in held.cells.items() if at != place}
        if text != before:
            cells[place] = text
        if cells != held.cells:
            self._edit(replace(self.edits, corrections=replace(held, cells=cells)))

    def leave_out(self, rows: set[tuple[str, int]]) -> None:
        """Leave ``rows`` out, or take them in again when all are left out."""
        if self.edits is None or not rows:
            return
        held = self.edits.corrections
        skipped = held.skipped - rows if rows <= held.skipped else held.skipped | rows
        self._edit(replace(self.edits, corrections=replace(held, skipped=frozenset(skipped))))

    def place(self, name: str, number: str, kind: MaterialKind | None) -> None:
        """Give an unmatched file to an application as ``kind``; None takes it back."""
        if self.edits is None:
            return
        placed = {one: place for one, place in self.edits.placed.items() if one != name}
        if kind is not None:
            placed[name] = (number, kind)
        self._edit(replace(self.edits, placed=placed))

    @property
    def can_undo(self) -> bool:
        """Whether there is something to undo."""
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        """Whether there is something to do again."""
        return bool(self._redo)

    def undo(self) -> None:
        """Take the last edit back."""
        if self._undo and self.edits is not None:
            self._redo.append(self.edits)
            self.edits = self._undo.pop()
            self._check()

    def redo(self) -> None:
        """Do the last edit again that was taken back."""
        if self._redo and self.edits is not None:
            self._undo.append(self.edits)
            self.edits = self._redo.pop()
            self._check()

    def problem_after(self, at: CellAt | None, *, forward: bool) -> CellAt | None:
        """The next cell with an error in the order of the workbook, beginning again after the last; None: no more."""
        places = list(self.look.checked.places) if self.look is not None else []
        if not places or at is None:
            return places[0 if forward else -1] if places else None
        order = [(self._sheet_order(p.sheet), p.row, p.column) for p in places]
        here = (self._sheet_order(at.sheet), at.row, at.column)
        beyond = [n for n, place in enumerate(order) if (place > here if forward else place < here)]
        if not beyond:
            return places[0 if forward else -1]
        return places[beyond[0] if forward else beyond[-1]]

    def _sheet_order(self, sheet: str) -> int:
        tables = self.look.checked.tables.values() if self.look is not None else ()
        return next((n for n, table in enumerate(tables) if table.sheet == sheet), 99)

    # Importing ------------------------------------------------------------------------------------------------------

    @property
    def importing(self) -> bool:
        """Whether the round is being changed just now."""
        return bool(self.section.busy)

    def import_now(self) -> None:
        """Import what stands, in one change."""
        draft, edits, folder, memory = self.draft, self.edits, self.folder, self._memory
        if draft is None or edits is None:
            return

        def work(store: RoundStore, job: Job) -> ImportReport:
            from qisp_desktop.services.column_memory import remember
            from qisp_desktop.services.import_drafts import explained, take_in

            report = take_in(store, draft, edits.corrections, materials=folder, by_hand=edits.placed, work=job)
            for table, headings in explained(draft, edits.corrections).items():
                remember(memory, draft.office, table, headings)
            return report

        if self.section.act(_("Importing the workbook…"), work, self._imported, self.refused.emit):
            self.busy_changed.emit()

    def _imported(self, report: ImportReport) -> None:
        self.finished.emit(report)
        self.section.say("good", said_of(self.kind, report), _left_out(report))
        self.leave()

    # ----------------------------------------------------------------------------------------------------------------

    def _chosen(self, path: Path, draft: Draft, corrections: Corrections, remembered: Remembered) -> None:
        self.book, self.draft, self.look, self._remembered = path, draft, None, remembered
        self.edits = Edits(corrections)
        self._undo.clear()
        self._redo.clear()
        self._set_reading(False)
        self._check(self._first_look)

    def _first_look(self) -> None:
        unclear = any(self.missing(table) for table in self.tables)
        self.go_to(COLUMNS if unclear else PREVIEW)

    def _not_chosen(self, error: UserError) -> None:
        self._set_reading(False)
        self.refused.emit(error)

    def _stop(self) -> None:
        self._set_reading(False)

    def _set_reading(self, reading: bool) -> None:
        self.reading = reading
        self.busy_changed.emit()

    def _edit(self, edits: Edits) -> None:
        if self.edits is not None and edits != self.edits:
            self._undo.append(self.edits)
            self._redo.clear()
            self.edits = edits
            self._check()

    def _check(self, then: Callable[[], None] | None = None) -> None:
        """Look at the edits in the worker; what is edited meanwhile is looked at once more."""
        draft, edits, folder = self.draft, self.edits, self.folder
        if draft is None or edits is None:
            return
        self.edited.emit()
        if self._checking:
            self._check_again = True
            return

        def work(store: RoundStore, job: Job) -> Look:
            from qisp_desktop.services.import_drafts import check
            from qisp_desktop.services.materials import find_materials

            checked = check(draft, edits.corrections)
            found = None if folder is None else find_materials(folder, set(checked.numbers), edits.placed)
            return Look(edits, checked, found)

        def done(look: Look) -> None:
            self._checking = False
            self.look = look
            self.looked.emit()
            if then is not None:
                then()
            if self._check_again:
                self._check_again = False
                self._check()

        def failed(error: UserError) -> None:
            self._checking = self._check_again = False
            self.refused.emit(error)

        self._checking = True
        self.section.session.read(self, work, done, failed)


def said_of(kind: Kind, report: ImportReport) -> str:
    """What was imported, in words."""
    if kind == "experts":
        return ngettext("{count} expert imported.", "{count} experts imported.", report.imported).format(
            count=report.imported
        )
    return ngettext(
        "{count} application imported, with {materials} materials.",
        "{count} applications imported, with {materials} materials.",
        report.imported,
    ).format(count=report.imported, materials=report.materials)


def _left_out(report: ImportReport) -> str:
    if not report.skipped:
        return ""
    return ngettext("{count} row was left out.", "{count} rows were left out.", report.skipped).format(
        count=report.skipped
    )
