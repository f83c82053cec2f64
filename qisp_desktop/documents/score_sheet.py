"""The score sheet (评分表): one expert's scores for one application, for people and for machines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether

from qisp_desktop.base.codec import to_bytes
from qisp_desktop.base.i18n import _
from qisp_desktop.documents import fonts
from qisp_desktop.documents.grid import Cell, Grid, Row
from qisp_desktop.documents.house_style import (
    CELL,
    CELL_BOLD,
    FRAME,
    GRID,
    GROUP,
    HEAD,
    LABEL,
    POINTS,
    SMALL,
    SOFT,
    TINT,
    TOTAL,
    WIDTH,
    Gap,
    SideBySide,
    facts,
    title_block,
)
from qisp_desktop.documents.qr_code import sheet_code
from qisp_desktop.documents.rendering import Attachment, Furniture, render
from qisp_desktop.documents.text import Align, Paragraph, Text, draw_lines, draw_text, set_lines, shortened
from qisp_desktop.domain.papers import SHEET_FORMAT, SHEET_TEMPLATES, PrintedCriterion, PrintedGroup, SheetRecord
from qisp_desktop.domain.score_sheet import Evidence, ItemScore

ATTACHMENT = "sheet.json"
FIELDS = {"Expert": "专家", "PanelLeader": "组长", "Secretariat": "秘书处"}
"""The signature fields of the sheet in the order of their boxes, with what stands above them."""
_ARTICLE = re.compile(r"(\d{1,3})(?:\.(\d{1,3}))?", re.ASCII)
_MOST_DECIMALS = 6
_LONGEST_NAME = 1000
_COLUMNS = (11 * mm, 42 * mm, 25 * mm, 13 * mm, 14 * mm, WIDTH - 105 * mm)
_HEADINGS: tuple[tuple[str, Align], ...] = (
    ("编号", "centre"),
    ("评分项", "left"),
    ("条款", "centre"),
    ("满分", "centre"),
    ("得分", "centre"),
    ("评语与佐证", "left"),
)
_HOW_TO_CHECK = (
    "核验：本文件内嵌签名前的全部数据（附件 sheet.json）。用任意 PDF 阅读器可查看电子签名；"
    "用评审工作台的“核验”可将页面与所签数据逐项比对；纸质件以二维码中的数据摘要与电子数据对应。"
)


class UnknownTemplateError(Exception):
    """The record names a version of the layout that this program does not have."""


def render_score_sheet(record: SheetRecord) -> bytes:
    """The unsigned sheet as PDF, with ``sheet.json`` attached, empty signature fields and a QR code on every page.

    The same record gives the same bytes. Raises UserError naming the character and its place when no font has it, and
    UnknownTemplateError for a record of another layout; ValueError for a record that is no complete sheet.
    """
    if record.format != SHEET_FORMAT or record.sheet.template not in SHEET_TEMPLATES:
        raise UnknownTemplateError(f"{record.format}, template {record.sheet.template}")
    _require_complete(record)
    fonts.require_printable(printed_texts(record))
    sheet = record.sheet
    furniture = Furniture(
        title=f"评分表 {sheet.application} {sheet.expert} 第{sheet.revision}版",
        office=record.office,
        header=f"{record.round_name} · 评分表",
        header_right=f"{sheet.application} · 专家 {sheet.expert} · 第 {sheet.revision} 版",
        footer=(
            "二维码含轮次、专家、申报、版次、总分与数据摘要；数据摘要（SHA-256）：",
            sheet.digest,
            f"轮次 {sheet.round} · 分发 {sheet.issue} · 评分标准 {sheet.rubric[:16]}",
        ),
        code=sheet_code(sheet),
        attachments=(Attachment(ATTACHMENT, "application/json", "本评分表的数据（规范化 JSON）", to_bytes(record)),),
        archival=sheet.template > 1,
    )
    return render(_story(record), furniture)


def printed_texts(record: SheetRecord) -> Iterator[tuple[str, str]]:
    """Every text of the record that the sheet prints, each with the name of its place in the current language."""
    sheet = record.sheet
    yield _("office"), record.office
    yield _("name of the round"), record.round_name
    yield _("platform"), record.platform
    yield _("applicant"), record.applicant
    yield _("credit code"), record.uscc
    yield _("name of the expert"), record.expert_name
    yield _("organisation of the expert"), record.expert_organisation
    yield _("reason of the revision"), sheet.reason
    for code in (sheet.round, sheet.expert, sheet.application, sheet.issue, sheet.rubric):
        yield _("identifiers"), code
    for group in record.groups:
        yield _("group {code}").format(code=group.code), f"{group.code}{group.name}{group.maximum}"
        for criterion in group.criteria:
            place = _("criterion {code}").format(code=criterion.code)
            yield place, f"{criterion.code}{criterion.name}{criterion.maximum}{criterion.article}"
    for item in sheet.items:
        yield _("remark on {code}").format(code=item.criterion), item.remark
        for evidence in item.evidence:
            yield _("cited file at {code}").format(code=item.criterion), evidence.name


def _require_complete(record: SheetRecord) -> None:
    """Refuse what no expert could have signed: the record may come from anywhere."""
    codes = [criterion.code for group in record.groups for criterion in group.criteria]
    if not codes or codes != [item.criterion for item in record.sheet.items]:
        raise ValueError("the items are not those of the rubric")
    if not 0 <= record.decimals <= _MOST_DECIMALS:
        raise ValueError("too many decimals")
    if any(item.points is None for item in record.sheet.items):
        raise ValueError("an item has no score")
    remarks = {item.remark for item in record.sheet.items}
    names = [text for _place, text in printed_texts(record) if text not in remarks]
    if any(len(text) > _LONGEST_NAME for text in names):
        raise ValueError("a name is too long")


# The parts of the sheet --------------------------------------------------------------------------------------------


def _story(record: SheetRecord) -> list[Flowable]:
    items = {item.criterion: item for item in record.sheet.items}
    story = [*title_block(record.office, "评 分 表", record.round_name), _head(record)]
    for group in record.groups:
        story.append(_group_table(group, items, record.decimals))
    how_to_check = Paragraph(Text(_HOW_TO_CHECK, SMALL))
    story.append(KeepTogether([_total_line(record), Gap(8), SignatureBoxes(record), Gap(6), how_to_check]))
    return story


def _head(record: SheetRecord) -> Flowable:
    sheet = record.sheet
    pairs = [
        ("申报编号", sheet.application),
        ("服务平台", record.platform),
        ("建设主体", record.applicant),
        ("信用代码", record.uscc),
        ("评审专家", f"{sheet.expert}　{record.expert_name}"),
        ("工作单位", record.expert_organisation),
        ("版　　次", f"第 {sheet.revision} 版" + (f"（修订原因：{sheet.reason}）" if sheet.reason else "")),
    ]
    side = 42 * mm
    left = WIDTH - side - 4 * mm
    table = facts(pairs, left, label_width=20 * mm)
    return SideBySide(((table, left), (TotalBox(record, table.height), side)), gap=4 * mm, after=10)


class TotalBox(Flowable):
    """The total, large, in a box of its own."""

    def __init__(self, record: SheetRecord, height: float) -> None:
        super().__init__()
        self._total = _points(record.sheet.total, record.decimals)
        self._maximum = _maximum(record)
        self.height = height

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Width and height in points, as platypus asks for them."""
        self.width = width
        return self.width, self.height

    def draw(self) -> None:
        """Draw it on the canvas that platypus has set."""
        canvas = self.canv
        canvas.setFillColor(HexColor(SOFT))
        canvas.setStrokeColor(HexColor(FRAME))
        canvas.setLineWidth(GRID.frame_width)
        canvas.rect(0, 0, self.width, self.height, stroke=1, fill=1)
        lines = set_lines(
            (
                Text("总　分", LABEL.aligned("centre")),
                Text(self._total, TOTAL),
                Text(f"满分 {self._maximum}", LABEL.aligned("centre")),
            ),
            self.width,
        )
        spare = self.height - sum(line.style.leading for line in lines)
        draw_lines(canvas, lines, 0, self.height - spare / 2, self.width)


def _group_table(group: PrintedGroup, items: dict[str, ItemScore], decimals: int) -> Grid:
    scores = (items[criterion.code].points for criterion in group.criteria)
    subtotal = sum((score for score in scores if score is not None), Decimal(0))
    name = Text(f"{group.code}　{group.name}", GROUP)
    sum_of = Text(f"小计 {_points(subtotal, decimals)} / {group.maximum}", GROUP.aligned("right"))
    head = [
        Row((Cell((name,), span=4), Cell((sum_of,), span=2, joined=True)), fill=TINT),
        Row(tuple(Cell((Text(heading, HEAD.aligned(align)),)) for heading, align in _HEADINGS), fill=SOFT),
    ]
    body = [_criterion_row(criterion, items[criterion.code], decimals) for criterion in group.criteria]
    return Grid(_COLUMNS, head, body, GRID, tail=0, after=9)


def _criterion_row(criterion: PrintedCriterion, item: ItemScore, decimals: int) -> Row:
    remark = [Text(item.remark, CELL)] if item.remark.strip() else []
    cited = [Text("佐证：" + "；".join(map(_citation, item.evidence)), SMALL)] if item.evidence else []
    points = _points(item.points, decimals) if item.points is not None else ""
    return Row(
        (
            Cell((Text(criterion.code, CELL_BOLD.aligned("centre")),), repeated=True),
            Cell((Text(criterion.name, CELL),), repeated=True),
            Cell((Text(articles(criterion.article), LABEL.aligned("centre")),)),
            Cell((Text(criterion.maximum, LABEL.aligned("centre")),)),
            Cell((Text(points, POINTS),)),
            Cell((*remark, *cited)),
        )
    )


def articles(codes: str) -> str:
    """``13.2, 15.4`` as the measures are cited, one to a line; anything else as it stands."""
    parts = [_ARTICLE.fullmatch(code.strip()) for code in codes.split(",")]
    if None in parts:
        return codes
    return "\n".join(f"第{one[1]}条" + (f"({one[2]})" if one[2] else "") for one in parts if one)


def _citation(evidence: Evidence) -> str:
    return f"{evidence.name} 第 {evidence.page} 页" if evidence.page else f"{evidence.name}（照片）"


def _total_line(record: SheetRecord) -> Grid:
    text = f"{_points(record.sheet.total, record.decimals)} / {_maximum(record)}"
    style = GROUP.aligned("right")
    row = Row((Cell((Text("合　计", GROUP),)), Cell((Text(text, style),), joined=True)), fill=TINT)
    return Grid((WIDTH / 2, WIDTH / 2), (), [row], GRID)


class SignatureBoxes(Flowable):
    """Three boxes for the signatures, by hand or in the file; each holds an empty signature field."""

    def __init__(self, record: SheetRecord) -> None:
        super().__init__()
        self._names = {"Expert": record.expert_name}
        self._shortened = record.sheet.template > 1
        """In the first layout a very long name runs into the next box; it stands whole in the head of the sheet."""

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Width and height in points, as platypus asks for them."""
        self.width, self.height = width, 31 * mm
        return self.width, self.height

    def draw(self) -> None:
        """Draw it on the canvas that platypus has set."""
        gap = 4 * mm
        width = (self.width - 2 * gap) / 3
        for number, (field, label) in enumerate(FIELDS.items()):
            self._draw_box(number * (width + gap), width, field, label)

    def _draw_box(self, x: float, width: float, field: str, label: str) -> None:
        canvas: Any = self.canv  # rendering gives a PaperCanvas
        canvas.setStrokeColor(HexColor(FRAME))
        canvas.setLineWidth(GRID.frame_width)
        canvas.rect(x, 0, width, self.height, stroke=1, fill=0)
        name = fonts.printed(self._names.get(field, ""))
        who = f"{label}签名" + (f"：{name}" if name else "")
        if self._shortened:
            who = shortened(set_lines((Text(who, LABEL),), width - 12), 1)[0].text
        draw_text(canvas, who, LABEL, x + 6, self.height - 13)
        draw_text(canvas, "日期：　　　　年　　月　　日", LABEL, x + 6, 7)
        canvas.add_signature_field(field, x + 6, 19, width - 12, self.height - 38)


def _points(points: Decimal, decimals: int) -> str:
    return f"{points:.{decimals}f}"


def _maximum(record: SheetRecord) -> str:
    total = sum((Decimal(group.maximum) for group in record.groups), Decimal(0))
    return _points(total, record.decimals)
