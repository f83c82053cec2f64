"""The clocks of Art. 14: the last day of a period, and how much of it has passed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qisp_desktop.domain.calendar import (
    DayCount,
    DayKind,
    DayOverride,
    days_used,
    deadline,
    evaluation_deadline,
    notice_deadline,
    with_overrides,
    years_after,
)

DAYS = st.dates(date(2022, 1, 1), date(2099, 12, 31))


def weekday(day: date) -> bool:
    return day.weekday() < 5


def test_thirty_calendar_days_after_acceptance_end_on_the_thirtieth_day_after_it() -> None:
    assert evaluation_deadline(date(2026, 7, 1), DayCount.CALENDAR, weekday) == date(2026, 7, 31)


def test_ten_days_of_public_notice_end_on_the_tenth_day_after_publication() -> None:
    assert notice_deadline(date(2026, 12, 25), DayCount.CALENDAR, weekday) == date(2027, 1, 4)


def test_working_days_skip_weekends_and_the_day_of_the_event() -> None:
    assert notice_deadline(date(2026, 7, 3), DayCount.WORKING, weekday) == date(2026, 7, 17)


def test_a_shifted_working_day_counts_and_a_holiday_does_not() -> None:
    worked = {date(2026, 7, 4)}
    holidays = {date(2026, 7, 6)}
    last = deadline(
        date(2026, 7, 3), 2, DayCount.WORKING, lambda day: (weekday(day) or day in worked) - (day in holidays) > 0
    )
    assert last == date(2026, 7, 7)


@pytest.mark.parametrize("days", [0, -1])
def test_a_period_has_at_least_one_day(days: int) -> None:
    with pytest.raises(ValueError, match="at least one day"):
        deadline(date(2026, 7, 1), days, DayCount.CALENDAR, weekday)


@given(DAYS, st.integers(1, 60), st.sampled_from(DayCount))
def test_on_the_last_day_of_a_period_exactly_its_days_have_passed(start: date, days: int, count: DayCount) -> None:
    last = deadline(start, days, count, weekday)
    assert days_used(start, last, count, weekday) == days
    assert days_used(start, last - timedelta(days=1), count, weekday) == days - 1


@given(DAYS, st.integers(0, 400))
def test_before_a_period_begins_nothing_of_it_has_passed(start: date, earlier: int) -> None:
    for count in DayCount:
        assert days_used(start, start - timedelta(days=earlier), count, weekday) == 0


@pytest.mark.parametrize(
    ("start", "years", "end"),
    [
        (date(2024, 7, 1), 2, date(2026, 7, 1)),
        (date(2024, 2, 29), 2, date(2026, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
        (date(9999, 6, 1), 2, date.max),
    ],
)
def test_years_end_on_the_same_day_or_on_the_last_one_of_the_month(start: date, years: int, end: date) -> None:
    assert years_after(start, years) == end


def test_the_offices_own_word_on_a_day_stands_before_the_calendar() -> None:
    overrides = [
        DayOverride(date(2026, 7, 3), DayKind.OFF, "台风停工"),
        DayOverride(date(2026, 7, 4), DayKind.WORKING, "补班"),
    ]
    own = with_overrides(overrides, weekday)
    assert [day for day in range(1, 8) if own(date(2026, 7, day))] == [1, 2, 4, 6, 7]
    assert deadline(date(2026, 7, 1), 3, DayCount.WORKING, own) == date(2026, 7, 6)
    assert deadline(date(2026, 7, 1), 3, DayCount.CALENDAR, own) == date(2026, 7, 4)
