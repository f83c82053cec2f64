"""Scores that came on hand-signed paper: two entries compared, settled into a sheet, and what makes such a sheet count.

A signed sheet names the issue under which it was signed. A sheet from paper names none: it carries no signature, and
counts only with a clerk's confirmation. Beside signed sheets it is a revision like any other (``merging``): a newer one
takes its place, and the same revision with another content is a conflict.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from qisp_desktop.base.i18n import _
from qisp_desktop.domain.desk_records import PaperConfirmation
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.domain.score_sheet import LONGEST_REMARK, ItemScore, ScoreSheet, points_problem, remark_missing

NO_ISSUE = ""
"""The issue of a sheet that came on paper."""


@dataclass(frozen=True)
class EntryDifference:
    """A criterion about which two entries of one paper disagree."""

    criterion: str
    first: ItemScore
    second: ItemScore


def is_from_paper(sheet: ScoreSheet) -> bool:
    """Whether ``sheet`` was taken from a hand-signed paper instead of a signed package."""
    return sheet.issue == NO_ISSUE


def counting(sheets: Iterable[ScoreSheet], confirmations: Iterable[PaperConfirmation]) -> tuple[ScoreSheet, ...]:
    """The ``sheets`` that can count at all: signed ones, and those from paper that a clerk confirmed."""
    confirmed = {one.sheet for one in confirmations}
    return tuple(sheet for sheet in sheets if sheet.issue or sheet.digest in confirmed)


def entry_differences(first: Iterable[ItemScore], second: Iterable[ItemScore]) -> tuple[EntryDifference, ...]:
    """Where two complete entries of one paper disagree, in the order of the rubric; blanks around remarks are the
    same."""
    pairs = zip(first, second, strict=True)
    return tuple(EntryDifference(a.criterion, a, b) for a, b in pairs if not _same(a, b))


def settled_items(
    first: tuple[ItemScore, ...], second: tuple[ItemScore, ...], settled: Mapping[str, ItemScore]
) -> tuple[ItemScore, ...]:
    """The items of the sheet: what both entries say, and ``settled`` where they differ.

    Raises ValueError for a difference that is not settled, and for a settlement of what does not differ.
    """
    differing = {one.criterion for one in entry_differences(first, second)}
    if differing != set(settled):
        raise ValueError("exactly the differences must be settled")
    return tuple(settled.get(item.criterion, item) for item in first)


def items_problems(items: Iterable[ItemScore], rubric: Rubric) -> dict[str, str]:
    """What keeps ``items`` (one for each criterion) from being a complete sheet: the reason by criterion."""
    found: dict[str, str] = {}
    for item in items:
        if problem := item_problem(item, rubric):
            found[item.criterion] = problem
    return found


def item_problem(item: ItemScore, rubric: Rubric) -> str:
    """Why ``item`` cannot stand in a complete sheet; empty when it can."""
    criterion = rubric.by_code[item.criterion]
    if item.points is None:
        return _("{code}: no score").format(code=item.criterion)
    if problem := points_problem(criterion, rubric, item.points):
        return problem
    if rubric.remark_required(criterion, item.points) and not item.remark.strip():
        return remark_missing(criterion, rubric)
    if len(item.remark) > LONGEST_REMARK:
        return _("{code}: the remark is too long").format(code=item.criterion)
    return ""


def sheet_from_paper(
    round_id: str,
    rubric: Rubric,
    expert: str,
    application: str,
    held: Mapping[str, int],
    items: tuple[ItemScore, ...],
    reason: str,
    template: int,
) -> ScoreSheet:
    """The sheet of a confirmed paper: the revision after the newest that is ``held`` (digest → revision).

    Of two contents of the newest revision it follows the one whose digest is smallest, so that it does not matter which
    came first.
    """
    newest = max(held.values(), default=0)
    previous = min((digest for digest, revision in held.items() if revision == newest), default="")
    total = sum((item.points for item in items if item.points is not None), Decimal(0))
    return ScoreSheet(
        round_id,
        expert,
        application,
        newest + 1,
        previous,
        reason if previous else "",
        NO_ISSUE,
        rubric.digest,
        template,
        items,
        total,
    )


def _same(one: ItemScore, other: ItemScore) -> bool:
    return one.points == other.points and one.remark.split() == other.remark.split()
