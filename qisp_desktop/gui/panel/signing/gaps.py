"""What keeps the desk from being handed in whole, and where the expert finds it."""

from __future__ import annotations

from typing import NamedTuple

from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.domain.inspection_draft import missing_in_inspection
from qisp_desktop.gui.panel.desk.sheets import UNFINISHED, Sheets
from qisp_desktop.services.desk import DeskStatus

SCORING, INSPECTION = "", "inspection"
"""The desk's views in which something can be missing."""


class Gap(NamedTuple):
    """Something that is missing: in which view, of which application, at which criterion (may be empty)."""

    view: str
    number: str
    criterion: str
    text: str


def gaps(sheets: Sheets) -> list[Gap]:
    """Everything that is missing: sheets first, then visits."""
    found = []
    for item in sheets.items:
        if item.status in UNFINISHED:
            count = len(item.missing)
            text = ngettext("{number}: {count} thing missing", "{number}: {count} things missing", count)
            if item.status is DeskStatus.NEW:
                text = _("{number}: not scored yet")
            found.append(
                Gap(SCORING, item.number, sheets.first_open(item.number), text.format(number=item.number, count=count))
            )
    return found + [gap for number in sheets.visitable if (gap := _visit_gap(sheets, number)) is not None]


def _visit_gap(sheets: Sheets, number: str) -> Gap | None:
    draft = sheets.entry(number).visit
    if sheets.recused(number):
        return None
    if draft is None:
        due = number in sheets.planned and sheets.visited(number) is None
        text = _("{number}: the planned site inspection is not recorded")
        return Gap(INSPECTION, number, "", text.format(number=number)) if due else None
    missing = missing_in_inspection(draft, sheets.rubric)
    if not missing:
        return None
    text = ngettext("{number}, site inspection: {what}", "{number}, site inspection: {what} and more", len(missing))
    return Gap(INSPECTION, number, "", text.format(number=number, what=missing[0]))


def ready_visits(sheets: Sheets) -> list[str]:
    """The applications whose visit is written completely and not handed in."""
    drafts = ((number, sheets.entry(number).visit) for number in sheets.visitable if not sheets.recused(number))
    return [number for number, draft in drafts if draft is not None and not missing_in_inspection(draft, sheets.rubric)]
