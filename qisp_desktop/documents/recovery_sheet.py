"""The recovery sheet (密钥恢复单): what a new round's passphrase protects, and the place where it is kept on paper.

The program keeps the passphrase nowhere. Whether it is printed or written into the sheet by hand is the clerk's choice;
by hand it is in no file at all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.platypus import Flowable

from qisp_desktop.documents.house_style import (
    BODY,
    FRAME,
    GRID,
    INK,
    LABEL,
    LINE,
    SMALL,
    WIDTH,
    Gap,
    facts,
    title_block,
)
from qisp_desktop.documents.letter import PassphraseBox, grouped_fingerprint
from qisp_desktop.documents.paper import require_printable
from qisp_desktop.documents.rendering import Furniture, render
from qisp_desktop.documents.sections import SigningPlace, SigningPlaces
from qisp_desktop.documents.text import Paragraph, Text, TextStyle, draw_text, numbered

LONGEST_PRINTED = 60
"""Characters of a passphrase that the box shows legibly; a longer one is written by hand."""
_HEADING = TextStyle(11, 18, INK, bold=True)
_PURPOSE = (
    "本轮次的评审包由秘书处密钥签发，评分回传包只有秘书处密钥能够打开。密钥随轮次文件保存，由秘书处口令保护。"
    "口令不在任何地方留存：一旦遗失，任何人都无法找回，已收回的评分回传包无法打开，评审包无法重新分发。"
)
_STEPS = (
    "核对轮次编号和机构证书指纹与工作台“轮次设置”中显示的一致。",
    "将本单装入信封封口，骑缝签名，存入保险柜；不与轮次文件或其备份放在一起，不拍照，不扫描。",
    "需要时由两人同时在场启封，启封后更换口令，重新制作并封存本单。",
    "口令更换后，更换前的备份仍须用旧口令打开；旧单应与这些备份一同销毁。",
)


@dataclass(frozen=True)
class RecoverySheet:
    """What the sheet says; ``passphrase`` is empty where it is to be written by hand."""

    office: str
    round_name: str
    year: int
    round_id: str
    place: str
    ca_fingerprint: str
    made_on: date
    made_by: str
    passphrase: str = field(repr=False)


def render_recovery_sheet(sheet: RecoverySheet) -> bytes:
    """The sheet as PDF, one page. Raises UserError naming a character that no font has, and where it stands."""
    title = f"密钥恢复单 {sheet.round_id}"
    require_printable(sheet, title)
    furniture = Furniture(
        title=title,
        office=sheet.office,
        header=f"{sheet.round_name} · 密钥恢复单",
        header_right=f"轮次 {sheet.round_id}",
        footer=("本单载有或将填写秘书处口令，须封存保管。",),
    )
    return render(_story(sheet), furniture)


def _story(sheet: RecoverySheet) -> list[Flowable]:
    made = f"{sheet.made_on.year}年{sheet.made_on.month}月{sheet.made_on.day}日　{sheet.made_by}"
    pairs = [
        ("轮次编号", sheet.round_id),
        ("评价年度", f"{sheet.year} 年"),
        ("轮次位置", sheet.place),
        ("制作", made),
    ]
    steps = (Paragraph(numbered(number, step, BODY), after=4) for number, step in enumerate(_STEPS, start=1))
    box = PassphraseBox(sheet.passphrase) if sheet.passphrase else WritingBox()
    return [
        *title_block(sheet.office, "密 钥 恢 复 单", sheet.round_name),
        Gap(4),
        Paragraph(Text(_PURPOSE, BODY), after=10),
        facts(pairs, WIDTH, label_width=30 * mm, after=12),
        box,
        Gap(12),
        Paragraph(Text("评审机构证书指纹（SHA-256）", LABEL), after=2),
        Paragraph(Text(grouped_fingerprint(sheet.ca_fingerprint), TextStyle(10, 16, INK)), after=12),
        Paragraph(Text("保管要求", _HEADING), after=3, keep_with_next=True),
        *steps,
        Gap(8),
        SigningPlaces((SigningPlace("填写人"), SigningPlace("封存人"), SigningPlace("监封人")), height=24 * mm),
        Gap(4),
        Paragraph(Text("启封记录：　　　　年　　月　　日　　启封人：　　　　　　　　　　监启人：", SMALL)),
    ]


class WritingBox(Flowable):
    """Two lines to write the passphrase on by hand."""

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Width and height in points, as platypus asks for them."""
        self.width, self.height = width, 34 * mm
        return self.width, self.height

    def draw(self) -> None:
        """Draw it on the canvas that platypus has set."""
        canvas = self.canv
        canvas.setStrokeColor(HexColor(FRAME))
        canvas.setLineWidth(GRID.frame_width)
        canvas.roundRect(0, 0, self.width, self.height, 4, stroke=1, fill=0)
        draw_text(canvas, "秘书处口令（手写；请逐字写清大小写字母，区分 0 与 O、1 与 l）", LABEL, 8, self.height - 15)
        canvas.setStrokeColor(HexColor(LINE))
        for line in (1, 2):
            y = self.height - 20 - line * 11 * mm
            canvas.line(12, y, self.width - 12, y)
