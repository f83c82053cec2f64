"""How all papers of the office look: measures, colours, type, and the parts that papers share.

Colours are those of the light theme, so that a paper and the screen it was made on belong together; everything also
reads in black and white.
"""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import Flowable

from qisp_desktop.documents.grid import Cell, Grid, GridStyle, Row
from qisp_desktop.documents.text import Paragraph, Text, TextStyle

PAGE_WIDTH, PAGE_HEIGHT = A4
MARGIN = 17 * mm
WIDTH = PAGE_WIDTH - 2 * MARGIN
"""Of the text, in points."""

INK = "#1B2430"
SECOND = "#5B6675"
ACCENT = "#1F4FBF"
LINE = "#C9D0DB"
FRAME = "#8A94A3"
SOFT = "#F1F4F9"
TINT = "#E4EBF8"

OFFICE = TextStyle(11.5, 17, SECOND, align="centre")
TITLE = TextStyle(20, 28, INK, bold=True, align="centre")
SUBTITLE = TextStyle(11, 16, SECOND, align="centre")
BODY = TextStyle(10.5, 17, INK, least_end=2)
CELL = TextStyle(9, 13, INK)
CELL_TEXT = TextStyle(9, 13, INK, least_end=2)
"""As ``CELL``, and no last line is a single character; score sheets keep the lines that were signed."""
CELL_BOLD = TextStyle(9, 13, INK, bold=True)
LABEL = TextStyle(9, 13, SECOND)
HEAD = TextStyle(8.5, 12, SECOND, bold=True)
GROUP = TextStyle(10.5, 15, INK, bold=True)
POINTS = TextStyle(10.5, 13, INK, bold=True, align="centre")
SMALL = TextStyle(8, 11.5, SECOND)
TOTAL = TextStyle(30, 36, ACCENT, bold=True, align="centre")

GRID = GridStyle(line=LINE, frame=FRAME)


def title_block(office: str, title: str, subtitle: str = "") -> list[Flowable]:
    """The head of a paper's first page: who, what, for which round."""
    lines: list[Flowable] = [Paragraph(Text(office, OFFICE)), Paragraph(Text(title, TITLE))]
    if subtitle:
        lines.append(Paragraph(Text(subtitle, SUBTITLE)))
    return [*lines, Rule(after=10)]


def facts(pairs: Sequence[tuple[str, str]], width: float, *, label_width: float = 27 * mm, after: float = 0.0) -> Grid:
    """A two-column table of labels and what they say."""
    rows = [Row((Cell((Text(label, LABEL),)), Cell((Text(value, CELL),)))) for label, value in pairs]
    return Grid((label_width, width - label_width), (), rows, GRID, after=after)


class Rule(Flowable):
    """The double line under a paper's head (文武线): a strong one over a fine one."""

    def __init__(self, *, after: float = 0.0) -> None:
        super().__init__()
        self._after = after

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Width and height in points, as platypus asks for them."""
        self.width, self.height = width, 9.0
        return self.width, self.height

    def getSpaceAfter(self) -> float:
        """The gap below, in points."""
        return self._after

    def draw(self) -> None:
        """Draw it on the canvas that platypus has set."""
        self.canv.setStrokeColor(HexColor(INK))
        for y, thickness in ((2.6, 1.4), (0.0, 0.5)):
            self.canv.setLineWidth(thickness)
            self.canv.line(0, y, self.width, y)


class Gap(Flowable):
    """White space of a fixed height in points."""

    def __init__(self, height: float) -> None:
        super().__init__()
        self.width, self.height = 0.0, height

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Width and height in points, as platypus asks for them."""
        return 0.0, self.height

    def draw(self) -> None:
        """Leave it white."""


class SideBySide(Flowable):
    """Flowables beside each other, their tops in line; not parted between pages."""

    def __init__(self, parts: Sequence[tuple[Flowable, float]], *, gap: float, after: float = 0.0) -> None:
        super().__init__()
        self._parts = parts
        self._gap = gap
        self._after = after

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Width and height in points, as platypus asks for them."""
        self.width = width
        self.height = max(part.wrap(part_width, height)[1] for part, part_width in self._parts)
        return self.width, self.height

    def getSpaceAfter(self) -> float:
        """The gap below, in points."""
        return self._after

    def draw(self) -> None:
        """Draw it on the canvas that platypus has set."""
        x = 0.0
        for part, part_width in self._parts:
            height = part.wrap(part_width, self.height)[1]
            part.drawOn(self.canv, x, self.height - height)
            x += part_width + self._gap
