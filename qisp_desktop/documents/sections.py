"""Parts that papers are put together from: headed sections, plain tables, boxes to sign in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether

from qisp_desktop.documents import fonts
from qisp_desktop.documents.appearance import draw_strokes
from qisp_desktop.documents.grid import Cell, Grid, Row
from qisp_desktop.documents.house_style import BODY, CELL_TEXT, FRAME, GRID, HEAD, INK, LABEL, SMALL, SOFT, WIDTH
from qisp_desktop.documents.paper import Fact
from qisp_desktop.documents.text import (
    Align,
    Line,
    Paragraph,
    Text,
    TextStyle,
    draw_lines,
    draw_text,
    set_lines,
    shortened,
)
from qisp_desktop.domain.handwriting import Handwriting

SECTION = TextStyle(12.5, 19, INK, bold=True)
SUBSECTION = TextStyle(10.5, 16, INK, bold=True)
WHOLE_ROWS = 60 * mm
"""Rows up to this height go on to the next page whole; only longer ones are parted."""
LEAST_ROWS = 2
"""Of a table, on either side of a page's end."""
NONE = "无"
_WHOLE_PAGE = 640.0
"""Points that surely fit on a page."""
_LABEL_LINES = 6
"""Of a name above a signature; the whole name stands among the facts."""


class Section(Flowable):
    """A heading, with a ``note`` in small type below it, and what follows: never alone at a page's end, and an entry in
    the bookmarks."""

    def __init__(self, title: str, body: Flowable, *, note: str = "", level: int = 0, before: float = 10.0) -> None:
        super().__init__()
        self._title = fonts.printed(title).replace("\n", " ")
        self._level = level
        self._body = body
        self._before = before
        self._note = note
        below = (Text(note, SMALL),) if note else ()
        self._heading = Paragraph(Text(self._title, SECTION if level == 0 else SUBSECTION), *below)

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Width and height in points, as platypus asks for them."""
        self._heading_height = self._heading.wrap(width, height)[1] + 4
        self._body_height = self._body.wrap(width, height)[1]
        self.width, self.height = width, self._heading_height + self._body_height
        return self.width, self.height

    def getSpaceBefore(self) -> float:
        """The gap above, in points."""
        return self._before

    def getSpaceAfter(self) -> float:
        """The gap below, in points."""
        return float(self._body.getSpaceAfter())

    def split(self, width: float, height: float) -> list[Flowable]:
        """The heading with the first part of the body, and the rest; empty when they are better moved together."""
        self.wrap(width, height)
        parts = self._body.splitOn(self.canv, width, height - self._heading_height)
        if len(parts) < 2:
            return []
        first = Section(self._title, parts[0], note=self._note, level=self._level, before=self._before)
        return [first, *parts[1:]]

    def draw(self) -> None:
        """Draw it on the canvas that platypus has set."""
        canvas = self.canv
        # By its top edge: at the bottom, a section that begins another one ends where that one does.
        key = f"section-{canvas.getPageNumber()}-{canvas.absolutePosition(0, self.height)[1]:.1f}"
        canvas.bookmarkHorizontal(key, 0, self.height)
        canvas.addOutlineEntry(self._title, key, level=self._level)
        self._heading.drawOn(canvas, 0, self._body_height + 4)
        self._body.drawOn(canvas, 0, 0)


class Ended(Flowable):
    """``body`` and the ``ending`` of a paper, which is not parted: what is signed stands under the last of the text,
    because a page that holds nothing but signatures could be put behind any other."""

    def __init__(self, body: Flowable, *ending: Flowable) -> None:
        super().__init__()
        self._body = body
        self._ending = ending

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Width and height in points, as platypus asks for them."""
        self.width, self.height = width, 0.0
        self._places: list[tuple[Flowable, float]] = []
        below = 0.0
        for part in (self._body, *self._ending):
            self.height += max(below, part.getSpaceBefore()) if self._places else 0.0
            self.height += part.wrap(width, height)[1]
            self._places.append((part, self.height))
            below = part.getSpaceAfter()
        return self.width, self.height

    def getSpaceBefore(self) -> float:
        """The gap above, in points."""
        return float(self._body.getSpaceBefore())

    def split(self, width: float, height: float) -> list[Flowable]:
        """What fits of the body, and the rest of it with the ending; empty when all is better moved together."""
        self.wrap(width, height)
        body_height = self._places[0][1]
        # Where only the ending is too high, the last rows of the body go along with it.
        parts = self._body.splitOn(self.canv, width, min(height, body_height - 1))
        if len(parts) > 1:
            return [*parts[:-1], Ended(parts[-1], *self._ending)]
        if self.height <= _WHOLE_PAGE or body_height > height:
            return []
        return [self._body, KeepTogether(list(self._ending))]

    def draw(self) -> None:
        """Draw it on the canvas that platypus has set."""
        for part, bottom in self._places:
            part.drawOn(self.canv, 0, self.height - bottom)


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, its width in points, how its cells are set."""

    heading: str
    width: float
    align: Align = "left"


def columns(*parts: tuple[str, float, Align] | tuple[str, float]) -> tuple[Column, ...]:
    """Columns from headings, widths in millimetres (0 for one: what is left of the page) and alignments."""
    left = WIDTH - sum(part[1] for part in parts) * mm
    return tuple(Column(part[0], part[1] * mm or left, part[2] if len(part) > 2 else "left") for part in parts)


def in_lines(words: Sequence[str], to_a_line: int) -> str:
    """``words`` as a list that is broken between them and not within them; empty for none."""
    lines = ["、".join(words[n : n + to_a_line]) for n in range(0, len(words), to_a_line)]
    return "、\n".join(lines)


def table(
    heads: Sequence[Column],
    rows: Iterable[Sequence[str]],
    *,
    after: float = 4.0,
    empty: str = NONE,
    least_height: float = 0.0,
) -> Grid:
    """A table with a heading row that repeats; a row stays whole unless it is very long.

    Without rows it says ``empty``. ``least_height`` (points) leaves room to write by hand; what is printed then stands
    at half the height of its row.
    """
    style = GRID
    head = [Row(tuple(Cell((Text(one.heading, HEAD.aligned(one.align)),)) for one in heads), fill=SOFT)]
    body = [
        Row(tuple(Cell((Text(text, CELL_TEXT.aligned(one.align)),)) for one, text in zip(heads, row, strict=True)))
        for row in rows
    ] or [Row((Cell((Text(empty, LABEL.aligned("centre")),), span=len(heads)),))]
    widths = [one.width for one in heads]
    return Grid(
        widths,
        head,
        body,
        style,
        after=after,
        whole_up_to=WHOLE_ROWS,
        least_height=least_height,
        least_rows=LEAST_ROWS,
    )


def fact_table(
    facts: Sequence[Fact], *, width: float = WIDTH, after: float = 4.0, label_width: float = 25 * mm
) -> Grid:
    """Facts two by two; one whose value is long has a row of its own."""
    value_width = width / 2 - label_width
    rows: list[Row] = []
    pending: Fact | None = None
    for fact in facts:
        if _is_long(fact, value_width):
            if pending:
                rows.append(_wide(pending))
                pending = None
            rows.append(_wide(fact))
        elif pending:
            rows.append(Row((*_pair(pending), *_pair(fact))))
            pending = None
        else:
            pending = fact
    if pending:
        rows.append(_wide(pending))
    widths = (label_width, value_width, label_width, value_width)
    return Grid(widths, (), rows, GRID, after=after, whole_up_to=WHOLE_ROWS, least_rows=LEAST_ROWS)


def _pair(fact: Fact) -> tuple[Cell, Cell]:
    return Cell((Text(fact.label, LABEL),), repeated=True), Cell((Text(fact.value, CELL_TEXT),))


def _wide(fact: Fact) -> Row:
    label, value = _pair(fact)
    return Row((label, Cell(value.pieces, span=3)))


def _is_long(fact: Fact, width: float) -> bool:
    # Two lines of Chinese still look well beside a neighbour.
    return len(fact.value) * CELL_TEXT.size > 1.9 * (width - 2 * GRID.padding_x) or "\n" in fact.value


def paragraphs(text: str, *, after: float = 4.0) -> list[Flowable]:
    """Running text, a paragraph for each of its lines, each indented by two characters as office papers have it."""
    lines = [line.strip() for line in fonts.printed(text).split("\n") if line.strip()]
    return [Paragraph(Text(f"　　{line}", BODY), after=after) for line in lines]


@dataclass(frozen=True)
class SigningPlace:
    """A box to sign in: what stands above it, the signature field in it (empty: for the hand only), and what was drawn
    on a screen on site, with its day (empty: to be written)."""

    label: str
    field: str = ""
    drawing: Handwriting | None = None
    day: str = "　　　　年　　月　　日"


class SigningPlaces(Flowable):
    """Boxes beside each other for signatures by hand or in the file; not parted between pages.

    ``height`` in points holds for labels of one line; longer names make all boxes higher.
    """

    _GAP = 4 * mm

    def __init__(self, places: Sequence[SigningPlace], *, height: float = 31 * mm) -> None:
        super().__init__()
        self._places = places
        self._room = height

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Width and height in points, as platypus asks for them."""
        self._box_width = (width - self._GAP * (len(self._places) - 1)) / len(self._places)
        set_labels = (set_lines((Text(place.label, LABEL),), self._box_width - 12) for place in self._places)
        self._labels = [shortened(lines, _LABEL_LINES) for lines in set_labels]
        self.width = width
        self.height = self._room + (max(map(len, self._labels)) - 1) * LABEL.leading
        return self.width, self.height

    def draw(self) -> None:
        """Draw it on the canvas that platypus has set."""
        for number, place in enumerate(self._places):
            self._draw_box(number * (self._box_width + self._GAP), place, self._labels[number])

    def _draw_box(self, x: float, place: SigningPlace, label: Sequence[Line]) -> None:
        canvas: Any = self.canv  # rendering gives a PaperCanvas
        width = self._box_width - 12
        canvas.setStrokeColor(HexColor(FRAME))
        canvas.setLineWidth(GRID.frame_width)
        canvas.rect(x, 0, self._box_width, self.height, stroke=1, fill=0)
        draw_lines(canvas, label, x + 6, self.height - 3, width)
        draw_text(canvas, f"日期：{place.day}", LABEL, x + 6, 7)
        if place.drawing is not None:
            canvas.saveState()
            canvas.translate(x + 6, 0)
            draw_strokes(canvas, place.drawing, width, self._room - 38, 19)
            canvas.restoreState()
        if place.field:
            canvas.add_signature_field(place.field, x + 6, 19, width, self._room - 38)


class WritingBox(Flowable):
    """An empty box for words written by hand, with a label in its corner; not parted between pages."""

    def __init__(self, label: str, height: float, *, after: float = 4.0) -> None:
        super().__init__()
        self._label = label
        self.height = height
        self._after = after

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Width and height in points, as platypus asks for them."""
        self.width = width
        return self.width, self.height

    def getSpaceAfter(self) -> float:
        """The gap below, in points."""
        return self._after

    def draw(self) -> None:
        """Draw it on the canvas that platypus has set."""
        canvas = self.canv
        canvas.setStrokeColor(HexColor(FRAME))
        canvas.setLineWidth(GRID.frame_width)
        canvas.rect(0, 0, self.width, self.height, stroke=1, fill=0)
        draw_text(canvas, fonts.printed(self._label), LABEL, 6, self.height - 13)
