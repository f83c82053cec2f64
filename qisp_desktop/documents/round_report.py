"""The round report (评价工作报告): the procedure with its dates, the panel, the ranking, and what was special."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from reportlab.lib.units import mm
from reportlab.platypus import Flowable

from qisp_desktop.base.codec import SPARED, Remembered
from qisp_desktop.documents.charts import Column as Bin
from qisp_desktop.documents.charts import Histogram
from qisp_desktop.documents.house_style import BODY, SMALL, Gap, title_block
from qisp_desktop.documents.lists import Deviating
from qisp_desktop.documents.paper import Face, Fact, PaperHead, render_paper, require_printable
from qisp_desktop.documents.sections import (
    Ended,
    Section,
    SigningPlace,
    SigningPlaces,
    WritingBox,
    columns,
    fact_table,
    table,
)
from qisp_desktop.documents.text import Paragraph, Text


@dataclass(frozen=True)
class Step:
    """A step of Art. 14, when it was taken (texts), on which day of the evaluation period, and what of it."""

    name: str
    when: str
    day: str
    what: str


@dataclass(frozen=True)
class Member:
    """A member of the panel and how much was read."""

    id: str
    name: str
    organisation: str
    title: str
    role: str
    assigned: int
    signed: int
    recused: int


@dataclass(frozen=True)
class SteppedBack:
    """An expert kept from an application: ``ground`` from the records or declared, ``reason`` as it was given."""

    expert: str
    application: str
    ground: str
    reason: str


@dataclass(frozen=True)
class Replaced:
    """An expert in whose place another one read: ``how`` says chosen, or ``drawn`` by lot with what repeats it."""

    application: str
    leaving: str
    arriving: str
    reason: str
    how: str
    drawn: bool


@dataclass(frozen=True)
class Ranked:
    """A line of the ranking; ``rank`` is empty for what has none, ``reasons`` say why it is not recommended."""

    rank: str
    number: str
    platform: str
    applicant: str
    sheets: int
    final: str
    grade: str
    recommendation: str
    recommended: bool
    reasons: str


@dataclass(frozen=True)
class Spread:
    """The final scores in numbers, and how many fall into each class of ten points."""

    count: int
    mean: Decimal | None
    median: Decimal | None
    lowest: Decimal | None
    highest: Decimal | None
    bins: tuple[Fact, ...]


@dataclass(frozen=True)
class RoundReport(Remembered):
    """All that the report says; ``audit_head`` is the head of the audit trail when it was made."""

    head: PaperHead
    facts: tuple[Fact, ...]
    clock: str
    steps: tuple[Step, ...]
    counts: tuple[Fact, ...]
    panel: tuple[Member, ...]
    stepped_back: tuple[SteppedBack, ...]
    ranking: tuple[Ranked, ...]
    deviations: tuple[Deviating, ...]
    spread: Spread
    notice: tuple[Ranked, ...]
    notice_days: int
    audit_number: int
    audit_head: str
    replaced: tuple[Replaced, ...] = field(default=(), metadata=SPARED)


_DRAWN = (
    "随机抽取可复核：取“种子:候选专家编号（升序、以逗号分隔）”的 SHA-256，"
    "按十六进制整数除以候选人数，余数（自 0 起）即抽中者的序号。"
)
"""How anybody repeats a draw (``desk_records.drawn``)."""


def render_round_report(report: RoundReport) -> bytes:
    """The report as PDF. Raises UserError naming a character that no font has and where it stands."""
    face = Face("round-report", "评价工作报告", "")
    require_printable(report, face.title)
    return render_paper(report, report.head, face, _story(report))


def _story(report: RoundReport) -> list[Flowable]:
    return [
        *title_block(report.head.office, "评价工作报告", report.head.round_name),
        Section("一、基本情况", fact_table(report.facts, after=6), before=2),
        *_procedure(report),
        *_panel(report),
        *_ranking(report),
        *_deviations(report),
        *_statistics(report),
        Ended(_notice(report), *_ending(report)),
    ]


def _procedure(report: RoundReport) -> list[Flowable]:
    heads = columns(("程序", 30), ("日期", 46), ("评价期第几日", 32, "centre"), ("情况", 0))
    rows = [(step.name, step.when, step.day, step.what) for step in report.steps]
    return [
        Section("二、评价程序与时限", table(heads, rows, after=6), note=report.clock),
        Section("申报与推荐数量", fact_table(report.counts, after=6), level=1, before=2),
    ]


def _panel(report: RoundReport) -> list[Flowable]:
    heads = columns(
        ("编号", 14),
        ("姓名", 24),
        ("工作单位", 0),
        ("职称", 30),
        ("职务", 14, "centre"),
        ("分配", 12, "centre"),
        ("签署", 12, "centre"),
        ("回避", 12, "centre"),
    )
    rows = [
        (one.id, one.name, one.organisation, one.title, one.role, str(one.assigned), str(one.signed), str(one.recused))
        for one in report.panel
    ]
    kept_out = columns(("专家", 30), ("申报", 32), ("情形", 46), ("说明", 0))
    lines = [(one.expert, one.application, one.ground, one.reason or "—") for one in report.stepped_back]
    return [
        Section("三、专家组", table(heads, rows, after=6)),
        Section("回避与利益关系", table(kept_out, lines, after=6), level=1, before=2),
        *_replaced(report),
    ]


def _replaced(report: RoundReport) -> list[Flowable]:
    if not report.replaced:
        return []
    heads = columns(("申报", 30), ("退出", 26), ("接替", 26), ("原因", 34), ("产生方式", 0))
    rows = [(one.application, one.leaving, one.arriving, one.reason, one.how) for one in report.replaced]
    note = _DRAWN if any(one.drawn for one in report.replaced) else ""
    return [Section("专家替换", table(heads, rows, after=6), level=1, before=2, note=note)]


def _ranking(report: RoundReport) -> list[Flowable]:
    heads = columns(
        ("名次", 11, "centre"),
        ("申报编号", 28),
        ("平台与建设主体", 0),
        ("有效\n评分", 11, "centre"),
        ("最终\n得分", 14, "centre"),
        ("等级", 11, "centre"),
        ("推荐意见与理由", 37),
    )
    rows = [
        (
            one.rank or "—",
            one.number,
            f"{one.platform}\n{one.applicant}",
            str(one.sheets),
            one.final or "—",
            one.grade or "—",
            one.recommendation + (f"：{one.reasons}" if one.reasons else ""),
        )
        for one in report.ranking
    ]
    return [Section("四、评价结果与排名", table(heads, rows, after=6))]


def _deviations(report: RoundReport) -> list[Flowable]:
    heads = columns(
        ("申报", 44),
        ("专家", 25),
        ("总分", 14, "centre"),
        ("其余平均", 18, "centre"),
        ("相差", 16, "centre"),
        ("说明", 0),
    )
    rows = [
        (
            f"{one.number}\n{one.applicant}",
            one.expert,
            one.total,
            f"{one.others_mean:.2f}",
            f"{one.difference:+.2f}",
            f"{one.explanation}（{one.by}）" if one.explanation else "尚未说明",
        )
        for one in report.deviations
    ]
    return [Section("五、评分偏差及说明", table(heads, rows, after=6, empty="没有超过界限的评分偏差"))]


def _statistics(report: RoundReport) -> list[Flowable]:
    spread = report.spread
    if not spread.count:
        return [Section("六、得分统计", Paragraph(Text("没有形成最终得分的申报。", BODY), after=4))]
    said = [
        Fact("形成结果", f"{spread.count} 项"),
        Fact("平均 / 中位数", f"{_points(spread.mean)} / {_points(spread.median)}"),
        Fact("最高 / 最低", f"{_points(spread.highest)} / {_points(spread.lowest)}"),
    ]
    bins = [Bin(one.label, int(one.value)) for one in spread.bins]
    return [
        Section("六、得分统计", fact_table(said, after=6)),
        Section("最终得分分布", Histogram(bins, "最终得分（分），柱上为申报数量"), level=1, before=2),
    ]


def _notice(report: RoundReport) -> Flowable:
    heads = columns(("序", 9, "centre"), ("服务平台", 0), ("建设主体", 70), ("建议等级", 20, "centre"))
    rows = [(str(n), one.platform, one.applicant, one.grade or "—") for n, one in enumerate(report.notice, start=1)]
    note = f"依据《管理办法》第十四条（三），对通过评价的向社会公示 {report.notice_days} 日。按申报编号排列，不分先后。"
    return Section("七、拟公示名单", table(heads, rows, after=6, empty="没有拟公示的申报"), note=note)


def _ending(report: RoundReport) -> list[Flowable]:
    trail = f"审计链：第 {report.audit_number} 条，摘要 {report.audit_head}"
    return [
        Section("八、意见与签名", WritingBox("专家组意见：", 30 * mm, after=6)),
        SigningPlaces((SigningPlace("专家组组长签名"), SigningPlace("秘书处盖章"))),
        Gap(5),
        Paragraph(Text(trail, SMALL)),
    ]


def _points(points: Decimal | None) -> str:
    return "—" if points is None else f"{points:.2f}"


def ten_point_classes(finals: list[Decimal], maximum: Decimal) -> tuple[Fact, ...]:
    """How many of ``finals`` lie in each class of a tenth of ``maximum``, from the lowest that is needed upwards."""
    width = max(Decimal(1), (maximum / 10).to_integral_value())
    top = int(maximum // width) - 1
    places = [min(top, int(final // width)) for final in finals]
    lowest = min(places, default=0)
    return tuple(
        Fact(f"{int(width) * n}～{int(maximum) if n == top else int(width) * (n + 1)}", str(places.count(n)))
        for n in range(lowest, top + 1)
    )
