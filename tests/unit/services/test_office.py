"""The secretariat's keys open with the round's own passphrase only, and say so in the secretariat's terms."""

from __future__ import annotations

from pathlib import Path

import pytest

from qisp_desktop.base.errors import UserError
from qisp_desktop.services import office, rounds
from qisp_desktop.store.round_store import RoundStore


def test_a_wrong_passphrase_of_the_office_sends_no_clerk_to_look_for_an_experts_letter(tmp_path: Path) -> None:
    path = tmp_path / "round.qround"
    rounds.new_round(path, year=2026, name="2026年度评价", passphrase="right and long")

    with (
        RoundStore.open(path, actor="clerk") as store,
        pytest.raises(UserError, match="when this round was made") as refused,
    ):
        office.unlock(store, "wrong and long")

    assert "letter" not in str(refused.value)


@pytest.mark.parametrize("year", [2021, 2101])
def test_a_year_outside_the_measures_is_answered_with_the_years_that_can_be_given(tmp_path: Path, year: int) -> None:
    with pytest.raises(UserError, match="from 2022 to 2100"):
        rounds.new_round(tmp_path / "round.qround", year=year, name="评价", passphrase="right and long")
    assert list(tmp_path.iterdir()) == []
