"""What the signed manifests say; the exact bytes are signed and verified as received (see docs/formats.md)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from qisp_desktop.base.codec import SPARED
from qisp_desktop.domain.application import Application
from qisp_desktop.domain.inspection import InspectionPlan, SiteInspection
from qisp_desktop.domain.panel import Expert, Recusal
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.domain.score_sheet import ScoreSheet

PANEL_FORMAT = "qisp-panel/1"
RETURN_FORMAT = "qisp-return/1"


@dataclass(frozen=True)
class Blob:
    """A file beside the manifest: shown name, SHA-256 and size of the plain content, path inside the container."""

    name: str
    sha256: str
    size: int
    path: str


@dataclass(frozen=True)
class PanelRecords:
    """All that the expert needs to work. ``assigned`` are the numbers to score; an application that is only to be
    inspected is in ``applications`` and not there. ``sheets``, ``recusals`` and ``site_inspections`` are the expert's
    own that the office already holds, so that a lost laptop loses nothing that was returned; ``returned`` is the number
    of the newest return held (0: none), after which the expert's numbering goes on. ``photo_positions`` is whether
    photos of visits keep the place where they were taken.
    """

    year: int
    round_name: str
    office: str
    language: str
    expert: Expert
    rubric: Rubric
    applications: tuple[Application, ...]
    assigned: tuple[str, ...]
    inspections: tuple[InspectionPlan, ...]
    sheets: tuple[ScoreSheet, ...]
    recusals: tuple[Recusal, ...]
    site_inspections: tuple[SiteInspection, ...]
    returned: int
    photo_positions: bool = field(default=False, metadata=SPARED)


@dataclass(frozen=True)
class PanelManifest:
    """``manifest.json`` of a panel package; signed by the office's certificate.

    ``recipients`` are the age recipients of this package, ``return_to`` those of the return; ``certificate`` is the
    PEM of the expert's signing certificate; ``audit_head`` the head of the round's audit chain when it was issued.
    """

    format: str
    round: str
    expert: str
    issue: str
    number: int
    issued_at: datetime
    recipients: tuple[str, ...]
    return_to: tuple[str, ...]
    certificate: str
    rubric: str
    audit_head: str
    blobs: tuple[Blob, ...]
    records: PanelRecords


@dataclass(frozen=True)
class SheetPaper:
    """Which blob is the signed paper of which sheet."""

    application: str
    revision: int
    path: str


@dataclass(frozen=True)
class ReturnManifest:
    """``manifest.json`` of a return package; signed by the expert's certificate.

    ``number`` counts the expert's returns within the issue's workspace; ``issue_manifest`` is the SHA-256 of the panel
    manifest it answers. It holds all current signed sheets, recusals and inspections.
    """

    format: str
    round: str
    expert: str
    issue: str
    number: int
    recipients: tuple[str, ...]
    issue_manifest: str
    rubric: str
    blobs: tuple[Blob, ...]
    sheets: tuple[ScoreSheet, ...]
    recusals: tuple[Recusal, ...]
    inspections: tuple[SiteInspection, ...]
    papers: tuple[SheetPaper, ...]
