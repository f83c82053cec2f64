"""Where a round stands: how far each step is, which statutory clocks run, and what waits for the clerk.

``glance`` only counts, so that it is there as soon as the round is open; ``board`` also looks at the formal check, at
conflicts and deviations. Neither reads the sheets' documents: the columns that the store searches by are enough.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, Protocol, TypeVar

from qisp_desktop.base.i18n import _
from qisp_desktop.domain.application import Application
from qisp_desktop.domain.calendar import (
    DayCount,
    DayOverride,
    IsWorkingDay,
    days_used,
    evaluation_deadline,
    notice_deadline,
    with_overrides,
)
from qisp_desktop.domain.issuing import Issue
from qisp_desktop.domain.panel import Assignment, Expert, Recusal
from qisp_desktop.domain.regulation import EVALUATION_DAYS, NOTICE_DAYS
from qisp_desktop.domain.round import Freeze, Round
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.domain.score_sheet import ScoreSheet
from qisp_desktop.services.overview_values import UNKNOWN, Board, BoardStep, Clock, Counts, Figures, Waiting
from qisp_desktop.services.round_defaults import validity_warning
from qisp_desktop.store.places import RoundPlace
from qisp_desktop.store.quick_look import look

T = TypeVar("T")


class Reads(Protocol):
    """What the board needs of a round: an open store, or a quick look at a file."""

    def round(self) -> Round: ...
    def rubric(self) -> Rubric: ...
    def all(self, cls: type[T]) -> list[T]: ...
    def distinct(self, cls: type[Any], *columns: str) -> set[tuple[str | int, ...]]: ...


def quick_glance(place: RoundPlace, today: date) -> Board | None:
    """``glance`` at a round file before it is open; None where that cannot be had, and for a round on a server."""
    return look(place, lambda store: glance(store, today)) if isinstance(place, Path) else None


def glance(store: Reads, today: date) -> Board:
    """Where the round stands as far as counting tells: no ``waiting``, nothing that the formal check decides."""
    value = store.round()
    assignments = store.distinct(Assignment, "expert", "application")
    readers = assignments - store.distinct(Recusal, "expert", "application")
    held = store.distinct(ScoreSheet, "expert", "application")
    applications = len(store.distinct(Application, "number"))
    figures = Figures(
        applications,
        screened=UNKNOWN if value.accepted_on and applications else 0,
        accepted=UNKNOWN,
        assigned=with_quorum(readers, value.policy.quorum),
        experts=len({expert for expert, _number in assignments}),
        issued=len(store.distinct(Issue, "expert")),
        due=len(readers),
        returned=len(held & readers),
        decided=UNKNOWN if held else 0,
    )
    return board_from(store, value, figures, None, today)


def board_from(store: Reads, value: Round, figures: Figures, waiting: tuple[Waiting, ...] | None, today: date) -> Board:
    """The board of these figures."""
    freezes = store.all(Freeze)
    frozen = freezes[-1] if freezes else None
    counts = Counts(
        figures.applications,
        len(store.distinct(Expert, "id")),
        figures.due,
        figures.issued,
        figures.returned,
    )
    return Board(
        value,
        store.rubric().name,
        counts,
        _steps(figures, frozen),
        _clocks(store, value, frozen, today),
        waiting,
        frozen,
        validity_warning(value.year),
    )


def pairs(rows: Iterable[tuple[str | int, ...]]) -> set[tuple[str, str]]:
    """Rows of (expert, application) as a set."""
    return {(str(expert), str(number)) for expert, number in rows}


def with_quorum(readers: Iterable[tuple[str | int, ...]], quorum: int) -> int:
    """How many applications have at least ``quorum`` readers."""
    counted = Counter([number for _expert, number in readers])
    return sum(count >= quorum for count in counted.values())


def _steps(figures: Figures, frozen: Freeze | None) -> tuple[BoardStep, ...]:
    asked = figures.applications if figures.accepted == UNKNOWN else figures.accepted
    return (
        BoardStep("applications", _("Applications imported"), figures.applications, figures.applications),
        BoardStep("screening", _("Formal check decided"), figures.screened, figures.applications),
        BoardStep("experts", _("Experts assigned"), figures.assigned, asked),
        BoardStep("issuing", _("Packages handed out"), figures.issued, figures.experts),
        BoardStep("collecting", _("Score sheets returned"), figures.returned, figures.due),
        BoardStep("results", _("Results there"), figures.decided, asked),
        BoardStep("results", _("Result frozen"), int(frozen is not None), 1),
    )


def _clocks(store: Reads, value: Round, frozen: Freeze | None, today: date) -> tuple[Clock, ...]:
    is_working = _days_of(store, value)
    return (_evaluation(value, frozen, today, is_working), _notice(value, frozen, today, is_working))


def _evaluation(value: Round, frozen: Freeze | None, today: date, is_working: IsWorkingDay) -> Clock:
    name, article = _("Evaluation"), _("Art. 14 (2)")
    if value.accepted_on is None:
        note = _("begins on the day of acceptance, which the formal check records")
        return Clock(name, article, 0, EVALUATION_DAYS, None, running=False, late=False, note=note)
    count = value.policy.days
    ended = office_day(frozen) if frozen else today
    ends = evaluation_deadline(value.accepted_on, count, is_working)
    used = days_used(value.accepted_on, ended, count, is_working)
    late = ended > ends
    if frozen:
        note = _("ended on {day}, when the result was frozen").format(day=ended.isoformat())
    elif late:
        note = _("was to end on {day}").format(day=ends.isoformat())
    else:
        note = _("ends on {day}").format(day=ends.isoformat())
    return Clock(name, article, used, EVALUATION_DAYS, ends, running=frozen is None, late=late, note=note)


def _notice(value: Round, frozen: Freeze | None, today: date, is_working: IsWorkingDay) -> Clock:
    name, article = _("Public notice"), _("Art. 14 (3)")
    if frozen is None:
        note = _("begins when the result is published")
        return Clock(name, article, 0, NOTICE_DAYS, None, running=False, late=False, note=note)
    ends = notice_deadline(today, value.policy.days, is_working)
    note = _("published today, it would end on {day}").format(day=ends.isoformat())
    return Clock(name, article, 0, NOTICE_DAYS, ends, running=False, late=False, note=note)


def _days_of(store: Reads, value: Round) -> IsWorkingDay:
    if value.policy.days is DayCount.CALENDAR:
        return lambda _day: True  # not looked at
    from qisp_desktop.services.public_calendar import is_working_day

    return with_overrides(store.all(DayOverride), is_working_day)


def office_day(frozen: Freeze) -> date:
    """The day on which the result was frozen, where this office is."""
    return frozen.at.astimezone().date()
