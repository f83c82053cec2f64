"""A package that was issued again takes over what still applies, and says what does not."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from qisp_desktop.domain.inspection_draft import InspectionDraft, empty_inspection
from qisp_desktop.domain.panel import Assignment, Recusal
from qisp_desktop.domain.regulation import RecusalGround
from qisp_desktop.domain.score_sheet import DraftSheet, ScoreSheet
from qisp_desktop.services import assigning, importing, issuing, rounds, screening
from qisp_desktop.services.collecting import collect
from qisp_desktop.services.desk import CarriedOver, Desk, LeftBehind
from qisp_desktop.services.desk_carrying import carried_words
from qisp_desktop.services.desk_editing import Entry, keep
from qisp_desktop.services.desk_opening import open_package
from qisp_desktop.services.desk_scoring import score
from qisp_desktop.services.desk_signing import sign
from qisp_desktop.services.rubrics import default_rubric
from qisp_desktop.services.sample import ACCEPTED_ON, YEAR, sample_round
from qisp_desktop.store.round_store import RoundStore

OFFICE = "only for the tests"


class Worked(NamedTuple):
    """A round, and a workspace of its first package on which a panel member was at work."""

    round: Path
    expert: str
    passphrase: str
    workspace: Path
    draft: str
    signed: str
    visited: str
    recused: str


def issue(round_path: Path, expert: str, out: Path) -> tuple[Path, str]:
    (one,) = issuing.issue_packages(round_path, out, passphrase=OFFICE, only=[expert], plain_letters=True)
    return one.package, one.letter.with_suffix(".txt").read_text("utf-8").splitlines()[0]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Worked:
    """Of four applications one is drafted, one signed, one visited and one given up; nothing was handed in."""
    folder = tmp_path_factory.mktemp("round")
    sample = sample_round(6, 4, folder / "input")
    path = folder / "office" / "round.qround"
    path.parent.mkdir()
    rounds.new_round(path, year=YEAR, name="2026年度评价", passphrase=OFFICE)
    importing.import_applications(path, sample.applications_book, materials=sample.materials)
    importing.import_experts(path, sample.experts_book)
    screening.screen_round(path, accepted_on=ACCEPTED_ON)
    report = assigning.assign(path, per_application=3)
    expert = report.assignments[0].expert
    draft, signed, visited, recused = [one.application for one in report.assignments if one.expert == expert][:4]
    package, passphrase = issue(path, expert, folder / "first")
    full = {criterion.code: str(criterion.maximum) for criterion in default_rubric().criteria}
    with open_package(package, folder / "E.qwork", passphrase) as desk:
        score(desk, {signed: {"scores": full}})
        sign(desk, folder / "signed", partial=True)
        score(desk, {draft: {"scores": {"Q1": "3.5"}}})
        visit = replace(empty_inspection(visited, desk.rubric), date=date(2026, 7, 3))
        stepping_back = Recusal(expert, recused, RecusalGround.OTHER, "回避。")
        keep(desk, {visited: Entry(visit=visit), recused: Entry(recusal=stepping_back)})
    return Worked(path, expert, passphrase, folder / "E.qwork", draft, signed, visited, recused)


@pytest.fixture
def worked(first: Worked, tmp_path: Path) -> Worked:
    """A copy of the office's folder and of the workspace, of the test's own."""
    office = Path(shutil.copytree(first.round.parent, tmp_path / "office"))
    workspace = Path(shutil.copytree(first.workspace, tmp_path / "E.qwork"))
    return first._replace(round=office / first.round.name, workspace=workspace)


def opened_again(worked: Worked, folder: Path) -> Desk:
    """The desk of the package that the office issues now, over the earlier workspace."""
    package, passphrase = issue(worked.round, worked.expert, folder / "again")
    return open_package(package, worked.workspace, passphrase, old_passphrase=worked.passphrase)


def refuse(worked: Worked, *numbers: str) -> None:
    """The office takes applications out of the evaluation."""
    for number in numbers:
        screening.screen_round(worked.round, decide=(number, "refused"), reason="申请材料不实。")


def carried(desk: Desk) -> CarriedOver:
    assert desk.carried is not None
    return desk.carried


def test_where_everything_applies_nothing_is_left_behind(worked: Worked, tmp_path: Path) -> None:
    with opened_again(worked, tmp_path) as desk:
        report = carried(desk)
        assert report.kept == tuple(sorted((worked.draft, worked.signed, worked.visited, worked.recused)))
        assert report.left == ()
        what, left = carried_words(report)
        assert f"{worked.expert}-1" in what
        assert worked.draft in what
        assert left == []
        assert desk.store.get(Recusal, worked.recused) is not None
        assert desk.store.get(InspectionDraft, worked.visited) is not None


def test_of_an_application_that_left_the_evaluation_everything_is_named(worked: Worked, tmp_path: Path) -> None:
    refuse(worked, worked.signed, worked.visited, worked.recused)
    with opened_again(worked, tmp_path) as desk:
        report = carried(desk)
        assert report.kept == (worked.draft,)
        for kind in (ScoreSheet, InspectionDraft, Recusal):
            assert desk.store.all(kind) == []
        _what, left = carried_words(report)
        assert dict(line.split(": ", 1) for line in left) == {
            worked.signed: "the signed sheet left behind (no longer in the package)",
            worked.visited: "the site inspection that was begun left behind (no longer in the package)",
            worked.recused: "the recusal left behind (no longer in the package)",
        }


def test_it_is_said_when_nothing_applies_and_when_nothing_was_done() -> None:
    left = (LeftBehind("QISP-2026-001", "the signed sheet", "no longer in the package"),)
    assert carried_words(CarriedOver("E001-1", (), left))[0].startswith("Nothing of what you did")
    assert "nothing had been done" in carried_words(CarriedOver("E001-1", (), ()))[0]


def test_an_application_that_is_only_visited_now_keeps_its_visit_and_leaves_its_scores(
    worked: Worked, tmp_path: Path
) -> None:
    assigning.plan_inspection(worked.round, worked.draft, [worked.expert])
    with RoundStore.open(worked.round, actor="office", write=True) as store, store.change("unassign") as change:
        assert change.remove(Assignment, worked.expert, worked.draft)
    with opened_again(worked, tmp_path) as desk:
        (one,) = carried(desk).left
        assert (one.application, one.why) == (worked.draft, "no longer assigned to you")
        assert worked.draft in desk.applications
        assert desk.draft(worked.draft) is None


def test_scores_by_another_standard_stay_behind_and_visits_and_recusals_come_along(
    worked: Worked, tmp_path: Path
) -> None:
    other = replace(default_rubric(), version="another")
    with RoundStore.open(worked.round, actor="office", write=True) as store, store.change("rubric") as change:
        change.put(other)
        change.put(replace(store.round(), rubric=other.digest))
    with opened_again(worked, tmp_path) as desk:
        report = carried(desk)
        assert report.kept == tuple(sorted((worked.visited, worked.recused)))
        assert {(one.application, one.why) for one in report.left} == {
            (worked.draft, "the scoring standard is another one now"),
            (worked.signed, "the scoring standard is another one now"),
        }
        assert desk.store.all(DraftSheet) == []


def test_a_visit_by_another_checklist_stays_behind(worked: Worked, tmp_path: Path) -> None:
    known = default_rubric()
    other = replace(known, checklist=known.checklist[:-1])
    with RoundStore.open(worked.round, actor="office", write=True) as store, store.change("rubric") as change:
        change.put(other)
        change.put(replace(store.round(), rubric=other.digest))
    with opened_again(worked, tmp_path) as desk:
        left = {one.application: one.why for one in carried(desk).left}
        assert left[worked.visited] == "the checklist is another one now"
        assert desk.store.all(InspectionDraft) == []


def test_what_the_office_holds_already_is_not_missed(worked: Worked, tmp_path: Path) -> None:
    """The package that follows a returned recusal holds nothing of the application but the recusal itself."""
    with open_package(worked.workspace / "package.qpanel", worked.workspace, worked.passphrase) as desk:
        returned = sign(desk, tmp_path / "signed", partial=True).package
    collect(worked.round, [returned], passphrase=OFFICE)
    with opened_again(worked, tmp_path) as desk:
        assert carried(desk).left == ()
        assert worked.recused not in desk.applications


def test_the_same_package_and_a_first_one_carry_nothing(worked: Worked, tmp_path: Path) -> None:
    package, passphrase = issue(worked.round, worked.expert, tmp_path / "again")
    open_package(package, worked.workspace, passphrase, old_passphrase=worked.passphrase).close()
    with open_package(package, worked.workspace, passphrase) as desk:
        assert desk.carried is None
    with open_package(package, tmp_path / "new.qwork", passphrase) as desk:
        assert desk.carried is None


def test_a_machine_that_stops_between_the_two_workspaces_loses_no_draft(worked: Worked, tmp_path: Path) -> None:
    package, passphrase = issue(worked.round, worked.expert, tmp_path / "again")
    open_package(package, worked.workspace, passphrase, old_passphrase=worked.passphrase).close()
    # As it lies on the disk when the earlier one is moved aside and the new one is not in its place yet.
    worked.workspace.rename(worked.workspace.with_name(f".{worked.workspace.name}.0a1b2c3d.part"))

    with open_package(package, worked.workspace, passphrase, old_passphrase=worked.passphrase) as desk:
        assert worked.draft in carried(desk).kept
        assert desk.draft(worked.draft) is not None
    assert not list(worked.workspace.parent.glob(".*.part"))
