"""The measures as data: closed lists with their statutory names, and the span of their validity."""

from __future__ import annotations

from datetime import date

import pytest

from qisp_desktop.base.i18n import using
from qisp_desktop.domain.regulation import (
    BodyKind,
    Condition,
    KeyArea,
    MaterialKind,
    RecusalGround,
    ServiceCategory,
    out_of_force,
)


def test_the_lists_are_as_long_as_the_measures_make_them() -> None:
    sizes = {ServiceCategory: 8, KeyArea: 3, MaterialKind: 7, Condition: 7}
    assert {one: len(one) for one in sizes} == sizes
    assert [kind.value for kind in MaterialKind] == [condition.value for condition in Condition] == list("1234567")


def test_a_member_is_found_by_its_code_and_named_in_the_language_of_the_person() -> None:
    assert KeyArea("emerging") is KeyArea.EMERGING
    assert BodyKind.SOCIAL.label == "social organisation"
    with using("zh_CN"):
        assert BodyKind.SOCIAL.label == "社会组织"


@pytest.mark.parametrize("kind", [ServiceCategory, KeyArea, MaterialKind, Condition, BodyKind, RecusalGround])
def test_every_member_has_one_name_of_its_own_in_each_language(kind: type[BodyKind]) -> None:
    for names in ([member.zh for member in kind], [member.en for member in kind]):
        assert len(set(names)) == len(kind)
        assert all(names)


@pytest.mark.parametrize(
    ("day", "out"),
    [
        (date(2022, 6, 14), True),
        (date(2022, 6, 15), False),
        (date(2027, 6, 14), False),
        (date(2027, 6, 15), True),
    ],
)
def test_the_measures_are_in_force_for_five_years_from_15_june_2022(day: date, out: bool) -> None:
    assert out_of_force(day) is out
