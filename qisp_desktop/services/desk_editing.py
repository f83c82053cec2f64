"""What a window changes on the expert's desk: all that is entered is read once, and each change is kept durably.

``score`` (desk_scoring) takes whole documents and refuses what is wrong; here one application at a time is replaced by
what the person sees of it, which the window has checked already.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from qisp_desktop.base import canonical
from qisp_desktop.base.codec import SPARED, CodecError, from_bytes, to_bytes
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.domain.application import Application
from qisp_desktop.domain.inspection import SiteInspection
from qisp_desktop.domain.inspection_draft import InspectionDraft
from qisp_desktop.domain.issuing import SignedReturn
from qisp_desktop.domain.panel import Declaration, Recusal
from qisp_desktop.domain.regulation import RecusalGround
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.domain.score_sheet import DraftSheet, ScoreSheet
from qisp_desktop.services.desk import Desk, DeskItem, desk_item
from qisp_desktop.store.aggregates import Setting
from qisp_desktop.store.workspace_store import WorkspaceChange

T = TypeVar("T")
_PLACE = "place"
_LEVELS = "levels/"


@dataclass(frozen=True)
class Entry:
    """What is entered for one application and not signed: a draft, or a recusal, or neither yet; and of a visit.

    ``levels`` are the names of the levels that were picked, by criterion; they help to score and are never signed.
    """

    draft: DraftSheet | None = None
    recusal: Recusal | None = None
    levels: Mapping[str, str] = dataclasses.field(default_factory=dict)
    visit: InspectionDraft | None = None


@dataclass(frozen=True)
class BegunAct:
    """What was begun for an application and not entered yet: a recusal, or (without a ground) reopening its sheet."""

    application: str
    ground: RecusalGround | None
    reason: str


@dataclass(frozen=True)
class Place:
    """Where the expert was: application, criterion, field with the caret, and what the material pane says of itself;
    and in the middle of what."""

    application: str = ""
    criterion: str = ""
    field: str = ""
    caret: int = 0
    reading: str = ""
    begun: tuple[BegunAct, ...] = dataclasses.field(default=(), metadata=SPARED)


@dataclass(frozen=True)
class DeskContents:
    """All that a window shows of an unlocked desk, as it stood when it was read.

    ``signed`` are the newest signed sheets by application, ``visited`` the newest finished records of visits;
    ``planned`` are the applications that the expert is to visit; ``settled`` those whose recusal was returned already
    and stands.
    """

    desk: Desk
    rubric: Rubric
    applications: Mapping[str, Application]
    items: tuple[DeskItem, ...]
    entries: Mapping[str, Entry]
    signed: Mapping[str, ScoreSheet]
    visited: Mapping[str, SiteInspection]
    planned: frozenset[str]
    declared: frozenset[str]
    settled: frozenset[str]
    place: Place


def contents(desk: Desk) -> DeskContents:
    """Everything on the desk."""
    items = tuple(desk.items())
    return DeskContents(
        desk,
        desk.rubric,
        desk.applications,
        items,
        {number: _entry(desk, number) for number in {*desk.applications, *(item.number for item in items)}},
        desk.signed_sheets(),
        desk.inspections(),
        frozenset(plan.application for plan in desk.records.inspections),
        frozenset(one.application for one in desk.store.all(Declaration)),
        settled_recusals(desk),
        _place(desk),
    )


def item_of(contents: DeskContents, number: str, entry: Entry) -> DeskItem:
    """How the desk lists an application for which ``entry`` is entered."""
    return desk_item(
        number,
        contents.applications.get(number),
        contents.rubric,
        recused=entry.recusal is not None,
        draft=entry.draft,
        signed=contents.signed.get(number),
    )


def keep(desk: Desk, entries: Mapping[str, Entry], place: Place | None = None) -> None:
    """Make the workspace hold exactly ``entries`` for their applications, in one durable commit.

    UserError, with nothing changed, when the disk fails, or when a recusal that was returned already would go.
    """
    settled = settled_recusals(desk) & {number for number, entry in entries.items() if entry.recusal is None}
    if settled:
        raise UserError(
            _("You stepped back from {number}, and the secretariat was told.").format(number=min(settled)),
            _("A recusal that was handed in stands."),
            _("Ask the secretariat to issue your package again."),
        )
    with desk.store.change() as change:
        for number, entry in entries.items():
            _put_or_remove(change, DraftSheet, number, entry.draft)
            _put_or_remove(change, Recusal, number, entry.recusal)
            _put_or_remove(change, InspectionDraft, number, entry.visit)
            name = _LEVELS + number
            picked = Setting(name, canonical.dumps(dict(entry.levels)).decode()) if entry.levels else None
            _put_or_remove(change, Setting, name, picked)
        if place is not None:
            change.put(Setting(_PLACE, to_bytes(place).decode()))


def declare(desk: Desk, numbers: Iterable[str]) -> None:
    """Record, durably, that the expert knows of no interest in the applications of these numbers."""
    now = datetime.now(UTC).replace(microsecond=0)
    with desk.store.change() as change:
        for number in numbers:
            if desk.store.get(Declaration, number) is None:
                change.put(Declaration(number, now))


def settled_recusals(desk: Desk) -> frozenset[str]:
    """The applications whose recusal the office holds or a signed return carries: those can no longer be undone."""
    held = {recusal.application for recusal in desk.records.recusals}
    return frozenset(held.union(*(made.recusals for made in desk.store.all(SignedReturn))))


def _entry(desk: Desk, number: str) -> Entry:
    return Entry(
        desk.draft(number),
        desk.store.get(Recusal, number),
        _levels(desk, number),
        desk.store.get(InspectionDraft, number),
    )


def _levels(desk: Desk, number: str) -> dict[str, str]:
    setting = desk.store.get(Setting, _LEVELS + number)
    value = canonical.loads(setting.value.encode()) if setting is not None else {}
    return {str(code): str(name) for code, name in value.items()} if isinstance(value, dict) else {}


def _place(desk: Desk) -> Place:
    setting = desk.store.get(Setting, _PLACE)
    try:
        return Place() if setting is None else from_bytes(Place, setting.value.encode())
    except CodecError:
        return Place()  # of a program that remembered more or less: the person starts at the first application


def _put_or_remove(change: WorkspaceChange, cls: type[Any], key: str, value: object | None) -> None:
    if value is None:
        change.remove(cls, key)
    else:
        change.put(value)
