"""An expert is entered, corrected and taken off the panel by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from qisp_desktop.base.errors import UserError
from qisp_desktop.domain.desk_records import Exclusion
from qisp_desktop.domain.inspection import InspectionPlan
from qisp_desktop.domain.panel import Expert, Role
from qisp_desktop.domain.score_sheet import ItemScore
from qisp_desktop.services.assigning import change_by_hand, plan_inspection
from qisp_desktop.services.excluding import exclude
from qisp_desktop.services.expert_records import add_expert, correct_expert, drop_certificate, remove_expert
from qisp_desktop.services.paper_scores import enter
from qisp_desktop.services.steps import take
from qisp_desktop.store.round_store import RoundStore
from tests.unit.domain.values import expert
from tests.unit.services.panel_rounds import RUBRIC, board, issue_all, readers

REASON = "曾参与其项目评审"


def test_an_expert_entered_by_hand_is_trimmed_and_can_be_taken_off_again(store: RoundStore) -> None:
    made = add_expert(store, Expert(" E010 ", "新 专家\n", "示例大学", "", "", (), "", Role.MEMBER))
    held = store.get(Expert, "E010")
    assert held is not None
    assert held.name == "新 专家"
    take(store, made.step.reversed)
    assert store.get(Expert, "E010") is None


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"id": "e001"}, "There is an expert E001 already"),
        ({"id": "专家一"}, "is no expert's number"),
        ({"id": ""}, "An empty text is no expert's number"),
        ({"name": " "}, "The name is missing"),
        ({"organisation": ""}, "The organisation is missing"),
        ({"uscc": "123"}, "not a unified social credit code"),
        ({"title": "长" * 200}, "A text is too long"),
    ],
)
def test_a_wrong_entry_is_refused_with_what_is_wrong(store: RoundStore, changes: dict[str, Any], why: str) -> None:
    with pytest.raises(UserError, match=why):
        add_expert(store, replace(expert("E010"), **changes))
    assert store.get(Expert, "E010") is None


def test_a_correction_that_makes_an_assignment_a_conflict_is_told(store: RoundStore) -> None:
    made = correct_expert(store, replace(expert("E001"), organisation="示例机构A-1"))
    assert [(one.expert, one.application) for one in made.conflicts] == [("E001", "A-1")]


def test_an_expert_without_a_past_goes_with_all_that_was_planned(store: RoundStore) -> None:
    plan_inspection(store, "A-1", ["E001", "E004"])
    exclude(store, "E001", "A-2", reason=REASON)

    made = remove_expert(store, "E001")
    assert "E001" not in board(store).experts
    assert board(store).plans["A-1"] == InspectionPlan("A-1", ("E004",))
    assert store.all(Exclusion) == []

    take(store, made.step.reversed)
    assert readers(store, "A-1") == ("E001", "E002", "E003")
    assert board(store).plans["A-1"].experts == ("E001", "E004")


def test_an_expert_of_whom_something_is_recorded_stays(store: RoundStore) -> None:
    issue_all(store)
    with pytest.raises(UserError, match="E001 cannot be removed"):
        remove_expert(store, "E001")


def test_adding_an_expert_is_not_undone_once_the_other_has_given_them_something_to_read(store: RoundStore) -> None:
    added = add_expert(store, expert("E009", "大学E009")).step
    change_by_hand(store, give=[("E009", "A-1")])

    with pytest.raises(UserError, match="rests on it"):
        take(store, added.reversed)
    assert "E009" in readers(store, "A-1")
    assert not store.verify_audit(lambda data, signature: "")


def test_an_expert_whose_paper_is_being_entered_stays(store: RoundStore) -> None:
    items = [ItemScore(c.code, c.maximum, "", ()) for c in RUBRIC.criteria]
    enter(store, "E001", "A-1", items, clerk="李")

    with pytest.raises(UserError, match="cannot be removed"):
        remove_expert(store, "E001")


def test_a_certificate_that_nobody_brought_cannot_be_taken_out(store: RoundStore) -> None:
    with pytest.raises(UserError, match="brought no certificate"):
        drop_certificate(store, "E001")
