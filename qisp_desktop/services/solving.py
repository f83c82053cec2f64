"""The assignment as a problem for a solver: hard limits, then loads as even as can be, and why there is no solution."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _, labelled, ngettext

SHORTAGE_COST = 1e6
"""Weight of one missing reader; far above what any unevenness of loads can cost."""
HELD_GAIN = 0.5
"""Weight of keeping all that is held; below what one step of unevenness costs."""
MOST_NAMED = 20
Pair = tuple[str, str]
"""Application and expert."""


@dataclass(frozen=True)
class Shortage:
    """An application that cannot get its readers, and the limit that stands in the way."""

    application: str
    needed: int
    possible: int
    limit: str


@dataclass(frozen=True)
class Limits:
    """``per_application`` readers each, at most ``max_load`` applications for an expert (None: no such limit)."""

    per_application: int
    max_load: int | None


class Unsolvable(UserError):
    """No assignment keeps all limits; ``shortages`` names the applications and the limits."""

    def __init__(self, shortages: Sequence[Shortage]) -> None:
        super().__init__(
            _("The assignment is not possible."),
            _("; ").join(labelled(one.application, one.limit) for one in shortages),
            _("Invite more experts, raise the maximum load, or lower the number per application."),
        )
        self.shortages = tuple(shortages)


def solve(
    applications: Sequence[str],
    experts: Sequence[str],
    forbidden: Collection[Pair],
    fixed: Collection[Pair],
    limits: Limits,
    held: Collection[Pair] = (),
) -> list[Pair]:
    """The pairs of an assignment with the most even loads, by the HiGHS solver.

    ``forbidden`` and ``fixed`` are pairs too; of several such assignments one that changes few of those ``held`` is
    taken. Deterministic. Raises Unsolvable.
    """
    _require_room(fixed, limits)
    if limits.per_application > len(experts):
        # No need for a solver, whose arithmetic such numbers might strain.
        limit = ngettext(
            "{possible} expert, {needed} needed", "{possible} experts, {needed} needed", len(experts)
        ).format(possible=len(experts), needed=limits.per_application)
        raise Unsolvable([Shortage(a, limits.per_application, len(experts), limit) for a in applications])
    pairs = [(a, e) for a in applications for e in experts if (a, e) not in forbidden or (a, e) in fixed]
    chosen, short = _solve_elastic(applications, experts, pairs, set(fixed), limits, set(held))
    if short:
        raise Unsolvable(_explain(short, pairs, chosen, set(fixed), limits))
    return chosen


def _require_room(fixed: Collection[Pair], limits: Limits) -> None:
    """Raise Unsolvable where what has to stay exceeds the limits already."""
    readers = Counter(number for number, _expert in fixed)
    loads = Counter(expert for _number, expert in fixed)
    too_many = _("{count} experts are fixed by hand, have their package or scored already, {most} are asked for")
    too_much = _("{expert} has {count} applications fixed by hand, handed out or scored already, {most} are allowed")
    found = [
        Shortage(number, limits.per_application, count, too_many.format(count=count, most=limits.per_application))
        for number, count in sorted(readers.items())
        if count > limits.per_application
    ]
    if limits.max_load is not None:
        found += [
            Shortage(
                number,
                limits.per_application,
                readers[number],
                too_much.format(expert=expert, count=loads[expert], most=limits.max_load),
            )
            for number, expert in sorted(fixed)
            if loads[expert] > limits.max_load
        ]
    if found:
        raise Unsolvable(found)


def _solve_elastic(
    applications: Sequence[str],
    experts: Sequence[str],
    pairs: Sequence[Pair],
    fixed: set[Pair],
    limits: Limits,
    held: set[Pair],
) -> tuple[list[Pair], dict[str, int]]:
    """Pairs chosen, and how many readers each application lacks that lacks any.

    Variables: one per pair, one per slot of an expert's load (the n-th slot costs n, so that even loads are
    cheapest), one per application for what it lacks.
    """
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array

    slots = min(limits.max_load or len(applications), len(applications))
    a_index = {number: n for n, number in enumerate(applications)}
    e_index = {expert: n for n, expert in enumerate(experts)}
    n_pairs, n_slots = len(pairs), len(experts) * slots
    columns = n_pairs + n_slots + len(applications)
    cost = np.zeros(columns)
    cost[n_pairs : n_pairs + n_slots] = np.tile(np.arange(1, slots + 1), len(experts))
    cost[n_pairs + n_slots :] = SHORTAGE_COST
    # All together less than one slot: evenness comes first.
    cost[:n_pairs] = [-HELD_GAIN / max(1, n_pairs) if pair in held else 0 for pair in pairs]
    upper = np.ones(columns)
    upper[n_pairs + n_slots :] = limits.per_application
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
    wanted = np.concatenate([np.full(len(applications), limits.per_application), np.zeros(len(experts))])
    # Who reads what is a flow from applications to experts: each column has one entry for an application and one for an
    # expert, so the corners of the feasible region are whole numbers, and the simplex method ends in one. Asking for
    # whole numbers would set it branching (2,000 applications × 9 experts: 0.3 s instead of 10 s).
    solution = milp(cost, bounds=Bounds(lower, upper), constraints=LinearConstraint(matrix, wanted, wanted))
    if solution.x is None:
        raise RuntimeError(f"the solver gave up: {solution.message}")
    chosen = [pair for pair, value in zip(pairs, solution.x[:n_pairs], strict=True) if value > 0.5]
    lacking = {
        number: round(value)
        for number, value in zip(applications, solution.x[n_pairs + n_slots :], strict=True)
        if value > 0.5
    }
    return chosen, lacking


def _by_conflict(possible: int, needed: int) -> str:
    return ngettext(
        "{possible} expert without conflict, {needed} needed",
        "{possible} experts without conflict, {needed} needed",
        possible,
    ).format(possible=possible, needed=needed)


def _explain(
    short: Mapping[str, int], pairs: Sequence[Pair], chosen: Sequence[Pair], fixed: set[Pair], limits: Limits
) -> list[Shortage]:
    """Why each application is short: too few experts without conflict, else the maximum load of those there are."""
    eligible = Counter(number for number, _expert in pairs)
    knot = _knot([n for n in short if eligible[n] >= limits.per_application], pairs, chosen, fixed)
    capacity = sum(number in knot for number, _expert in chosen)
    by_load = ngettext(
        "at a maximum load of {load} the experts without conflict can read {capacity} time, and {demand} readings are "
        "needed of {applications}",
        "at a maximum load of {load} the experts without conflict can read {capacity} times, and {demand} readings are "
        "needed of {applications}",
        capacity,
    ).format(
        load=limits.max_load,
        capacity=capacity,
        demand=len(knot) * limits.per_application,
        applications=_enumerated(knot),
    )
    return [
        Shortage(
            number,
            limits.per_application,
            limits.per_application - lacking,
            by_load if number in knot else _by_conflict(eligible[number], limits.per_application),
        )
        for number, lacking in sorted(short.items())
    ]


def _knot(short: Sequence[str], pairs: Sequence[Pair], chosen: Sequence[Pair], fixed: set[Pair]) -> set[str]:
    """The applications that compete with those in ``short`` for experts who can take no more.

    Who could read a short application has a full load; whatever of that load could be given up is in the knot too, for
    else it would have been given up.
    """
    taken = set(chosen)
    readers: dict[str, list[str]] = {}
    movable: dict[str, list[str]] = {}
    for number, expert in pairs:
        if (number, expert) not in taken:
            readers.setdefault(number, []).append(expert)
        elif (number, expert) not in fixed:
            movable.setdefault(expert, []).append(number)
    knot, waiting = set(short), list(short)
    while waiting:
        for expert in readers.get(waiting.pop(), ()):
            for number in movable.pop(expert, ()):
                if number not in knot:
                    knot.add(number)
                    waiting.append(number)
    return knot


def _enumerated(numbers: Collection[str]) -> str:
    """The application numbers, no more than can be taken in."""
    ordered = sorted(numbers)
    shown = _(", ").join(ordered[:MOST_NAMED])
    return (
        shown
        if len(ordered) <= MOST_NAMED
        else _("{shown} and {count} more").format(shown=shown, count=len(ordered) - MOST_NAMED)
    )
