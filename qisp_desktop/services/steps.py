"""What one act of a clerk changed, so that it can be taken back, and done again, exactly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.domain.desk_records import Exclusion, PaperEntry
from qisp_desktop.domain.inspection import InspectionPlan, SiteInspection
from qisp_desktop.domain.panel import Assignment, Recusal
from qisp_desktop.domain.score_sheet import ScoreSheet
from qisp_desktop.services.opened import RoundAt, writing
from qisp_desktop.store.aggregates import Cell, aggregate_of
from qisp_desktop.store.audit import AuditHead
from qisp_desktop.store.change import Change
from qisp_desktop.store.round_store import RoundStore

MANY = 50
"""From so many records of a kind on, all of them are read at once."""
Name = tuple[type[Any], tuple[Cell, ...]]
"""A record's class and its key."""


@dataclass(frozen=True)
class Step:
    """Records as they were ``before`` an act and ``after`` it; one that stands on one side only came or went.

    ``action`` is the verb in the audit trail. A step without records changed nothing.
    """

    action: str
    before: tuple[object, ...]
    after: tuple[object, ...]

    def __bool__(self) -> bool:
        return self.before != self.after

    @property
    def reversed(self) -> Step:
        """The step that takes this one back."""
        return Step(self.action, self.after, self.before)


@contextmanager
def changing(store: RoundStore, step: Step, head: AuditHead) -> Iterator[Change]:
    """Do ``step`` in a change that is kept at the end of the block; ``head`` is the trail's when it was decided upon.

    Raises UserError when somebody else has changed the round since ``head``.
    """
    if store.several_writers:
        # What was seen of these records long ago must not stand in the way of what was decided now.
        _held(store, _named(step.before) | _named(step.after))
    with store.change(step.action) as change:
        change.require_unchanged_since(head)
        _write(change, step)
        yield change


def _write(change: Change, step: Step) -> None:
    after = _named(step.after)
    for cls, key in _named(step.before):
        if (cls, key) not in after:
            change.remove(cls, *key)
    change.put_all(step.after)


def take(round_at: RoundAt, step: Step) -> Step:
    """Do ``step``, and return it.

    Raises UserError when what it starts from is not what the round holds (any more), and where another record than
    those of the step speaks against it: when it would give an expert what the office keeps them from by now, and when
    scores or a record of a visit that have come in would count no longer. An undo must not void what somebody has
    signed meanwhile; who wants that replaces the expert, with a reason that is kept.
    """
    with writing(round_at) as store:
        before, after = _named(step.before), _named(step.after)
        with store.snapshot():
            head, held = store.audit_head(), _held(store, before | after)
            _refuse_excluded(store, before, after)
            _refuse_voiding(store, before, after)
        if any(held.get(name) != before.get(name) for name in before | after):
            raise UserError(
                _("This cannot be done any more."),
                _("What it was about has been changed in the meantime."),
                _("Look at what stands now and change that."),
            )
        with changing(store, step, head):
            return step


def _refuse_excluded(store: RoundStore, before: Mapping[Name, object], after: Mapping[Name, object]) -> None:
    given = [name for name in after if name[0] is Assignment and name not in before]
    if not given:
        return
    kept_out = {(one.expert, one.application) for one in store.all(Exclusion)}
    for _cls, (expert, number) in sorted(given, key=lambda name: name[1]):
        if (expert, number) in kept_out and (Exclusion, (expert, number)) not in before:
            raise UserError(
                _("{expert} is excluded from {number} now.").format(expert=expert, number=number),
                _("The office keeps the expert from it."),
                _("Look at what stands now and change that."),
            )


def _refuse_voiding(store: RoundStore, before: Mapping[Name, object], after: Mapping[Name, object]) -> None:
    """Nothing that has come in may lose its assignment, or a record of a visit the last ground on which it counts."""
    taken = {key for cls, key in before.keys() - after.keys() if cls is Assignment}
    unseated = _seats(before.values()) - _seats(after.values())
    if not taken and not unseated:
        return
    lost = taken & _pairs_of(store, ScoreSheet, PaperEntry)
    if visited := (taken | unseated) & _pairs_of(store, SiteInspection):
        seated = (_seats(store.all(InspectionPlan)) - unseated) | _seats(after.values())
        assigned = (_pairs_of(store, Assignment) - taken) | {key for cls, key in after if cls is Assignment}
        lost |= visited - seated - assigned
    lost -= _pairs_of(store, Recusal)  # nothing of theirs counts anyway
    if lost:
        raise UserError(
            _("This cannot be undone or done again: work that has come in would count no longer."),
            _("It is of {work}.").format(
                work=_(", ").join(f"{expert} × {number}" for expert, number in sorted(lost, key=str))
            ),
            _("If it must not count, replace the expert: that asks for a reason, which is kept."),
        )


def _seats(records: Iterable[object]) -> set[tuple[Cell, ...]]:
    """Who inspects what by the plans among ``records``."""
    return {(expert, one.application) for one in records if isinstance(one, InspectionPlan) for expert in one.experts}


def _pairs_of(store: RoundStore, *kinds: type[Any]) -> set[tuple[Cell, ...]]:
    return {pair for kind in kinds for pair in store.distinct(kind, "expert", "application")}


def _named(records: Iterable[object]) -> dict[Name, object]:
    return {(type(one), tuple(getattr(one, part) for part in aggregate_of(type(one)).key)): one for one in records}


def _held(store: RoundStore, names: Mapping[Name, object]) -> dict[Name, object]:
    kinds: dict[type[Any], list[tuple[Cell, ...]]] = {}
    for cls, key in names:
        kinds.setdefault(cls, []).append(key)
    held: dict[Name, object] = {}
    for cls, keys in kinds.items():
        if len(keys) > MANY:
            held |= _named(store.all(cls))
        else:
            held |= _named(record for key in keys if (record := store.get(cls, *key)) is not None)
    return held
