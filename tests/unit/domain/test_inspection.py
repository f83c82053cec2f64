"""The record of a site inspection fits the checklist, or is refused with the reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qisp_desktop.domain.handwriting import Handwriting
from qisp_desktop.domain.inspection import DrawnSignature, Finding, Photo, Side, SiteInspection, inspection_problem
from tests.unit.domain.values import inspection, rubric

RUBRIC = rubric()
PHOTO = Photo("IMG_0001.jpg", "0" * 64, 1000, "2026:07:03 09:42:10", "窗口")
SIGNED = DrawnSignature(Side.HOST, "联系人", Handwriting(((0, 0, 10, 10),)))
GOOD = inspection(
    RUBRIC, photos=(PHOTO,), findings=(Finding("窗口已公示", "I2", "IMG_0001.jpg"), Finding("其他", "", ""))
)


def test_a_complete_record_has_no_problem() -> None:
    assert inspection_problem(GOOD, RUBRIC) == ""
    assert inspection_problem(replace(GOOD, revision=2, previous=GOOD.digest), RUBRIC) == ""
    assert inspection_problem(replace(GOOD, signatures=(SIGNED,)), RUBRIC) == ""
    assert GOOD.identity == ("E001", "A-1")


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        (replace(GOOD, items=GOOD.items[:1]), "its items are not those of the checklist, each once and in order"),
        (replace(GOOD, items=GOOD.items[::-1]), "its items are not those of the checklist, each once and in order"),
        (replace(GOOD, photos=(PHOTO, PHOTO)), "two photos have the same name"),
        (replace(GOOD, findings=(Finding(" ", "", ""),)), "a finding has no text"),
        (replace(GOOD, findings=(Finding("缺证", "I9", ""),)), "a finding names the unknown item I9"),
        (replace(GOOD, photos=()), "a finding names the photo IMG_0001.jpg, which is not there"),
        (replace(GOOD, signatures=(SIGNED, SIGNED)), "one side signed it twice"),
        (replace(GOOD, revision=0), "its revision does not fit what it says of the one before"),
        (replace(GOOD, revision=2), "its revision does not fit what it says of the one before"),
        (replace(GOOD, previous="0" * 64), "its revision does not fit what it says of the one before"),
    ],
)
def test_a_record_that_does_not_fit_is_refused_with_the_reason(bad: SiteInspection, problem: str) -> None:
    assert inspection_problem(bad, RUBRIC) == problem
