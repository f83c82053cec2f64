"""The formal check of all applications of a round, and a clerk's decisions over the computed ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.base.texts import clean_text
from qisp_desktop.domain import screening
from qisp_desktop.domain.application import Application
from qisp_desktop.domain.calendar import evaluation_deadline
from qisp_desktop.domain.regulation import MaterialKind
from qisp_desktop.domain.round import EARLIEST_YEAR, LATEST_YEAR, Round
from qisp_desktop.domain.screening import DECIDABLE, Screening, ScreeningDecision, ScreeningStatus
from qisp_desktop.services.actors import current_actor
from qisp_desktop.services.opened import RoundAt, writing
from qisp_desktop.services.steps import Step, changing, take
from qisp_desktop.services.unknown import unknown_application
from qisp_desktop.services.working_days import working_days_of
from qisp_desktop.store.round_store import RoundStore


@dataclass(frozen=True)
class ScreeningReport:
    """The formal check of a round on its acceptance date, with the last day of the evaluation (Art. 14 (2))."""

    accepted_on: date
    evaluation_ends: date
    screenings: tuple[Screening, ...]

    def to_json(self) -> dict[str, Any]:
        """The documented JSON form."""
        return {
            "accepted_on": self.accepted_on.isoformat(),
            "evaluation_ends": self.evaluation_ends.isoformat(),
            "applications": [
                {
                    "number": one.number,
                    "status": one.status.value,
                    "materials": {kind.value: "missing" if kind in one.missing else "present" for kind in MaterialKind},
                    "conditions": {
                        result.condition.value: {"met": result.met, "why": result.why} for result in one.conditions
                    },
                    "decided_by": one.decided_by or None,
                    "reason": one.reason,
                }
                for one in self.screenings
            ],
        }


def screen_round(
    round_at: RoundAt,
    *,
    accepted_on: date | None = None,
    decide: tuple[str, str] | None = None,
    reason: str = "",
) -> ScreeningReport:
    """Check every application and record the acceptance date (default: the one recorded, else today).

    ``decide`` is (number, status): the clerk's decision in place of the computed one, which needs a ``reason``.
    """
    with writing(round_at) as store:
        value = store.round()
        day = accepted_on or value.accepted_on or date.today()  # noqa: DTZ011  the office's own calendar day
        _check_day(day)
        decision = _decision(store, *decide, reason) if decide else None
        with store.change("screen") as change:
            if day != value.accepted_on:
                change.put(replace(value, accepted_on=day))
            if decision:
                change.put(decision)
        return screening_report(store)


def decide_all(round_at: RoundAt, numbers: Sequence[str], status: ScreeningStatus, *, reason: str) -> Step:
    """Decide several applications by hand, in one change; the step takes it back (``steps.take``).

    Raises UserError without a reason, and for a number that is not in the round.
    """
    with writing(round_at) as store:
        with store.snapshot():
            head = store.audit_head()
            decisions = tuple(_decision(store, number, status.value, reason) for number in numbers)
            before = tuple(held for number in numbers if (held := store.get(ScreeningDecision, number)) is not None)
        step = Step("screen", before, decisions)
        with changing(store, step, head):
            return step


def let_computed_stand(round_at: RoundAt, number: str) -> Step:
    """Take the decision by hand back, if there is one; the step puts it back."""
    with writing(round_at) as store:
        held = store.get(ScreeningDecision, number)
        return take(store, Step("screen", () if held is None else (held,), ()))


def screening_report(store: RoundStore) -> ScreeningReport:
    """The formal check as the round's acceptance date has it; UserError before screening."""
    value = store.round()
    if value.accepted_on is None:
        raise UserError(_("The round has not been screened."), "", _("Run the formal check first."))
    ends = evaluation_deadline(value.accepted_on, value.policy.days, working_days_of(store))
    return ScreeningReport(value.accepted_on, ends, tuple(screenings(store, value)))


def screenings(store: RoundStore, value: Round) -> list[Screening]:
    """The formal check of every application; empty before an acceptance date is recorded."""
    if value.accepted_on is None:
        return []
    decisions = {decision.application: decision for decision in store.all(ScreeningDecision)}
    return [
        screening.screen(application, value.accepted_on, value.year, decisions.get(application.number))
        for application in store.all(Application)
    ]


def reworded(held: Iterable[Screening], applications: Iterable[Application], value: Round) -> tuple[Screening, ...]:
    """The formal checks ``held`` of a round anew, with their computed reasons in the current language."""
    by_number = {application.number: application for application in applications}
    decisions = {
        one.number: ScreeningDecision(one.number, one.status, one.decided_by, one.reason)
        for one in held
        if one.decided_by
    }
    if value.accepted_on is None:
        return ()
    return tuple(
        screening.screen(by_number[one.number], value.accepted_on, value.year, decisions.get(one.number))
        for one in held
    )


def _check_day(day: date) -> None:
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise UserError(
            _("{day} cannot be a day of acceptance.").format(day=day.isoformat()),
            _("The measures are in force since 15 June 2022."),
            _("Give the day on which the applications were accepted."),
        )


def _decision(store: RoundStore, number: str, status: str, reason: str) -> ScreeningDecision:
    if store.get(Application, number) is None:
        raise unknown_application(number)
    if status not in [one.value for one in DECIDABLE]:
        raise UserError(
            _("{status} is not a decision.").format(status=status),
            "",
            _("Decide one of: {choices}.").format(choices=", ".join(one.value for one in DECIDABLE)),
        )
    sentence = clean_text(reason)
    if not sentence:
        raise UserError(_("A decision needs a reason."), "", _("Give the reason with --reason."))
    return ScreeningDecision(number, ScreeningStatus(status), current_actor(), sentence)
