"""The record of a site inspection (现场核查): checklist, findings, photos, what it comes to, who signed it on site."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from qisp_desktop.base.codec import SPARED, Remembered
from qisp_desktop.base.i18n import _
from qisp_desktop.domain.handwriting import Handwriting
from qisp_desktop.domain.regulation import Term
from qisp_desktop.domain.rubric import Rubric


class Verdict(Term):
    """What a checklist item was found to be."""

    CONFORM = "conform", "符合", "conform"
    OBSERVATION = "observation", "观察项", "observation"
    NONCONFORM = "nonconform", "不符合", "nonconform"


class Overall(Term):
    """What the inspection comes to."""

    PASS = "pass", "通过", "pass"
    RECTIFY = "rectify", "限期整改", "rectify"
    FAIL = "fail", "不通过", "fail"


class Side(Term):
    """Who signs the record on site."""

    EXPERT = "expert", "核查专家", "expert"
    HOST = "host", "受检单位", "host"


@dataclass(frozen=True)
class ItemVerdict:
    """The verdict on one checklist item."""

    item: str
    verdict: Verdict
    note: str


@dataclass(frozen=True)
class Finding:
    """Something seen on site (核查发现); ``item`` and ``photo`` (a file name) may be empty.

    ``at`` is when it was written down (UTC), None where nobody noted it; it informs only.
    """

    text: str
    item: str
    photo: str
    at: datetime | None = None


@dataclass(frozen=True)
class Photo:
    """A photo: name, SHA-256 and size of the file, the camera's own local time as written (may be empty).

    ``original`` is the SHA-256 of the camera's file where that is another one, because its position data was left out
    of what travels; else empty.
    """

    name: str
    sha256: str
    size: int
    taken: str
    caption: str
    original: str = field(default="", metadata=SPARED)


@dataclass(frozen=True)
class DrawnSignature:
    """A signature drawn on the screen on site; it shows who stood there, and is no electronic signature.

    A side without one signs the printed record.
    """

    side: Side
    name: str
    drawing: Handwriting


@dataclass(frozen=True)
class InspectionPlan:
    """Who inspects which application."""

    application: str
    experts: tuple[str, ...]


@dataclass(frozen=True)
class SiteInspection(Remembered):
    """An expert's record of one visit; ``revision`` and ``previous`` as for score sheets."""

    round: str
    expert: str
    application: str
    revision: int
    previous: str
    date: date
    received_by: str
    items: tuple[ItemVerdict, ...]
    findings: tuple[Finding, ...]
    photos: tuple[Photo, ...]
    overall: Overall
    signatures: tuple[DrawnSignature, ...] = ()

    @property
    def identity(self) -> tuple[str, str]:
        """Expert and application."""
        return self.expert, self.application


def inspection_problem(inspection: SiteInspection, rubric: Rubric) -> str:
    """Why a record does not fit the round's checklist; empty when it fits and is complete."""
    if tuple(item.item for item in inspection.items) != tuple(item.code for item in rubric.checklist):
        return _("its items are not those of the checklist, each once and in order")
    codes = {item.code for item in rubric.checklist}
    photos = {photo.name for photo in inspection.photos}
    if len(photos) != len(inspection.photos):
        return _("two photos have the same name")
    if problem := _findings_problem(inspection, photos, codes):
        return problem
    sides = [signature.side for signature in inspection.signatures]
    if len(set(sides)) != len(sides):
        return _("one side signed it twice")
    if inspection.revision < 1 or (inspection.revision == 1) != (inspection.previous == ""):
        return _("its revision does not fit what it says of the one before")
    return ""


def _findings_problem(inspection: SiteInspection, photos: set[str], codes: set[str]) -> str:
    for finding in inspection.findings:
        if not finding.text.strip():
            return _("a finding has no text")
        if finding.item and finding.item not in codes:
            return _("a finding names the unknown item {item}").format(item=finding.item)
        if finding.photo and finding.photo not in photos:
            return _("a finding names the photo {photo}, which is not there").format(photo=finding.photo)
    return ""
