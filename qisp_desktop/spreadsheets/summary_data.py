"""What the summary workbook is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from qisp_desktop.domain.aggregation import Result
from qisp_desktop.domain.application import Application
from qisp_desktop.domain.desk_records import PaperConfirmation
from qisp_desktop.domain.exports import Difference, Export, ExportedApplication, differences, exported_applications
from qisp_desktop.domain.inspection import SiteInspection
from qisp_desktop.domain.issuing import Explanation
from qisp_desktop.domain.panel import Conflict, Expert, Recusal
from qisp_desktop.domain.round import Round
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.domain.score_sheet import ScoreSheet
from qisp_desktop.domain.screening import Screening


@dataclass(frozen=True)
class SummaryData:
    """All that ``write_summary`` publishes; sequences may come in any order.

    ``sheets`` are the valid ones on which ``results`` rest, ``inspections`` the newest of each expert and application.
    ``previous`` is the export that this one is compared with, None for the first.
    ``inputs_digest`` is that of what the results were computed from, ``audit_head`` the head of the audit chain (both
    may be empty). ``made_at`` is an aware time.
    """

    round: Round
    rubric: Rubric
    results: Sequence[Result]
    applications: Sequence[Application]
    experts: Sequence[Expert]
    sheets: Sequence[ScoreSheet]
    screenings: Sequence[Screening]
    inspections: Sequence[SiteInspection]
    explanations: Sequence[Explanation]
    recusals: Sequence[Recusal]
    conflicts: Sequence[Conflict]
    previous: Export | None
    inputs_digest: str
    audit_head: str
    made_at: datetime
    program_version: str
    confirmations: Sequence[PaperConfirmation] = ()
    """Of the sheets that came on paper: who confirmed them, and why they count."""

    @cached_property
    def shown(self) -> tuple[ExportedApplication, ...]:
        """What this workbook shows, for the next one to be compared with."""
        return exported_applications(self.results, self.screenings, self.sheets, self.inspections)

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """What has changed since the export before; nothing for the first."""
        return differences(self.previous.applications, self.shown) if self.previous else ()
