"""What keeps an expert from an application: the same credit code, the same organisation, or their own word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qisp_desktop.domain.application import normalise_organisation
from qisp_desktop.domain.desk_records import Draw, Exclusion, drawn
from qisp_desktop.domain.panel import Conflict, ConflictGround, Recusal, conflict_of, conflicts
from qisp_desktop.domain.regulation import RecusalGround
from tests.unit.domain.values import application, expert

APPLICATION = application(applicant="深圳市示例(集团)有限公司", uscc="12440300XNB58M9F2R")


@pytest.mark.parametrize(
    "spelling",
    [
        "深圳市示例(集团)有限公司",
        "深圳市示例（集团）有限公司",
        " 深圳市 示例【集团】有限公司\n",
        "深圳市示例集团有限公司",
        "深圳市示例﹝集团﹞有限公司​",
        "深圳市·示例(集团)有限公司。",
    ],
)
def test_another_spelling_of_the_same_organisation_is_a_conflict(spelling: str) -> None:
    assert conflict_of(expert(organisation=spelling), APPLICATION) is ConflictGround.SAME_ORGANISATION


@pytest.mark.parametrize(
    "other",
    ["深圳市示例(集团)股份有限公司", "深圳市示例(控股)有限公司", "深圳市示例(集团)有限公司二分公司", "", " ()"],
)
def test_another_organisation_is_none(other: str) -> None:
    assert conflict_of(expert(organisation=other), APPLICATION) is None


def test_width_and_case_of_latin_names_do_not_matter_and_other_symbols_do() -> None:
    assert normalise_organisation("ＡＢＣ检测") == normalise_organisation("abc检测")
    assert normalise_organisation("A+检测") != normalise_organisation("A检测")


def test_rare_characters_tell_organisations_apart_even_those_that_python_does_not_know() -> None:
    names = ["示例𬭚研究所", "示例㛃研究所", "示例\U000323b0研究所", "示例\ue000研究所", "示例研究所"]
    assert len({normalise_organisation(name) for name in names}) == len(names)


@given(st.text())
def test_normalising_again_changes_nothing(name: str) -> None:
    assert normalise_organisation(normalise_organisation(name)) == normalise_organisation(name)


def test_the_same_credit_code_is_a_conflict_whatever_the_names() -> None:
    assert conflict_of(expert(organisation="另一名称", uscc=APPLICATION.uscc), APPLICATION) is ConflictGround.SAME_USCC


def test_two_missing_credit_codes_are_not_the_same_one() -> None:
    assert conflict_of(expert(uscc=""), application(uscc="")) is None


def test_conflicts_of_the_records_stand_before_declared_ones_and_come_in_the_order_of_applications_and_experts() -> (
    None
):
    experts = [expert("E002", uscc=APPLICATION.uscc), expert("E001")]
    declared = [
        Recusal("E002", "A-1", RecusalGround.FINANCE, "持股"),
        Recusal("E001", "A-1", RecusalGround.KINSHIP, "亲属任职"),
        Recusal("E001", "A-0", RecusalGround.OTHER, "师生"),
    ]
    assert conflicts(experts, [APPLICATION], declared) == [
        Conflict("E001", "A-0", ConflictGround.DECLARED),
        Conflict("E001", "A-1", ConflictGround.DECLARED),
        Conflict("E002", "A-1", ConflictGround.SAME_USCC),
    ]
    assert conflicts([expert()], [APPLICATION]) == []


def test_what_the_office_excludes_is_a_conflict_unless_another_ground_is_known() -> None:
    excluded = [Exclusion("E001", "A-1", "曾为其顾问", "李"), Exclusion("E002", "A-1", "曾为其顾问", "李")]
    assert conflicts([expert("E002", uscc=APPLICATION.uscc)], [APPLICATION], (), excluded) == [
        Conflict("E001", "A-1", ConflictGround.EXCLUDED),
        Conflict("E002", "A-1", ConflictGround.SAME_USCC),
    ]


def test_a_draw_is_repeated_from_its_seed_and_its_candidates() -> None:
    assert drawn(Draw(("E001", "E003", "E004"), "00112233445566778899aabbccddeeff")) == "E003"
    with pytest.raises(ValueError, match="nobody"):
        drawn(Draw((), "00"))
