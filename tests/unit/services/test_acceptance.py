"""The day of acceptance lies within the calendar of the measures; any other changes nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from qisp_desktop.base.errors import UserError
from qisp_desktop.services.rounds import new_round
from qisp_desktop.services.screening import screen_round


def test_a_day_outside_the_calendar_of_the_measures_is_refused_and_the_recorded_one_stays(tmp_path: Path) -> None:
    path = tmp_path / "round.qround"
    new_round(path, year=2026, name="2026年度评价", passphrase="for the test only")
    assert screen_round(path, accepted_on=date(2026, 7, 1)).evaluation_ends == date(2026, 7, 31)
    for day in (date(2021, 12, 31), date.min, date.max):
        with pytest.raises(UserError, match="cannot be a day of acceptance"):
            screen_round(path, accepted_on=day)
    assert screen_round(path).accepted_on == date(2026, 7, 1)
