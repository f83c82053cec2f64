"""Text on papers: styles, and paragraphs that break into lines of several fonts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from reportlab.platypus import Flowable

from qisp_desktop.documents import fonts
from qisp_desktop.documents.line_breaking import break_lines

Align = Literal["left", "centre", "right"]
_ASCENT = 0.88
"""Of the em box of Noto Sans SC, above the baseline; the other fonts follow it so that lines stay even."""


@dataclass(frozen=True)
class TextStyle:
    """How text is set: size and leading in points, colour as ``#RRGGBB``; the last line of each of its paragraphs has
    ``least_end`` characters where that is possible. All lines of a text but its first are set in by ``hang`` points."""

    size: float
    leading: float
    colour: str
    bold: bool = False
    align: Align = "left"
    least_end: int = 1
    hang: float = 0.0

    def aligned(self, align: Align) -> TextStyle:
        """The same style with another alignment."""
        return replace(self, align=align)

    @property
    def typeface(self) -> fonts.Typeface:
        """Where the advances and fonts of its characters are."""
        return fonts.bold() if self.bold else fonts.regular()


@dataclass(frozen=True)
class Text:
    """A piece of text in one style, not yet broken into lines."""

    text: str
    style: TextStyle


@dataclass(frozen=True)
class Line:
    """One line as it will be drawn."""

    text: str
    style: TextStyle
    indent: float = 0.0


def numbered(number: int, text: str, style: TextStyle) -> Text:
    """A numbered item; its lines begin below each other and not below the number."""
    mark = f"{number}. "
    return Text(f"{mark}{text}", replace(style, hang=width_of(mark, style)))


def set_lines(pieces: Iterable[Text], width: float) -> list[Line]:
    """``pieces`` below each other in lines no wider than ``width`` points."""
    return [
        Line(line, piece.style, piece.style.hang if place else 0.0)
        for piece in pieces
        for place, line in enumerate(_broken(piece, width))
    ]


def _broken(piece: Text, width: float) -> list[str]:
    style = piece.style
    measure, hang = width * 1000 / style.size, style.hang * 1000 / style.size
    return break_lines(fonts.printed(piece.text), style.typeface, measure, least_end=style.least_end, hang=hang)


def shortened(lines: Sequence[Line], most: int) -> list[Line]:
    """The first ``most`` of ``lines``, the last with … at its end where some are left out."""
    if len(lines) <= most:
        return list(lines)
    last = lines[most - 1]
    return [*lines[: most - 1], replace(last, text=f"{last.text[:-1]}…")]


def height_of(lines: Iterable[Line]) -> float:
    """The height of ``lines`` in points."""
    return sum(line.style.leading for line in lines)


def width_of(text: str, style: TextStyle) -> float:
    """The width of ``text``, which is set without breaking, in points."""
    advances = style.typeface
    return sum(advances[character] for character in text) * style.size / 1000


def draw_lines(canvas: Any, lines: Sequence[Line], x: float, top: float, width: float) -> None:
    """Draw ``lines`` from ``top`` downwards, each aligned within ``width``."""
    for line in lines:
        style = line.style
        baseline = top - (style.leading - style.size) / 2 - _ASCENT * style.size
        draw_text(canvas, line.text, style, _start(line, x, width), baseline)
        top -= style.leading


def draw_text(canvas: Any, text: str, style: TextStyle, x: float, baseline: float) -> None:
    """Draw ``text`` on one line from ``x`` on; ``text`` is as ``fonts.printed`` gives it."""
    if not text:
        return
    canvas.set_fill(style.colour)
    drawn = canvas.beginText(x, baseline)
    for font, run in style.typeface.runs(text):
        drawn.setFont(font, style.size, style.leading)
        drawn.textOut(run)
    canvas.drawText(drawn)


def _start(line: Line, x: float, width: float) -> float:
    if line.style.align == "left":
        return x + line.indent
    spare = width - width_of(line.text, line.style)
    return x + (spare if line.style.align == "right" else spare / 2)


class Paragraph(Flowable):
    """Text that fills the width of its frame and may go on on the next page, at least two lines on either."""

    def __init__(self, *pieces: Text, after: float = 0.0, keep_with_next: bool = False) -> None:
        super().__init__()
        self._pieces = pieces
        self._lines: list[Line] | None = None
        self._after = after
        self.keepWithNext = keep_with_next

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Width and height in points, as platypus asks for them."""
        # A part of a split paragraph has lines only; all frames of a paper are equally wide.
        if self._pieces and (self._lines is None or width != self.width):
            self._lines = set_lines(self._pieces, width)
        self.width, self.height = width, height_of(self._lines or [])
        return self.width, self.height

    def getSpaceAfter(self) -> float:
        """The gap below, in points."""
        return self._after

    def split(self, width: float, height: float) -> list[Flowable]:
        """The part that fits into ``height`` and the rest; empty when it is better moved as a whole."""
        self.wrap(width, height)
        lines = self._lines or []
        fitting, used = 0, 0.0
        while fitting < len(lines) and used + lines[fitting].style.leading <= height:
            used += lines[fitting].style.leading
            fitting += 1
        fitting = min(fitting, len(lines) - 2)
        if fitting < 2:
            return []
        return [self._part(lines[:fitting], 0.0), self._part(lines[fitting:], self._after)]

    def _part(self, lines: list[Line], after: float) -> Paragraph:
        part = Paragraph(after=after)
        part._lines, part.width = lines, self.width
        return part

    def draw(self) -> None:
        """Draw it on the canvas that platypus has set."""
        draw_lines(self.canv, self._lines or [], 0, self.height, self.width)
