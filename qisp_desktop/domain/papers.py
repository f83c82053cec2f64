"""What a paper prints, as a record of its own: the paper can be rendered anew from it, anywhere and years later."""

from __future__ import annotations

from dataclasses import dataclass

from qisp_desktop.domain.application import Application
from qisp_desktop.domain.panel import Expert
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.domain.score_sheet import ScoreSheet

SHEET_FORMAT = "qisp-sheet/1"
SHEET_TEMPLATE = 2
"""The version of the score sheet's layout; raised whenever the same record would render differently."""
SHEET_TEMPLATES = (1, 2)
"""The versions that can be rendered: 2 looks like 1, and its file is an archival one (PDF/A-3u)."""


@dataclass(frozen=True)
class PrintedCriterion:
    """A criterion as the sheet prints it."""

    code: str
    name: str
    maximum: str
    article: str


@dataclass(frozen=True)
class PrintedGroup:
    """A group as the sheet prints it."""

    code: str
    name: str
    maximum: str
    criteria: tuple[PrintedCriterion, ...]


@dataclass(frozen=True)
class SheetRecord:
    """``sheet.json`` of a signed score sheet: the sheet and the names that stand on the paper."""

    format: str
    sheet: ScoreSheet
    office: str
    round_name: str
    year: int
    expert_name: str
    expert_organisation: str
    platform: str
    applicant: str
    uscc: str
    decimals: int
    groups: tuple[PrintedGroup, ...]


def printed_groups(rubric: Rubric) -> tuple[PrintedGroup, ...]:
    """The rubric as score sheets print it, in the document language (Chinese names)."""
    return tuple(
        PrintedGroup(
            group.code,
            group.name,
            rubric.points_text(group.maximum),
            tuple(PrintedCriterion(c.code, c.name, rubric.points_text(c.maximum), c.article) for c in group.criteria),
        )
        for group in rubric.groups
    )


def sheet_record(
    sheet: ScoreSheet,
    *,
    office: str,
    round_name: str,
    year: int,
    expert: Expert,
    application: Application,
    rubric: Rubric,
) -> SheetRecord:
    """The record from which the paper of ``sheet`` is rendered."""
    return SheetRecord(
        SHEET_FORMAT,
        sheet,
        office,
        round_name,
        year,
        expert.name,
        expert.organisation,
        application.platform,
        application.applicant,
        application.uscc,
        rubric.decimals,
        printed_groups(rubric),
    )
