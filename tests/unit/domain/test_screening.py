"""The formal check: seven materials, seven conditions, and what follows from them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product

import pytest

from qisp_desktop.domain.application import Application, Project, ServedEnterprises
from qisp_desktop.domain.regulation import BodyKind, Condition, MaterialKind, ServiceCategory
from qisp_desktop.domain.screening import (
    DECIDABLE,
    Screening,
    ScreeningDecision,
    ScreeningStatus,
    check_conditions,
    screen,
)
from tests.unit.domain.values import ACCEPTED_ON, YEAR, application

RECOGNISED = Project("项目", "客户", 2025, ServiceCategory.STANDARDS, None, "市级认可")


def screened(value: Application, decision: ScreeningDecision | None = None) -> Screening:
    return screen(value, ACCEPTED_ON, YEAR, decision)


def met(value: Application, condition: Condition) -> bool | None:
    return check_conditions(value, ACCEPTED_ON, YEAR)[int(condition) - 1].met


def without(value: Application, *kinds: MaterialKind) -> Application:
    return replace(value, materials=tuple(one for one in value.materials if one.kind not in kinds))


def test_a_complete_application_that_meets_every_condition_is_accepted_without_a_word_against_it() -> None:
    found = screened(application())
    assert found.status is found.computed is ScreeningStatus.ACCEPTED
    assert (found.missing, found.reason, found.decided_by) == ((), "", "")
    assert [one.met for one in found.conditions] == [True] * 7
    assert all(one.why for one in found.conditions)


@pytest.mark.parametrize(("failed", "missing", "open_"), list(product([True, False], repeat=3)))
def test_a_failed_condition_refuses_else_a_missing_material_holds_else_an_open_condition_waits(
    failed: bool, missing: bool, open_: bool
) -> None:
    value = application(staff=9 if failed else 10, dishonest=None if open_ else False)
    if missing:
        value = without(value, MaterialKind.AUDIT_REPORT)
    expected = (
        ScreeningStatus.REFUSED
        if failed
        else ScreeningStatus.TO_SUPPLEMENT
        if missing
        else ScreeningStatus.TO_DECIDE
        if open_
        else ScreeningStatus.ACCEPTED
    )
    found = screened(value)
    assert found.computed is expected
    assert ("missing: 4." in found.reason) == missing
    assert ("(5) 9 persons serve enterprises, 10 needed" in found.reason) == failed
    assert ("(3) the record does not say" in found.reason) == open_


@pytest.mark.parametrize("kind", list(MaterialKind))
def test_each_of_the_seven_materials_is_missed(kind: MaterialKind) -> None:
    found = screened(without(application(), kind))
    assert (found.status, found.missing) == (ScreeningStatus.TO_SUPPLEMENT, (kind,))


@pytest.mark.parametrize(
    ("started", "expected"),
    [
        (date(2024, 7, 1), True),
        (date(2024, 7, 2), False),
        (date(2026, 7, 1), False),
        (date(2027, 1, 1), False),
        (date(9999, 12, 31), False),
    ],
)
def test_two_years_of_operation_are_full_on_the_same_day_two_years_later(started: date, expected: bool) -> None:
    assert met(application(started_on=started), Condition.OPERATION) is expected


def test_a_body_founded_on_29_february_has_two_years_on_28_february() -> None:
    value = application(started_on=date(2024, 2, 29))
    assert check_conditions(value, date(2026, 2, 28), YEAR)[0].met is True
    assert check_conditions(value, date(2026, 2, 27), YEAR)[0].met is False


@pytest.mark.parametrize("kind", list(BodyKind))
def test_every_kind_of_body_of_the_list_may_apply_and_no_other(kind: BodyKind) -> None:
    assert met(application(body_kind=kind), Condition.OPERATION) is (kind is not BodyKind.INELIGIBLE)


@pytest.mark.parametrize(
    ("changes", "condition", "expected"),
    [
        ({"audit_opinion": "标准无保留意见"}, Condition.RULES, True),
        ({"audit_opinion": "保留意见"}, Condition.RULES, None),
        ({"audit_opinion": ""}, Condition.RULES, None),
        ({"dishonest": False}, Condition.INTEGRITY, True),
        ({"dishonest": True}, Condition.INTEGRITY, False),
        ({"dishonest": None}, Condition.INTEGRITY, None),
        ({"premises": Decimal("0.01")}, Condition.PREMISES, True),
        ({"premises": Decimal(0)}, Condition.PREMISES, False),
        ({"premises": None}, Condition.PREMISES, None),
        ({"staff": 10}, Condition.STAFF, True),
        ({"staff": 9}, Condition.STAFF, False),
        ({"staff": 1}, Condition.STAFF, False),
        ({"categories": tuple(ServiceCategory)[:5]}, Condition.CATEGORIES, True),
        ({"categories": tuple(ServiceCategory)[:4]}, Condition.CATEGORIES, False),
        ({"categories": tuple(ServiceCategory)[:4] + tuple(ServiceCategory)[:1]}, Condition.CATEGORIES, False),
    ],
)
def test_a_condition_follows_from_the_record(
    changes: dict[str, object], condition: Condition, expected: bool | None
) -> None:
    assert met(application(**changes), condition) is expected


UNKNOWN = (ServedEnterprises(2025, 120),)
GROWN = (ServedEnterprises(2024, 119), ServedEnterprises(2025, 120))
LEVEL = (ServedEnterprises(2024, 120), ServedEnterprises(2025, 120))
SHRUNK = (ServedEnterprises(2024, 121), ServedEnterprises(2025, 120))


@pytest.mark.parametrize(
    ("served", "projects", "expected"),
    [
        (GROWN, (RECOGNISED,), True),
        (GROWN, (replace(RECOGNISED, recognition=" "),), False),
        (GROWN, (), None),
        (LEVEL, (RECOGNISED,), False),
        (SHRUNK, (RECOGNISED,), False),
        (SHRUNK, (), False),
        (UNKNOWN, (RECOGNISED,), None),
        (UNKNOWN, (replace(RECOGNISED, recognition=""),), False),
        (UNKNOWN, (), None),
    ],
)
def test_the_track_record_needs_growth_and_recognition_and_one_failure_decides(
    served: tuple[ServedEnterprises, ...], projects: tuple[Project, ...], expected: bool | None
) -> None:
    assert met(application(served=served, projects=projects), Condition.TRACK_RECORD) is expected


@pytest.mark.parametrize(("year", "expected"), [(2022, False), (2023, True), (2025, True), (2026, False)])
def test_only_projects_of_the_three_years_before_the_round_are_counted(year: int, expected: bool) -> None:
    value = application(projects=(replace(RECOGNISED, year=year),))
    assert met(value, Condition.TRACK_RECORD) is expected


def test_the_reason_gives_the_numbers() -> None:
    why = check_conditions(application(served=LEVEL), ACCEPTED_ON, YEAR)[6].why
    assert why == (
        "enterprises served: 120 in 2024, 120 in 2025, no growth; 1 recognised project in the last three years"
    )


@pytest.mark.parametrize("status", DECIDABLE)
def test_a_clerks_decision_stands_in_place_of_the_computed_one_which_stays_in_sight(status: ScreeningStatus) -> None:
    decision = ScreeningDecision("A-1", status, "王秘书", "原件已核对")
    found = screened(application(dishonest=None), decision)
    assert (found.status, found.computed) == (status, ScreeningStatus.TO_DECIDE)
    assert (found.decided_by, found.reason) == ("王秘书", "原件已核对")
