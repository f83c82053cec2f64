"""The office keeps an expert from an application, for a ground that the records do not show."""

from __future__ import annotations

from dataclasses import dataclass, replace

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.domain.desk_records import Exclusion
from qisp_desktop.domain.panel import Assignment
from qisp_desktop.services.actors import current_actor
from qisp_desktop.services.opened import RoundAt, writing
from qisp_desktop.services.panel_board import PanelBoard, decided_on, read_board
from qisp_desktop.services.reasons import required_reason
from qisp_desktop.services.steps import Step, changing
from qisp_desktop.services.unknown import unknown_application, unknown_expert

ACTION = "exclude"


@dataclass(frozen=True)
class ExclusionReport:
    """What an exclusion changed: ``step`` takes it back; ``sheet_out`` when a signed sheet is held that counts no
    longer; ``to_reissue`` are the experts whose packages do not say so yet."""

    step: Step
    sheet_out: bool
    to_reissue: tuple[str, ...]


def exclude(round_at: RoundAt, expert: str, application: str, *, reason: str) -> ExclusionReport:
    """Keep ``expert`` from ``application``: an assignment and a seat in its inspection go with it.

    A sheet that the expert has signed already stays in the round, visible, and counts no longer. Raises UserError
    without a reason, for unknown names, and where the expert is excluded already.
    """
    reason = required_reason(reason)
    with writing(round_at) as store:
        (board, head), pair = decided_on(store), (expert, application)
        require_known(board, expert, application)
        if pair in board.exclusions:
            raise UserError(
                _("{expert} is excluded from {number} already.").format(expert=expert, number=application),
                board.exclusions[pair].reason,
            )
        before: list[object] = []
        after: list[object] = [Exclusion(expert, application, reason, current_actor())]
        if pair in board.assigned:
            before.append(Assignment(*pair, board.assigned[pair]))
        plan = board.plans.get(application)
        if plan is not None and expert in plan.experts and pair not in board.visited:
            before.append(plan)
            if left := tuple(one for one in plan.experts if one != expert):
                after.append(replace(plan, experts=left))
        step = Step(ACTION, tuple(before), tuple(after))
        with changing(store, step, head):
            counted = pair in board.assigned and pair in board.signed
        return ExclusionReport(step, counted, read_board(store).to_reissue([expert]))


def readmit(round_at: RoundAt, expert: str, application: str) -> Step:
    """Take the exclusion back; nothing is assigned by it. Raises UserError when there is none."""
    with writing(round_at) as store:
        with store.snapshot():
            held, head = store.get(Exclusion, expert, application), store.audit_head()
        if held is None:
            raise UserError(_("{expert} is not excluded from {number}.").format(expert=expert, number=application))
        step = Step(ACTION, (held,), ())
        with changing(store, step, head):
            return step


def require_known(board: PanelBoard, expert: str, application: str) -> None:
    """Raise UserError when the round has no such expert or application."""
    if expert not in board.experts:
        raise unknown_expert(expert)
    if application not in board.row:
        raise unknown_application(application)
