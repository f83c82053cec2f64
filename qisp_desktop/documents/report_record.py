"""What an evaluation report says: what the panel found, without saying who of it found what.

Totals stand in their order of size and remarks in an order that the round's secret draws for each application and
criterion, so that no reader can follow one expert through a report or from one report to the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from qisp_desktop.base.codec import Remembered
from qisp_desktop.documents.paper import Fact, PaperHead

REPORT_FORMAT = "qisp-report/1"
REPORT_TEMPLATE = 3
"""The version of the report's layout; raised whenever the same record would render differently."""


@dataclass(frozen=True)
class MaterialLine:
    """A material of Art. 15 and whether it was submitted."""

    name: str
    present: bool


@dataclass(frozen=True)
class ConditionLine:
    """A condition of Art. 13, whether it is met (None: open) and why."""

    name: str
    met: bool | None
    why: str


@dataclass(frozen=True)
class ScreeningPart:
    """What the formal check came to; ``decided_by`` is empty where the program computed it."""

    accepted_on: date | None
    status: str
    materials: tuple[MaterialLine, ...]
    conditions: tuple[ConditionLine, ...]
    decided_by: str
    reason: str


@dataclass(frozen=True)
class CriterionLine:
    """A criterion with its mean over all valid sheets, where there is one."""

    code: str
    name: str
    maximum: Decimal
    mean: Decimal | None


@dataclass(frozen=True)
class GroupLine:
    """A group with its mean, and the median of the group means of the round's ranked applications."""

    code: str
    name: str
    maximum: Decimal
    mean: Decimal | None
    median: Decimal | None
    criteria: tuple[CriterionLine, ...]


@dataclass(frozen=True)
class TotalLine:
    """The total of a valid sheet, and whether the trimmed mean leaves it out."""

    points: Decimal
    dropped: bool


@dataclass(frozen=True)
class DeviationLine:
    """A total that deviates from the mean of the others, and what was found out about it."""

    total: Decimal
    others_mean: Decimal
    difference: Decimal
    explanation: str


@dataclass(frozen=True)
class ResultPart:
    """What the sheets came to; ``totals`` in the order of size. ``ranked`` counts the applications with a rank."""

    status: str
    rule: str
    quorum: int
    maximum: Decimal
    pass_score: Decimal
    totals: tuple[TotalLine, ...]
    final: Decimal | None
    median: Decimal | None
    rank: int | None
    ranked: int
    groups: tuple[GroupLine, ...]
    deviations: tuple[DeviationLine, ...]


@dataclass(frozen=True)
class RemarkPart:
    """The remarks on one criterion, in the drawn order."""

    code: str
    name: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class VisitPart:
    """A site inspection: day, what it came to, the items that do not conform, and the findings."""

    day: date
    overall: str
    conforming: int
    items: tuple[Fact, ...]
    findings: tuple[str, ...]
    photos: int


@dataclass(frozen=True)
class Recommended:
    """The recommendation with its grade (empty for none) and the reasons against it or still missing."""

    text: str
    grade: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class EvaluationReport(Remembered):
    """All that the report says; no field names an expert."""

    format: str
    template: int
    head: PaperHead
    number: str
    platform: str
    applicant: str
    facts: tuple[Fact, ...]
    summary: str
    screening: ScreeningPart
    result: ResultPart
    remarks: tuple[RemarkPart, ...]
    visits: tuple[VisitPart, ...]
    visit_due: bool
    recommendation: Recommended
