"""Who reads what by hand and by the solver, what keeps whom from it, and taking any of it back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from qisp_desktop.base.errors import UserError
from qisp_desktop.domain.panel import AssignedBy, Assignment, ConflictGround
from qisp_desktop.services.application_rows import application_rows
from qisp_desktop.services.assigning import assign, change_by_hand, change_visit, plan_inspection, propose
from qisp_desktop.services.excluding import exclude, readmit
from qisp_desktop.services.expert_records import add_expert, correct_expert
from qisp_desktop.services.panel_words import conflict_words, readers_words, state_words
from qisp_desktop.services.results import compute, read_round
from qisp_desktop.services.screening import screen_round
from qisp_desktop.services.steps import Step, take
from qisp_desktop.store.round_store import RoundStore
from tests.postgres import PostgresServer
from tests.unit.domain.values import application, expert, inspection
from tests.unit.services.panel_rounds import (
    APPLICATIONS,
    KINSMAN,
    OWN_USCC,
    RUBRIC,
    board,
    issue_all,
    make_panel,
    put,
    readers,
    sign,
    step_back,
)

REASON = "曾参与其项目评审"


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[RoundStore]:
    """Nothing is assigned yet."""
    with make_panel(tmp_path / "panel.qround", assigned=False) as opened:
        yield opened


# ------------------------------------------------------------------------------------------------------------ by hand


def test_what_a_clerk_gives_is_by_hand_and_can_be_taken_back_and_given_again(store: RoundStore) -> None:
    made = change_by_hand(store, give=[("E004", "A-1")], take_away=[("E001", "A-1")])
    assert readers(store, "A-1") == ("E002", "E003", "E004")
    assert board(store).assigned["E004", "A-1"] is AssignedBy.HAND

    take(store, made.step.reversed)
    assert readers(store, "A-1") == ("E001", "E002", "E003")
    assert board(store).assigned["E001", "A-1"] is AssignedBy.AUTO

    take(store, made.step)
    assert readers(store, "A-1") == ("E002", "E003", "E004")


def test_taking_away_says_which_signed_sheets_count_no_longer(store: RoundStore) -> None:
    sign(store, "E001", "A-1")
    sign(store, "E002", "A-1")
    step_back(store, "E002", "A-1")

    made = change_by_hand(store, take_away=[("E001", "A-1"), ("E002", "A-1"), ("E003", "A-1")])

    assert made.sheets_out == (("E001", "A-1"),)


def test_what_was_changed_since_is_not_undone(store: RoundStore) -> None:
    made = change_by_hand(store, give=[("E004", "A-1")])
    change_by_hand(store, take_away=[("E004", "A-1")])

    with pytest.raises(UserError, match=r"^This cannot be done any more"):
        take(store, made.step.reversed)
    assert readers(store, "A-1") == ("E001", "E002", "E003")


def test_a_large_step_is_compared_and_taken_as_a_small_one(empty: RoundStore) -> None:
    experts = [expert(f"X{n:03}") for n in range(60)]
    put(empty, *experts)
    step = Step("assign", (), tuple(Assignment(one.id, "A-1", AssignedBy.AUTO) for one in experts))

    take(empty, step)
    assert len(readers(empty, "A-1")) == 60
    take(empty, step.reversed)
    assert readers(empty, "A-1") == ()
    with pytest.raises(UserError):
        take(empty, step.reversed)


@pytest.mark.parametrize(
    ("pair", "why"),
    [
        ((KINSMAN, "A-3"), "same credit code"),
        (("E004", "A-9"), "The formal check has not accepted it"),
        (("E004", "A-7"), "There is no application A-7"),
        (("E999", "A-1"), "There is no expert E999"),
    ],
)
def test_nobody_is_given_what_they_must_not_read(store: RoundStore, pair: tuple[str, str], why: str) -> None:
    with pytest.raises(UserError, match=why):
        change_by_hand(store, give=[("E004", "A-2"), pair])
    assert readers(store, "A-2") == ("E001", "E002", "E003"), "all or nothing"


# ---------------------------------------------------------------------------------------------------------- by solver


def test_a_proposal_changes_nothing_until_it_is_taken(empty: RoundStore) -> None:
    step = propose(empty, per_application=3)
    assert board(empty).assigned == {}

    take(empty, step)
    assert all(len(readers(empty, number)) == 3 for number in APPLICATIONS)
    assert propose(empty, per_application=3) == Step("assign", (), ())


def test_assigning_again_keeps_what_was_fixed_by_hand(store: RoundStore) -> None:
    change_by_hand(store, give=[("E004", "A-1")], take_away=[("E001", "A-1"), ("E002", "A-1"), ("E003", "A-1")])

    assign(store, per_application=2)

    held = board(store)
    assert held.assigned["E004", "A-1"] is AssignedBy.HAND
    assert {len(held.readers[number]) for number in APPLICATIONS} == {2}


def test_assigning_again_keeps_what_is_scored_already_even_without_a_package(store: RoundStore) -> None:
    """Who scores on paper or in a score form has no package."""
    for number in APPLICATIONS:
        sign(store, "E001", number)
        change_by_hand(store, take_away=[("E003", number)])

    assign(store, per_application=2, max_load=3)  # five experts: the most even loads would spare E001

    assert all("E001" in readers(store, number) for number in APPLICATIONS)


def test_an_undo_gives_nobody_what_the_office_keeps_them_from_since(store: RoundStore) -> None:
    sign(store, "E001", "A-1")
    taken = change_by_hand(store, take_away=[("E001", "A-1")]).step
    excluded = exclude(store, "E001", "A-1", reason=REASON).step

    with pytest.raises(UserError, match="E001 is excluded from A-1 now"):
        take(store, taken.reversed)
    assert "E001" not in readers(store, "A-1")

    take(store, excluded.reversed)
    take(store, taken.reversed)
    assert "E001" in readers(store, "A-1")


def test_a_proposal_is_not_taken_where_somebody_was_excluded_since(empty: RoundStore) -> None:
    step = propose(empty, per_application=3)
    first = next(one for one in step.after if isinstance(one, Assignment))
    exclude(empty, first.expert, first.application, reason=REASON)

    with pytest.raises(UserError, match=f"{first.expert} is excluded from {first.application} now"):
        take(empty, step)
    assert not board(empty).assigned


def test_assigning_again_gives_nobody_what_the_office_keeps_them_from(store: RoundStore) -> None:
    exclude(store, "E001", "A-1", reason=REASON)

    assign(store, per_application=4)

    assert readers(store, "A-1") == ("E002", "E003", "E004", "E005")


# ---------------------------------------------------------------------------------------------------------- exclusion


def test_an_exclusion_takes_assignment_and_visit_along_and_gives_them_back(store: RoundStore) -> None:
    plan_inspection(store, "A-1", ["E001", "E002"])
    issue_all(store)

    report = exclude(store, "E001", "A-1", reason=REASON)

    held = board(store)
    assert held.conflicts["E001", "A-1"] is ConflictGround.EXCLUDED
    assert held.readers["A-1"] == ("E002", "E003")
    assert held.plans["A-1"].experts == ("E002",)
    assert report.to_reissue == ("E001",)
    assert REASON in conflict_words(held, ("E001", "A-1"))
    take(store, report.step.reversed)
    assert board(store).plans["A-1"].experts == ("E001", "E002")
    assert readers(store, "A-1") == ("E001", "E002", "E003")


def test_the_sheet_of_an_excluded_expert_stays_and_counts_no_longer(store: RoundStore) -> None:
    for one in ("E001", "E002", "E003"):
        sign(store, one, "A-1")

    report = exclude(store, "E001", "A-1", reason=REASON)

    assert report.sheet_out
    (result,) = [one for one in compute(read_round(store)).results if one.number == "A-1"]
    assert list(result.sheet_totals) == ["E002", "E003"]
    assert ("E001", "A-1") in board(store).signed
    assert "it does not count" in state_words(board(store), ("E001", "A-1"))


def test_an_exclusion_needs_a_reason_and_is_made_once(store: RoundStore) -> None:
    with pytest.raises(UserError, match="A reason is needed"):
        exclude(store, "E001", "A-1", reason=" \n")
    exclude(store, "E001", "A-1", reason=REASON)
    with pytest.raises(UserError, match="excluded from A-1 already"):
        exclude(store, "E001", "A-1", reason="再次")


def test_readmitting_assigns_nothing_by_itself(store: RoundStore) -> None:
    exclude(store, "E001", "A-1", reason=REASON)
    readmit(store, "E001", "A-1")

    assert ("E001", "A-1") not in board(store).conflicts
    assert readers(store, "A-1") == ("E002", "E003")
    with pytest.raises(UserError, match="is not excluded"):
        readmit(store, "E001", "A-1")


def test_an_excluded_expert_cannot_inspect(store: RoundStore) -> None:
    exclude(store, "E004", "A-1", reason=REASON)
    with pytest.raises(UserError, match="excluded by the office"):
        plan_inspection(store, "A-1", ["E004"])


# ---------------------------------------------------------------------------------------------------------- the words


def test_a_conflict_shows_the_two_values_that_were_compared(empty: RoundStore) -> None:
    put(
        empty,
        replace(expert("E004"), organisation="示例机构（A-1）"),
        application(number="A-1", applicant="示例机构A-1"),
    )
    assert OWN_USCC in conflict_words(board(empty), (KINSMAN, "A-3"))

    put(empty, replace(expert("E004"), organisation="示例机构 A－1"))
    words = conflict_words(board(empty), ("E004", "A-1"))
    assert "示例机构 A－1" in words
    assert "示例机构A-1" in words
    assert "width, blanks and punctuation" in words


def test_readers_below_the_quorum_are_said(store: RoundStore) -> None:
    assert readers_words(board(store), "A-1") == "3 experts read it"
    step_back(store, "E001", "A-1")
    assert readers_words(board(store), "A-1") == "3 experts read it, 1 stepped back; a result needs 3 valid sheets"


def test_rows_follow_a_decision_of_the_formal_check(store: RoundStore) -> None:
    assert [row.number for row in application_rows(store) if row.accepted] == list(APPLICATIONS)
    screen_round(store, decide=("A-9", "accepted"), reason="补正齐全")
    assert [row.number for row in application_rows(store) if row.accepted] == [*APPLICATIONS, "A-9"]


# ----------------------------------------------------------------------------------------------------------- packages


def test_a_package_is_outdated_when_the_assignment_is_another_one(store: RoundStore) -> None:
    issue_all(store)
    assert not any(board(store).outdated(one) for one in ("E001", "E002", "E003"))

    made = change_by_hand(store, give=[("E004", "A-1")], take_away=[("E003", "A-1")])

    assert board(store).outdated("E003")
    assert made.to_reissue == ("E003",), "E004 has no package yet"


def test_stepping_back_alone_asks_for_no_other_package(store: RoundStore) -> None:
    issue_all(store)
    step_back(store, "E001", "A-1")
    assert not board(store).outdated("E001")


def test_a_visit_that_is_planned_later_outdates_the_package(store: RoundStore) -> None:
    issue_all(store)
    plan_inspection(store, "A-1", ["E001"])
    assert board(store).outdated("E001")
    plan_inspection(store, "A-1", [])
    assert not board(store).outdated("E001")


def test_who_is_taken_out_of_the_party_loses_the_record_that_came_in(store: RoundStore) -> None:
    plan_inspection(store, "A-1", ["E001", "E004", "E005"])
    put(store, inspection(RUBRIC), inspection(RUBRIC, expert="E004"))

    assert board(store).unvisited("A-1", ["E005"]) == ("E004",), "E001 scores the application too"
    with pytest.raises(UserError, match="has come in meanwhile"):
        change_visit(store, "A-1", ["E005"], voided=())
    assert board(store).plans["A-1"].experts == ("E001", "E004", "E005")

    made = change_visit(store, "A-1", ["E005"], voided=("E004",))
    assert made.records_out == ("E004",)
    take(store, made.step.reversed)
    assert board(store).unvisited("A-1", ()) == ("E004",)
    assert change_visit(store, "A-1", ["E004", "E005"], voided=()).records_out == ()


# ---------------------------------------------------------------------------------------------------------- two clerks


@pytest.fixture
def clerks(postgres: PostgresServer, tmp_path: Path) -> Iterator[tuple[RoundStore, RoundStore]]:
    """Two clerks on one round on a server."""
    database = postgres.new_database()
    place = postgres.place(database, tmp_path / "files")
    make_panel(place).close()
    with (
        RoundStore.open(place, actor="李", write=True) as li,
        RoundStore.open(place, actor="王", write=True) as wang,
    ):
        yield li, wang
    postgres.drop(database)


def test_what_the_other_took_away_can_be_given_again(clerks: tuple[RoundStore, RoundStore]) -> None:
    li, wang = clerks
    change_by_hand(li, give=[("E004", "A-1")])
    change_by_hand(wang, take_away=[("E004", "A-1")])

    change_by_hand(li, give=[("E004", "A-1")])

    assert readers(wang, "A-1") == ("E001", "E002", "E003", "E004")


def test_what_the_other_rests_on_is_not_undone_on_a_server_either(clerks: tuple[RoundStore, RoundStore]) -> None:
    li, wang = clerks
    added = add_expert(li, expert("E009", "大学E009")).step
    change_by_hand(wang, give=[("E009", "A-1")])

    with pytest.raises(UserError, match="rests on it"):
        take(li, added.reversed)
    assert "E009" in readers(li, "A-1")


def test_what_the_other_excluded_is_not_given(clerks: tuple[RoundStore, RoundStore]) -> None:
    li, wang = clerks
    assert readers(li, "A-1") == ("E001", "E002", "E003")
    exclude(wang, "E004", "A-1", reason=REASON)

    with pytest.raises(UserError, match="excluded by the office"):
        change_by_hand(li, give=[("E004", "A-1")])


def test_a_form_filled_before_the_other_corrected_the_record_overwrites_nothing(
    clerks: tuple[RoundStore, RoundStore],
) -> None:
    li, wang = clerks
    before = board(li).experts["E001"]
    correct_expert(wang, replace(before, phone="1"))
    board(li)

    with pytest.raises(UserError, match="was changed by somebody else") as refused:
        correct_expert(li, replace(before, phone="2"), before=before)

    assert "王" in refused.value.why
    assert board(li).experts["E001"].phone == "1"


def test_a_party_that_the_other_changed_is_not_overwritten(clerks: tuple[RoundStore, RoundStore]) -> None:
    li, wang = clerks
    plan_inspection(wang, "A-1", ["E002"])

    with pytest.raises(UserError, match="Who visits A-1 was changed meanwhile") as refused:
        change_visit(li, "A-1", ["E001"], before=())

    assert "E002" in refused.value.why
    change_visit(li, "A-1", ["E001", "E002"], before=["E002"])
    assert board(wang).plans["A-1"].experts == ("E001", "E002")
