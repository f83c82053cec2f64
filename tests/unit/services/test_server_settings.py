"""Settings of a round that several work on: what one clerk sets does not slip in under what another declares at the
same moment; on a real server."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qisp_desktop.base.errors import UserError
from qisp_desktop.domain.issuing import Issue
from qisp_desktop.domain.panel import AssignedBy, Assignment
from qisp_desktop.domain.policy import policy_from
from qisp_desktop.domain.round import Freeze, Round
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.domain.screening import ScreeningDecision, ScreeningStatus
from qisp_desktop.services import round_settings
from qisp_desktop.services.founding import RoundPlan, found_round
from qisp_desktop.services.issuing import issue_packages
from qisp_desktop.services.rubrics import default_rubric
from qisp_desktop.store.change import Change
from qisp_desktop.store.places import ServerPlace
from qisp_desktop.store.round_store import RoundStore
from tests.postgres import PostgresServer
from tests.unit.domain.values import ACCEPTED_ON, application, expert
from tests.unit.services.panel_rounds import RUBRIC, make_panel

PASSPHRASE = "right and long"
LI, WANG = "李秘书", "王秘书"
FREEZE = Freeze(datetime(2026, 9, 1, tzinfo=UTC), LI, "评审结束", "1" * 64, "2" * 64, "3" * 64)
ISSUE = Issue("E001", 1, "E001-1", "age1", "PEM", "4" * 64)
OTHER = replace(RUBRIC, name="另一个标准")
ACCEPTED = ScreeningDecision("A-1", ScreeningStatus.ACCEPTED, LI, "材料另行核对")
BLOCKED_S = 20
"""Longest wait until the server says that somebody waits for another."""


@pytest.fixture
def place(postgres: PostgresServer, tmp_path: Path) -> Iterator[ServerPlace]:
    """Where nothing is yet."""
    database = postgres.new_database()
    yield postgres.place(database, tmp_path / "files")
    postgres.drop(database)


@pytest.fixture
def clerks(place: ServerPlace) -> Iterator[tuple[RoundStore, RoundStore]]:
    """Two clerks on one round whose panel is made, with a rule that fits its standard."""
    make_panel(place).close()
    rule = {"pass_score": "15", "grades": {"A": "25", "B": "20"}}
    with (
        RoundStore.open(place, actor=LI, write=True) as li,
        RoundStore.open(place, actor=WANG, write=True) as wang,
    ):
        round_settings.set_policy(li, policy_from(rule, RUBRIC))
        yield li, wang


def blocked(postgres: PostgresServer, place: ServerPlace) -> bool:
    """Whether somebody in the database waits for another's change to end."""
    with postgres.raw("postgres") as connection:
        found = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'", [place.database]
        ).fetchone()
    return found != (0,)


def while_changing(
    postgres: PostgresServer,
    place: ServerPlace,
    li: RoundStore,
    do: Callable[[Change], object],
    work: Callable[[], object],
) -> UserError:
    """What ``work`` is refused with when it decided before ``do`` was kept, and would write after it."""
    with ThreadPoolExecutor(1) as pool:
        with li.change("meanwhile") as change:
            do(change)
            late = pool.submit(work)
            deadline = time.monotonic() + BLOCKED_S
            while not blocked(postgres, place):
                assert time.monotonic() < deadline, "nobody waited"
                assert not late.done(), late.result()
                time.sleep(0.02)
        refused = late.exception()
    assert isinstance(refused, UserError), refused
    return refused


def test_a_rule_is_not_changed_under_a_result_that_is_frozen_in_the_same_instant(
    postgres: PostgresServer, place: ServerPlace, clerks: tuple[RoundStore, RoundStore]
) -> None:
    li, wang = clerks
    before = wang.round()

    refused = while_changing(
        postgres, place, li, lambda change: change.put(FREEZE),
        lambda: round_settings.set_policy(wang, replace(before.policy, quorum=2), before),
    )  # fmt: skip

    assert LI in refused.why
    assert li.round() == before
    with pytest.raises(UserError, match="can no longer be changed"):
        round_settings.set_policy(wang, replace(before.policy, quorum=2), before)


@pytest.mark.parametrize("record", [FREEZE, ISSUE], ids=["frozen", "handed out"])
def test_a_standard_is_not_changed_under_what_rests_on_it_in_the_same_instant(
    postgres: PostgresServer, place: ServerPlace, clerks: tuple[RoundStore, RoundStore], record: object
) -> None:
    li, wang = clerks
    before = wang.round()

    refused = while_changing(
        postgres, place, li, lambda change: change.put(record),
        lambda: round_settings.set_rubric(wang, OTHER, before),
    )  # fmt: skip

    assert LI in refused.why
    assert li.round() == before
    assert li.all(Rubric) == [RUBRIC]
    with pytest.raises(UserError, match="can no longer be changed"):
        round_settings.set_rubric(wang, OTHER, before)


def test_a_name_is_not_changed_under_a_result_that_is_frozen_in_the_same_instant(
    postgres: PostgresServer, place: ServerPlace, clerks: tuple[RoundStore, RoundStore]
) -> None:
    li, wang = clerks

    while_changing(
        postgres, place, li, lambda change: change.put(FREEZE),
        lambda: round_settings.rename(wang, name="新名称", office="某局"),
    )  # fmt: skip

    assert li.round().name == "评价"


def test_nothing_is_handed_out_with_a_standard_that_is_changed_in_the_same_instant(
    postgres: PostgresServer, place: ServerPlace, tmp_path: Path
) -> None:
    rubric = default_rubric()
    found_round(place, RoundPlan(2026, "评价", "某局", rubric, policy_from({}, rubric)), PASSPHRASE)
    out = tmp_path / "out"
    with RoundStore.open(place, actor=LI, write=True) as li:
        with li.change("fill") as change:
            change.put_all([application(materials=()), expert("E001", "大学"), ACCEPTED])
            change.put(Assignment("E001", "A-1", AssignedBy.HAND))
            change.put(replace(li.round(), accepted_on=ACCEPTED_ON))
        other = replace(rubric, name="另一个标准")

        def set_anew(change: Change) -> None:
            held = li.round()
            change.put_all((other, replace(held, rubric=other.digest)))
            change.remove(Rubric, held.rubric)

        refused = while_changing(
            postgres, place, li, set_anew, lambda: issue_packages(place, out, passphrase=PASSPHRASE)
        )

        assert "standard" in refused.what
        assert li.all(Issue) == []
        assert [one.rubric for one in li.all(Round)] == [other.digest]
    assert [path.name for path in out.rglob("*") if path.is_file()] == ["round-ca.pem"]
