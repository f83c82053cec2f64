"""What an exported workbook showed, kept so that the next one can say what changed since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TypeAlias

from qisp_desktop.domain.aggregation import Recommendation, Result, ResultStatus
from qisp_desktop.domain.inspection import Overall, SiteInspection
from qisp_desktop.domain.regulation import Term
from qisp_desktop.domain.score_sheet import ScoreSheet
from qisp_desktop.domain.screening import Screening, ScreeningStatus

Shown: TypeAlias = Decimal | int | str | None
"""A value as an export shows it; None where it shows none."""


class Aspect(Term):
    """What of an application can differ from one export to the next; the order is that of the list of changes."""

    APPLICATION = "application", "申报", "application"
    FINAL = "final", "最终得分", "final score"
    RANK = "rank", "排名", "rank"
    GRADE = "grade", "等级", "grade"
    RECOMMENDATION = "recommendation", "推荐意见", "recommendation"
    STATUS = "status", "状态", "status"
    TOTAL = "total", "专家合计", "expert's total"
    REVISION = "revision", "评分表版次", "revision of the sheet"
    SCREENING = "screening", "形式审查", "formal check"
    INSPECTION = "inspection", "现场核查", "site inspection"


@dataclass(frozen=True)
class ExportedSheet:
    """An expert's valid sheet as an export showed it."""

    expert: str
    revision: int
    total: Decimal


@dataclass(frozen=True)
class ExportedInspection:
    """What an expert's inspection came to as an export showed it."""

    expert: str
    overall: Overall


@dataclass(frozen=True)
class ExportedApplication:
    """The numbers and words of one application as an export showed them."""

    number: str
    final: Decimal | None
    rank: int | None
    grade: str | None
    recommendation: Recommendation | None
    status: ResultStatus | None
    screening: ScreeningStatus | None
    sheets: tuple[ExportedSheet, ...]
    inspections: tuple[ExportedInspection, ...]


@dataclass(frozen=True)
class Export:
    """The last export of a round.

    ``file`` is the workbook's name, ``workbook`` its SHA-256, ``inputs`` the digest of all that its results rest on,
    ``audit_head`` the head of the audit trail that it names.
    """

    round: str
    at: datetime
    by: str
    file: str
    workbook: str
    inputs: str
    audit_head: str
    applications: tuple[ExportedApplication, ...]


@dataclass(frozen=True)
class Difference:
    """One value that two exports show differently; ``expert`` is empty where it is the application's own."""

    application: str
    expert: str
    aspect: Aspect
    before: Shown
    after: Shown


def exported_applications(
    results: Iterable[Result],
    screenings: Iterable[Screening],
    sheets: Iterable[ScoreSheet],
    inspections: Iterable[SiteInspection],
) -> tuple[ExportedApplication, ...]:
    """What an export of these shows, in the order of numbers; ``sheets`` and ``inspections`` are those that count."""
    found = {result.number: result for result in results}
    checked = {screening.number: screening.status for screening in screenings}
    scored: dict[str, list[ExportedSheet]] = {}
    for sheet in sheets:
        scored.setdefault(sheet.application, []).append(ExportedSheet(sheet.expert, sheet.revision, sheet.total))
    visited: dict[str, list[ExportedInspection]] = {}
    for one in inspections:
        visited.setdefault(one.application, []).append(ExportedInspection(one.expert, one.overall))
    return tuple(
        _exported(
            number,
            found.get(number),
            checked.get(number),
            tuple(sorted(scored.get(number, ()), key=lambda sheet: sheet.expert)),
            tuple(sorted(visited.get(number, ()), key=lambda one: one.expert)),
        )
        for number in sorted(found.keys() | checked.keys() | scored.keys() | visited.keys())
    )


def _exported(
    number: str,
    result: Result | None,
    screening: ScreeningStatus | None,
    sheets: tuple[ExportedSheet, ...],
    inspections: tuple[ExportedInspection, ...],
) -> ExportedApplication:
    if result is None:
        return ExportedApplication(number, None, None, None, None, None, screening, sheets, inspections)
    return ExportedApplication(
        number,
        result.final,
        result.rank,
        result.grade,
        result.recommendation,
        result.status,
        screening,
        sheets,
        inspections,
    )


def differences(before: Iterable[ExportedApplication], after: Iterable[ExportedApplication]) -> tuple[Difference, ...]:
    """What ``after`` shows differently: by application number, then by aspect, then by expert.

    An application that is new or gone differs as a whole and in each of its values. The revision of a sheet is
    compared where both have one: that a sheet came or went is said by its total.
    """
    old = {one.number: one for one in before}
    new = {one.number: one for one in after}
    return tuple(
        difference
        for number in sorted(old.keys() | new.keys())
        if old.get(number) != new.get(number)
        for difference in _between(number, _values(old.get(number)), _values(new.get(number)))
    )


_ORDER = {aspect: place for place, aspect in enumerate(Aspect)}


def _between(
    number: str, old: Mapping[tuple[Aspect, str], Shown], new: Mapping[tuple[Aspect, str], Shown]
) -> Iterator[Difference]:
    for aspect, expert in sorted(old.keys() | new.keys(), key=lambda key: (_ORDER[key[0]], key[1])):
        key = aspect, expert
        if aspect is Aspect.REVISION and not (key in old and key in new):
            continue
        before, after = old.get(key), new.get(key)
        if before != after:
            yield Difference(number, expert, aspect, before, after)


def _values(one: ExportedApplication | None) -> dict[tuple[Aspect, str], Shown]:
    """Every value of an application by what it is and whose."""
    if one is None:
        return {}
    values: dict[tuple[Aspect, str], Shown] = {
        (Aspect.APPLICATION, ""): one.number,
        (Aspect.FINAL, ""): one.final,
        (Aspect.RANK, ""): one.rank,
        (Aspect.GRADE, ""): one.grade,
        (Aspect.RECOMMENDATION, ""): one.recommendation,
        (Aspect.STATUS, ""): one.status,
        (Aspect.SCREENING, ""): one.screening,
    }
    for sheet in one.sheets:
        values[Aspect.TOTAL, sheet.expert] = sheet.total
        values[Aspect.REVISION, sheet.expert] = sheet.revision
    for visit in one.inspections:
        values[Aspect.INSPECTION, visit.expert] = visit.overall
    return values
