"""Another expert in the place of one who cannot or must not read on: chosen, or drawn by lot with the draw recorded;
and what it means when somebody steps back late."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from qisp_desktop.base.codec import encode
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.domain.desk_records import Draw, Replacement, drawn
from qisp_desktop.domain.panel import AssignedBy, Assignment, Recusal
from qisp_desktop.services.actors import current_actor
from qisp_desktop.services.excluding import require_known
from qisp_desktop.services.opened import RoundAt, writing
from qisp_desktop.services.panel_board import Candidate, PanelBoard, decided_on, read_board
from qisp_desktop.services.reasons import required_reason
from qisp_desktop.services.steps import Step, changing
from qisp_desktop.services.unknown import unknown_expert
from qisp_desktop.store.change import Change

ACTION, DRAW = "replace", "draw"
SEED_BYTES = 16


@dataclass(frozen=True)
class LateRecusal:
    """An expert who stepped back from an assigned application, and what follows.

    ``possible`` valid sheets are left where the round asks for ``quorum``; ``candidates`` could read it in the
    expert's place, the least loaded first.
    """

    recusal: Recusal
    possible: int
    quorum: int
    candidates: tuple[Candidate, ...]

    @property
    def quorum_lost(self) -> bool:
        """Whether the application cannot get a result any more."""
        return self.possible < self.quorum


@dataclass(frozen=True)
class ReplacementReport:
    """What a replacement did; ``step`` takes it back (of a draw, only within what is recorded of it).

    ``kept`` are applications that stay with the one who leaves, because nobody else can read them; ``sheets_out`` those
    of which a signed sheet is held that counts no longer; ``to_reissue`` and ``to_issue`` who needs another package, or
    the first one.
    """

    replacements: tuple[Replacement, ...]
    step: Step
    kept: tuple[str, ...]
    sheets_out: tuple[str, ...]
    to_reissue: tuple[str, ...]
    to_issue: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The JSON form; of each draw all that repeats it."""
        return {
            "replacements": [encode(one) for one in self.replacements],
            "kept": list(self.kept),
            "sheets_out": list(self.sheets_out),
            "to_reissue": list(self.to_reissue),
            "to_issue": list(self.to_issue),
        }


def late_recusals(board: PanelBoard) -> tuple[LateRecusal, ...]:
    """The recusals from what is still assigned, those that cost a quorum first."""
    found = [
        LateRecusal(recusal, board.possible(number), board.quorum, board.candidates(number))
        for (expert, number), recusal in board.recusals.items()
        if (expert, number) in board.assigned
    ]
    return tuple(sorted(found, key=lambda one: (one.possible, one.recusal.application, one.recusal.expert)))


def replace_expert(
    round_at: RoundAt, leaving: str, applications: Sequence[str] = (), *, arriving: str = "", reason: str
) -> ReplacementReport:
    """Let ``arriving`` read ``applications`` (none given: all that are assigned) in the place of ``leaving``.

    With no ``arriving`` one is drawn by lot for each application among all who can read it; the draw is recorded so
    that anybody can repeat it. The assignment of the one who leaves goes, the other's comes, by hand; so does the seat
    in an inspection whose record has not come back. Sheets that the one who leaves has signed stay, visible, and count
    no longer. Raises UserError, and changes nothing, without a reason, for what is not assigned, for an ``arriving``
    with a conflict, and when for none of the applications anybody can be found.
    """
    reason = required_reason(reason)
    with writing(round_at) as store:
        board, head = decided_on(store)
        numbers = _numbers(board, leaving, applications)
        if arriving:
            _refuse_unfit(board, leaving, arriving, numbers)
        chosen = _Choosing(board, leaving, reason, arriving)
        for number in numbers:
            chosen.choose(number)
        if not chosen.made:
            raise UserError(
                _("Nobody can take the place of {expert}.").format(expert=leaving),
                _("Everybody else reads {numbers} already or has a conflict of interest.").format(
                    numbers=_(", ").join(numbers)
                ),
                _("Invite another expert to the panel, then replace."),
            )
        step = Step(ACTION, tuple(chosen.before), tuple(chosen.after))
        with changing(store, step, head) as change:
            for one in chosen.made:
                _note_draw(change, one)
        after = read_board(store)
        touched = {leaving, *(one.arriving for one in chosen.made)}
        sheets_out = tuple(one.application for one in chosen.made if (leaving, one.application) in board.signed)
        first = tuple(sorted(one for one in touched if one not in after.issues and after.due.get(one)))
        return ReplacementReport(
            tuple(chosen.made), step, tuple(chosen.kept), sheets_out, after.to_reissue(touched), first
        )


def draw_lots(candidates: Sequence[str]) -> Draw:
    """A draw among ``candidates`` with a fresh random seed; ``drawn`` says whom it chose."""
    return Draw(tuple(sorted(candidates)), secrets.token_hex(SEED_BYTES))


def draw_holds(replacement: Replacement) -> bool:
    """Whether the recorded draw really chose the one who arrived; a replacement by choice has none to check."""
    draw = replacement.draw
    return draw is None or (
        draw.candidates == tuple(sorted(draw.candidates))
        and replacement.arriving in draw.candidates
        and drawn(draw) == replacement.arriving
    )


# ---------------------------------------------------------------------------------------------------------------------


class _Choosing:
    """Chooses one application after the other; the loads that arise count for the next."""

    def __init__(self, board: PanelBoard, leaving: str, reason: str, arriving: str) -> None:
        self._board = board
        self._leaving = leaving
        self._reason = reason
        self._arriving = arriving
        self._at = datetime.now(UTC).replace(microsecond=0)
        self.made: list[Replacement] = []
        self.kept: list[str] = []
        self.before: list[object] = []
        self.after: list[object] = []

    def choose(self, number: str) -> None:
        """Find who reads ``number`` from now on."""
        draw: Draw | None = None
        arriving = self._arriving
        if not arriving:
            candidates = [one.expert for one in self._board.candidates(number)]
            if not candidates:
                self.kept.append(number)
                return
            draw = draw_lots(candidates)
            arriving = drawn(draw)
        made = Replacement(number, self._leaving, arriving, self._reason, current_actor(), self._at, draw)
        self.made.append(made)
        self.after += [Assignment(arriving, number, AssignedBy.HAND), made]
        self.before.append(Assignment(self._leaving, number, self._board.assigned[self._leaving, number]))
        for earlier in self._board.replacements:
            if (earlier.application, earlier.leaving) == (number, self._leaving):
                self.before.append(earlier)
        self._choose_seat(number, arriving)

    def _choose_seat(self, number: str, arriving: str) -> None:
        plan = self._board.plans.get(number)
        if plan is None or self._leaving not in plan.experts or (self._leaving, number) in self._board.visited:
            return
        party = tuple(dict.fromkeys(arriving if one == self._leaving else one for one in plan.experts))
        self.before.append(plan)
        self.after.append(replace(plan, experts=party))


def _numbers(board: PanelBoard, leaving: str, applications: Sequence[str]) -> tuple[str, ...]:
    if leaving not in board.experts:
        raise unknown_expert(leaving)
    numbers = tuple(dict.fromkeys(applications)) or tuple(sorted(n for e, n in board.assigned if e == leaving))
    if not numbers:
        raise UserError(
            _("{expert} reads nothing.").format(expert=leaving), "", _("Choose an expert who has applications to read.")
        )
    for number in numbers:
        require_known(board, leaving, number)
        if (leaving, number) not in board.assigned:
            raise UserError(_("{number} is not assigned to {expert}.").format(number=number, expert=leaving))
    return numbers


def _refuse_unfit(board: PanelBoard, leaving: str, arriving: str, numbers: Sequence[str]) -> None:
    if arriving not in board.experts:
        raise unknown_expert(arriving)
    if arriving == leaving:
        raise UserError(_("{expert} cannot replace themselves.").format(expert=leaving))
    unfit = {number: _unfit(board, arriving, number) for number in numbers}
    if any(unfit.values()):
        raise UserError(
            _("{arriving} cannot take the place of {leaving} everywhere.").format(arriving=arriving, leaving=leaving),
            _("; ").join(f"{number} ({why})" for number, why in unfit.items() if why),
            _("Choose another expert, or replace application by application."),
        )


def _unfit(board: PanelBoard, arriving: str, number: str) -> str:
    """Why ``arriving`` cannot read ``number``; empty when nothing is in the way."""
    ground = board.conflicts.get((arriving, number))
    if ground is not None:
        return ground.label
    return _("assigned already") if (arriving, number) in board.assigned else ""


def _note_draw(change: Change, made: Replacement) -> None:
    """Each draw enters the trail in full, so that it can be repeated even if the replacement is changed later."""
    if made.draw is not None:
        subject = f"replacement:{made.application}/{made.leaving}"
        candidates = ",".join(made.draw.candidates)
        change.note(DRAW, subject, f"{made.draw.seed} {candidates} {made.arriving}")
