"""Who reads what: assignment by a solver under hard limits, and the plan of site inspections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.domain.application import Application
from qisp_desktop.domain.inspection import InspectionPlan
from qisp_desktop.domain.issuing import Issue
from qisp_desktop.domain.panel import AssignedBy, Assignment, Conflict, Expert, Recusal, conflicts
from qisp_desktop.services.opened import RoundAt, writing
from qisp_desktop.services.screening import accepted_applications
from qisp_desktop.services.solving import Limits, solve
from qisp_desktop.store.round_store import RoundStore


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


def assign(round_at: RoundAt, *, per_application: int, max_load: int | None = None) -> AssignmentReport:
    """Give every accepted application ``per_application`` experts.

    Hard limits: the number per application, no conflict of interest, at most ``max_load`` applications an expert; then
    loads are as even as can be. What was fixed by hand and what was already handed out stays. Raises Unsolvable
    (``solving``), and changes nothing, when no assignment keeps the limits.
    """
    if per_application < 1 or (max_load is not None and max_load < 1):
        raise UserError(
            _("The limits of the assignment must be positive numbers."), "", _("Give whole numbers from 1 on.")
        )
    with writing(round_at) as store:
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
            Limits(per_application, max_load),
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


def plan_inspection(round_at: RoundAt, number: str, experts: Sequence[str]) -> InspectionPlan:
    """Record who inspects ``number`` on site; an empty list takes the plan back. Raises UserError."""
    with writing(round_at) as store:
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
