"""The passphrase letter (评审包口令函): sealed, handed over apart from the stick, and never stored."""

from __future__ import annotations

from dataclasses import dataclass, field

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.platypus import Flowable

from qisp_desktop.documents.house_style import (
    BODY,
    FRAME,
    GRID,
    INK,
    LABEL,
    SMALL,
    SOFT,
    WIDTH,
    Gap,
    facts,
    title_block,
)
from qisp_desktop.documents.paper import require_printable
from qisp_desktop.documents.rendering import Furniture, render
from qisp_desktop.documents.text import Paragraph, Text, TextStyle, draw_text, numbered, width_of

_PASSPHRASE = TextStyle(25, 34, INK, bold=True, align="centre")
_STEPS = (
    "在评审工作台中打开 U 盘上的评审包，按提示输入上面的口令；数字间的短横可以不输。",
    "工作台显示的评审机构证书指纹应与本函所载一致；不一致的，请勿继续，并立即联系秘书处。",
    "口令只印在本函上，任何地方都没有留存。请妥善保管至评审结束，不要与 U 盘放在一起，不要拍照，不要转告他人。",
    "口令遗失的，请联系秘书处重新分发；新的评审包分发后，本函所载口令和旧评审包即告作废。",
)


@dataclass(frozen=True)
class PassphraseLetter:
    """What the letter says; ``passphrase`` exactly as it is typed, ``ca_fingerprint`` 64 lower-case hex digits."""

    office: str
    round_name: str
    year: int
    expert_id: str
    expert_name: str
    organisation: str
    issue: str
    passphrase: str = field(repr=False)
    ca_fingerprint: str
    package_name: str


def render_letter(letter: PassphraseLetter) -> bytes:
    """The letter as PDF, one page. Raises UserError naming a character that no font has, and where it stands."""
    title = f"评审包口令函 {letter.expert_id}"
    require_printable(letter, title)
    furniture = Furniture(
        title=title,
        office=letter.office,
        header=f"{letter.round_name} · 评审包口令函",
        header_right=letter.issue,
        footer=("本函含口令，仅限收件人本人拆阅。",),
    )
    return render(_story(letter), furniture)


def _story(letter: PassphraseLetter) -> list[Flowable]:
    pairs = [
        ("评审年度", f"{letter.year} 年"),
        ("分发编号", letter.issue),
        ("评审包文件", letter.package_name),
        ("收件专家", f"{letter.expert_id}　{letter.expert_name}　{letter.organisation}"),
    ]
    steps = (Paragraph(numbered(number, step, BODY), after=4) for number, step in enumerate(_STEPS, start=1))
    return [
        *title_block(letter.office, "评审包口令函", letter.round_name),
        Gap(6),
        Paragraph(Text(f"{letter.expert_name} 专家：", BODY), after=4),
        Paragraph(Text("您的评审包已经备好。评审包已加密，须用下列口令打开：", BODY), after=8),
        PassphraseBox(letter.passphrase),
        Gap(12),
        facts(pairs, WIDTH, label_width=30 * mm, after=12),
        Paragraph(Text("评审机构证书指纹（SHA-256）", LABEL), after=2),
        Paragraph(Text(grouped_fingerprint(letter.ca_fingerprint), TextStyle(10, 16, INK)), after=12),
        Paragraph(Text("使用说明", TextStyle(11, 18, INK, bold=True)), after=3, keep_with_next=True),
        *steps,
        Gap(14),
        Paragraph(Text(f"{letter.office}评审工作秘书处", BODY.aligned("right")), after=2),
        Paragraph(Text("　　　　年　　月　　日", BODY.aligned("right")), after=4),
        Paragraph(Text("（本函请封入信封，由专家本人签收。）", SMALL.aligned("right"))),
    ]


def grouped_fingerprint(fingerprint: str) -> str:
    """The fingerprint in capital groups of four, two lines of eight: people compare it by eye."""
    groups = [fingerprint[start : start + 4].upper() for start in range(0, len(fingerprint), 4)]
    return "\n".join("  ".join(groups[start : start + 8]) for start in range(0, len(groups), 8))


class PassphraseBox(Flowable):
    """The passphrase, large, each group of digits apart from the next."""

    def __init__(self, passphrase: str) -> None:
        super().__init__()
        self._passphrase = passphrase

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Width and height in points, as platypus asks for them."""
        self.width, self.height = width, 24 * mm
        return self.width, self.height

    def draw(self) -> None:
        """Draw it on the canvas that platypus has set."""
        canvas = self.canv
        canvas.setFillColor(HexColor(SOFT))
        canvas.setStrokeColor(HexColor(FRAME))
        canvas.setLineWidth(GRID.frame_width)
        canvas.roundRect(0, 0, self.width, self.height, 4, stroke=1, fill=1)
        draw_text(canvas, "口令", LABEL, 8, self.height - 15)
        size = min(_PASSPHRASE.size, _PASSPHRASE.size * (self.width - 30) / width_of(self._passphrase, _PASSPHRASE))
        style = TextStyle(size, size, INK, bold=True)
        x = (self.width - width_of(self._passphrase, style)) / 2
        draw_text(canvas, self._passphrase, style, x, self.height / 2 - 0.42 * size)
