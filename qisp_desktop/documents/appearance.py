"""What a signature looks like on the paper: the strokes of the hand, or the name in print, and the day."""

from __future__ import annotations

from datetime import date
from functools import lru_cache, partial
from itertools import chain

from reportlab.lib.colors import HexColor

from qisp_desktop.documents import fonts
from qisp_desktop.documents.house_style import SECOND
from qisp_desktop.documents.rendering import PaperCanvas, draw_box
from qisp_desktop.documents.text import TextStyle, draw_text, width_of
from qisp_desktop.domain.handwriting import Handwriting

_INK_BLUE = "#14337A"
_PEN = 1.3
"""The width of the pen in points."""
_CAPTION = TextStyle(7, 9, SECOND)
_NAME = TextStyle(17, 22, _INK_BLUE)


@lru_cache(maxsize=32)
def signature_appearance(name: str, handwriting: Handwriting | None, day: date, width: float, height: float) -> bytes:
    """A one-page PDF of ``width`` × ``height`` points; an expert who signs sixty sheets has one."""
    shown = fonts.printed(name).replace("\n", " ")
    return draw_box(
        width, height, partial(_draw, shown, handwriting, f"{day.year}年{day.month}月{day.day}日", width, height)
    )


def _draw(
    name: str, handwriting: Handwriting | None, day: str, width: float, height: float, canvas: PaperCanvas
) -> None:
    caption = f"电子签名 {day}"
    room = height - _CAPTION.leading - 2
    if handwriting is None:
        style = _fitting(name, width)
        baseline = _CAPTION.leading + (room - 0.76 * style.size) / 2
        draw_text(canvas, name, style, (width - width_of(name, style)) / 2, baseline)
    else:
        caption = f"{name} {caption}"
        draw_strokes(canvas, handwriting, width, room, _CAPTION.leading + 1)
    small = _fitting(caption, width, _CAPTION)
    draw_text(canvas, caption, small, width - width_of(caption, small), 2)


def _fitting(text: str, width: float, style: TextStyle = _NAME) -> TextStyle:
    """``style``, smaller if ``text`` would not fit into ``width``."""
    size = style.size * min(1.0, width / max(width_of(text, style), 1.0))
    return TextStyle(size, style.leading, style.colour, style.bold)


def draw_strokes(canvas: PaperCanvas, handwriting: Handwriting, width: float, height: float, bottom: float) -> None:
    """Draw the strokes as large as ``width`` × ``height`` above ``bottom`` allows, in their own proportions."""
    xs = list(chain.from_iterable(stroke[::2] for stroke in handwriting.strokes))
    ys = list(chain.from_iterable(stroke[1::2] for stroke in handwriting.strokes))
    wide, high = max(xs) - min(xs), max(ys) - min(ys)
    scale = min((width - 2 * _PEN) / max(wide, 1), (height - 2 * _PEN) / max(high, 1))
    left = (width - wide * scale) / 2 - min(xs) * scale
    base = bottom + (height - high * scale) / 2 - min(ys) * scale
    canvas.setStrokeColor(HexColor(_INK_BLUE))
    canvas.setLineWidth(_PEN)
    canvas.setLineCap(1)
    canvas.setLineJoin(1)
    path = canvas.beginPath()
    for stroke in handwriting.strokes:
        points = [(left + x * scale, base + y * scale) for x, y in zip(stroke[::2], stroke[1::2], strict=True)]
        path.moveTo(*points[0])
        for point in points[1:] or points:
            path.lineTo(*point)
    canvas.drawPath(path, stroke=1, fill=0)
