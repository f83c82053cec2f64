"""Tables that break well: rows are parted within their cells, headings repeat and never stand alone.

Platypus' own tables lay every cell out anew at each page break, which takes minutes on a remark of 20,000 characters,
and part a row only with borders that do not close.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reportlab.lib.colors import HexColor
from reportlab.platypus import Flowable

from qisp_desktop.documents.text import Line, Text, draw_lines, height_of, set_lines

_LOW_ON_PAGE = 330.0
"""Points left on a page, half of it: with more than that whatever fits must do."""


@dataclass(frozen=True)
class Cell:
    """What stands in one cell; it may span several columns, and be ``joined`` to the one before, without a line.

    A ``repeated`` cell stands again where its row goes on on the next page.
    """

    pieces: tuple[Text, ...]
    span: int = 1
    joined: bool = False
    repeated: bool = False


@dataclass(frozen=True)
class Row:
    """A row of cells from left to right; ``fill`` is its background.

    A ``heads`` row never ends a page, and what it heads is kept on one where that leaves little room empty.
    """

    cells: tuple[Cell, ...]
    fill: str | None = None
    heads: bool = False


@dataclass(frozen=True)
class GridStyle:
    """Lines and room: points, and colours as ``#RRGGBB``."""

    line: str
    frame: str
    padding_x: float = 5.0
    padding_y: float = 4.0
    line_width: float = 0.5
    frame_width: float = 0.8


@dataclass(frozen=True)
class _SetCell:
    lines: tuple[Line, ...]
    x: float
    width: float
    joined: bool
    repeated: bool


@dataclass(frozen=True)
class _SetRow:
    cells: tuple[_SetCell, ...]
    fill: str | None
    height: float
    heads: bool = False


class Grid(Flowable):
    """A table with fixed column widths (points); ``head`` rows are repeated on every page it goes on to.

    ``tail`` says how many of the last rows (a sum) must not stand alone at the top of a page. A row, and a
    whole table, up to ``whole_up_to`` points high is not parted; each row of the body is at least ``least_height``
    points high, with its text at half the height. At least ``least_rows`` whole rows stand below a break, and low on a
    page also above it.
    """

    def __init__(
        self,
        widths: Sequence[float],
        head: Sequence[Row],
        body: Sequence[Row],
        style: GridStyle,
        *,
        tail: int = 0,
        after: float = 0.0,
        whole_up_to: float = 0.0,
        least_height: float = 0.0,
        least_rows: int = 1,
    ) -> None:
        super().__init__()
        self._least_rows = least_rows
        self._style = style
        self._tail = tail
        self._after = after
        self._whole_up_to = whole_up_to
        self._least_height = least_height
        self._head = [_set_row(row, widths, style) for row in head]
        self._body = [_set_row(row, widths, style) for row in body]
        if least_height:
            self._body = [replace(row, height=max(row.height, least_height)) for row in self._body]
        self.width = sum(widths)
        self._measure()

    def _measure(self) -> None:
        self.height = sum(row.height for row in (*self._head, *self._body))

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Width and height in points, as platypus asks for them."""
        return self.width, self.height

    def getSpaceAfter(self) -> float:
        """The gap below, in points."""
        return self._after

    def split(self, width: float, height: float) -> list[Flowable]:
        """The part that fits into ``height`` and the rest; empty when not even a first row fits well."""
        if self.height <= self._whole_up_to:
            return []
        room = height - sum(row.height for row in self._head)
        fitting: list[_SetRow] = []
        rest = list(self._body)
        while rest and rest[0].height <= room:
            room -= rest[0].height
            fitting.append(rest.pop(0))
        parts = None
        if rest and rest[0].height > self._whole_up_to and (parts := _part(rest[0], room, self._style)):
            fitting.append(parts[0])
            rest[0] = parts[1]
        while len(fitting) > 1 and len(rest) <= self._tail:
            rest.insert(0, fitting.pop())
        if not parts:
            while len(fitting) > 1 and len(rest) < self._least_rows:
                rest.insert(0, fitting.pop())
        while rest and fitting and fitting[-1].heads:
            rest.insert(0, fitting.pop())
        if not parts:
            self._keep_group(fitting, rest)
        if not fitting or not rest:
            return []
        if height < _LOW_ON_PAGE and not parts and len(fitting) < self._least_rows:
            return []
        return [self._with(fitting, 0, 0.0), self._with(rest, self._tail, self._after)]

    def _keep_group(self, fitting: list[_SetRow], rest: list[_SetRow]) -> None:
        """Move what heads a short group, and its first rows, to where the group goes on."""
        begin = max((n for n, row in enumerate(fitting) if row.heads), default=0)
        is_short = sum(row.height for row in fitting[begin:]) <= self._whole_up_to
        if begin and is_short and rest and not rest[0].heads:
            rest[:0] = fitting[begin:]
            del fitting[begin:]

    def _with(self, body: list[_SetRow], tail: int, after: float) -> Grid:
        part = Grid((), (), (), self._style, tail=tail, after=after, whole_up_to=self._whole_up_to)
        part._least_height, part._least_rows = self._least_height, self._least_rows
        part._head, part._body, part.width = self._head, body, self.width
        part._measure()
        return part

    def draw(self) -> None:
        """Draw it on the canvas that platypus has set."""
        canvas, style = self.canv, self._style
        rows = [*self._head, *self._body]
        top = self.height
        for row in rows:
            if row.fill:
                canvas.setFillColor(HexColor(row.fill))
                canvas.rect(0, top - row.height, self.width, row.height, stroke=0, fill=1)
            top -= row.height
        canvas.setStrokeColor(HexColor(style.line))
        canvas.setLineWidth(style.line_width)
        top = self.height
        for row in rows:
            for cell in row.cells[1:]:
                if not cell.joined:
                    canvas.line(cell.x, top, cell.x, top - row.height)
            top -= row.height
            canvas.line(0, top, self.width, top)
        canvas.setStrokeColor(HexColor(style.frame))
        canvas.setLineWidth(style.frame_width)
        canvas.rect(0, 0, self.width, self.height, stroke=1, fill=0)
        self._draw_text(rows)

    def _draw_text(self, rows: Sequence[_SetRow]) -> None:
        style, top = self._style, self.height
        for row in rows:
            for cell in row.cells:
                x, width = cell.x + style.padding_x, cell.width - 2 * style.padding_x
                spare = row.height - 2 * style.padding_y - height_of(cell.lines) if self._least_height else 0.0
                draw_lines(self.canv, cell.lines, x, top - style.padding_y - spare / 2, width)
            top -= row.height


def _set_row(row: Row, widths: Sequence[float], style: GridStyle) -> _SetRow:
    cells = []
    column = 0
    for cell in row.cells:
        width = sum(widths[column : column + cell.span])
        lines = set_lines(cell.pieces, width - 2 * style.padding_x)
        cells.append(_SetCell(tuple(lines), sum(widths[:column]), width, cell.joined, cell.repeated))
        column += cell.span
    return _measured(_SetRow(tuple(cells), row.fill, 0.0, row.heads), style)


def _measured(row: _SetRow, style: GridStyle) -> _SetRow:
    return replace(row, height=max(height_of(cell.lines) for cell in row.cells) + 2 * style.padding_y)


def _part(row: _SetRow, height: float, style: GridStyle) -> tuple[_SetRow, _SetRow] | None:
    """``row`` as what fits into ``height`` and the rest, with at least two lines of its longest cell on either side."""
    room = height - 2 * style.padding_y
    longest = max(row.cells, key=lambda cell: height_of(cell.lines))
    if min(_fitting(longest, room), len(longest.lines) - 2) < 2:
        return None
    counts = [min(_fitting(cell, room), len(cell.lines) - 2 * (cell is longest)) for cell in row.cells]
    first = [replace(cell, lines=cell.lines[:n]) for cell, n in zip(row.cells, counts, strict=True)]
    rest = [
        # Only what stood whole in the first part can stand again, or the rest would never get shorter.
        cell if cell.repeated and n == len(cell.lines) else replace(cell, lines=cell.lines[n:])
        for cell, n in zip(row.cells, counts, strict=True)
    ]
    return _measured(_SetRow(tuple(first), row.fill, 0.0), style), _measured(_SetRow(tuple(rest), row.fill, 0.0), style)


def _fitting(cell: _SetCell, room: float) -> int:
    """How many lines of ``cell`` fit into ``room``."""
    used = 0.0
    for count, line in enumerate(cell.lines):
        used += line.style.leading
        if used > room:
            return count
    return len(cell.lines)
