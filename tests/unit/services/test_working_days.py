"""Working days: the public calendar with its shifted days, and the office's own word on a day before it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from qisp_desktop.base.errors import UserError
from qisp_desktop.domain.calendar import DayKind
from qisp_desktop.services.public_calendar import is_working_day
from qisp_desktop.services.rounds import new_round
from qisp_desktop.services.screening import screen_round
from qisp_desktop.services.working_days import override_day


@pytest.fixture
def counting_working_days(tmp_path: Path) -> Path:
    policy = tmp_path / "policy.json"
    policy.write_text('{"days": "working"}', encoding="utf-8")
    path = tmp_path / "2026.qround"
    new_round(path, year=2026, name="2026年度评价", passphrase="for the test only", policy=policy)
    return path


def test_public_holidays_and_their_shifted_working_days_are_known() -> None:
    assert not is_working_day(date(2026, 10, 1))
    assert is_working_day(date(2026, 10, 10))  # a Saturday that is worked for the National Day holidays
    assert not is_working_day(date(2026, 10, 11))


def test_beyond_the_known_holidays_weekdays_decide() -> None:
    assert is_working_day(date(2099, 10, 1))
    assert not is_working_day(date(2099, 10, 3))


def test_the_rounds_clock_goes_by_the_offices_own_days(counting_working_days: Path) -> None:
    def ends() -> date:
        return screen_round(counting_working_days, accepted_on=date(2026, 7, 1)).evaluation_ends

    assert ends() == date(2026, 8, 12)
    override_day(counting_working_days, date(2026, 7, 3), DayKind.OFF, reason="台风停工")
    assert ends() == date(2026, 8, 13)
    override_day(counting_working_days, date(2026, 7, 4), DayKind.WORKING, reason="补班")
    assert ends() == date(2026, 8, 12)
    override_day(counting_working_days, date(2026, 7, 3), DayKind.WORKING, reason="停工取消")
    assert ends() == date(2026, 8, 11)


@pytest.mark.parametrize(("day", "reason"), [(date(2026, 7, 3), " "), (date(1999, 7, 3), "x")])
def test_a_decision_without_reason_or_for_a_day_beyond_the_measures_is_refused(
    counting_working_days: Path, day: date, reason: str
) -> None:
    with pytest.raises(UserError):
        override_day(counting_working_days, day, DayKind.OFF, reason=reason)
