"""A visit is written bit by bit; it says what it misses until it makes a record that fits the checklist."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from qisp_desktop.domain.handwriting import Handwriting
from qisp_desktop.domain.inspection import DrawnSignature, Finding, Overall, Photo, Side, Verdict, inspection_problem
from qisp_desktop.domain.inspection_draft import (
    InspectionDraft,
    empty_inspection,
    finished,
    missing_in_inspection,
    reopened_inspection,
    shown_inspection,
)
from tests.unit.domain.values import inspection, rubric

RUBRIC = rubric()
PHOTO = Photo("IMG_0001.jpg", "0" * 64, 1000, "2026:07:03 09:42:10", "窗口")
SIGNED = DrawnSignature(Side.HOST, "联系人", Handwriting(((0, 0, 10, 10),)))
AT = datetime(2026, 7, 3, 1, 42, tzinfo=UTC)
RECORD = inspection(
    RUBRIC, photos=(PHOTO,), findings=(Finding("窗口已公示", "I1", PHOTO.name, AT),), signatures=(SIGNED,)
)
EMPTY = empty_inspection("A-1", RUBRIC)


def full() -> InspectionDraft:
    return reopened_inspection(RECORD)


def test_an_empty_draft_was_not_begun_and_misses_everything() -> None:
    codes = [item.code for item in RUBRIC.checklist]
    assert not EMPTY.started
    assert missing_in_inspection(EMPTY, RUBRIC) == [
        "the day of the visit",
        "who received you",
        *(f"{code}: no verdict" for code in codes),
        "the overall verdict",
    ]


@pytest.mark.parametrize(
    "begun",
    [
        replace(EMPTY, date=date(2026, 7, 3)),
        replace(EMPTY, received_by="联系人"),
        replace(EMPTY, findings=(Finding("", "", ""),)),
        replace(EMPTY, photos=(PHOTO,)),
        replace(EMPTY, overall=Overall.PASS),
        replace(EMPTY, signatures=(SIGNED,)),
        replace(EMPTY, items=(replace(EMPTY.items[0], verdict=Verdict.CONFORM), *EMPTY.items[1:])),
        replace(EMPTY, items=(replace(EMPTY.items[0], note="待查"), *EMPTY.items[1:])),
    ],
)
def test_whatever_is_entered_begins_it(begun: InspectionDraft) -> None:
    assert begun.started


def test_a_finding_without_text_is_missing_its_text() -> None:
    draft = replace(full(), findings=(*full().findings, Finding(" \n", "I1", "")))

    assert missing_in_inspection(draft, RUBRIC) == ["finding 2: no text"]


def test_a_record_that_is_reopened_has_all_but_the_signatures_and_makes_the_same_record_again() -> None:
    draft = full()
    assert draft.signatures == ()
    assert missing_in_inspection(draft, RUBRIC) == []

    again = finished(replace(draft, signatures=(SIGNED,)), round_id=RECORD.round, expert=RECORD.expert)

    assert again == RECORD
    assert inspection_problem(again, RUBRIC) == ""


def test_a_record_is_shown_with_its_signatures() -> None:
    shown = shown_inspection(RECORD)

    assert shown.signatures == (SIGNED,)
    assert shown.settled
    assert not full().settled


@pytest.mark.parametrize(
    "unfinished",
    [
        replace(full(), date=None),
        replace(full(), overall=None),
        replace(full(), items=(replace(full().items[0], verdict=None), *full().items[1:])),
    ],
)
def test_an_unfinished_draft_makes_no_record(unfinished: InspectionDraft) -> None:
    with pytest.raises(ValueError, match="not complete"):
        finished(unfinished, round_id="round", expert="E001")
