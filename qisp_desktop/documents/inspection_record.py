"""The site-inspection record (现场核查记录): checklist, findings, photos, and places for both sides' signatures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.platypus import Flowable

from qisp_desktop.base.codec import Remembered
from qisp_desktop.documents.house_style import BODY, CELL_TEXT, FRAME, GRID, SMALL, SOFT, WIDTH, SideBySide, title_block
from qisp_desktop.documents.paper import Face, Fact, PaperHead, render_paper, require_printable
from qisp_desktop.documents.photos import PrintablePhoto
from qisp_desktop.documents.score_sheet import articles
from qisp_desktop.documents.sections import Ended, Section, SigningPlace, SigningPlaces, columns, fact_table, table
from qisp_desktop.documents.text import Line, Paragraph, Text, draw_lines, height_of, set_lines, shortened
from qisp_desktop.domain.handwriting import Handwriting
from qisp_desktop.domain.inspection import Side

_GAP = 5 * mm
_CELL_WIDTH = (WIDTH - _GAP) / 2
_PHOTO_HEIGHT = 62 * mm
_CAPTION_LINES = 6
NOT_OPENED = "未用口令打开回传包，本件只列照片的说明与摘要。"


@dataclass(frozen=True)
class CheckedItem:
    """A checklist item with its verdict and note; ``conform`` whether it needs no attention."""

    code: str
    text: str
    article: str
    verdict: str
    conform: bool
    note: str


@dataclass(frozen=True)
class Found:
    """A finding; ``item`` and ``photo`` may be empty."""

    text: str
    item: str
    photo: str


@dataclass(frozen=True)
class PhotoLine:
    """A photo: its original's name, SHA-256 and bytes, the camera's own time as written, and its caption."""

    name: str
    sha256: str
    size: int
    taken: str
    caption: str


@dataclass(frozen=True)
class Signed:
    """A signature drawn on site for the ``expert`` or the ``host``; a side without one signs the paper."""

    side: str
    name: str
    drawing: Handwriting


@dataclass(frozen=True)
class InspectionRecord(Remembered):
    """A visit as an expert recorded it; ``record`` is the SHA-256 of the signed record."""

    head: PaperHead
    number: str
    platform: str
    applicant: str
    address: str
    expert: str
    expert_name: str
    organisation: str
    party: tuple[str, ...]
    revision: int
    day: date
    received_by: str
    items: tuple[CheckedItem, ...]
    findings: tuple[Found, ...]
    photos: tuple[PhotoLine, ...]
    overall: str
    signatures: tuple[Signed, ...]
    record: str


@dataclass(frozen=True)
class ShownPhoto:
    """What became of a photo: the picture, or in one sentence why it cannot be shown."""

    picture: PrintablePhoto | None
    why_not: str


def render_inspection_record(record: InspectionRecord, photos: Mapping[str, ShownPhoto] | None) -> bytes:
    """The record as PDF; ``photos`` by SHA-256, None when the returns were not opened.

    Raises UserError naming a character that no font has and where it stands.
    """
    face = Face("inspection", "现场核查记录", record.number)
    require_printable(record, f"{face.title} {record.number}")
    return render_paper(record, record.head, face, _story(record, photos))


def _story(record: InspectionRecord, photos: Mapping[str, ShownPhoto] | None) -> list[Flowable]:
    *before, last = _photos(record, photos)
    return [
        *title_block(record.head.office, "现场核查记录", record.head.round_name),
        fact_table(_facts(record), after=6),
        Section("一、核查情况", _items(record.items), before=6),
        Section("二、核查发现", _findings(record)),
        *before,
        Ended(last, *_ending(record)),
    ]


def _facts(record: InspectionRecord) -> list[Fact]:
    return [
        Fact("申报编号", record.number),
        Fact("核查日期", _day(record.day)),
        Fact("服务平台", record.platform),
        Fact("建设主体", record.applicant),
        Fact("核查地址", record.address),
        Fact("记录专家", f"{record.expert}　{record.expert_name}"),
        Fact("工作单位", record.organisation),
        Fact("核查组", "、".join(record.party) or f"{record.expert} {record.expert_name}"),
        Fact("接待人员", record.received_by),
        Fact("版　　次", f"第 {record.revision} 版"),
    ]


def _items(items: Sequence[CheckedItem]) -> Flowable:
    heads = columns(
        ("编号", 12, "centre"), ("核查内容", 74), ("条款", 19, "centre"), ("结论", 19, "centre"), ("说明", 0)
    )
    rows = [
        (item.code, item.text, articles(item.article), item.verdict if item.conform else f"▲{item.verdict}", item.note)
        for item in items
    ]
    return table(heads, rows, after=3)


def _findings(record: InspectionRecord) -> Flowable:
    numbers = {photo.name: n for n, photo in enumerate(record.photos, start=1)}
    heads = columns(("序", 9, "centre"), ("核查发现", 0), ("核查项", 16, "centre"), ("照片", 18, "centre"))
    rows = [
        (str(n), one.text, one.item or "—", f"照片 {numbers[one.photo]}" if one.photo in numbers else "—")
        for n, one in enumerate(record.findings, start=1)
    ]
    return table(heads, rows, after=6, empty="没有需要记录的发现")


def _photos(record: InspectionRecord, photos: Mapping[str, ShownPhoto] | None) -> list[Flowable]:
    title = "三、现场照片"
    if not record.photos:
        return [Section(title, Paragraph(Text("本次核查没有照片。", BODY), after=4))]
    if photos is None:
        heads = columns(("照片", 12, "centre"), ("说明", 0), ("文件", 40), ("拍摄时间", 34), ("原件 SHA-256", 42))
        rows = [
            (str(n), one.caption or "—", one.name, _taken(one) or "—", one.sha256)
            for n, one in enumerate(record.photos, start=1)
        ]
        return [Section(title, table(heads, rows, after=6), note=NOT_OPENED)]
    missing = ShownPhoto(None, "回传包中没有这张照片。")
    shown = [
        PhotoBox(n, one, photos.get(one.sha256, missing), _findings_with(record, one))
        for n, one in enumerate(record.photos, start=1)
    ]
    pairs = [shown[n : n + 2] for n in range(0, len(shown), 2)]
    lines: list[Flowable] = [SideBySide([(box, _CELL_WIDTH) for box in pair], gap=_GAP, after=8) for pair in pairs]
    long = [
        (f"照片 {n}", one.caption)
        for n, (one, box) in enumerate(zip(record.photos, shown, strict=True), 1)
        if box.is_cut
    ]
    if long:
        heads = columns(("照片", 18), ("说明全文", 0))
        lines.append(Section("照片说明全文", table(heads, long, after=6), level=1))
    return [Section(title, lines[0]), *lines[1:]]


def _findings_with(record: InspectionRecord, photo: PhotoLine) -> str:
    """The numbers of the findings that ``photo`` shows."""
    return "、".join(str(n) for n, one in enumerate(record.findings, start=1) if one.photo == photo.name)


class PhotoBox(Flowable):
    """A photo in a frame with its caption, the findings it shows, its time and the digest of the original below.

    ``is_cut`` says whether the caption is too long to stand there whole.
    """

    def __init__(self, number: int, photo: PhotoLine, shown: ShownPhoto, findings: str) -> None:
        super().__init__()
        self._shown = shown
        title = f"照片 {number}" + (f"（核查发现 {findings}）" if findings else "")
        caption = set_lines((Text(f"{title}　{photo.caption}".rstrip(), CELL_TEXT),), _CELL_WIDTH)
        below = [Text(f"拍摄时间 {_taken(photo)}", SMALL)] if photo.taken else []
        below.append(Text(f"{photo.name}　SHA-256 {photo.sha256[:16]}…", SMALL))
        self.is_cut = len(caption) > _CAPTION_LINES
        self._lines: list[Line] = shortened(caption, _CAPTION_LINES) + set_lines(below, _CELL_WIDTH)

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Width and height in points, as platypus asks for them."""
        self.width, self.height = width, _PHOTO_HEIGHT + 4 + height_of(self._lines)
        return self.width, self.height

    def draw(self) -> None:
        """Draw it on the canvas that platypus has set."""
        canvas: Any = self.canv
        bottom = self.height - _PHOTO_HEIGHT
        canvas.setFillColor(HexColor(SOFT))
        canvas.setStrokeColor(HexColor(FRAME))
        canvas.setLineWidth(GRID.line_width)
        canvas.rect(0, bottom, self.width, _PHOTO_HEIGHT, stroke=1, fill=1)
        picture = self._shown.picture
        if picture is None:
            lines = set_lines((Text(f"照片无法显示：{self._shown.why_not}", SMALL.aligned("centre")),), self.width - 12)
            draw_lines(canvas, lines, 6, bottom + (_PHOTO_HEIGHT + height_of(lines)) / 2, self.width - 12)
        else:
            _draw_picture(canvas, picture, self.width, bottom)
        draw_lines(canvas, self._lines, 0, bottom - 4, self.width)


def _draw_picture(canvas: Any, picture: PrintablePhoto, width: float, bottom: float) -> None:
    """The picture as large as its frame allows, in its own proportions."""
    scale = min((width - 2) / picture.width, (_PHOTO_HEIGHT - 2) / picture.height)
    wide, high = picture.width * scale, picture.height * scale
    x, y = (width - wide) / 2, bottom + (_PHOTO_HEIGHT - high) / 2
    canvas.drawImage(ImageReader(BytesIO(picture.jpeg)), x, y, wide, high)


def _taken(photo: PhotoLine) -> str:
    """The camera's time; its date is written with colons (EXIF), which nobody reads as a date."""
    date_part, _blank, time_part = photo.taken.partition(" ")
    return f"{date_part.replace(':', '-')} {time_part}".strip()


def _ending(record: InspectionRecord) -> list[Flowable]:
    conforming = sum(item.conform for item in record.items)
    said = [
        Fact("核查结论", record.overall),
        Fact("核查项", f"共 {len(record.items)} 项，符合 {conforming} 项"),
    ]
    places = SigningPlaces(
        (
            _place(record, Side.EXPERT, "核查专家签名", record.expert_name),
            _place(record, Side.HOST, "被核查方签名", record.received_by),
        )
    )
    digest = Paragraph(Text(f"已签署的电子记录 SHA-256：{record.record}", SMALL), after=6)
    return [Section("四、核查结论与签名", fact_table(said, after=6)), digest, places]


def _place(record: InspectionRecord, side: Side, label: str, expected: str) -> SigningPlace:
    """The place of a side's signature: with what was drawn on site, or empty for the hand."""
    drawn = next((one for one in record.signatures if one.side == side.value), None)
    if drawn is None:
        return SigningPlace(f"{label}：{expected}")
    return SigningPlace(f"{label}：{drawn.name}（现场在屏幕上手写）", "", drawn.drawing, _day(record.day))


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
