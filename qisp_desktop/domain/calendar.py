"""The statutory clocks of Art. 14: 30 days of evaluation after acceptance, 10 days of public notice."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta

from qisp_desktop.domain.regulation import EVALUATION_DAYS, NOTICE_DAYS, Term

IsWorkingDay = Callable[[date], bool]


class DayCount(Term):
    """Which days a round's clocks count."""

    CALENDAR = "calendar", "自然日", "calendar days"
    WORKING = "working", "工作日", "working days"


class DayKind(Term):
    """What a day is for clocks that count working days."""

    WORKING = "working", "工作日", "working day"
    OFF = "off", "休息日", "day off"


@dataclass(frozen=True)
class DayOverride:
    """The office's own word on a day, in place of the calendar of public holidays; the reason is never empty."""

    day: date
    kind: DayKind
    reason: str


def with_overrides(overrides: Iterable[DayOverride], is_working_day: IsWorkingDay) -> IsWorkingDay:
    """``is_working_day``, save for the days that the office decided itself."""
    decided = {override.day: override.kind is DayKind.WORKING for override in overrides}
    return lambda day: decided[day] if day in decided else is_working_day(day)


def deadline(start: date, days: int, count: DayCount, is_working_day: IsWorkingDay) -> date:
    """The last day of a period of ``days`` days; the day of the event itself does not count.

    With working days every counted day is one for which ``is_working_day`` holds (Chinese holidays with their shifted
    working days, and the office's own overrides). ``days`` must be positive.
    """
    if days <= 0:
        raise ValueError("a period has at least one day")
    if count is DayCount.CALENDAR:
        return start + timedelta(days=days)
    day = start
    while days:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return day


def days_used(start: date, today: date, count: DayCount, is_working_day: IsWorkingDay) -> int:
    """How many days of a period that began with ``start`` have passed by the end of ``today``; 0 before it."""
    span = max(0, (today - start).days)
    if count is DayCount.CALENDAR:
        return span
    return sum(is_working_day(start + timedelta(days=n)) for n in range(1, span + 1))


def evaluation_deadline(accepted_on: date, count: DayCount, is_working_day: IsWorkingDay) -> date:
    """The last day of the evaluation (Art. 14 (2))."""
    return deadline(accepted_on, EVALUATION_DAYS, count, is_working_day)


def notice_deadline(published_on: date, count: DayCount, is_working_day: IsWorkingDay) -> date:
    """The last day on which objections can be raised (Art. 14 (3))."""
    return deadline(published_on, NOTICE_DAYS, count, is_working_day)


def years_after(day: date, years: int) -> date:
    """The last day of a period of ``years`` years that began with ``day``: the same day of a later year.

    Where that year has no such day it is the month's last (Civil Code Art. 202): 29 February becomes 28 February.
    Beyond the calendar it is the calendar's last day.
    """
    year = day.year + years
    if year > MAXYEAR:
        return date.max
    return day.replace(year=year, day=min(day.day, monthrange(year, day.month)[1]))
