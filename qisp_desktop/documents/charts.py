"""Pictures of scores, drawn as lines and areas: readable without colour, sharp at any size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.platypus import Flowable

from qisp_desktop.documents.house_style import ACCENT, CELL, CELL_BOLD, FRAME, INK, LINE, SECOND, SMALL, SOFT
from qisp_desktop.documents.text import (
    Text,
    TextStyle,
    draw_lines,
    draw_text,
    height_of,
    set_lines,
    shortened,
    width_of,
)

_DOT = 3.1
_LABEL = TextStyle(7.5, 9, INK)
_AXIS = TextStyle(7.5, 9, SECOND)
_SMALL_LABEL = TextStyle(7, 8.5, INK)
_ROW = 19.0
_CLEAR = 9.5
"""From the axis to the lowest dots: the marks on the axis do not touch them."""
_HIGHEST = 420.0
_WHITE = "#FFFFFF"


@dataclass(frozen=True)
class Dot:
    """A total; ``dropped`` when the trimmed mean leaves it out."""

    points: Decimal
    dropped: bool


@dataclass(frozen=True)
class DotPlotData:
    """What a dot plot shows, in points from 0 to ``maximum``; ``final`` and ``median`` may be absent."""

    dots: tuple[Dot, ...]
    maximum: Decimal
    pass_score: Decimal
    final: Decimal | None
    median: Decimal | None


@dataclass(frozen=True)
class Bar:
    """A score out of ``maximum``, with the median of the round's applications where there is one."""

    label: str
    score: Decimal
    maximum: Decimal
    median: Decimal | None


class DotPlot(Flowable):
    """Totals as dots on a line; equal ones above each other, dropped ones hollow; not parted between pages."""

    def __init__(self, data: DotPlotData) -> None:
        super().__init__()
        self._data = data
        shown = [dot.points for dot in data.dots] + [data.pass_score]
        shown += [value for value in (data.final, data.median) if value is not None]
        self._low = max(0, int(min(shown)) // 10 * 10 - 10)
        self._high = float(data.maximum)

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Width and height in points, as platypus asks for them."""
        self.width = width
        self._levels = self._stacked()
        count = max(self._levels, default=0) + 1
        # A plot must fit on a page, however many experts agree.
        self._row = min(_ROW, _HIGHEST / count)
        self.height = 54 + self._row * count + 8
        return self.width, self.height

    def getSpaceAfter(self) -> float:
        """The gap below, in points."""
        return 6.0

    def draw(self) -> None:
        """Draw it on the canvas that platypus has set."""
        canvas: Any = self.canv
        self._draw_axis(canvas)
        self._draw_marks(canvas)
        canvas.setStrokeColor(HexColor(INK))
        canvas.setLineWidth(1.0)
        placed = [
            (dot, self._base + _CLEAR + self._row * level)
            for dot, level in zip(self._data.dots, self._levels, strict=True)
        ]
        # First the white below all numbers, so that no line runs through one and none hides a neighbour's dot.
        for dot, y in placed:
            self._clear_for_number(canvas, dot, y)
        for dot, y in placed:
            self._draw_dot(canvas, dot, y)
        self._draw_legend(canvas)

    @property
    def _base(self) -> float:
        return 40.0

    def _x(self, points: Decimal) -> float:
        left, right = 10.0, self.width - 10.0
        share = (float(points) - self._low) / max(self._high - self._low, 1.0)
        return left + share * (right - left)

    def _stacked(self) -> list[int]:
        """The level of each dot: the lowest on which its number does not touch the one to its left."""
        ends: list[float] = []
        levels = []
        for dot in self._data.dots:
            x, half = self._x(dot.points), width_of(_text(dot.points), _LABEL) / 2 + 2
            level = next((n for n, end in enumerate(ends) if end <= x - half), len(ends))
            ends[level : level + 1] = [x + half]
            levels.append(level)
        return levels

    def _draw_axis(self, canvas: Any) -> None:
        base = self._base
        canvas.setStrokeColor(HexColor(LINE))
        canvas.setLineWidth(0.5)
        for tick in range(self._low, int(self._high) + 1, _step(self._high - self._low)):
            x = self._x(Decimal(tick))
            canvas.line(x, base, x, self.height)
            text = str(tick)
            draw_text(canvas, text, _AXIS, x - width_of(text, _AXIS) / 2, base - 18)
        canvas.setStrokeColor(HexColor(INK))
        canvas.setLineWidth(0.8)
        canvas.line(self._x(Decimal(self._low)), base, self._x(self._data.maximum), base)

    def _draw_marks(self, canvas: Any) -> None:
        data, base = self._data, self._base
        canvas.setStrokeColor(HexColor(INK))
        canvas.setLineWidth(1.0)
        canvas.setDash(3, 2)
        x = self._x(data.pass_score)
        canvas.line(x, base, x, self.height)
        canvas.setDash()
        if data.median is not None:
            _diamond(canvas, self._x(data.median), base)
        if data.final is not None:
            _triangle(canvas, self._x(data.final), base)

    def _clear_for_number(self, canvas: Any, dot: Dot, y: float) -> None:
        half = width_of(_text(dot.points), _LABEL) / 2 + 1
        canvas.setFillColor(HexColor(_WHITE))
        canvas.rect(self._x(dot.points) - half, y + _DOT + 0.8, 2 * half, 7.4, stroke=0, fill=1)

    def _draw_dot(self, canvas: Any, dot: Dot, y: float) -> None:
        x = self._x(dot.points)
        _circle(canvas, x, y, hollow=dot.dropped)
        text = _text(dot.points)
        draw_text(canvas, text, _LABEL, x - width_of(text, _LABEL) / 2, y + 4.6)

    def _draw_legend(self, canvas: Any) -> None:
        x, y = 10.0, 6.0
        entries: list[tuple[str, str]] = [("dot", "专家总分")]
        if any(dot.dropped for dot in self._data.dots):
            entries.append(("hollow", "去掉的最高分、最低分"))
        entries.append(("line", f"合格分 {_text(self._data.pass_score)}"))
        if self._data.final is not None:
            entries.append(("final", f"最终得分 {self._data.final:.2f}"))
        if self._data.median is not None:
            entries.append(("median", f"本轮最终得分中位数 {self._data.median:.2f}"))
        canvas.setStrokeColor(HexColor(INK))
        canvas.setLineWidth(1.0)
        for mark, text in entries:
            _legend_mark(canvas, mark, x + 4, y)
            draw_text(canvas, text, _AXIS, x + 11, y - 2.7)
            x += 11 + width_of(text, _AXIS) + 12


class Bars(Flowable):
    """Scores as bars, each on a scale to its own maximum, with the median's mark; not parted between pages."""

    _HEIGHT = 21.0

    def __init__(self, bars: Sequence[Bar]) -> None:
        super().__init__()
        self._bars = bars

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Width and height in points, as platypus asks for them."""
        self.width, self.height = width, self._HEIGHT * len(self._bars) + 14
        return self.width, self.height

    def getSpaceAfter(self) -> float:
        """The gap below, in points."""
        return 8.0

    def draw(self) -> None:
        """Draw it on the canvas that platypus has set."""
        canvas: Any = self.canv
        top = self.height
        for bar in self._bars:
            self._draw_bar(canvas, bar, top - self._HEIGHT)
            top -= self._HEIGHT
        if any(bar.median is not None for bar in self._bars):
            canvas.setFillColor(HexColor(INK))
            canvas.rect(10 + 3.2, 1.5, 1.6, 9, stroke=0, fill=1)
            draw_text(canvas, "本轮各申报该项平均得分的中位数；右侧为得分 / 满分", _AXIS, 21, 3.3)

    def _draw_bar(self, canvas: Any, bar: Bar, y: float) -> None:
        left, right = 34 * mm, self.width - 45 * mm
        self._draw_label(canvas, bar.label, y, left - 14)
        canvas.setFillColor(HexColor(SOFT))
        canvas.setStrokeColor(HexColor(FRAME))
        canvas.setLineWidth(0.6)
        canvas.rect(left, y + 3.5, right - left, 11, stroke=1, fill=1)
        canvas.setFillColor(HexColor(ACCENT))
        canvas.rect(left, y + 3.5, (right - left) * _share(bar.score, bar.maximum), 11, stroke=0, fill=1)
        if bar.median is not None:
            x = left + (right - left) * _share(bar.median, bar.maximum)
            # White around it, so that it shows on the bar as well as beside it.
            canvas.setFillColor(HexColor(_WHITE))
            canvas.rect(x - 1.7, y + 1.2, 3.4, 15.6, stroke=0, fill=1)
            canvas.setFillColor(HexColor(INK))
            canvas.rect(x - 0.8, y + 1.2, 1.6, 15.6, stroke=0, fill=1)
        score, rest = f"{bar.score:.2f}", f" / {_text(bar.maximum)}"
        draw_text(canvas, score, CELL_BOLD, right + 8, y + 5.8)
        x = right + 8 + width_of(score, CELL_BOLD)
        draw_text(canvas, rest, SMALL, x, y + 5.8)
        if bar.median is not None:
            draw_text(canvas, f"　中位数 {bar.median:.2f}", SMALL, x + width_of(rest, SMALL), y + 5.8)

    def _draw_label(self, canvas: Any, label: str, y: float, width: float) -> None:
        """One line, or two small ones; the table that goes with the picture has the whole name."""
        lines = set_lines((Text(label, CELL),), width)
        if len(lines) > 1:
            lines = set_lines((Text(label, _SMALL_LABEL),), width)
        lines = shortened(lines, 2)
        draw_lines(canvas, lines, 10, y + 9 + height_of(lines) / 2, width)


@dataclass(frozen=True)
class Column:
    """How many of something fall into a class named by ``label``."""

    label: str
    count: int


class Histogram(Flowable):
    """Counts as upright bars with their numbers on top; not parted between pages."""

    def __init__(self, columns: Sequence[Column], caption: str) -> None:
        super().__init__()
        self._columns = columns
        self._caption = caption

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Width and height in points, as platypus asks for them."""
        self.width, self.height = width, 44 * mm
        return self.width, self.height

    def getSpaceAfter(self) -> float:
        """The gap below, in points."""
        return 8.0

    def draw(self) -> None:
        """Draw it on the canvas that platypus has set."""
        canvas: Any = self.canv
        base, room = 26.0, self.height - 26.0 - 14.0
        most = max([column.count for column in self._columns], default=0) or 1
        step = (self.width - 20) / max(len(self._columns), 1)
        for n, column in enumerate(self._columns):
            x, height = 10 + step * n, room * column.count / most
            canvas.setFillColor(HexColor(ACCENT))
            canvas.rect(x + step * 0.15, base, step * 0.7, height, stroke=0, fill=1)
            centre = x + step / 2
            if column.count:
                text = str(column.count)
                draw_text(canvas, text, _LABEL, centre - width_of(text, _LABEL) / 2, base + height + 3)
            draw_text(canvas, column.label, _AXIS, centre - width_of(column.label, _AXIS) / 2, base - 10)
        canvas.setStrokeColor(HexColor(INK))
        canvas.setLineWidth(0.8)
        canvas.line(10, base, self.width - 10, base)
        draw_text(canvas, self._caption, _AXIS, (self.width - width_of(self._caption, _AXIS)) / 2, 3)


# Marks -------------------------------------------------------------------------------------------------------------


def _legend_mark(canvas: Any, mark: str, x: float, y: float) -> None:
    if mark in ("dot", "hollow"):
        _circle(canvas, x, y, hollow=mark == "hollow")
    elif mark == "line":
        canvas.setDash(3, 2)
        canvas.line(x, y - 5, x, y + 5)
        canvas.setDash()
    elif mark == "final":
        _triangle(canvas, x, y + 4)
    else:
        _diamond(canvas, x, y)


def _circle(canvas: Any, x: float, y: float, *, hollow: bool) -> None:
    canvas.setFillColor(HexColor(_WHITE if hollow else ACCENT))
    canvas.circle(x, y, _DOT, stroke=1, fill=1)


def _triangle(canvas: Any, x: float, y: float) -> None:
    """A filled triangle that points up to (x, y)."""
    canvas.setFillColor(HexColor(INK))
    _polygon(canvas, ((x, y), (x - 4.5, y - 8), (x + 4.5, y - 8)))


def _diamond(canvas: Any, x: float, y: float) -> None:
    canvas.setFillColor(HexColor(_WHITE))
    _polygon(canvas, ((x, y + 4.5), (x + 4, y), (x, y - 4.5), (x - 4, y)))


def _polygon(canvas: Any, corners: Sequence[tuple[float, float]]) -> None:
    path = canvas.beginPath()
    path.moveTo(*corners[0])
    for corner in corners[1:]:
        path.lineTo(*corner)
    path.close()
    canvas.drawPath(path, stroke=1, fill=1)


def _share(points: Decimal, maximum: Decimal) -> float:
    return min(1.0, float(points / maximum)) if maximum else 0.0


def _step(span: float) -> int:
    """The distance of ticks that gives at most about ten of them."""
    return next((step for step in (5, 10, 20, 50, 100, 200, 500, 1000) if span / step <= 10), int(span / 10) + 1)


def _text(points: Decimal) -> str:
    """A score as it is: without zeros that say nothing."""
    text = f"{points:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
