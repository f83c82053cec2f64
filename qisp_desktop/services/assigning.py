"""Who reads what: assignment by a solver under hard limits, and the plan of site inspections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.domain.application import Application
from qisp_desktop.domain.inspection import InspectionPlan
from qisp_desktop.domain.issuing import Issue
from qisp_desktop.domain.panel import AssignedBy, Assignment, Conflict, Expert, Recusal, conflicts
from qisp_desktop.services.actors import current_actor
from qisp_desktop.services.screening import accepted_applications
from qisp_desktop.store.round_store import RoundStore

SHORTAGE_COST = 1e6
"""Weight of one missing reader; far above what any unevenness of loads can cost."""


@dataclass(frozen=True)
class Shortage:
    """An application that cannot get its readers, and the limit that stands in the way."""

    application: str
    needed: int
    possible: int
    limit: str


class Unsolvable(UserError):
    """No assignment keeps all limits; ``shortages`` names the applications and the limits."""

    def __init__(self, shortages: Sequence[Shortage]) -> None:
        super().__init__(
            _("The assignment is not possible."),
            " ".join(f"{one.application}: {one.limit}." for one in shortages),
            _("Invite more experts, raise the maximum load, or lower the number per application."),
        )
        self.shortages = tuple(shortages)


@dataclass(frozen=True)
class AssignmentReport:
    """The assignment that now stands; ``to_reissue`` are experts whose handed-out package no longer fits it."""

    assignments: tuple[Assignment, ...]
    conflicts: tuple[Conflict, ...]
    loads: Mapping[str, int]
    to_reissue: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The JSON form."""
        applications: dict[str, list[str]] = {}
        for one in self.assignments:
            applications.setdefault(one.application, []).append(one.expert)
        return {
            "applications": [{"number": n, "experts": sorted(e)} for n, e in sorted(applications.items())],
            "loads": dict(sorted(self.loads.items())),
            "conflicts": [
                {"expert": one.expert, "application": one.application, "ground": one.ground.value}
                for one in self.conflicts
            ],
            "to_reissue": list(self.to_reissue),
        }


def assign(round_path: Path, *, per_application: int, max_load: int | None = None) -> AssignmentReport:
    """Give every accepted application ``per_application`` experts.

    Hard limits: the number per application, no conflict of interest, at most ``max_load`` applications an expert; then
    loads are as even as can be. What was fixed by hand and what was already handed out stays. Raises Unsolvable,
    and changes nothing, when no assignment keeps the limits.
    """
    if per_application < 1 or (max_load is not None and max_load < 1):
        raise UserError(
            _("The limits of the assignment must be positive numbers."), "", _("Give whole numbers from 1 on.")
        )
    with RoundStore.open(round_path, actor=current_actor(), write=True) as store:
        applications = accepted_applications(store)
        experts = store.all(Expert)
        if not applications:
            raise UserError(
                _("There is no accepted application to assign."), "", _("Run the formal check (qisp screen) first.")
            )
        known = conflicts(experts, applications, store.all(Recusal))
        held = store.all(Assignment)
        numbers = {application.number for application in applications}
        fixed = _fixed(store, held, numbers, {(one.expert, one.application) for one in known})
        pairs = solve(
            [application.number for application in applications],
            [expert.id for expert in experts],
            {(one.application, one.expert) for one in known},
            {(one.application, one.expert) for one in fixed},
            per_application,
            max_load,
        )
        by = {(one.application, one.expert): one.by for one in fixed}
        new = [Assignment(expert, number, by.get((number, expert), AssignedBy.AUTO)) for number, expert in pairs]
        kept = {(one.expert, one.application) for one in new}
        gone = [one for one in held if (one.expert, one.application) not in kept]
        with store.change("assign") as change:
            for one in gone:
                change.remove(Assignment, one.expert, one.application)
            change.put_all(new)
        added = (
            {one.expert for one in new}
            if not held
            else {one.expert for one in new if store_key(one) not in {store_key(old) for old in held}}
        )
        issued = {issue.expert for issue in store.all(Issue)}
        changed = (added | {one.expert for one in gone}) & issued
        return AssignmentReport(tuple(new), tuple(known), Counter(one.expert for one in new), tuple(sorted(changed)))


def store_key(assignment: Assignment) -> tuple[str, str]:
    """What identifies an assignment."""
    return assignment.expert, assignment.application


def solve(
    applications: Sequence[str],
    experts: Sequence[str],
    forbidden: Collection[tuple[str, str]],
    fixed: Collection[tuple[str, str]],
    per_application: int,
    max_load: int | None,
) -> list[tuple[str, str]]:
    """The (application, expert) pairs of an assignment with the most even loads, by the HiGHS solver.

    ``forbidden`` and ``fixed`` are pairs too. Deterministic. Raises Unsolvable.
    """
    pairs = [(a, e) for a in applications for e in experts if (a, e) not in forbidden or (a, e) in fixed]
    chosen, short = _solve_elastic(applications, experts, pairs, set(fixed), per_application, max_load)
    if short:
        raise Unsolvable(_explain(short, applications, experts, pairs, per_application, max_load))
    return chosen


def _solve_elastic(
    applications: Sequence[str],
    experts: Sequence[str],
    pairs: Sequence[tuple[str, str]],
    fixed: set[tuple[str, str]],
    per_application: int,
    max_load: int | None,
) -> tuple[list[tuple[str, str]], dict[str, int]]:
    """Pairs chosen, and how many readers each application lacks.

    Variables: one per pair, one per slot of an expert's load (the n-th slot costs n, so that even loads are
    cheapest), one per application for what it lacks.
    """
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array

    slots = min(max_load or len(applications), len(applications))
    a_index = {number: n for n, number in enumerate(applications)}
    e_index = {expert: n for n, expert in enumerate(experts)}
    n_pairs, n_slots = len(pairs), len(experts) * slots
    columns = n_pairs + n_slots + len(applications)
    cost = np.zeros(columns)
    cost[n_pairs : n_pairs + n_slots] = np.tile(np.arange(1, slots + 1), len(experts))
    cost[n_pairs + n_slots :] = SHORTAGE_COST
    upper = np.ones(columns)
    upper[n_pairs + n_slots :] = per_application
    lower = np.zeros(columns)
    lower[:n_pairs] = [pair in fixed for pair in pairs]
    entries: list[tuple[int, int, int]] = []
    for column, (number, expert) in enumerate(pairs):
        entries.append((a_index[number], column, 1))
        entries.append((len(applications) + e_index[expert], column, 1))
    for slot in range(n_slots):
        entries.append((len(applications) + slot // slots, n_pairs + slot, -1))
    for n in range(len(applications)):
        entries.append((n, n_pairs + n_slots + n, 1))
    rows, cols, values = zip(*entries, strict=True)
    matrix = coo_array((values, (rows, cols)), shape=(len(applications) + len(experts), columns)).tocsr()
    wanted = np.concatenate([np.full(len(applications), per_application), np.zeros(len(experts))])
    solution = milp(
        cost,
        integrality=np.ones(columns, dtype=np.int64),
        bounds=Bounds(lower, upper),
        constraints=LinearConstraint(matrix, wanted, wanted),
    )
    if solution.x is None:
        # Only what is fixed can contradict the equations: too many by hand for one application or one expert.
        raise UserError(
            _("The assignments fixed by hand or already handed out exceed the limits."),
            "",
            _("Raise the limits, or take back some of the fixed assignments."),
        )
    chosen = [pair for pair, value in zip(pairs, solution.x[:n_pairs], strict=True) if value > 0.5]
    lacking = {
        number: round(value)
        for number, value in zip(applications, solution.x[n_pairs + n_slots :], strict=True)
        if value > 0.5
    }
    return chosen, lacking


def _explain(
    short: Mapping[str, int],
    applications: Sequence[str],
    experts: Sequence[str],
    pairs: Sequence[tuple[str, str]],
    per_application: int,
    max_load: int | None,
) -> list[Shortage]:
    """Why each application is short: too few experts without conflict, else the maximum load."""
    eligible = Counter(number for number, _expert in pairs)
    found = [
        Shortage(
            number,
            per_application,
            eligible[number],
            _("{possible} experts without conflict, {needed} needed").format(
                possible=eligible[number], needed=per_application
            ),
        )
        for number in applications
        if eligible[number] < per_application
    ]
    named = {one.application for one in found}
    for number in applications:
        if number in short and number not in named:
            found.append(
                Shortage(
                    number,
                    per_application,
                    per_application - short[number],
                    _("maximum load {load}: {experts} experts can read {capacity}, {demand} readings needed").format(
                        load=max_load,
                        experts=len(experts),
                        capacity=len(experts) * (max_load or 0),
                        demand=len(applications) * per_application,
                    ),
                )
            )
    return found


def _fixed(
    store: RoundStore, held: Sequence[Assignment], numbers: set[str], conflicted: set[tuple[str, str]]
) -> list[Assignment]:
    issued = {issue.expert for issue in store.all(Issue)}
    return [
        one
        for one in held
        if one.application in numbers
        and store_key(one) not in conflicted
        and (one.by is AssignedBy.HAND or one.expert in issued)
    ]


def plan_inspection(round_path: Path, number: str, experts: Sequence[str]) -> InspectionPlan:
    """Record who inspects ``number`` on site; an empty list takes the plan back. Raises UserError."""
    with RoundStore.open(round_path, actor=current_actor(), write=True) as store:
        application = store.get(Application, number)
        if application is None:
            raise UserError(_("There is no application {number} in this round.").format(number=number))
        plan = InspectionPlan(number, tuple(dict.fromkeys(experts)))
        known = {expert.id: expert for expert in store.all(Expert)}
        for expert in plan.experts:
            if expert not in known:
                raise UserError(_("There is no expert {expert} in this round.").format(expert=expert))
        for conflict in conflicts((known[e] for e in plan.experts), [application], store.all(Recusal)):
            if conflict.application == number and conflict.expert in plan.experts:
                raise UserError(
                    _("{expert} cannot inspect {number}.").format(expert=conflict.expert, number=number),
                    conflict.ground.label,
                    _("Choose another expert."),
                )
        with store.change("plan inspection") as change:
            if plan.experts:
                change.put(plan)
            elif store.get(InspectionPlan, number):
                change.remove(InspectionPlan, number)
        return plan
