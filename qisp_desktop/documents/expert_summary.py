"""An expert's summary (专家评分汇总表): one line for each application that the expert was given."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from reportlab.platypus import Flowable

from qisp_desktop.base.codec import Remembered
from qisp_desktop.documents.house_style import LABEL, SMALL, Gap, title_block
from qisp_desktop.documents.paper import Face, Fact, PaperHead, render_paper, require_printable
from qisp_desktop.documents.sections import Ended, Section, SigningPlace, SigningPlaces, columns, fact_table, table
from qisp_desktop.documents.text import Paragraph, Text

KIND = "summary"
_MOST_GROUPS = 6


@dataclass(frozen=True)
class GroupHeading:
    """A group as the table heads its column."""

    code: str
    name: str
    maximum: str


@dataclass(frozen=True)
class SummaryLine:
    """An application with the expert's points (texts, empty where there are none) and how its sheet stands."""

    number: str
    applicant: str
    groups: tuple[str, ...]
    total: str
    state: str
    digest: str


@dataclass(frozen=True)
class ExpertSummary(Remembered):
    """All of one expert's own totals; ``mean`` over the valid ones."""

    head: PaperHead
    expert: str
    name: str
    organisation: str
    title: str
    maximum: str
    groups: tuple[GroupHeading, ...]
    lines: tuple[SummaryLine, ...]
    valid: int
    recused: int
    mean: Decimal | None
    lowest: str
    highest: str


def render_expert_summary(summary: ExpertSummary) -> bytes:
    """The summary as PDF. Raises UserError naming a character that no font has and where it stands."""
    face = Face(KIND, "专家评分汇总表", summary.expert)
    require_printable(summary, f"{face.title} {summary.expert}")
    return render_paper(summary, summary.head, face, _story(summary))


def _story(summary: ExpertSummary) -> list[Flowable]:
    mean = "—" if summary.mean is None else f"{summary.mean:.2f}"
    said = [
        Fact("评审专家", f"{summary.expert}　{summary.name}"),
        Fact("职　　称", summary.title),
        Fact("工作单位", summary.organisation),
        Fact("申报数量", f"分配 {len(summary.lines)} 项，有效评分 {summary.valid} 份，回避 {summary.recused} 项"),
        Fact("总分平均", f"{mean}（满分 {summary.maximum}）"),
        Fact("最低～最高", f"{summary.lowest} ～ {summary.highest}" if summary.valid else "—"),
    ]
    note = "本表由已签署的评分表汇总而成；数据摘要（前 12 位）与各评分表二维码中的摘要对应。"
    ending = [
        Paragraph(Text(note, SMALL), after=6),
        SigningPlaces((SigningPlace(f"专家签名：{summary.name}"), SigningPlace("秘书处核对"))),
    ]
    return [
        *title_block(summary.head.office, "专家评分汇总表", summary.head.round_name),
        fact_table(said, after=8),
        Ended(Section("各申报得分", _lines(summary), before=4), Gap(4), *ending),
    ]


def _lines(summary: ExpertSummary) -> Flowable:
    if not summary.lines:
        return Paragraph(Text("没有分配给该专家的申报。", LABEL), after=4)
    # More columns would be too narrow to read; the groups stand on each sheet anyway.
    groups = summary.groups if len(summary.groups) <= _MOST_GROUPS else ()
    each = min(19.0, 76.0 / max(len(groups), 1))
    heads = columns(
        ("序", 9, "centre"),
        ("申报", 0),
        *((f"{group.code}\n{group.name}\n{group.maximum}", each, "centre") for group in groups),
        ("总分", 13, "centre"),
        ("状态", 18, "centre"),
        ("数据摘要", 25),
    )
    rows = [
        (
            str(n),
            f"{line.number}\n{line.applicant}",
            *line.groups[: len(groups)],
            line.total,
            line.state,
            line.digest[:12],
        )
        for n, line in enumerate(summary.lines, start=1)
    ]
    return table(heads, rows, after=6)
