"""Gathering an evaluation report: everything about one application, and nothing that points to an expert."""

from __future__ import annotations

from decimal import Decimal

from qisp_desktop.base.codec import decimal_text
from qisp_desktop.base.i18n import using
from qisp_desktop.documents.paper import Fact
from qisp_desktop.documents.report_record import (
    REPORT_FORMAT,
    REPORT_TEMPLATE,
    ConditionLine,
    CriterionLine,
    DeviationLine,
    EvaluationReport,
    GroupLine,
    MaterialLine,
    Recommended,
    RemarkPart,
    ResultPart,
    ScreeningPart,
    TotalLine,
    VisitPart,
)
from qisp_desktop.domain.aggregation import Result
from qisp_desktop.domain.application import Application
from qisp_desktop.domain.inspection import SiteInspection, Verdict
from qisp_desktop.domain.regulation import PROJECT_YEARS, MaterialKind
from qisp_desktop.domain.score_sheet import ScoreSheet
from qisp_desktop.services.paper_data import PaperData, median
from qisp_desktop.services.remark_order import RemarkOrder


def evaluation_reports(data: PaperData, order: RemarkOrder) -> list[EvaluationReport]:
    """The reports of all applications that were screened, in the order of their numbers."""
    with using(data.language):
        medians = _group_medians(data)
        return [_report(data, order, medians, number) for number in sorted(data.screenings)]


def _report(data: PaperData, order: RemarkOrder, medians: dict[str, Decimal], number: str) -> EvaluationReport:
    application, result = data.applications[number], data.results[number]
    sheets = {sheet.expert: sheet for sheet in (data.sheets.get((expert, number)) for expert in data.experts) if sheet}
    visits = [one for one in data.inspections if one.application == number]
    planned = any(plan.application == number and plan.experts for plan in data.computed.data.plans)
    return EvaluationReport(
        REPORT_FORMAT,
        REPORT_TEMPLATE,
        data.head,
        number,
        application.platform,
        application.applicant,
        _facts(data, application),
        application.summary,
        _screening(data, application),
        _result(data, result, medians),
        _remarks(data, order, number, sheets),
        tuple(_visit(data, visit) for visit in sorted(visits, key=lambda one: (one.date, one.digest))),
        planned and not visits,
        Recommended(result.recommendation.zh, result.grade or "", result.reasons),
    )


def _facts(data: PaperData, application: Application) -> tuple[Fact, ...]:
    year = data.head.year
    recent = [one for one in application.projects if year - PROJECT_YEARS <= one.year < year]
    recognised = sum(bool(one.recognition.strip()) for one in recent)
    amounts = [one.amount for one in recent if one.amount is not None]
    amount = f"，金额合计 {decimal_text(sum(amounts, Decimal(0)))} 万元" if amounts else ""
    start = application.started_on
    premises = "未填报" if application.premises is None else f"{decimal_text(application.premises)} 平方米"
    return (
        Fact("信用代码", application.uscc),
        Fact("主体类型", application.body_kind.zh),
        Fact("运营起始", f"{start.year}年{start.month}月{start.day}日"),
        Fact("法定代表人", application.legal_representative),
        Fact("所在区域", application.district),
        Fact("服务人员", f"{application.staff} 人"),
        Fact("地　　址", application.address),
        Fact("场所面积", premises),
        Fact("审计意见", application.audit_opinion or "未填报"),
        Fact("服务企业数", "；".join(f"{one.year}年 {one.count} 家" for one in application.served) or "未填报"),
        Fact("近三年项目", f"{len(recent)} 项，其中获认可 {recognised} 项{amount}"),
        Fact("服务能力", "、".join(one.zh for one in application.categories) or "未填报"),
        Fact("重点领域", "、".join(one.zh for one in application.key_areas) or "未填报"),
    )


def _screening(data: PaperData, application: Application) -> ScreeningPart:
    screening = data.screenings[application.number]
    return ScreeningPart(
        data.computed.data.round.accepted_on,
        screening.status.zh,
        tuple(MaterialLine(kind.zh, kind not in screening.missing) for kind in MaterialKind),
        tuple(ConditionLine(one.condition.zh, one.met, one.why) for one in screening.conditions),
        screening.decided_by,
        screening.reason,
    )


def _result(data: PaperData, result: Result, medians: dict[str, Decimal]) -> ResultPart:
    rubric, policy = data.computed.data.rubric, data.computed.policy
    totals = sorted(
        (TotalLine(points, expert in result.dropped) for expert, points in result.sheet_totals.items()),
        # Of equal totals the dropped one has no place of its own: by experts' ids it would give them away.
        key=lambda total: (total.points, total.dropped),
    )
    finals = [one.final for one in data.computed.results if one.final is not None]
    rule = policy.aggregate.zh
    if policy.aggregate.value == "trimmed" and not result.dropped:
        rule = f"有效评分表不足 {policy.trim_min} 份时取平均分"
    return ResultPart(
        result.status.zh,
        rule,
        policy.quorum,
        rubric.maximum,
        policy.pass_score,
        tuple(totals),
        result.final,
        median(finals) if result.final is not None and len(finals) > 1 else None,
        result.rank,
        sum(one.rank is not None for one in data.computed.results),
        tuple(
            GroupLine(
                group.code,
                group.name,
                group.maximum,
                result.groups.get(group.code),
                medians.get(group.code),
                tuple(CriterionLine(c.code, c.name, c.maximum, result.criteria.get(c.code)) for c in group.criteria),
            )
            for group in rubric.groups
        ),
        tuple(_deviation(data, result, number) for number in range(len(result.deviations))),
    )


def _deviation(data: PaperData, result: Result, place: int) -> DeviationLine:
    # In the order of totals, not of experts.
    one = sorted(result.deviations, key=lambda deviation: deviation.total)[place]
    explanation = data.explanations.get((one.expert, result.number))
    return DeviationLine(one.total, one.others_mean, one.difference, explanation.text if explanation else "")


def _group_medians(data: PaperData) -> dict[str, Decimal]:
    """The median of each group's mean over the ranked applications; empty for fewer than two."""
    ranked = [one for one in data.computed.results if one.final is not None]
    if len(ranked) < 2:
        return {}
    found = {group.code: median(one.groups[group.code] for one in ranked) for group in data.computed.data.rubric.groups}
    return {code: value for code, value in found.items() if value is not None}


def _remarks(data: PaperData, order: RemarkOrder, number: str, sheets: dict[str, ScoreSheet]) -> tuple[RemarkPart, ...]:
    by_criterion: dict[str, dict[str, str]] = {}
    for expert, sheet in sheets.items():
        for item in sheet.items:
            if item.remark.strip():
                by_criterion.setdefault(item.criterion, {})[expert] = item.remark.strip()
    return tuple(
        RemarkPart(
            criterion.code,
            criterion.name,
            tuple(remarks[expert] for expert in order.sorted(number, criterion.code, remarks)),
        )
        for criterion in data.computed.data.rubric.criteria
        if (remarks := by_criterion.get(criterion.code))
    )


def _visit(data: PaperData, visit: SiteInspection) -> VisitPart:
    questions = {item.code: item.text for item in data.computed.data.rubric.checklist}
    attention = tuple(
        Fact(f"{one.item} {questions.get(one.item, '')}：{one.verdict.zh}", one.note or "—")
        for one in visit.items
        if one.verdict is not Verdict.CONFORM
    )
    return VisitPart(
        visit.date,
        visit.overall.zh,
        sum(one.verdict is Verdict.CONFORM for one in visit.items),
        attention,
        tuple(one.text for one in visit.findings),
        len(visit.photos),
    )
