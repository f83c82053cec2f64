"""What two exports of a round show differently."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from qisp_desktop.base.codec import from_bytes, to_bytes
from qisp_desktop.domain.aggregation import Recommendation, ResultStatus
from qisp_desktop.domain.exports import (
    Aspect,
    Difference,
    ExportedApplication,
    ExportedInspection,
    ExportedSheet,
    differences,
    exported_applications,
)
from qisp_desktop.domain.inspection import Overall
from qisp_desktop.domain.screening import ScreeningStatus
from tests.unit.spreadsheets.rounds import random_round

SHOWN = ExportedApplication(
    "QISP-2026-001",
    Decimal("84.33"),
    2,
    "B",
    Recommendation.RECOMMENDED,
    ResultStatus.OK,
    ScreeningStatus.ACCEPTED,
    (ExportedSheet("E001", 1, Decimal("84.5")), ExportedSheet("E002", 1, Decimal("84"))),
    (ExportedInspection("E001", Overall.RECTIFY),),
)

points = st.none() | st.decimals(0, 100, places=2)
applications = st.builds(
    ExportedApplication,
    st.sampled_from(["QISP-2026-001", "QISP-2026-002", "QISP-2026-003"]),
    points,
    st.none() | st.integers(1, 9),
    st.sampled_from([None, "A", "B"]),
    st.sampled_from(Recommendation),
    st.sampled_from(ResultStatus),
    st.sampled_from([None, *ScreeningStatus]),
    st.lists(
        st.builds(ExportedSheet, st.sampled_from(["E001", "E002"]), st.integers(1, 3), st.decimals(0, 100, places=1)),
        max_size=2,
        unique_by=lambda sheet: sheet.expert,
    ).map(lambda sheets: tuple(sorted(sheets, key=lambda sheet: sheet.expert))),
    st.lists(
        st.builds(ExportedInspection, st.sampled_from(["E001", "E002"]), st.sampled_from(Overall)),
        max_size=2,
        unique_by=lambda one: one.expert,
    ).map(lambda visits: tuple(sorted(visits, key=lambda one: one.expert))),
)
exports = st.lists(applications, max_size=3, unique_by=lambda one: one.number)


def found(before: ExportedApplication, after: ExportedApplication) -> list[tuple[str, Aspect, object, object]]:
    return [(one.expert, one.aspect, one.before, one.after) for one in differences([before], [after])]


def test_what_is_the_same_is_no_change() -> None:
    assert differences([SHOWN], [SHOWN]) == ()
    assert differences([SHOWN], [replace(SHOWN, final=Decimal("84.330"))]) == ()


def test_each_own_value_of_an_application_is_a_change_of_its_own() -> None:
    after = replace(SHOWN, final=None, rank=None, grade=None, status=ResultStatus.CONFLICT)

    assert found(SHOWN, after) == [
        ("", Aspect.FINAL, Decimal("84.33"), None),
        ("", Aspect.RANK, 2, None),
        ("", Aspect.GRADE, "B", None),
        ("", Aspect.STATUS, ResultStatus.OK, ResultStatus.CONFLICT),
    ]


def test_the_screening_and_each_experts_inspection_are_compared() -> None:
    visits = (ExportedInspection("E001", Overall.PASS), ExportedInspection("E002", Overall.PASS))
    after = replace(SHOWN, screening=ScreeningStatus.REFUSED, inspections=visits)

    assert found(SHOWN, after) == [
        ("", Aspect.SCREENING, ScreeningStatus.ACCEPTED, ScreeningStatus.REFUSED),
        ("E001", Aspect.INSPECTION, Overall.RECTIFY, Overall.PASS),
        ("E002", Aspect.INSPECTION, None, Overall.PASS),
    ]


def test_a_sheet_that_was_revised_differs_in_total_and_revision() -> None:
    sheets = (ExportedSheet("E001", 2, Decimal("90")), ExportedSheet("E002", 2, Decimal("84")))

    assert found(SHOWN, replace(SHOWN, sheets=sheets)) == [
        ("E001", Aspect.TOTAL, Decimal("84.5"), Decimal("90")),
        ("E001", Aspect.REVISION, 1, 2),
        ("E002", Aspect.REVISION, 1, 2),
    ]


def test_a_sheet_that_came_or_went_is_told_by_its_total_alone() -> None:
    after = replace(SHOWN, sheets=(ExportedSheet("E001", 1, Decimal("84.5")), ExportedSheet("E003", 1, Decimal("70"))))

    assert found(SHOWN, after) == [
        ("E002", Aspect.TOTAL, Decimal("84"), None),
        ("E003", Aspect.TOTAL, None, Decimal("70")),
    ]


def test_an_application_that_is_new_differs_as_a_whole() -> None:
    came = differences([], [SHOWN])

    assert came[0] == Difference("QISP-2026-001", "", Aspect.APPLICATION, None, "QISP-2026-001")
    assert {one.before for one in came} == {None}


@given(exports, exports)
def test_going_back_gives_the_same_changes_the_other_way_round(
    old: list[ExportedApplication], new: list[ExportedApplication]
) -> None:
    there, back = differences(old, new), differences(new, old)

    assert back == tuple(replace(one, before=one.after, after=one.before) for one in there)


@given(exports, exports)
def test_there_is_a_change_exactly_where_two_exports_are_not_equal(
    old: list[ExportedApplication], new: list[ExportedApplication]
) -> None:
    def by_number(export: list[ExportedApplication]) -> dict[str, ExportedApplication]:
        return {one.number: one for one in export}

    different = {number for number in by_number(old) | by_number(new)}
    different -= {number for number in different if by_number(old).get(number) == by_number(new).get(number)}

    assert {one.application for one in differences(old, new)} == different


def test_an_export_shows_what_the_round_holds_in_any_order() -> None:
    data = random_round(4, 5, least_sheets=2)
    shown = exported_applications(data.results, data.screenings, data.sheets, data.inspections)
    mixed = exported_applications(
        data.results[::-1], data.screenings[::-1], data.sheets[::-1], list(data.inspections)[::-1]
    )

    assert mixed == shown
    assert [one.number for one in shown] == [result.number for result in data.results]
    for one, result in zip(shown, data.results, strict=True):
        assert (one.final, one.rank, one.status) == (result.final, result.rank, result.status)
        assert {sheet.expert: sheet.total for sheet in one.sheets} == result.sheet_totals
        assert from_bytes(ExportedApplication, to_bytes(one)) == one


def test_an_application_without_a_result_is_shown_by_its_screening() -> None:
    data = random_round(1, 3)

    (shown,) = exported_applications((), data.screenings, (), ())

    assert (shown.status, shown.final, shown.screening) == (None, None, data.screenings[0].status)
