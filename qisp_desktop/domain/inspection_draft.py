"""The record of a site inspection while it is being written, on site and afterwards."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from qisp_desktop.base.i18n import _
from qisp_desktop.domain.inspection import (
    DrawnSignature,
    Finding,
    ItemVerdict,
    Overall,
    Photo,
    SiteInspection,
    Verdict,
)
from qisp_desktop.domain.rubric import Rubric

LONGEST_NOTE = 10_000
"""Characters of a note, a finding or a caption, at most."""


@dataclass(frozen=True)
class DraftVerdict:
    """What is entered for one checklist item; ``verdict`` is None while there is none."""

    item: str
    verdict: Verdict | None
    note: str


@dataclass(frozen=True)
class InspectionDraft:
    """What an expert has entered of a visit so far; items in the checklist's order, one for each.

    Once a side has signed, nothing else changes: what was signed is what was seen.
    """

    application: str
    date: date | None
    received_by: str
    items: tuple[DraftVerdict, ...]
    findings: tuple[Finding, ...]
    photos: tuple[Photo, ...]
    overall: Overall | None
    signatures: tuple[DrawnSignature, ...]

    @property
    def started(self) -> bool:
        """Whether anything was entered."""
        entered = self.date or self.received_by or self.findings or self.photos or self.overall or self.signatures
        return bool(entered) or any(item.verdict or item.note for item in self.items)

    @property
    def settled(self) -> bool:
        """Whether somebody has signed it."""
        return bool(self.signatures)


def empty_inspection(application: str, rubric: Rubric) -> InspectionDraft:
    """A draft with nothing entered."""
    items = tuple(DraftVerdict(item.code, None, "") for item in rubric.checklist)
    return InspectionDraft(application, None, "", items, (), (), None, ())


def reopened_inspection(record: SiteInspection) -> InspectionDraft:
    """The draft in which a finished record is changed; it is signed anew."""
    items = tuple(DraftVerdict(item.item, item.verdict, item.note) for item in record.items)
    return InspectionDraft(
        record.application,
        record.date,
        record.received_by,
        items,
        record.findings,
        record.photos,
        record.overall,
        (),
    )


def shown_inspection(record: SiteInspection) -> InspectionDraft:
    """A finished record as a draft that shows all of it, signatures too."""
    return replace(reopened_inspection(record), signatures=record.signatures)


def missing_in_inspection(draft: InspectionDraft, rubric: Rubric) -> list[str]:
    """What keeps a draft from being a complete record, in the order of the form."""
    missing = []
    if draft.date is None:
        missing.append(_("the day of the visit"))
    if not draft.received_by.strip():
        missing.append(_("who received you"))
    missing += [_("{code}: no verdict").format(code=item.item) for item in draft.items if item.verdict is None]
    missing += [
        _("finding {number}: no text").format(number=number)
        for number, finding in enumerate(draft.findings, start=1)
        if not finding.text.strip()
    ]
    if draft.overall is None:
        missing.append(_("the overall verdict"))
    return missing


def finished(draft: InspectionDraft, *, round_id: str, expert: str) -> SiteInspection:
    """The first revision of the record that a complete draft makes. ValueError for one that is not complete."""
    items = tuple(ItemVerdict(item.item, item.verdict, item.note) for item in draft.items if item.verdict is not None)
    if draft.date is None or draft.overall is None or len(items) != len(draft.items):
        raise ValueError("the draft is not complete")
    return SiteInspection(
        round_id,
        expert,
        draft.application,
        1,
        "",
        draft.date,
        draft.received_by,
        items,
        draft.findings,
        draft.photos,
        draft.overall,
        draft.signatures,
    )
