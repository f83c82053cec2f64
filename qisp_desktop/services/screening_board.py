"""What the desk shows of the formal check: a row of verdicts for each application, the acceptance and its clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from weakref import WeakKeyDictionary

from qisp_desktop.base.i18n import language
from qisp_desktop.domain import screening
from qisp_desktop.domain.application import Application
from qisp_desktop.domain.calendar import days_used, evaluation_deadline
from qisp_desktop.domain.desk_records import SupplementNotice
from qisp_desktop.domain.regulation import EVALUATION_DAYS, MaterialKind
from qisp_desktop.domain.screening import ConditionResult, Screening, ScreeningDecision, ScreeningStatus
from qisp_desktop.services.held_applications import held_applications
from qisp_desktop.services.supplements import default_reply_by, still_missing
from qisp_desktop.services.working_days import working_days_of
from qisp_desktop.store.round_store import RoundStore


class ScreeningRow(NamedTuple):
    """The formal check of an application: names of its files by kind, the seven verdicts, what follows from them.

    ``notice`` is the letter of supplement, ``awaited`` what it asked for and is not there, ``overdue`` whether its day
    has passed while the application still waits for a supplement.
    """

    number: str
    platform: str
    applicant: str
    files: dict[MaterialKind, tuple[str, ...]]
    checked: Screening
    notice: SupplementNotice | None
    awaited: tuple[MaterialKind, ...]
    overdue: bool

    @property
    def status(self) -> ScreeningStatus:
        """What the formal check comes to."""
        return self.checked.status

    def condition(self, code: str) -> ConditionResult:
        """The verdict on the condition with this number."""
        return self.checked.conditions[int(code) - 1]


@dataclass(frozen=True)
class ScreeningBoard:
    """The formal check of the round.

    ``judged_on`` is the day of acceptance, or today as long as ``accepted_on`` is None: then all is provisional. The
    evaluation ``ends`` then, ``day`` of ``days`` have passed today (Art. 14 (2)). ``reply_by`` is the day to propose
    for supplements.
    """

    rows: tuple[ScreeningRow, ...]
    accepted_on: date | None
    judged_on: date
    ends: date
    day: int
    days: int
    today: date
    reply_by: date

    @property
    def late(self) -> bool:
        """Whether the evaluation should have ended."""
        return self.accepted_on is not None and self.today > self.ends


_Key = tuple[object, ...]
_known: WeakKeyDictionary[RoundStore, dict[str, tuple[_Key, Screening]]] = WeakKeyDictionary()


def screening_board(store: RoundStore, today: date) -> ScreeningBoard:
    """The formal check as it stands on ``today``; only what changed since the last time is judged again."""
    value = store.round()
    judged_on = value.accepted_on or today
    is_working = working_days_of(store)
    decisions = {one.application: one for one in store.all(ScreeningDecision)}
    notices = {one.application: one for one in store.all(SupplementNotice)}
    held = _known.setdefault(store, {})
    rows = []
    for number, application in held_applications(store).items():
        decision = decisions.get(number)
        key: _Key = (application, judged_on, value.year, decision, language())
        if number not in held or held[number][0] != key:
            held[number] = key, screening.screen(application, judged_on, value.year, decision)
        rows.append(_row(application, held[number][1], notices.get(number), today))
    return ScreeningBoard(
        tuple(rows),
        value.accepted_on,
        judged_on,
        evaluation_deadline(judged_on, value.policy.days, is_working),
        days_used(judged_on, today, value.policy.days, is_working),
        EVALUATION_DAYS,
        today,
        default_reply_by(value, today, is_working),
    )


def _row(application: Application, checked: Screening, notice: SupplementNotice | None, today: date) -> ScreeningRow:
    files: dict[MaterialKind, tuple[str, ...]] = {}
    for material in application.materials:
        files[material.kind] = (*files.get(material.kind, ()), material.name)
    waits = notice is not None and checked.status is ScreeningStatus.TO_SUPPLEMENT
    return ScreeningRow(
        application.number,
        application.platform,
        application.applicant,
        files,
        checked,
        notice,
        still_missing(notice, application) if notice is not None else (),
        waits and notice is not None and notice.reply_by < today,
    )
