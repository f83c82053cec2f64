"""An application's number and its materials."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qisp_desktop.domain.application import NUMBER
from qisp_desktop.domain.regulation import MaterialKind
from tests.unit.domain.values import application


@pytest.mark.parametrize("number", ["QISP-2026-001", "a", "A_1", "9" * 40])
def test_a_number_is_letters_digits_and_dashes(number: str) -> None:
    assert NUMBER.fullmatch(number)


@pytest.mark.parametrize("number", ["", "-1", "../x", "a b", "申报1", "9" * 41, "a\n"])
def test_what_could_be_a_path_or_looks_like_another_is_no_number(number: str) -> None:
    assert not NUMBER.fullmatch(number)


def test_missing_materials_come_in_the_order_of_the_measures_and_a_second_file_of_a_kind_is_none() -> None:
    value = application()
    assert value.missing_materials == ()
    kept = tuple(one for one in value.materials if one.kind in (MaterialKind.RULES, MaterialKind.AUDIT_REPORT))
    found = replace(value, materials=kept + kept[:1])
    assert [kind.value for kind in found.missing_materials] == ["1", "2", "5", "6", "7"]
    assert found.material_kinds == {MaterialKind.RULES, MaterialKind.AUDIT_REPORT}
