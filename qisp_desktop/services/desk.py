"""The expert's desk: a workspace made from a panel package, unlocked, with drafts, declarations and signed sheets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.domain.application import Application, Material
from qisp_desktop.domain.inspection import SiteInspection
from qisp_desktop.domain.inspection_draft import InspectionDraft
from qisp_desktop.domain.issuing import SignedPaper
from qisp_desktop.domain.panel import Declaration, Recusal
from qisp_desktop.domain.regulation import Term
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.domain.score_sheet import DraftSheet, ScoreSheet, empty_draft, missing_items
from qisp_desktop.exchange.identity import encrypt
from qisp_desktop.exchange.manifests import Blob, PanelManifest, PanelRecords
from qisp_desktop.exchange.panel_package import OpenPanel, open_panel_package
from qisp_desktop.store.workspace_store import PACKAGE, WorkspaceStore

Seal = Callable[[bytes], bytes]


class DeskStatus(Term):
    """Where an application stands on the desk."""

    NEW = "new", "未评", "new"
    DRAFT = "draft", "进行中", "in progress"
    COMPLETE = "complete", "已完成", "complete"
    RECUSED = "recused", "回避", "recused"
    SIGNED = "signed", "已签署", "signed"


@dataclass(frozen=True)
class DeskItem:
    """An application as the desk lists it; ``missing`` says what keeps a draft from being complete."""

    number: str
    applicant: str
    platform: str
    status: DeskStatus
    total: Decimal | None
    revision: int
    missing: tuple[str, ...]


@dataclass(frozen=True)
class LeftBehind:
    """Something of an earlier issue that does not apply any more: of which application, what, why (translatable)."""

    application: str
    what: str
    why: str


@dataclass(frozen=True)
class CarriedOver:
    """What the workspace of the earlier issue ``issue`` gave: the applications of which something was ``kept``, and
    what was ``left``. The earlier workspace itself stays beside the new one."""

    issue: str
    kept: tuple[str, ...]
    left: tuple[LeftBehind, ...]


class Desk:
    """An unlocked workspace. Every change is durable when the method returns; use as a context manager."""

    def __init__(self, folder: Path, panel: OpenPanel, store: WorkspaceStore) -> None:
        self.folder = folder
        self.panel = panel
        self.store = store
        self.carried: CarriedOver | None = None
        """What came from an earlier issue, if opening has just carried it over."""

    @classmethod
    def open(cls, folder: Path, passphrase: str) -> Self:
        """Unlock the workspace in ``folder``; UserError when the passphrase is wrong or it is no workspace."""
        if not (folder / PACKAGE).is_file():
            raise UserError(
                _("{path} is not a workspace.").format(path=folder),
                _("There is no panel package in it."),
                _("Open the package first (qisp desk open)."),
            )
        return cls.unlocked(folder, open_panel_package(folder / PACKAGE, passphrase))

    @classmethod
    def unlocked(cls, folder: Path, panel: OpenPanel) -> Self:
        """The workspace in ``folder`` with the keys that ``panel`` holds; UserError as ``open``."""
        store = WorkspaceStore.open(folder)
        try:
            store.unlock(*seals(panel))
            desk = cls(folder, panel, store)
            desk._sweep()
            return desk
        except BaseException:
            store.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the workspace free; keys are forgotten with the object."""
        self.store.close()

    def restore_photos(self) -> None:
        """Take the photos of earlier records, which the office sent along, into the workspace."""
        for inspection in self.records.site_inspections:
            for photo in inspection.photos:
                if photo.sha256 in self._blobs:
                    self.store.add_blob(self.panel.container.blob(self.panel.identity, self._blobs[photo.sha256]))

    def _sweep(self) -> None:
        """Remove sealed photos that were left out, and papers of a signing that was broken off.

        Only when the desk is opened: until it is closed, undo can bring a photo back.
        """
        photos = [photo for visit in self.store.all(InspectionDraft) for photo in visit.photos]
        photos += [photo for record in self.store.all(SiteInspection) for photo in record.photos]
        papers = {paper.sha256 for paper in self.store.all(SignedPaper)}
        self.store.keep_blobs(papers | {photo.sha256 for photo in photos})

    # What the package says ------------------------------------------------------------------------------------------

    @property
    def manifest(self) -> PanelManifest:
        """The signed manifest of the package."""
        return self.panel.manifest

    @property
    def records(self) -> PanelRecords:
        """The records in the package."""
        return self.panel.manifest.records

    @property
    def rubric(self) -> Rubric:
        """The round's scoring standard."""
        return self.records.rubric

    @cached_property
    def applications(self) -> dict[str, Application]:
        """The applications in the package by number, those that are only inspected included."""
        return {application.number: application for application in self.records.applications}

    @cached_property
    def _blobs(self) -> dict[str, Blob]:
        return {blob.sha256: blob for blob in self.manifest.blobs}

    def application(self, number: str) -> Application:
        """The application of that number; UserError when it is not in the package."""
        if number not in self.applications:
            raise UserError(
                _("{number} is not among your applications.").format(number=number), "", _("Check the number.")
            )
        return self.applications[number]

    def read_material(self, number: str, material: Material) -> bytes:
        """A material's content, decrypted in memory and checked; only after a declaration (and no recusal)."""
        self.application(number)
        if self.store.get(Recusal, number) is not None:
            raise UserError(_("You stepped back from {number}; its materials are closed.").format(number=number))
        if self.store.get(Declaration, number) is None:
            raise UserError(
                _("The materials of {number} are closed.").format(number=number),
                _("You have not declared yet whether you have an interest in it."),
                _("Declare no interest, or step back with a reason."),
            )
        return self.panel.container.blob(self.panel.identity, self._blobs[material.sha256])

    # What the expert wrote ------------------------------------------------------------------------------------------

    def signed_sheet(self, number: str) -> ScoreSheet | None:
        """The newest signed sheet of an application."""
        sheets = self.store.all(ScoreSheet, application=number)
        return max(sheets, key=lambda sheet: sheet.revision, default=None)

    def signed_sheets(self) -> dict[str, ScoreSheet]:
        """The newest signed sheet of each application that has one."""
        newest: dict[str, ScoreSheet] = {}
        for sheet in self.store.all(ScoreSheet):
            held = newest.get(sheet.application)
            if held is None or sheet.revision > held.revision:
                newest[sheet.application] = sheet
        return newest

    def draft(self, number: str) -> DraftSheet | None:
        """The draft of an application: None where nothing was typed since the last signature."""
        return self.store.get(DraftSheet, number)

    def draft_or_new(self, number: str) -> DraftSheet:
        """The draft, or an empty first one."""
        return self.draft(number) or empty_draft(number, self.rubric)

    def items(self) -> list[DeskItem]:
        """The applications to score, in the order of their numbers."""
        signed = self.signed_sheets()
        drafts = {draft.application: draft for draft in self.store.all(DraftSheet)}
        recused = {recusal.application for recusal in self.store.all(Recusal)}
        numbers = sorted(set(self.records.assigned) | recused)
        return [
            desk_item(
                number,
                self.applications.get(number),
                self.rubric,
                recused=number in recused,
                draft=drafts.get(number),
                signed=signed.get(number),
            )
            for number in numbers
        ]

    def inspection(self, number: str) -> SiteInspection | None:
        """The expert's own record of the visit, if one was made."""
        return self.inspections().get(number)

    def inspections(self) -> dict[str, SiteInspection]:
        """The newest record of each visit that was recorded."""
        newest: dict[str, SiteInspection] = {}
        for record in self.store.all(SiteInspection):
            held = newest.get(record.application)
            if held is None or record.revision > held.revision:
                newest[record.application] = record
        return newest

    def declare(self, *numbers: str) -> None:
        """Record that the expert knows of no interest in these applications."""
        with self.store.change() as change:
            for number in numbers:
                self.application(number)
                if self.store.get(Declaration, number) is None:
                    change.put(Declaration(number, datetime.now(UTC).replace(microsecond=0)))

    def show_json(self) -> dict[str, Any]:
        """The documented JSON form of ``qisp desk show``."""
        return {
            "round": self.manifest.round,
            "expert": self.manifest.expert,
            "applications": [
                {
                    "number": item.number,
                    "applicant": item.applicant,
                    "status": item.status.value,
                    "total": None if item.total is None else self.rubric.points_text(item.total),
                    "revision": item.revision,
                    "missing": list(item.missing),
                }
                for item in self.items()
            ],
        }


def desk_item(
    number: str,
    application: Application | None,
    rubric: Rubric,
    *,
    recused: bool,
    draft: DraftSheet | None,
    signed: ScoreSheet | None,
) -> DeskItem:
    """How the desk lists an application; ``application`` is None where the package no longer holds it (recused)."""
    applicant, platform = (application.applicant, application.platform) if application else ("", "")
    if recused:
        return DeskItem(number, applicant, platform, DeskStatus.RECUSED, None, 0, ())
    if draft is not None and (draft.started or signed is not None):
        missing = tuple(missing_items(draft.items, rubric))
        status = DeskStatus.DRAFT if missing else DeskStatus.COMPLETE
        return DeskItem(number, applicant, platform, status, draft.total, draft.revision, missing)
    if signed is not None:
        return DeskItem(number, applicant, platform, DeskStatus.SIGNED, signed.total, signed.revision, ())
    missing = tuple(missing_items(empty_draft(number, rubric).items, rubric))
    return DeskItem(number, applicant, platform, DeskStatus.NEW, None, 0, missing)


def seals(panel: OpenPanel) -> tuple[Seal, Seal]:
    """How documents of the workspace are encrypted to the expert's own recipient, and read again."""
    recipients = [panel.identity.recipient]
    return (lambda data: encrypt(data, recipients)), panel.identity.decrypt
