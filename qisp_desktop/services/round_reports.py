"""Gathering the round report: what was done when, held against the clock of Art. 14, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from qisp_desktop.base.codec import decimal_text
from qisp_desktop.base.digests import sha256
from qisp_desktop.base.i18n import using
from qisp_desktop.documents.paper import Fact
from qisp_desktop.documents.round_report import (
    Member,
    Ranked,
    Replaced,
    RoundReport,
    Spread,
    Step,
    SteppedBack,
    ten_point_classes,
)
from qisp_desktop.domain.aggregation import Recommendation, Result, mean, ranking
from qisp_desktop.domain.calendar import days_used, evaluation_deadline
from qisp_desktop.domain.panel import ConflictGround, conflict_of
from qisp_desktop.domain.policy import LOWEST_GRADE, Aggregate
from qisp_desktop.domain.regulation import EVALUATION_DAYS, NOTICE_DAYS
from qisp_desktop.domain.screening import ScreeningStatus
from qisp_desktop.services.paper_data import PaperData, deviating, median

MOST_COMPARED = 1 << 30
"""Bytes of report that are compared while one is looked for that an earlier head of the trail is printed on."""
_OFFICE_TIME = timezone(timedelta(hours=8))
"""China Standard Time: the days of the procedure are the office's calendar days, wherever a paper is made."""
_STEPS = (
    ("受理申报", ("import applications", "import materials", "add materials")),
    ("形式审查", ("screen",)),
    ("组成专家组", ("import experts", "expert")),
    ("分配评审", ("assign", "exclude", "replace")),
    ("分发评审包", ("issue",)),
    ("回收评分", ("collect",)),
    ("核实偏差", ("explain",)),
    ("确认结果", ("freeze",)),
)
"""The steps of the procedure, and the actions in the audit trail that belong to each."""


def round_report(data: PaperData) -> RoundReport:
    """The report as the round stands."""
    with using(data.language):
        ranked = [_ranked(data, result) for result in ranking(data.computed.results)]
    notice = tuple(sorted((one for one in ranked if one.recommended), key=lambda one: one.number))
    return RoundReport(
        data.head,
        _facts(data),
        _clock(data),
        tuple(_steps(data)),
        _counts(data),
        _panel(data),
        tuple(_stepped_back(data)),
        tuple(ranked),
        deviating(data),
        _spread(data),
        notice,
        NOTICE_DAYS,
        data.audit_head.seq,
        data.audit_head.digest,
        tuple(_replaced(data)),
    )


def made_at(data: PaperData, digest: str) -> int | None:
    """The event of the audit trail at which a report with this digest was made that says what the round says now; None
    for a report that says anything else.

    Each report names the trail's head, and printing it, for one, moves that on: so the newest heads are tried in turn.
    """
    report = round_report(data)
    now = report.canonical_bytes
    named = _naming(report.audit_number, report.audit_head)
    heads = [(event.seq, event.digest) for event in data.events[-max(1, MOST_COMPARED // len(now)) :]]
    return next(
        (seq for seq, head in reversed(heads) if sha256(now.replace(named, _naming(seq, head))) == digest), None
    )


def _naming(seq: int, head: str) -> bytes:
    """The fields of a report that name the trail's head, as they stand in its canonical bytes."""
    return f'"audit_head":"{head}","audit_number":{seq},'.encode("ascii")


def _facts(data: PaperData) -> tuple[Fact, ...]:
    loaded = data.computed.data
    policy, rubric = data.computed.policy, loaded.rubric
    rule = policy.aggregate.zh
    if policy.aggregate is Aggregate.TRIMMED:
        rule += f"（不足 {policy.trim_min} 份时取平均分）"
    bounds = sorted(policy.grades.items(), key=lambda entry: -entry[1])
    grades = "、".join(f"{grade} ≥ {decimal_text(bound)}" for grade, bound in bounds)
    frozen = loaded.freeze
    confirmed = "尚未确认" if frozen is None else f"{_day_text(_office_day(frozen.at))}，{frozen.by}：{frozen.reason}"
    if data.computed.changed_since_freeze:
        confirmed += "（确认后结果有变动）"
    return (
        Fact("评价年度", f"{data.head.year} 年"),
        Fact("结果确认", confirmed),
        Fact("评分标准", f"{rubric.name}（第 {rubric.version} 版）"),
        Fact("满　　分", f"{rubric.points_text(rubric.maximum)} 分"),
        Fact("计分规则", rule),
        Fact("有效份数", f"不少于 {policy.quorum} 份"),
        Fact("合格分", f"{decimal_text(policy.pass_score)} 分"),
        Fact("等　　级", f"{grades}、{LOWEST_GRADE} ≥ {decimal_text(policy.pass_score)}"),
        Fact("偏差界限", f"{decimal_text(policy.deviation)} 分"),
        Fact("同分次序", " → ".join(policy.tie_break) or "并列"),
        Fact("标准摘要", rubric.digest),
        Fact("数据摘要", loaded.inputs_digest()),
    )


def _clock(data: PaperData) -> str:
    loaded = data.computed.data
    start, count = loaded.round.accepted_on, loaded.round.policy.days
    if start is None:
        return "本轮尚未登记受理日期。"
    ends = evaluation_deadline(start, count, data.is_working_day)
    kind = f"（按{count.zh}计）"
    text = (
        f"依据《管理办法》第十四条（二），自受理之日起评价时间不超过 {EVALUATION_DAYS} 日{kind}："
        f"{_day_text(start)}受理，{_day_text(ends)}届满。"
    )
    if loaded.freeze is None:
        return text + "评价结果尚未确认。"
    day = _office_day(loaded.freeze.at)
    used = days_used(start, day, count, data.is_working_day)
    within = "未超过" if day <= ends else "已超过"
    return text + f"结果于{_day_text(day)}确认，用时 {used} 日，{within}规定时限。"


def _steps(data: PaperData) -> Iterable[Step]:
    whats = dict(zip((name for name, _actions in _STEPS), _step_counts(data), strict=True))
    start = data.computed.data.round.accepted_on
    if start is not None:
        yield Step("受理日期", _day_text(start), "起算", "评价时间自次日起计算")
    for name, actions in _STEPS:
        days = [_office_day(event.time) for event in data.events if event.action in actions and event.subject]
        if days:
            yield Step(name, _span(days), _nth(data, days), whats[name])


def _step_counts(data: PaperData) -> list[str]:
    loaded = data.computed.data
    accepted = sum(one.status is ScreeningStatus.ACCEPTED for one in loaded.screenings)
    issued = {event.subject for event in data.events if event.action == "issue" and event.subject.startswith("issue:")}
    explained = sum(bool(one.explanation) for one in deviating(data))
    return [
        f"申报 {len(loaded.applications)} 项",
        f"受理 {accepted} 项，共 {len(loaded.screenings)} 项",
        f"专家 {len(data.experts)} 名",
        f"评审任务 {len(loaded.assignments)} 份",
        f"分发 {len(issued)} 次",
        f"评分表 {len(loaded.sheets)} 份，有效 {len(data.computed.valid)} 份",
        f"说明 {explained} 份",
        "" if loaded.freeze is None else f"由 {loaded.freeze.by} 确认",
    ]


def _span(days: Sequence[date]) -> str:
    first, last = min(days), max(days)
    return _day_text(first) if first == last else f"{_day_text(first)}至{last.month}月{last.day}日"


def _nth(data: PaperData, days: Sequence[date]) -> str:
    start = data.computed.data.round.accepted_on
    if start is None or max(days) < start:
        return "—"
    count = data.computed.data.round.policy.days
    used = days_used(start, max(days), count, data.is_working_day)
    late = "，超期" if max(days) > evaluation_deadline(start, count, data.is_working_day) else ""
    return f"第 {used} 日{late}" if used else "受理当日"


def _counts(data: PaperData) -> tuple[Fact, ...]:
    by_status = [
        Fact(status.zh, f"{sum(one.status is status for one in data.screenings.values())} 项")
        for status in ScreeningStatus
    ]
    by_recommendation = [
        Fact(kind.zh, f"{sum(one.recommendation is kind for one in data.computed.results)} 项")
        for kind in Recommendation
    ]
    inspected = {one.application for one in data.inspections}
    return (*by_status, *by_recommendation, Fact("现场核查", f"{len(inspected)} 项，记录 {len(data.inspections)} 份"))


def _panel(data: PaperData) -> tuple[Member, ...]:
    loaded = data.computed.data
    return tuple(
        Member(
            one.id,
            one.name,
            one.organisation,
            one.title,
            one.role.zh,
            sum(assignment.expert == one.id for assignment in loaded.assignments),
            sum(expert == one.id for expert, _number in data.sheets),
            sum(recusal.expert == one.id for recusal in loaded.recusals),
        )
        for one in data.experts.values()
    )


def _stepped_back(data: PaperData) -> Iterable[SteppedBack]:
    for number, application in data.applications.items():
        for expert in data.experts.values():
            if ground := conflict_of(expert, application):
                yield SteppedBack(data.expert_text(expert.id), number, ground.zh, "由登记信息识别，未予分配")
    for one in data.computed.data.recusals:
        yield SteppedBack(data.expert_text(one.expert), one.application, f"本人申明：{one.ground.zh}", one.reason)
    for kept in data.exclusions:
        yield SteppedBack(data.expert_text(kept.expert), kept.application, ConflictGround.EXCLUDED.zh, kept.reason)


def _replaced(data: PaperData) -> Iterable[Replaced]:
    for one in data.replacements:
        leaving, arriving = data.expert_text(one.leaving), data.expert_text(one.arriving)
        how = "指定"
        if one.draw is not None:
            how = f"随机抽取；候选：{'、'.join(one.draw.candidates)}；种子：{one.draw.seed}"
        yield Replaced(one.application, leaving, arriving, one.reason, how, one.draw is not None)


def _ranked(data: PaperData, result: Result) -> Ranked:
    return Ranked(
        "" if result.rank is None else str(result.rank),
        result.number,
        data.applications[result.number].platform,
        result.applicant,
        result.valid_sheets,
        "" if result.final is None else f"{result.final:.2f}",
        result.grade or "",
        result.recommendation.zh,
        result.recommendation is Recommendation.RECOMMENDED,
        "；".join(result.reasons),
    )


def _spread(data: PaperData) -> Spread:
    finals = [one.final for one in data.computed.results if one.final is not None]
    if not finals:
        return Spread(0, None, None, None, None, ())
    bins = ten_point_classes(finals, Decimal(data.computed.data.rubric.maximum))
    return Spread(len(finals), mean(finals), median(finals), min(finals), max(finals), bins)


def _office_day(moment: datetime) -> date:
    return moment.astimezone(_OFFICE_TIME).date()


def _day_text(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
