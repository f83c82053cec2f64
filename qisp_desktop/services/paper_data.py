"""What papers print, gathered from an open round once and in its document language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from qisp_desktop.base.bulk import collector_paused
from qisp_desktop.base.codec import decimal_text
from qisp_desktop.base.i18n import using
from qisp_desktop.documents.expert_summary import ExpertSummary, GroupHeading, SummaryLine
from qisp_desktop.documents.inspection_record import CheckedItem, Found, InspectionRecord, PhotoLine, Signed
from qisp_desktop.documents.lists import (
    AssignmentList,
    Attendee,
    Deviating,
    DeviationList,
    Reader,
    Reading,
    SignInSheet,
)
from qisp_desktop.documents.paper import PaperHead
from qisp_desktop.documents.supplement_letter import SupplementLetter, Wanted
from qisp_desktop.domain.aggregation import Result, round_half_up
from qisp_desktop.domain.application import Application
from qisp_desktop.domain.calendar import IsWorkingDay
from qisp_desktop.domain.desk_records import Exclusion, Replacement, SupplementNotice
from qisp_desktop.domain.inspection import SiteInspection, Verdict
from qisp_desktop.domain.issuing import Explanation
from qisp_desktop.domain.panel import Expert
from qisp_desktop.domain.paper_scores import is_from_paper
from qisp_desktop.domain.score_sheet import ScoreSheet
from qisp_desktop.domain.screening import Screening, ScreeningStatus
from qisp_desktop.services.results import RoundResults, compute, read_round_in, valid_inspections
from qisp_desktop.services.working_days import working_days_of
from qisp_desktop.store.audit import AuditEvent, AuditHead
from qisp_desktop.store.round_store import RoundStore


@dataclass(frozen=True)
class PaperData:
    """A round as its papers need it; all words are in the round's document language."""

    head: PaperHead
    computed: RoundResults
    applications: dict[str, Application]
    experts: dict[str, Expert]
    screenings: dict[str, Screening]
    results: dict[str, Result]
    sheets: dict[tuple[str, str], ScoreSheet]
    inspections: tuple[SiteInspection, ...]
    explanations: dict[tuple[str, str], Explanation]
    events: tuple[AuditEvent, ...]
    audit_head: AuditHead
    is_working_day: IsWorkingDay
    notices: Mapping[str, SupplementNotice] = field(default_factory=dict)
    """What was recorded as asked for, by application."""
    exclusions: tuple[Exclusion, ...] = ()
    replacements: tuple[Replacement, ...] = ()

    @property
    def language(self) -> str:
        """The document language."""
        return self.computed.data.round.language

    def expert_text(self, expert: str) -> str:
        """An expert as lists name one: id and name."""
        known = self.experts.get(expert)
        return f"{expert} {known.name}" if known else expert


def gather(store: RoundStore) -> PaperData:
    """Everything that the papers of an open round rest on."""
    language = store.round().language
    with collector_paused():
        data = read_round_in(store, language)
        with using(language):
            computed = compute(data)
    value = data.round
    return PaperData(
        PaperHead(value.office, value.id, value.name, value.year),
        computed,
        {one.number: one for one in data.applications},
        {one.id: one for one in store.all(Expert)},
        {one.number: one for one in data.screenings},
        {one.number: one for one in computed.results},
        {sheet.identity: sheet for sheet in computed.valid},
        valid_inspections(data),
        {(one.expert, one.application): one for one in store.all(Explanation)},
        tuple(store.audit_events()),
        store.audit_head(),
        working_days_of(store),
        {one.application: one for one in store.all(SupplementNotice)},
        tuple(store.all(Exclusion)),
        tuple(store.all(Replacement)),
    )


def median(values: Iterable[Decimal]) -> Decimal | None:
    """The exact median, rounded once (half up) to 2 decimals; None of nothing."""
    ordered = sorted(values)
    if not ordered:
        return None
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return round_half_up(Fraction(ordered[middle]))
    return round_half_up(Fraction(ordered[middle - 1] + ordered[middle]) / 2)


def deviating(data: PaperData) -> tuple[Deviating, ...]:
    """The deviations of the round by application and expert, each with its explanation."""
    rubric = data.computed.data.rubric
    found = []
    for result in data.computed.results:
        for one in result.deviations:
            explanation = data.explanations.get((one.expert, result.number))
            found.append(
                Deviating(
                    result.number,
                    result.applicant,
                    data.expert_text(one.expert),
                    rubric.points_text(one.total),
                    one.others_mean,
                    one.difference,
                    explanation.text if explanation else "",
                    explanation.by if explanation else "",
                )
            )
    return tuple(found)


def deviation_list(data: PaperData) -> DeviationList:
    """The list of deviations."""
    return DeviationList(data.head, decimal_text(data.computed.policy.deviation), deviating(data))


def assignment_list(data: PaperData) -> AssignmentList:
    """Who reads what; applications that nobody may read are not in it."""
    by_application: dict[str, list[str]] = {}
    by_expert: dict[str, list[str]] = {}
    for one in data.computed.data.assignments:
        by_application.setdefault(one.application, []).append(one.expert)
        by_expert.setdefault(one.expert, []).append(one.application)
    inspectors = {plan.application: plan.experts for plan in data.computed.data.plans}
    readings = tuple(
        Reading(
            number,
            application.platform,
            application.applicant,
            tuple(map(data.expert_text, sorted(by_application.get(number, ())))),
            tuple(map(data.expert_text, inspectors.get(number, ()))),
        )
        for number, application in data.applications.items()
        if number in by_application or _is_accepted(data, number)
    )
    readers = tuple(
        Reader(one.id, one.name, one.organisation, one.role.zh, tuple(sorted(by_expert.get(one.id, ()))))
        for one in data.experts.values()
    )
    return AssignmentList(data.head, readings, readers)


def sign_in_sheet(data: PaperData) -> SignInSheet:
    """The whole panel, the leader first."""
    panel = sorted(data.experts.values(), key=lambda one: (one.role.value != "leader", one.id))
    return SignInSheet(
        data.head, tuple(Attendee(one.id, one.name, one.organisation, one.title, one.role.zh) for one in panel)
    )


def expert_summaries(data: PaperData) -> list[ExpertSummary]:
    """One summary for each expert who was assigned anything."""
    assigned: dict[str, list[str]] = {}
    for one in data.computed.data.assignments:
        assigned.setdefault(one.expert, []).append(one.application)
    return [
        _summary(data, data.experts[expert], sorted(numbers))
        for expert, numbers in sorted(assigned.items())
        if expert in data.experts
    ]


def _summary(data: PaperData, expert: Expert, numbers: list[str]) -> ExpertSummary:
    rubric = data.computed.data.rubric
    recused = {one.application for one in data.computed.data.recusals if one.expert == expert.id}
    lines = tuple(_summary_line(data, expert.id, number, recused) for number in numbers)
    totals = [data.sheets[expert.id, number].total for number in numbers if (expert.id, number) in data.sheets]
    return ExpertSummary(
        data.head,
        expert.id,
        expert.name,
        expert.organisation,
        expert.title,
        rubric.points_text(rubric.maximum),
        tuple(GroupHeading(one.code, one.name, rubric.points_text(one.maximum)) for one in rubric.groups),
        lines,
        len(totals),
        len(recused & set(numbers)),
        round_half_up(Fraction(sum(totals, Decimal(0))) / len(totals)) if totals else None,
        rubric.points_text(min(totals)) if totals else "",
        rubric.points_text(max(totals)) if totals else "",
    )


def _summary_line(data: PaperData, expert: str, number: str, recused: set[str]) -> SummaryLine:
    rubric = data.computed.data.rubric
    application = data.applications[number]
    sheet = data.sheets.get((expert, number))
    if sheet is None:
        state = "回避" if number in recused else "未形成有效评分"
        return SummaryLine(number, application.applicant, ("",) * len(rubric.groups), "", state, "")
    points = {item.criterion: item.points or Decimal(0) for item in sheet.items}
    groups = (sum((points[one.code] for one in group.criteria), Decimal(0)) for group in rubric.groups)
    return SummaryLine(
        number,
        application.applicant,
        tuple(map(rubric.points_text, groups)),
        rubric.points_text(sheet.total),
        f"{'纸质确认' if is_from_paper(sheet) else '已签署'}\n第 {sheet.revision} 版",
        sheet.digest,
    )


def inspection_record(data: PaperData, inspection: SiteInspection) -> InspectionRecord:
    """The paper of one expert's record of a visit."""
    application = data.applications[inspection.application]
    expert = data.experts.get(inspection.expert)
    questions = {item.code: item for item in data.computed.data.rubric.checklist}
    plan = next((one for one in data.computed.data.plans if one.application == inspection.application), None)
    items = tuple(
        CheckedItem(
            one.item,
            questions[one.item].text if one.item in questions else "",
            questions[one.item].article if one.item in questions else "",
            one.verdict.zh,
            one.verdict is Verdict.CONFORM,
            one.note,
        )
        for one in inspection.items
    )
    return InspectionRecord(
        data.head,
        inspection.application,
        application.platform,
        application.applicant,
        application.address,
        inspection.expert,
        expert.name if expert else "",
        expert.organisation if expert else "",
        tuple(map(data.expert_text, plan.experts)) if plan else (),
        inspection.revision,
        inspection.date,
        inspection.received_by,
        items,
        tuple(Found(one.text, one.item, one.photo) for one in inspection.findings),
        tuple(PhotoLine(one.name, one.sha256, one.size, one.taken, one.caption) for one in inspection.photos),
        inspection.overall.zh,
        tuple(Signed(one.side.value, one.name, one.drawing) for one in inspection.signatures),
        inspection.digest,
    )


def to_supplement(data: PaperData) -> list[str]:
    """The numbers of the applications that are to supplement something."""
    return [number for number, one in data.screenings.items() if one.status is ScreeningStatus.TO_SUPPLEMENT]


def supplement_letter(data: PaperData, number: str, until: date | None) -> SupplementLetter:
    """The letter to the applicant; the day is that of the notice which the round holds, else ``until``."""
    notice = data.notices.get(number)
    day = until if notice is None else notice.reply_by
    return letter_to(data.head, data.applications[number], data.screenings[number], day)


def letter_to(head: PaperHead, application: Application, screening: Screening, until: date | None) -> SupplementLetter:
    """The letter that asks for what ``screening`` finds missing or open."""
    wanted = tuple(Wanted(f"{kind.value}. {kind.zh}", "第十五条所列申请材料，尚未提交") for kind in screening.missing)
    open_points = tuple(
        Wanted(f"{one.condition.value}. {one.condition.zh}", one.why) for one in screening.conditions if one.met is None
    )
    return SupplementLetter(
        head,
        application.number,
        application.platform,
        application.applicant,
        application.uscc,
        wanted,
        open_points,
        screening.reason if screening.decided_by else "",
        until,
    )


def _is_accepted(data: PaperData, number: str) -> bool:
    screening = data.screenings.get(number)
    return screening is not None and screening.status is ScreeningStatus.ACCEPTED
