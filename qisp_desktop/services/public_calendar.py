"""Which days are worked in China: weekends, public holidays and their shifted working days."""

from __future__ import annotations

from datetime import date
from functools import cache


@cache
def is_working_day(day: date) -> bool:
    """Whether ``day`` is worked; by weekday alone for years whose holidays the library does not know yet."""
    import chinese_calendar

    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5
