"""Who reads and visits what, what keeps whom from it, what was handed out: all that assigning and issuing rest on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from weakref import WeakKeyDictionary

from qisp_desktop.domain.desk_records import Exclusion, PaperEntry, Replacement
from qisp_desktop.domain.inspection import InspectionPlan, SiteInspection
from qisp_desktop.domain.issuing import Issue, OwnCertificate
from qisp_desktop.domain.panel import AssignedBy, Assignment, ConflictGround, Expert, Recusal, conflicts
from qisp_desktop.domain.score_sheet import ScoreSheet
from qisp_desktop.services.application_rows import ApplicationRow, application_rows
from qisp_desktop.services.roster import Roster
from qisp_desktop.store.audit import AuditHead
from qisp_desktop.store.round_store import RoundStore

Pair = tuple[str, str]
"""Expert and application."""


class Due(NamedTuple):
    """What belongs into an expert's package: the applications to score, and those to inspect."""

    scored: tuple[str, ...]
    visited: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.scored or self.visited)


class Candidate(NamedTuple):
    """Who could read an application, and how many are read by them already."""

    expert: str
    name: str
    load: int


@dataclass(frozen=True)
class PanelBoard:
    """The panel and its work at one moment; mappings by (expert, application)."""

    experts: Mapping[str, Expert]
    rows: tuple[ApplicationRow, ...]
    assigned: Mapping[Pair, AssignedBy]
    recusals: Mapping[Pair, Recusal]
    exclusions: Mapping[Pair, Exclusion]
    conflicts: Mapping[Pair, ConflictGround]
    replacements: tuple[Replacement, ...]
    plans: Mapping[str, InspectionPlan]
    signed: frozenset[Pair]
    """Of which signed score sheets are held, whether they count or not."""
    entered: frozenset[Pair]
    """Of which scores on paper, or of a score form, were entered, whether they are confirmed or not."""
    visited: frozenset[Pair]
    """Of which records of a visit are held."""
    issues: Mapping[str, Issue]
    """The issue in force of each expert who has one."""
    certified: frozenset[str]
    """Experts who brought a certificate of their own."""
    quorum: int

    @cached_property
    def scored(self) -> frozenset[Pair]:
        """Of which scores have come in any way."""
        return self.signed | self.entered

    @cached_property
    def row(self) -> Mapping[str, ApplicationRow]:
        """Applications by number."""
        return {row.number: row for row in self.rows}

    @cached_property
    def loads(self) -> Counter[str]:
        """How many applications each expert scores; those that the expert stepped back from are none."""
        return Counter(expert for expert, number in self.assigned if (expert, number) not in self.recusals)

    @cached_property
    def readers(self) -> Mapping[str, tuple[str, ...]]:
        """Who is assigned to each application, stepped back or not."""
        found: dict[str, list[str]] = {row.number: [] for row in self.rows}
        for expert, number in sorted(self.assigned):
            found.setdefault(number, []).append(expert)
        return {number: tuple(experts) for number, experts in found.items()}

    def possible(self, number: str) -> int:
        """How many valid sheets of ``number`` there can be: its readers who did not step back."""
        return sum((expert, number) not in self.recusals for expert in self.readers.get(number, ()))

    @cached_property
    def withdrawn(self) -> frozenset[str]:
        """Experts who left the panel: replaced for another cause than an interest, and assigned to nothing any more."""
        left = {one.leaving for one in self.replacements if (one.leaving, one.application) not in self.conflicts}
        return frozenset(left - set(self.loads))

    @cached_property
    def _left(self) -> Mapping[str, frozenset[str]]:
        """Who was replaced, by application."""
        found: dict[str, frozenset[str]] = {}
        for one in self.replacements:
            found[one.application] = found.get(one.application, frozenset()) | {one.leaving}
        return found

    def candidates(self, number: str) -> tuple[Candidate, ...]:
        """Who could read ``number`` as well: no interest, not replaced there before, still on the panel; the least
        loaded first."""
        left = self.withdrawn | self._left.get(number, frozenset())
        found = [
            Candidate(expert.id, expert.name, self.loads[expert.id])
            for expert in self.experts.values()
            if expert.id not in left
            and (expert.id, number) not in self.assigned
            and (expert.id, number) not in self.conflicts
        ]
        return tuple(sorted(found, key=lambda one: (one.load, one.expert)))

    @cached_property
    def due(self) -> Mapping[str, Due]:
        """What belongs into the package of each expert who has anything to do."""
        scored: dict[str, list[str]] = {}
        for expert, number in sorted(self.assigned):
            if self._open(expert, number):
                scored.setdefault(expert, []).append(number)
        visited: dict[str, list[str]] = {}
        for plan in self.plans.values():
            for expert in plan.experts:
                if self._open(expert, plan.application):
                    visited.setdefault(expert, []).append(plan.application)
        return {
            expert: Due(tuple(scored.get(expert, ())), tuple(sorted(visited.get(expert, ()))))
            for expert in sorted(scored.keys() | visited.keys())
        }

    def outdated(self, expert: str) -> bool:
        """Whether the package in the hands of ``expert`` is not the one that is due.

        What the expert stepped back from since is still in it and closed there. Issues of programs that did not note
        what a package held are taken for good.
        """
        issue = self.issues.get(expert)
        if issue is None or not (issue.scored or issue.visited):
            return False
        due = self.due.get(expert, Due((), ()))
        held = Due(self._still(expert, issue.scored), self._still(expert, issue.visited))
        return held != due

    def to_reissue(self, experts: Iterable[str]) -> tuple[str, ...]:
        """Those of ``experts`` whose package in hand is outdated while they have something to do."""
        return tuple(sorted({expert for expert in experts if self.outdated(expert) and self.due.get(expert)}))

    def unvisited(self, number: str, party: Collection[str]) -> tuple[str, ...]:
        """Of those who visit ``number``, whose records that have come in would count no longer if ``party`` did."""
        plan = self.plans.get(number)
        gone = {(expert, number) for expert in (plan.experts if plan is not None else ()) if expert not in party}
        lost = (gone & self.visited) - self.assigned.keys() - self.recusals.keys()
        return tuple(sorted(expert for expert, _number in lost))

    def _open(self, expert: str, number: str) -> bool:
        row = self.row.get(number)
        kept_out = (expert, number) in self.recusals or (expert, number) in self.exclusions
        return row is not None and row.accepted and not kept_out

    def _still(self, expert: str, numbers: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(number for number in numbers if (expert, number) not in self.recusals))


def decided_on(store: RoundStore) -> tuple[PanelBoard, AuditHead]:
    """The board for who is about to change something, and the head of the trail that it belongs to."""
    with store.snapshot():
        return read_board(store), store.audit_head()


def read_board(store: RoundStore) -> PanelBoard:
    """The board of an open round."""
    rows = application_rows(store)
    experts = {expert.id: expert for expert in store.all(Expert)}
    recusals, exclusions = store.all(Recusal), store.all(Exclusion)
    roster = Roster(store)
    issues = {expert: issue for expert in experts if (issue := roster.current(expert)) is not None}
    return PanelBoard(
        experts,
        rows,
        _assigned(store),
        {(one.expert, one.application): one for one in recusals},
        {(one.expert, one.application): one for one in exclusions},
        {(one.expert, one.application): one.ground for one in conflicts(experts.values(), rows, recusals, exclusions)},
        tuple(store.all(Replacement)),
        {plan.application: plan for plan in store.all(InspectionPlan)},
        _pairs(store, ScoreSheet),
        _pairs(store, PaperEntry),
        _pairs(store, SiteInspection),
        issues,
        frozenset(str(expert) for (expert,) in store.listing(OwnCertificate, "expert")),
        store.round().policy.quorum,
    )


def _pairs(store: RoundStore, kind: type[ScoreSheet] | type[PaperEntry] | type[SiteInspection]) -> frozenset[Pair]:
    return frozenset((str(expert), str(number)) for expert, number in store.listing(kind, "expert", "application"))


_MANY = 50
_known: WeakKeyDictionary[RoundStore, dict[tuple[str, str, str], AssignedBy]] = WeakKeyDictionary()
"""How each assignment came about, by its digest too: nearly all are the same as at the last look."""


def _assigned(store: RoundStore) -> dict[Pair, AssignedBy]:
    named = [(str(e), str(n), str(d)) for e, n, d in store.listing(Assignment, "expert", "application", "digest")]
    known = _known.get(store, {})
    new = [name for name in named if name not in known]
    if len(new) > _MANY:
        held = {(one.expert, one.application): one.by for one in store.all(Assignment)}
    else:
        read = (store.get(Assignment, expert, number) for expert, number, _digest in new)
        held = {(one.expert, one.application): one.by for one in read if one is not None}
    found = {name: known[name] if name in known else held[name[0], name[1]] for name in named}
    _known[store] = found
    return {(expert, number): by for (expert, number, _digest), by in found.items()}
