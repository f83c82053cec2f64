"""The lists of a round: deviations with their explanations, assignments, and the sheet to sign in on."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from reportlab.lib.units import mm
from reportlab.platypus import Flowable

from qisp_desktop.base.codec import Remembered
from qisp_desktop.documents.house_style import SMALL, Gap, title_block
from qisp_desktop.documents.paper import Face, Fact, PaperHead, render_paper, require_printable
from qisp_desktop.documents.sections import (
    Ended,
    Section,
    SigningPlace,
    SigningPlaces,
    columns,
    fact_table,
    in_lines,
    table,
)
from qisp_desktop.documents.text import Paragraph, Text

_SIGN_IN_ROW = 12 * mm
_SPARE_ROWS = 3


@dataclass(frozen=True)
class Deviating:
    """A total that deviates (rule 7); ``explanation`` and ``by`` are empty until somebody found out why."""

    number: str
    applicant: str
    expert: str
    total: str
    others_mean: Decimal
    difference: Decimal
    explanation: str
    by: str


@dataclass(frozen=True)
class DeviationList(Remembered):
    """The deviations of a round (评分偏差说明表); ``limit`` in points."""

    head: PaperHead
    limit: str
    lines: tuple[Deviating, ...]


@dataclass(frozen=True)
class Reading:
    """An application and the experts who were given it."""

    number: str
    platform: str
    applicant: str
    experts: tuple[str, ...]
    inspectors: tuple[str, ...]


@dataclass(frozen=True)
class Reader:
    """An expert and the numbers of the applications to score."""

    id: str
    name: str
    organisation: str
    role: str
    numbers: tuple[str, ...]


@dataclass(frozen=True)
class AssignmentList(Remembered):
    """Who reads what (评审分配表), by application and by expert."""

    head: PaperHead
    readings: tuple[Reading, ...]
    readers: tuple[Reader, ...]


@dataclass(frozen=True)
class Attendee:
    """Whoever is expected."""

    id: str
    name: str
    organisation: str
    title: str
    role: str


@dataclass(frozen=True)
class SignInSheet(Remembered):
    """The sheet on which the panel signs in (签到表)."""

    head: PaperHead
    attendees: tuple[Attendee, ...]


def render_deviation_list(record: DeviationList) -> bytes:
    """The list as PDF. Raises UserError naming a character that no font has and where it stands."""
    face = Face("deviations", "评分偏差说明表", "")
    require_printable(record, face.title)
    explained = sum(bool(line.explanation) for line in record.lines)
    said = [
        Fact("偏差界限", f"总分与其余有效评分平均值相差超过 {record.limit} 分"),
        Fact("偏差数量", f"{len(record.lines)} 份，已说明 {explained} 份"),
    ]
    heads = columns(
        ("序", 9, "centre"),
        ("申报", 44),
        ("专家", 25),
        ("总分", 15, "centre"),
        ("其余平均", 18, "centre"),
        ("相差", 16, "centre"),
        ("核实情况与说明", 0),
    )
    rows = [
        (
            str(n),
            f"{line.number}\n{line.applicant}",
            line.expert,
            line.total,
            f"{line.others_mean:.2f}",
            f"{line.difference:+.2f}",
            f"{line.explanation}\n（{line.by}）" if line.explanation else "尚未说明",
        )
        for n, line in enumerate(record.lines, start=1)
    ]
    note = "偏差只提示核实，不自动剔除评分；是否保留由专家组依据说明认定。"
    story: list[Flowable] = [
        *title_block(record.head.office, "评分偏差说明表", record.head.round_name),
        fact_table(said, after=8),
        Ended(
            table(heads, rows, after=6, empty="本轮没有超过界限的评分偏差"),
            Paragraph(Text(note, SMALL), after=6),
            _places("专家组组长签名", "秘书处"),
        ),
    ]
    return render_paper(record, record.head, face, story)


def render_assignment_list(record: AssignmentList) -> bytes:
    """The list as PDF. Raises UserError naming a character that no font has and where it stands."""
    face = Face("assignments", "评审分配表", "")
    require_printable(record, face.title)
    by_application = table(
        columns(("序", 9, "centre"), ("申报编号", 28), ("平台与建设主体", 62), ("评审专家", 0), ("现场核查", 25)),
        [
            (
                str(n),
                one.number,
                f"{one.platform}\n{one.applicant}",
                in_lines(one.experts, 2) or "未分配",
                in_lines(one.inspectors, 1) or "—",
            )
            for n, one in enumerate(record.readings, start=1)
        ],
        after=6,
    )
    by_expert = table(
        columns(
            ("编号", 14), ("姓名", 26), ("工作单位", 46), ("职务", 14, "centre"), ("数量", 13, "centre"), ("申报", 0)
        ),
        [(e.id, e.name, e.organisation, e.role, str(len(e.numbers)), in_lines(e.numbers, 2)) for e in record.readers],
        after=6,
    )
    story: list[Flowable] = [
        *title_block(record.head.office, "评审分配表", record.head.round_name),
        Section("按申报", by_application, before=2),
        Ended(Section("按专家", by_expert), Gap(4), _places("秘书处经办人", "秘书处负责人")),
    ]
    return render_paper(record, record.head, face, story)


def render_sign_in_sheet(record: SignInSheet) -> bytes:
    """The sheet as PDF, with room to write. Raises UserError naming a character that no font has and where."""
    face = Face("sign-in", "专家签到表", "")
    require_printable(record, face.title)
    said = [Fact("会议内容", ""), Fact("地　　点", ""), Fact("日　　期", "　　　年　　月　　日"), Fact("主 持 人", "")]
    heads = columns(
        ("序", 9, "centre"),
        ("编号", 15),
        ("姓名", 24),
        ("工作单位", 0),
        ("职称", 23),
        ("职务", 14, "centre"),
        ("签名", 32),
        ("时间", 18),
    )
    rows = [
        (str(n), one.id, one.name, one.organisation, one.title, one.role, "", "")
        for n, one in enumerate(record.attendees, start=1)
    ]
    spare = [(str(len(rows) + n), "", "", "", "", "", "", "") for n in range(1, _SPARE_ROWS + 1)]
    story: list[Flowable] = [
        *title_block(record.head.office, "专家签到表", record.head.round_name),
        fact_table(said, after=8),
        table(heads, [*rows, *spare], after=6, least_height=_SIGN_IN_ROW),
    ]
    return render_paper(record, record.head, face, story)


def _places(*labels: str) -> SigningPlaces:
    return SigningPlaces([SigningPlace(label) for label in labels], height=27 * mm)
