"""What an expert's own scores say when they stand side by side; plain values, no window."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from qisp_desktop.base.i18n import _
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.gui.panel.desk.sheets import Sheets
from qisp_desktop.services.desk import DeskItem

ENOUGH_TO_COMPARE = 3
"""With fewer complete sheets, one is always the highest and one the lowest."""
FAR_OFF = Decimal(15)
"""Points from the mean of one's own totals, as the default bound of rule 7."""
BIN = 5
"""Points in one bar of the distribution."""


@dataclass(frozen=True)
class ComparedRow:
    """One application: its points in the rubric's order, the total of a complete sheet, and what stands out."""

    item: DeskItem
    points: tuple[Decimal | None, ...]
    total: Decimal | None
    notes: tuple[str, ...]


def compared_rows(sheets: Sheets) -> list[ComparedRow]:
    """Every application that was not given up, in the order of the numbers."""
    points = {
        item.number: tuple(score.points for score in sheets.scores(item.number))
        for item in sheets.items
        if not sheets.recused(item.number)
    }
    totals = {number: sum_of(row) for number, row in points.items()}
    complete = [total for total in totals.values() if total is not None]
    twins = Counter(row for row in points.values() if None not in row)
    same_total = Counter(complete)
    rows = []
    for number, row in points.items():
        total = totals[number]
        notes = [] if total is None else _notes(total, complete, sheets.rubric, twins[row] > 1, same_total[total] > 1)
        rows.append(ComparedRow(sheets.item(number), row, total, tuple(notes)))
    return rows


def sum_of(points: Sequence[Decimal | None]) -> Decimal | None:
    """The total where every criterion is scored; None where one is not."""
    total = Decimal(0)
    for one in points:
        if one is None:
            return None
        total += one
    return total


def mean_of(totals: Sequence[Decimal]) -> Decimal | None:
    """The mean to two decimals, half up; None of nothing."""
    if not totals:
        return None
    return (sum(totals, Decimal(0)) / len(totals)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def bars_of(totals: Sequence[Decimal], maximum: Decimal) -> list[tuple[int, int]]:
    """How many totals lie in each BIN of points (from its lowest value on), from the first bar that holds one to the
    last; the highest possible total belongs to the last bar."""
    if not totals:
        return []
    top = max(0, int((maximum - 1) // BIN))
    counts = Counter(min(int(total // BIN), top) for total in totals)
    return [(place * BIN, counts[place]) for place in range(min(counts), max(counts) + 1)]


def _notes(total: Decimal, totals: Sequence[Decimal], rubric: Rubric, twin: bool, tied: bool) -> list[str]:
    notes = []
    if twin:
        notes.append(_("the same in every criterion as another"))
    elif tied:
        notes.append(_("the same total as another"))
    if total == rubric.maximum:
        notes.append(_("full points everywhere"))
    if len(totals) >= ENOUGH_TO_COMPARE and min(totals) != max(totals):
        mean = sum(totals, Decimal(0)) / len(totals)
        if abs(total - mean) > FAR_OFF:
            notes.append(_("far from your mean"))
        if total == max(totals):
            notes.append(_("your highest"))
        if total == min(totals):
            notes.append(_("your lowest"))
    return notes
