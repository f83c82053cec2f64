"""Taking applications, materials and experts from an office's workbooks into a round."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from qisp_desktop.base.i18n import _
from qisp_desktop.base.paths import safe_name
from qisp_desktop.base.work import Work
from qisp_desktop.domain.application import Application, Material
from qisp_desktop.domain.desk_records import Mending
from qisp_desktop.domain.panel import Expert
from qisp_desktop.domain.regulation import MaterialKind
from qisp_desktop.services.actors import current_actor
from qisp_desktop.services.materials import NO_PLACES, MaterialFile, MaterialsFound, find_materials, folded_name
from qisp_desktop.services.opened import RoundAt, reading, writing
from qisp_desktop.spreadsheets.applications import read_applications
from qisp_desktop.spreadsheets.corrections import NO_CORRECTIONS, Corrections, MendedCell
from qisp_desktop.spreadsheets.experts import read_experts
from qisp_desktop.spreadsheets.problems import Problem
from qisp_desktop.store.round_store import RoundStore


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or with ``dry_run`` would do; ``skipped`` counts the rows with an error."""

    imported: int
    skipped: int
    materials: int
    problems: tuple[Problem, ...]
    refused: bool

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep a row out."""
        return tuple(problem for problem in self.problems if problem.level == "error")

    def to_json(self) -> dict[str, Any]:
        """The documented JSON form."""
        return {
            "imported": self.imported,
            "skipped": self.skipped,
            "problems": [
                {
                    "level": problem.level,
                    "sheet": problem.sheet,
                    "row": problem.row,
                    "column": problem.column,
                    "value": problem.value,
                    "code": problem.code,
                    "message": problem.message,
                }
                for problem in self.problems
            ],
        }


def import_applications(
    round_at: RoundAt,
    book: Path,
    *,
    materials: Path | None = None,
    skip_invalid: bool = False,
    dry_run: bool = False,
    corrections: Corrections = NO_CORRECTIONS,
    by_hand: Mapping[str, tuple[str, MaterialKind]] = NO_PLACES,
    work: Work | None = None,
) -> ImportReport:
    """Import the applications of ``book`` with their projects and the files below ``materials``.

    With any error and no ``skip_invalid`` nothing is imported. Applications whose number the round already holds
    are refused as duplicates; a wrong one is corrected in the round, not by a second import over it.

    ``corrections`` are a clerk's: what was mended in the rows that are imported is kept with the round, in the same
    change. ``by_hand`` gives application and kind of files in ``materials`` (by their paths in it) whose names do not
    tell them. Raises UserError when the workbook is not the one any more that the corrections were made for.
    """
    work = work or Work()
    with (reading if dry_run else writing)(round_at) as store:
        existing = {application.number for application in store.all(Application)}
        read = read_applications(
            book, year=store.round().year, existing=existing, progress=work.report, corrections=corrections
        )
        problems = list(read.problems)
        found = MaterialsFound((), (), (), ())
        if materials is not None:
            found = find_materials(materials, {application.number for application in read.applications}, by_hand)
            problems += _material_problems(found, in_book=set(read.rows), in_round=existing)
        refused = any(problem.level == "error" for problem in problems) and not skip_invalid
        report = ImportReport(
            0 if refused else len(read.applications),
            read.skipped + read.left_out,
            0 if refused else len(found.matched),
            tuple(problems),
            refused,
        )
        if refused or dry_run:
            return report
        files = _store_files(store, found.matched, work)
        with store.change("import applications") as change:
            change.put_all(
                replace(application, materials=files.get(application.number, ())) for application in read.applications
            )
            change.put_all(_mendings(read.mended, {one.number for one in read.applications}, corrections))
            change.note("import", safe_name(book.name), f"{report.imported} imported, {report.skipped} skipped")
        return report


def add_materials(round_at: RoundAt, folder: Path, *, work: Work | None = None) -> MaterialsFound:
    """Add the files below ``folder`` to applications that the round already holds (a supplement, Art. 14 (2))."""
    work = work or Work()
    with writing(round_at) as store:
        applications = {application.number: application for application in store.all(Application)}
        found = find_materials(folder, set(applications))
        files = _store_files(store, found.matched, work)
        with store.change("add materials") as change:
            change.put_all(
                replace(applications[number], materials=merged_materials(applications[number].materials, added))
                for number, added in sorted(files.items())
            )
        return found


def import_experts(
    round_at: RoundAt,
    book: Path,
    *,
    skip_invalid: bool = False,
    dry_run: bool = False,
    corrections: Corrections = NO_CORRECTIONS,
    work: Work | None = None,
) -> ImportReport:
    """Import the experts of ``book``; as ``import_applications``."""
    work = work or Work()
    with (reading if dry_run else writing)(round_at) as store:
        existing = {expert.id for expert in store.all(Expert)}
        read = read_experts(book, existing=existing, corrections=corrections)
        refused = any(problem.level == "error" for problem in read.problems) and not skip_invalid
        report = ImportReport(
            0 if refused else len(read.experts),
            read.skipped + read.left_out,
            0,
            read.problems,
            refused,
        )
        if not (refused or dry_run):
            with store.change("import experts") as change:
                change.put_all(read.experts)
                change.put_all(_mendings(read.mended, {one.id for one in read.experts}, corrections))
                change.note("import", safe_name(book.name), f"{report.imported} imported, {report.skipped} skipped")
        return report


def _mendings(mended: Sequence[MendedCell], imported: Collection[str], corrections: Corrections) -> list[Mending]:
    """What was corrected in the headings and in the rows that were imported."""
    actor = current_actor()
    return [
        Mending(corrections.book, one.sheet, one.row, one.column, one.number, one.before, one.after, actor, "")
        for one in mended
        if not one.number or one.number in imported
    ]


def _store_files(store: RoundStore, matched: Sequence[MaterialFile], work: Work) -> dict[str, tuple[Material, ...]]:
    files: dict[str, list[Material]] = {}
    kept = store.add_files([file.path for file in matched])
    for done, (file, sha256) in enumerate(zip(matched, kept, strict=True)):
        work.report(_("Taking in materials"), done, len(matched))
        files.setdefault(file.application, []).append(Material(file.kind, file.name, sha256, file.size))
    return {number: merged_materials((), materials) for number, materials in files.items()}


def merged_materials(held: Iterable[Material], added: Iterable[Material]) -> tuple[Material, ...]:
    """``held`` and ``added`` in the order of kinds and names, each file once."""
    unique = {(material.kind, material.name, material.sha256): material for material in (*held, *added)}
    return tuple(unique[key] for key in sorted(unique))


def _material_problems(found: MaterialsFound, in_book: set[str], in_round: set[str]) -> list[Problem]:
    """What is to be said of the folder; of the folder of a skipped row nothing."""
    rows, held = {folded_name(one) for one in in_book}, {folded_name(one) for one in in_round}
    others = [name for name in found.unknown_folders if folded_name(name) not in rows]
    again = [name for name in others if folded_name(name) in held]
    unknown = [name for name in others if folded_name(name) not in held]
    return [
        *(_note(name, _("no application or no kind of Article 15 fits it")) for name in found.unmatched),
        *(
            _note(name, _("a link, which is not followed: only files in the folder itself are taken"))
            for name in found.links
        ),
        *(
            _note(name, _("of an application that the round holds already; see qisp import materials"))
            for name in again
        ),
        *(
            Problem("error", "", None, "", name, "unknown_application", _("a materials folder of no application"))
            for name in unknown
        ),
        *(
            Problem("error", "", None, "", name, "too_large", _("the file is larger than 512 MB"))
            for name in found.too_large
        ),
    ]


def _note(name: str, message: str) -> Problem:
    return Problem("note", "", None, "", name, "unmatched_material", message)
