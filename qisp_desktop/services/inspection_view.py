"""Visits as the secretariat sees them: who is to go, what came back, what counts of it, what follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from weakref import WeakKeyDictionary

from qisp_desktop.base.i18n import _, labelled
from qisp_desktop.domain.inspection import Overall, SiteInspection
from qisp_desktop.domain.merging import standings
from qisp_desktop.domain.rubric import ChecklistItem
from qisp_desktop.services.application_rows import ApplicationRow
from qisp_desktop.services.panel_board import PanelBoard, read_board
from qisp_desktop.store.round_store import RoundStore

_MANY = 50


class VisitState(Enum):
    """Where the visit of an application stands."""

    NONE = "none"
    PLANNED = "planned"
    BACK = "back"
    RIVALS = "rivals"
    """A record came back with two contents, and no other counts."""


class RecordStanding(Enum):
    """What a record of a visit is among all that came back."""

    COUNTS = "counts"
    RIVAL = "rival"
    SUPERSEDED = "superseded"
    NOT_COUNTED = "not counted"
    """The expert stepped back, or neither scores nor inspects the application any more."""


@dataclass(frozen=True)
class VisitRecord:
    """A record with what it is among all."""

    record: SiteInspection
    standing: RecordStanding


@dataclass(frozen=True)
class VisitLine:
    """An application and its visit; ``overall`` is the severest verdict that counts."""

    row: ApplicationRow
    planned: tuple[str, ...]
    state: VisitState
    overall: Overall | None
    records: tuple[VisitRecord, ...]

    @property
    def consequence(self) -> str:
        """What the visit means for the recommendation (rule 6), in words; empty without a visit."""
        return _consequence(self.state, self.overall)


@dataclass(frozen=True)
class VisitOverview:
    """All accepted applications, and whatever others were visited."""

    lines: tuple[VisitLine, ...]
    checklist: tuple[ChecklistItem, ...]
    board: PanelBoard


def visit_overview(store: RoundStore) -> VisitOverview:
    """The visits of an open round, in the order of application numbers."""
    board = read_board(store)
    records: dict[str, list[SiteInspection]] = {}
    for record in _records(store):
        records.setdefault(record.application, []).append(record)
    lines = tuple(
        _line(board, row, records.get(row.number, ()))
        for row in board.rows
        if row.accepted or row.number in board.plans or row.number in records
    )
    return VisitOverview(lines, store.rubric().checklist, board)


def _line(board: PanelBoard, row: ApplicationRow, records: Sequence[SiteInspection]) -> VisitLine:
    plan = board.plans.get(row.number)
    planned = plan.experts if plan is not None else ()
    shown = _standings(board, records)
    counting = [one.record.overall for one in shown if one.standing is RecordStanding.COUNTS]
    if counting:
        state = VisitState.BACK
    elif any(one.standing is RecordStanding.RIVAL for one in shown):
        state = VisitState.RIVALS
    else:
        state = VisitState.PLANNED if planned else VisitState.NONE
    severity = list(Overall)
    return VisitLine(row, planned, state, max(counting, key=severity.index, default=None), shown)


def _standings(board: PanelBoard, records: Sequence[SiteInspection]) -> tuple[VisitRecord, ...]:
    """What each record is; as ``results.valid_inspections`` counts them."""
    counting = [record for record in records if _counts(board, record)]
    held = standings(counting)
    valid = {one.record.digest for one in held.values() if one.record is not None}
    rivals = {rival.digest for one in held.values() if one.in_conflict for rival in one.rivals}

    def standing(record: SiteInspection) -> RecordStanding:
        if not _counts(board, record):
            return RecordStanding.NOT_COUNTED
        if record.digest in valid:
            return RecordStanding.COUNTS
        return RecordStanding.RIVAL if record.digest in rivals else RecordStanding.SUPERSEDED

    newest_first = sorted(records, key=lambda one: (one.expert, -one.revision, one.digest))
    return tuple(VisitRecord(record, standing(record)) for record in newest_first)


def _counts(board: PanelBoard, record: SiteInspection) -> bool:
    plan = board.plans.get(record.application)
    party = plan.experts if plan is not None else ()
    belongs = record.identity in board.assigned or record.expert in party
    return belongs and record.identity not in board.recusals


def _consequence(state: VisitState, overall: Overall | None) -> str:
    if state is VisitState.PLANNED:
        return _("The planned visit has not come back: no recommendation before it has.")
    if state is VisitState.RIVALS:
        return _("Two versions came back: neither counts, and no recommendation, until the expert signs a newer one.")
    match overall:
        case Overall.PASS:
            return _("Passed: nothing on site stands against a recommendation.")
        case Overall.RECTIFY:
            return _(
                "To be put right within a time limit: this alone does not stand against a recommendation; see that it "
                "is put right."
            )
        case Overall.FAIL:
            return _("Failed: the application is not recommended, whatever its score.")
        case None:
            return ""


def standing_words(standing: RecordStanding) -> str:
    """What a record is among all, in words."""
    return {
        RecordStanding.COUNTS: _("counts"),
        RecordStanding.RIVAL: _("one of two versions, does not count"),
        RecordStanding.SUPERSEDED: _("superseded by a newer revision"),
        RecordStanding.NOT_COUNTED: _("does not count: no longer the expert's to inspect"),
    }[standing]


def findings_words(record: SiteInspection) -> tuple[str, ...]:
    """The findings, each with its checklist item and its photo."""
    lines = []
    for finding in record.findings:
        text = labelled(finding.item, finding.text) if finding.item else finding.text
        lines.append(_("{text} (photo {photo})").format(text=text, photo=finding.photo) if finding.photo else text)
    return tuple(lines)


_known: WeakKeyDictionary[RoundStore, Mapping[str, SiteInspection]] = WeakKeyDictionary()
"""Records by digest: what was signed never changes."""


def _records(store: RoundStore) -> Iterable[SiteInspection]:
    digests = [str(digest) for (digest,) in store.listing(SiteInspection, "digest")]
    known = _known.get(store, {})
    new = [digest for digest in digests if digest not in known]
    if len(new) > _MANY:
        found = {record.digest: record for record in store.all(SiteInspection)}
    else:
        read = (store.get(SiteInspection, digest) for digest in new)
        found = dict(known) | {record.digest: record for record in read if record is not None}
    _known[store] = found
    return [found[digest] for digest in digests if digest in found]
