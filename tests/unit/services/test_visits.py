"""A visit goes from the draft, or from a document, into the signed return; what is handed in is read again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from qisp_desktop.base.errors import UserError
from qisp_desktop.domain.handwriting import Handwriting
from qisp_desktop.domain.inspection import Overall, Side, SiteInspection, Verdict
from qisp_desktop.domain.inspection_draft import InspectionDraft, empty_inspection, reopened_inspection
from qisp_desktop.services import assigning, importing, issuing, rounds, screening
from qisp_desktop.services.desk import Desk
from qisp_desktop.services.desk_editing import Entry, contents, keep
from qisp_desktop.services.desk_inspecting import inspect
from qisp_desktop.services.desk_opening import open_package
from qisp_desktop.services.desk_signing import SigningReport, confirm, preview, sign
from qisp_desktop.services.handing_in import check_handed_in
from qisp_desktop.services.photos import photo_of
from qisp_desktop.services.sample import ACCEPTED_ON, YEAR, sample_inspection, sample_round

OFFICE = "only for the tests"


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, Path]:
    """A package with its passphrase, and a folder of photos."""
    folder = tmp_path_factory.mktemp("round")
    sample = sample_round(2, 3, folder / "input")
    path = folder / "round.qround"
    rounds.new_round(path, year=YEAR, name="2026年度评价", passphrase=OFFICE)
    importing.import_applications(path, sample.applications_book, materials=sample.materials)
    importing.import_experts(path, sample.experts_book)
    screening.screen_round(path, accepted_on=ACCEPTED_ON)
    expert = assigning.assign(path, per_application=2).assignments[0].expert
    (one,) = issuing.issue_packages(path, folder / "out", passphrase=OFFICE, only=[expert], plain_letters=True)
    passphrase = one.letter.with_suffix(".txt").read_text("utf-8").splitlines()[0]
    return one.package, passphrase, sample.photos


@pytest.fixture
def desk(issued: tuple[Path, str, Path], tmp_path: Path) -> Iterator[Desk]:
    package, passphrase, _photos = issued
    with open_package(package, tmp_path / "E.qwork", passphrase) as desk:
        yield desk


def number_of(desk: Desk) -> str:
    return next(iter(desk.applications))


def complete(desk: Desk) -> InspectionDraft:
    draft = empty_inspection(number_of(desk), desk.rubric)
    items = tuple(replace(item, verdict=Verdict.CONFORM) for item in draft.items)
    return replace(draft, date=date(2026, 7, 3), received_by="联系人", items=items, overall=Overall.PASS)


def keep_visit(desk: Desk, draft: InspectionDraft) -> None:
    keep(desk, {draft.application: Entry(visit=draft)})


def signed(desk: Desk, out: Path) -> SigningReport:
    return sign(desk, out, partial=True)


# ---------------------------------------------------------------------------------------------------------- the draft


def test_a_draft_is_there_after_the_next_start_and_gone_when_it_is_taken_back(
    issued: tuple[Path, str, Path], tmp_path: Path
) -> None:
    package, passphrase, _photos = issued
    with open_package(package, tmp_path / "E.qwork", passphrase) as desk:
        draft = complete(desk)
        keep_visit(desk, draft)
    with open_package(package, tmp_path / "E.qwork", passphrase) as desk:
        assert contents(desk).entries[draft.application].visit == draft
        keep(desk, {draft.application: Entry()})
        assert contents(desk).entries[draft.application].visit is None


def test_signing_makes_the_record_of_a_complete_draft(desk: Desk, tmp_path: Path) -> None:
    keep_visit(desk, complete(desk))

    report = signed(desk, tmp_path / "out")

    number = number_of(desk)
    assert report.visits == (number,)
    record = desk.inspection(number)
    assert record is not None
    assert (record.revision, record.overall, record.received_by) == (1, Overall.PASS, "联系人")
    assert desk.store.all(InspectionDraft) == []


def test_a_visit_that_was_begun_and_is_not_complete_is_named_and_left_out_only_when_asked(
    desk: Desk, tmp_path: Path
) -> None:
    inspect(desk, number_of(desk), sample_inspection(desk.rubric) | {"findings": []})
    held = desk.inspection(number_of(desk))
    keep_visit(desk, replace(complete(desk), overall=None))

    with pytest.raises(UserError, match="site inspection; the overall verdict"):
        sign(desk, tmp_path / "out")
    report = signed(desk, tmp_path / "out")

    assert report.visits == ()
    assert number_of(desk) in report.left_out
    assert desk.inspection(number_of(desk)) == held
    assert len(desk.store.all(InspectionDraft)) == 1


def test_a_record_that_was_handed_in_is_changed_as_its_next_revision(desk: Desk, tmp_path: Path) -> None:
    keep_visit(desk, complete(desk))
    signed(desk, tmp_path / "out")
    first = desk.inspection(number_of(desk))
    assert first is not None

    keep_visit(desk, replace(reopened_inspection(first), overall=Overall.FAIL))
    report = signed(desk, tmp_path / "out")

    second = desk.inspection(number_of(desk))
    assert second is not None
    assert (second.revision, second.previous, second.overall) == (2, first.digest, Overall.FAIL)
    assert report.package.name.endswith("-r2.qscore")


def test_a_record_that_was_reopened_and_left_as_it_was_makes_nothing_new(desk: Desk, tmp_path: Path) -> None:
    keep_visit(desk, complete(desk))
    signed(desk, tmp_path / "out")
    first = desk.inspection(number_of(desk))
    assert first is not None

    keep_visit(desk, reopened_inspection(first))
    report = signed(desk, tmp_path / "out")

    assert not report.new
    assert desk.store.all(InspectionDraft) == []
    assert desk.store.all(SiteInspection) == [first]


def test_a_later_issue_carries_the_draft_and_its_photos_over(issued: tuple[Path, str, Path], tmp_path: Path) -> None:
    package, passphrase, photos = issued
    path = next(iter(sorted(photos.iterdir())))
    with open_package(package, tmp_path / "E.qwork", passphrase) as desk:
        photo, _data = photo_of(path.name, path.read_bytes())
        desk.store.add_blob(path.read_bytes())
        draft = replace(complete(desk), photos=(photo,))
        keep_visit(desk, draft)
        expert = desk.manifest.expert
    round_path = package.parent.parent.parent / "round.qround"
    (again,) = issuing.issue_packages(
        round_path, tmp_path / "again", passphrase=OFFICE, only=[expert], plain_letters=True
    )
    new = again.letter.with_suffix(".txt").read_text("utf-8").splitlines()[0]

    with open_package(again.package, tmp_path / "E.qwork", new, old_passphrase=passphrase) as desk:
        assert desk.store.all(InspectionDraft) == [draft]
        assert desk.store.blob(photo.sha256) == path.read_bytes()


# ------------------------------------------------------------------------------------------------------- the document


def with_signatures(desk: Desk, signatures: object) -> dict[str, Any]:
    return sample_inspection(desk.rubric) | {"findings": [], "signatures": signatures}


def test_a_document_may_say_when_findings_were_noted_and_what_was_drawn(
    desk: Desk, issued: tuple[Path, str, Path]
) -> None:
    document = sample_inspection(desk.rubric)
    document["findings"][0]["at"] = "2026-07-03T01:42:00Z"
    document["signatures"] = [{"side": "host", "name": "联系人", "drawing": {"strokes": [[0, 0, 500, 300]]}}]

    record = inspect(desk, number_of(desk), document, issued[2])

    assert [finding.at is None for finding in record.findings] == [False, True]
    (signature,) = record.signatures
    assert (signature.side, signature.drawing) == (Side.HOST, Handwriting(((0, 0, 500, 300),)))


@pytest.mark.parametrize(
    ("signatures", "why"),
    [
        ({}, "expected a list"),
        ([{"side": "host"}], "missing field"),
        ([{"side": "guest", "name": "", "drawing": {"strokes": [[0, 0]]}}], "guest"),
        ([{"side": "host", "name": "", "drawing": {"strokes": []}}], "stroke"),
        ([{"side": "host", "name": "", "drawing": {"strokes": [[0, 1001]]}}], "box"),
        ([{"side": "host", "name": "", "drawing": {"strokes": [[0, 1, 2]]}}], "pairs"),
        ([{"side": "host", "name": "", "drawing": {"strokes": [[0.5, 1]]}}], "whole number"),
        ([{"side": "host", "name": "", "drawing": {"strokes": [[0, 1]]}}] * 2, "twice"),
    ],
)
def test_a_document_with_wrong_signatures_is_refused_and_changes_nothing(
    desk: Desk, signatures: object, why: str
) -> None:
    with pytest.raises(UserError, match=why):
        inspect(desk, number_of(desk), with_signatures(desk, signatures))
    assert desk.store.all(SiteInspection) == []


# --------------------------------------------------------------------------------------------------------- handing in


def test_a_file_that_was_changed_on_the_stick_is_named(desk: Desk, tmp_path: Path) -> None:
    keep_visit(desk, complete(desk))
    report = signed(desk, tmp_path / "out")
    check_handed_in(desk, report)

    content = bytearray(report.package.read_bytes())
    content[-1] ^= 1
    report.package.write_bytes(bytes(content))

    with pytest.raises(UserError, match=report.package.name):
        check_handed_in(desk, report)
    report.package.unlink()
    with pytest.raises(UserError, match=report.package.name):
        check_handed_in(desk, report)


def test_only_the_experts_passphrase_confirms(desk: Desk, issued: tuple[Path, str, Path]) -> None:
    confirm(desk, issued[1])
    with pytest.raises(UserError, match="passphrase"):
        confirm(desk, "0000-" * 4 + "0000")


def test_a_sheet_that_is_not_complete_has_no_preview(desk: Desk) -> None:
    with pytest.raises(ValueError, match="no score"):
        preview(desk, number_of(desk))
