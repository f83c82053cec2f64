"""Who reads what: assignment by a solver under hard limits or by hand, and the plan of site inspections."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.domain.inspection import InspectionPlan
from qisp_desktop.domain.panel import AssignedBy, Assignment, Conflict
from qisp_desktop.services.opened import RoundAt, reading, writing
from qisp_desktop.services.panel_board import Pair, PanelBoard, decided_on, read_board
from qisp_desktop.services.solving import Limits, solve
from qisp_desktop.services.steps import Step, changing
from qisp_desktop.services.unknown import unknown_application, unknown_expert
from qisp_desktop.store.round_store import RoundStore


@dataclass(frozen=True)
class AssignmentReport:
    """The assignment that now stands; ``to_reissue`` are experts whose handed-out package no longer fits it.

    ``step`` is what changed, and takes it back.
    """

    assignments: tuple[Assignment, ...]
    conflicts: tuple[Conflict, ...]
    loads: Mapping[str, int]
    to_reissue: tuple[str, ...]
    step: Step

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


@dataclass(frozen=True)
class HandChange:
    """What was changed by hand: ``step`` takes it back, ``to_reissue`` are experts whose package no longer fits;
    ``sheets_out`` what was taken away although a signed sheet is held, which counts no longer; ``records_out`` the
    experts whose records of the visit count no longer."""

    step: Step
    to_reissue: tuple[str, ...]
    sheets_out: tuple[Pair, ...] = ()
    records_out: tuple[str, ...] = ()


def assign(round_at: RoundAt, *, per_application: int, max_load: int | None = None) -> AssignmentReport:
    """Give every accepted application ``per_application`` experts.

    Hard limits: the number per application, no conflict of interest, at most ``max_load`` applications an expert; then
    loads are as even as can be, and of the rest as much stays as can. What was fixed by hand, handed out or scored
    already stays; who was replaced somewhere is not given that again, who left the panel nothing. Raises Unsolvable
    (``solving``), and changes nothing, when no assignment keeps the limits.
    """
    with writing(round_at) as store:
        board, head = decided_on(store)
        step = _solved(board, per_application, max_load)
        with changing(store, step, head):
            pass
        return _report(store, step)


def propose(round_at: RoundAt, *, per_application: int, max_load: int | None = None) -> Step:
    """What ``assign`` would change, without changing it; ``steps.take`` does it. Raises as ``assign``."""
    with reading(round_at) as store:
        return _solved(read_board(store), per_application, max_load)


def change_by_hand(round_at: RoundAt, *, give: Sequence[Pair] = (), take_away: Sequence[Pair] = ()) -> HandChange:
    """Assign the pairs of ``give`` (expert, application) by hand, and take those of ``take_away`` back; all or nothing.

    Raises UserError for an unknown or not accepted application, an unknown expert, and for a conflict, which it names.
    """
    with writing(round_at) as store:
        board, head = decided_on(store)
        for pair in give:
            _refuse_unfit(board, pair)
        before = [Assignment(*pair, board.assigned[pair]) for pair in take_away if pair in board.assigned]
        after = [Assignment(*pair, AssignedBy.HAND) for pair in give if pair not in board.assigned]
        step = Step("assign", tuple(before), tuple(after))
        with changing(store, step, head):
            touched = {expert for expert, _number in (*give, *take_away)}
        counted = (board.assigned.keys() & board.signed) - board.recusals.keys()
        sheets_out = tuple(pair for pair in dict.fromkeys(take_away) if pair in counted)
        return HandChange(step, read_board(store).to_reissue(touched), sheets_out)


def plan_inspection(round_at: RoundAt, number: str, experts: Sequence[str]) -> InspectionPlan:
    """Record who inspects ``number`` on site; an empty list takes the plan back. Raises UserError."""
    change_visit(round_at, number, experts)
    return InspectionPlan(number, tuple(dict.fromkeys(experts)))


def change_visit(
    round_at: RoundAt,
    number: str,
    experts: Sequence[str],
    *,
    before: Sequence[str] | None = None,
    voided: Collection[str] | None = None,
) -> HandChange:
    """``plan_inspection``, with what it changed.

    Refused when the party is not the one ``before`` (None: any), and when records of others than ``voided`` (None:
    anybody) would count no longer.
    """
    with writing(round_at) as store:
        board, head = decided_on(store)
        if number not in board.row:
            raise unknown_application(number)
        plan = InspectionPlan(number, tuple(dict.fromkeys(experts)))
        for expert in plan.experts:
            if expert not in board.experts:
                raise unknown_expert(expert)
            if ground := board.conflicts.get((expert, number)):
                raise UserError(
                    _("{expert} cannot inspect {number}.").format(expert=expert, number=number),
                    ground.label,
                    _("Choose another expert."),
                )
        held = board.plans.get(number)
        party = held.experts if held is not None else ()
        if before is not None and set(before) != set(party):
            raise UserError(
                _("Who visits {number} was changed meanwhile.").format(number=number),
                _("Now it is: {experts}").format(experts=_(", ").join(party) or _("nobody")),
                _("Look at the new state and repeat your change."),
            )
        lost = board.unvisited(number, plan.experts)
        if voided is not None and not set(lost) <= set(voided):
            raise UserError(
                _("A record of the visit to {number} has come in meanwhile.").format(number=number),
                records_out_words(lost),
                _("Look at the new state and repeat your change."),
            )
        step = Step("plan inspection", () if held is None else (held,), (plan,) if plan.experts else ())
        with changing(store, step, head):
            touched = {*plan.experts, *party}
        return HandChange(step, read_board(store).to_reissue(touched), records_out=lost)


def records_out_words(experts: Sequence[str]) -> str:
    """What becomes of the records that ``experts`` returned of a visit which is no longer theirs."""
    return ngettext(
        "The record that {experts} returned of this visit stays visible and counts no longer.",
        "The records that {experts} returned of this visit stay visible and count no longer.",
        len(experts),
    ).format(experts=_(", ").join(experts))


# ---------------------------------------------------------------------------------------------------------------------


def _solved(board: PanelBoard, per_application: int, max_load: int | None) -> Step:
    if per_application < 1 or (max_load is not None and max_load < 1):
        raise UserError(
            _("The limits of the assignment must be positive numbers."), "", _("Give whole numbers from 1 on.")
        )
    numbers = [row.number for row in board.rows if row.accepted]
    if not numbers:
        raise UserError(
            _("There is no accepted application to assign."), "", _("Run the formal check (qisp screen) first.")
        )
    forbidden = set(board.conflicts) | {(one.leaving, one.application) for one in board.replacements}
    fixed = _fixed(board)
    pairs = solve(
        numbers,
        [expert for expert in board.experts if expert not in board.withdrawn],
        {(number, expert) for expert, number in forbidden},
        {(number, expert) for expert, number in fixed},
        Limits(per_application, max_load),
        {(number, expert) for expert, number in board.assigned},
    )
    new = {(expert, number) for number, expert in pairs}
    return Step(
        "assign",
        tuple(Assignment(*pair, by) for pair, by in sorted(board.assigned.items()) if pair not in new),
        tuple(Assignment(*pair, AssignedBy.AUTO) for pair in sorted(new - board.assigned.keys())),
    )


def _fixed(board: PanelBoard) -> set[Pair]:
    """What the solver must keep of accepted applications and without a conflict: given by hand, handed out, or scored.

    Who scores on paper or in a score form has no package; a sheet whose assignment goes would count no longer.
    """
    return {
        (expert, number)
        for (expert, number), by in board.assigned.items()
        if number in board.row
        and board.row[number].accepted
        and (expert, number) not in board.conflicts
        and (by is AssignedBy.HAND or expert in board.issues or (expert, number) in board.scored)
    }


def _report(store: RoundStore, step: Step) -> AssignmentReport:
    board = read_board(store)
    touched = {one.expert for one in (*step.before, *step.after) if isinstance(one, Assignment)}
    return AssignmentReport(
        tuple(Assignment(*pair, by) for pair, by in sorted(board.assigned.items(), key=lambda one: one[0][::-1])),
        tuple(
            Conflict(expert, number, ground)
            for (expert, number), ground in board.conflicts.items()
            if number in board.row and board.row[number].accepted
        ),
        dict(board.loads),
        board.to_reissue(touched),
        step,
    )


def _refuse_unfit(board: PanelBoard, pair: Pair) -> None:
    expert, number = pair
    row = board.row.get(number)
    if row is None:
        raise unknown_application(number)
    if expert not in board.experts:
        raise unknown_expert(expert)
    if not row.accepted:
        raise UserError(
            _("{number} cannot be assigned.").format(number=number),
            _("The formal check has not accepted it."),
            _("Decide on it in the formal check first."),
        )
    if ground := board.conflicts.get(pair):
        raise UserError(
            _("{expert} cannot read {number}.").format(expert=expert, number=number),
            ground.label,
            _("Choose another expert."),
        )
