"""The supplement letter (补正通知书): what an application still lacks, and by when it is wanted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reportlab.lib.units import mm
from reportlab.platypus import Flowable

from qisp_desktop.base.codec import Remembered
from qisp_desktop.documents.house_style import BODY, SMALL, Gap, title_block
from qisp_desktop.documents.paper import Face, Fact, PaperHead, render_paper, require_printable
from qisp_desktop.documents.sections import Ended, Section, SigningPlace, SigningPlaces, columns, fact_table, table
from qisp_desktop.documents.text import Paragraph, Text


@dataclass(frozen=True)
class Wanted:
    """Something to hand in, and what the measures or the record say about it."""

    name: str
    why: str


@dataclass(frozen=True)
class SupplementLetter(Remembered):
    """The letter to one applicant; without ``until`` the day is left to be written by hand."""

    head: PaperHead
    number: str
    platform: str
    applicant: str
    uscc: str
    wanted: tuple[Wanted, ...]
    open_points: tuple[Wanted, ...]
    reason: str
    until: date | None


def render_supplement_letter(letter: SupplementLetter) -> bytes:
    """The letter as PDF. Raises UserError naming a character that no font has and where it stands."""
    face = Face("letter", "补正通知书", letter.number)
    require_printable(letter, f"{face.title} {letter.number}")
    return render_paper(letter, letter.head, face, _story(letter))


def _story(letter: SupplementLetter) -> list[Flowable]:
    said = [
        Fact("申报编号", letter.number),
        Fact("信用代码", letter.uscc),
        Fact("服务平台", letter.platform),
        Fact("建设主体", letter.applicant),
    ]
    heads = columns(("序", 9, "centre"), ("须补正的材料或事项", 72), ("说明", 0))
    rows = [(str(n), one.name, one.why) for n, one in enumerate(letter.wanted, start=1)]
    story: list[Flowable] = [
        *title_block(letter.head.office, "补 正 通 知 书", letter.head.round_name),
        Paragraph(Text(f"文号：　　　　　　〔{letter.head.year}〕　　　号", BODY.aligned("right")), after=8),
        fact_table(said, after=10),
        Paragraph(Text(f"{letter.applicant}：", BODY), after=3),
        Paragraph(
            Text(f"　　你单位“{letter.platform}”的申报（{letter.number}）收悉。经形式审查，{_basis(letter)}", BODY),
            after=8,
        ),
        Section("须补正的内容", table(heads, rows, after=8, empty="见下列说明"), before=2),
    ]
    if letter.open_points:
        heads = columns(("序", 9, "centre"), ("待核实的基本条件（第十三条）", 72), ("现有记录", 0))
        rows = [(str(n), one.name, one.why) for n, one in enumerate(letter.open_points, start=1)]
        story.append(Section("请一并说明", table(heads, rows, after=8), before=2))
    ending = [
        Paragraph(Text(f"　　{_until(letter.until)}", BODY), after=3),
        Paragraph(Text("　　联系人：　　　　　　　　　　联系电话：", BODY), after=12),
        Paragraph(Text(f"{letter.head.office}（印章）", BODY.aligned("right")), after=2),
        Paragraph(Text("年　　月　　日　　", BODY.aligned("right")), after=12),
        SigningPlaces((SigningPlace("送达人签名"), SigningPlace("申报单位签收")), height=25 * mm),
        Gap(4),
        Paragraph(Text("本通知书一式两份，一份送申报单位，一份由秘书处存档。", SMALL)),
    ]
    *before, last = story
    return [*before, Ended(last, *ending)]


def _basis(letter: SupplementLetter) -> str:
    why = f"{letter.reason.rstrip('。')}。" if letter.reason else ""
    return f"申报材料尚不齐全，依据《管理办法》第十五条，请补正下列内容。{why}"


def _until(day: date | None) -> str:
    shown = "　　　　年　　月　　日" if day is None else f"{day.year}年{day.month}月{day.day}日"
    return f"请于 {shown}前将补正材料送达评审工作秘书处；逾期未补正的，按现有材料办理。"
