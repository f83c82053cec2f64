"""``qisp demo``: a whole round on the sample that ships, by the same services as a real one."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qisp_desktop.base import atomic
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.base.work import Work
from qisp_desktop.services import (
    assigning,
    collecting,
    deciding,
    exporting,
    importing,
    issuing,
    papers,
    results,
    rounds,
    screening,
)
from qisp_desktop.services.desk_inspecting import inspect
from qisp_desktop.services.desk_opening import open_package
from qisp_desktop.services.desk_scoring import score
from qisp_desktop.services.desk_signing import sign
from qisp_desktop.services.rubrics import default_rubric
from qisp_desktop.services.sample import ACCEPTED_ON, YEAR, SampleRound, sample_inspection, sample_round, sample_scores
from qisp_desktop.services.verifying import Checked, verify_files

OFFICE_PASSPHRASE = "demonstration only"
MARK = "demo.txt"
READERS = 5
FEWEST_EXPERTS = 4


@dataclass(frozen=True)
class Demo:
    """What the demonstration made: the results, where everything lies, and what ``qisp verify`` said of it."""

    results: results.RoundResults
    places: tuple[tuple[str, Path], ...]
    verified: tuple[tuple[str, int, int], ...]
    all_valid: bool


def run_demo(folder: Path, *, applications: int = 12, experts: int = 7, work: Work | None = None) -> Demo:
    """Make, score, sign, merge, export and verify a round in ``folder``.

    A folder that an earlier demonstration filled is made anew; any other folder must be empty.
    """
    work = work or Work()
    if experts < FEWEST_EXPERTS:
        raise UserError(
            _("{count} experts are too few for a demonstration.").format(count=experts),
            _("One of them works for an applicant, and a result needs three sheets."),
            _("Choose {least} or more.").format(least=FEWEST_EXPERTS),
        )
    _prepare_folder(folder)
    sample = sample_round(applications, experts, folder / "input", work)
    round_path = folder / "round-2026.qround"
    assigned = _prepare(round_path, sample, experts, work)
    inspected = _plan_visit(round_path, assigned)
    issued = issuing.issue_packages(
        round_path, folder / "out", passphrase=OFFICE_PASSPHRASE, plain_letters=True, work=work
    )
    secrets = {one.expert: _passphrase(one.letter) for one in issued}
    scores = sample_scores(default_rubric(), assigned)
    _work_at_desks(folder, issued, secrets, scores, inspected, sample, work)
    report = collecting.collect(round_path, [folder / "returns"], passphrase=OFFICE_PASSPHRASE, deep=True, work=work)
    if not report.harmless:
        raise RuntimeError(f"the demonstration's own returns were refused: {report.to_json()['counts']}")
    _explain_deviations(round_path)
    deciding.freeze(round_path, reason="演示：评审专家组会议确认结果。", passphrase=OFFICE_PASSPHRASE)
    workbook = exporting.export_workbook(round_path, folder / "summary.xlsx", work=work)
    papers.export_papers(round_path, folder / "papers", passphrase=OFFICE_PASSPHRASE, work=work)
    checked = _verify(folder, round_path, issued, secrets, work)
    places = (
        (_("round"), round_path),
        (_("packages"), folder / "out" / "packages"),
        (_("letters"), folder / "out" / "letters"),
        (_("workspaces"), folder / "desks"),
        (_("returns"), folder / "returns"),
        (_("signed papers"), folder / "papers"),
        (_("summary workbook"), workbook.path),
    )
    counts = Counter(one.kind_name for one in checked)
    valid = Counter(one.kind_name for one in checked if one.valid)
    return Demo(
        results.round_results(round_path),
        places,
        tuple((kind, count, valid[kind]) for kind, count in sorted(counts.items())),
        all(one.valid for one in checked),
    )


def _prepare_folder(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARK).is_file():
            raise UserError(
                _("{path} is not empty.").format(path=folder),
                _("Only a folder of an earlier demonstration is made anew."),
                _("Choose another folder."),
            )
        for entry in folder.iterdir():
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    atomic.write_text(folder / MARK, "Made by qisp demo; everything in it may be deleted.\n")


def _prepare(round_path: Path, sample: SampleRound, experts: int, work: Work) -> dict[str, list[str]]:
    """The round up to the assignment; returns what each expert scores."""
    rounds.new_round(round_path, year=YEAR, name="2026年度评价（演示）", passphrase=OFFICE_PASSPHRASE)
    importing.import_applications(round_path, sample.applications_book, materials=sample.materials, work=work)
    importing.import_experts(round_path, sample.experts_book, work=work)
    screening.screen_round(round_path, accepted_on=ACCEPTED_ON)
    # One expert of the sample works for an applicant, so one fewer than all can read every application.
    report = assigning.assign(round_path, per_application=min(READERS, max(1, experts - 1)))
    assigned: dict[str, list[str]] = {}
    for one in report.assignments:
        assigned.setdefault(one.expert, []).append(one.application)
    return assigned


def _plan_visit(round_path: Path, assigned: Mapping[str, list[str]]) -> str:
    """Plan that two of its readers inspect the first application; returns its number."""
    visited = min(number for numbers in assigned.values() for number in numbers)
    party = sorted(expert for expert, numbers in assigned.items() if visited in numbers)[:2]
    assigning.plan_inspection(round_path, visited, party)
    return visited


def _work_at_desks(
    folder: Path,
    issued: list[issuing.IssuedPackage],
    secrets: Mapping[str, str],
    scores: Mapping[str, Mapping[str, Any]],
    inspected: str,
    sample: SampleRound,
    work: Work,
) -> None:
    for done, one in enumerate(issued):
        work.report(_("Scoring as {expert}").format(expert=one.expert), done, len(issued))
        with open_package(one.package, folder / "desks" / f"{one.expert}.qwork", secrets[one.expert]) as desk:
            score(desk, scores[one.expert])
            if inspected in [plan.application for plan in desk.records.inspections]:
                inspect(desk, inspected, sample_inspection(desk.rubric), sample.photos)
            sign(desk, folder / "returns", work=work)


def _explain_deviations(round_path: Path) -> None:
    for result in results.round_results(round_path).results:
        for deviation in result.deviations:
            deciding.explain(
                round_path,
                deviation.expert,
                result.number,
                text="演示：经与专家核实，系对证明材料的把握较严，评分依据充分，予以保留。",
            )


def _passphrase(letter: Path) -> str:
    return letter.with_suffix(".txt").read_text("utf-8").splitlines()[0]


def _verify(
    folder: Path,
    round_path: Path,
    issued: list[issuing.IssuedPackage],
    secrets: Mapping[str, str],
    work: Work,
) -> list[Checked]:
    """Each package with its addressee's passphrase, every return and every paper."""
    checked = [
        one
        for package in issued
        for one in verify_files([package.package], round_at=round_path, passphrase=secrets[package.expert])
    ]
    handed_in = [folder / "returns", folder / "papers" / papers.PaperKind.SCORE_SHEET]
    checked += verify_files(handed_in, round_at=round_path, passphrase=OFFICE_PASSPHRASE, work=work)
    return checked
