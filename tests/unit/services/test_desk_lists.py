"""The lists of packages and of visits say of each what it is; what counts of visits is what results count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qisp_desktop.domain.inspection import Overall, SiteInspection
from qisp_desktop.domain.issuing import Issue, Return
from qisp_desktop.services.assigning import change_by_hand, plan_inspection
from qisp_desktop.services.inspection_view import RecordStanding, VisitState, visit_overview
from qisp_desktop.services.issuing_view import IssueLine, PackageState, apart, issuing_overview
from qisp_desktop.services.replacing import replace_expert
from qisp_desktop.services.results import read_round, valid_inspections
from qisp_desktop.store.round_store import RoundStore
from tests.unit.domain.values import inspection
from tests.unit.services.panel_rounds import RUBRIC, issue_all, make_panel, put, step_back


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RoundStore]:
    with make_panel(tmp_path / "panel.qround") as opened:
        yield opened


def line(store: RoundStore, expert: str) -> IssueLine:
    return next(one for one in issuing_overview(store).lines if one.expert.id == expert)


# ---------------------------------------------------------------------------------------------------------- packages


def test_each_package_is_what_the_assignment_makes_of_it(store: RoundStore) -> None:
    assert line(store, "E001").state is PackageState.NOT_ISSUED
    assert line(store, "E004").state is PackageState.NOTHING_DUE
    issue_all(store)
    assert line(store, "E001").state is PackageState.CURRENT

    change_by_hand(store, give=[("E004", "A-1")], take_away=[("E002", "A-1")])
    replace_expert(store, "E003", arriving="E004", reason="因病", applications=["A-2", "A-3"])
    change_by_hand(store, take_away=[("E003", "A-1")])

    assert line(store, "E002").difference == "1 is too much"
    assert line(store, "E003").state is PackageState.LEFT
    assert line(store, "E004").state is PackageState.NOT_ISSUED
    assert issuing_overview(store).needing == ("E002", "E004")


def test_the_newest_issue_counts_and_what_answers_an_older_one_does_not_answer_it(store: RoundStore) -> None:
    issue_all(store)
    put(store, Return("E001", 1, "E001-1", "a" * 64, "b" * 64, "c" * 64, "E001-r1.qscore"))
    assert line(store, "E001").answered
    issue_all(store, number=2)

    found = line(store, "E001")
    assert (found.voided, found.returns, found.answered) == (("E001-1",), 1, False)
    assert issuing_overview(store).returned == ("E001",)


def test_an_issue_of_an_older_program_is_taken_for_good_and_dated_by_the_trail(store: RoundStore) -> None:
    with store.change("issue") as change:
        change.put(Issue("E001", 1, "E001-1", "age1", "PEM", "d" * 64))
    found = line(store, "E001")
    assert found.state is PackageState.CURRENT
    assert found.at is not None
    assert abs((datetime.now(UTC) - found.at).total_seconds()) < 60


def test_packages_and_letters_travel_apart_only_in_folders_beside_each_other(tmp_path: Path) -> None:
    assert apart(tmp_path / "stick", tmp_path / "letters") == ""
    assert "same folder" in apart(tmp_path / "a", tmp_path / "b" / ".." / "a")
    assert "inside the other" in apart(tmp_path / "a", tmp_path / "a" / "letters")
    assert "inside the other" in apart(tmp_path / "b" / "packages", tmp_path / "b")


@pytest.mark.skipif(not Path("/dev/shm").is_mount(), reason="no second drive at hand")
def test_two_folders_of_one_stick_do_not_travel_apart() -> None:
    assert "same drive (/dev/shm)" in apart(Path("/dev/shm/packages"), Path("/dev/shm/letters"))


# ------------------------------------------------------------------------------------------------------------- visits

RECORDS = tuple(
    replace(first, received_by=by, revision=revision, previous="" if revision == 1 else "f" * 64)
    for first in (inspection(RUBRIC, expert=one, overall=o) for one in ("E001", "E004") for o in Overall)
    for by in ("甲", "乙")
    for revision in (1, 2)
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    records=st.lists(st.sampled_from(RECORDS), max_size=5, unique=True),
    party=st.sets(st.sampled_from(["E001", "E002", "E004"])),
    recused=st.booleans(),
)
def test_what_counts_of_visits_is_what_results_count(
    tmp_path_factory: pytest.TempPathFactory, records: list[SiteInspection], party: set[str], recused: bool
) -> None:
    with make_panel(tmp_path_factory.mktemp("visits") / "panel.qround") as store:
        put(store, *records)
        if party:
            plan_inspection(store, "A-1", sorted(party))
        if recused:
            step_back(store, "E001", "A-1")

        (found,) = [one for one in visit_overview(store).lines if one.row.number == "A-1"]

        counting = {one.record.digest for one in found.records if one.standing is RecordStanding.COUNTS}
        assert counting == {record.digest for record in valid_inspections(read_round(store))}
        assert {one.record.digest for one in found.records} == {record.digest for record in records}
        assert (found.state is VisitState.BACK) == bool(counting)
        assert (found.overall is None) == (not counting)
