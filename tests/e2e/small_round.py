"""A small round, made through the command line once for all tests; each test works on a copy of its own."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from qisp_desktop.services.rubrics import default_rubric
from qisp_desktop.services.sample import SampleRound, sample_inspection, sample_round, sample_scores
from tests.e2e.command import Ran, done, qisp, write_json

PASSPHRASE = "the secretariat's own words"
EXPERTS = tuple(f"E{n:03d}" for n in range(1, 7))
ACCEPTED = tuple(f"QISP-2026-{n:03d}" for n in range(1, 5))
WAITING = "QISP-2026-005"
"""Lacks its audit report."""
APPLICATIONS = (*ACCEPTED, WAITING)
VISITED = ACCEPTED[0]
READERS = 5


@dataclass(frozen=True)
class Place:
    """A folder that holds a round in some state, with all that belongs to it."""

    folder: Path

    @property
    def round(self) -> Path:
        return self.folder / "2026.qround"

    @property
    def secret(self) -> Path:
        """The file with the secretariat's passphrase."""
        return self.folder / "office.txt"

    @property
    def out(self) -> Path:
        return self.folder / "out"

    @property
    def returns(self) -> Path:
        return self.folder / "returns"

    @property
    def sample(self) -> SampleRound:
        folder = self.folder / "input"
        return SampleRound(
            folder / "applications.xlsx", folder / "experts.xlsx", folder / "materials", folder / "photos"
        )

    def package(self, expert: str) -> Path:
        return self.out / "packages" / f"{expert}.qpanel"

    def letter(self, expert: str) -> Path:
        """The file with the expert's passphrase."""
        return self.out / "letters" / f"{expert}.txt"

    def desk(self, expert: str) -> Path:
        return self.folder / "desks" / f"{expert}.qwork"

    def signed(self, expert: str, number: int = 1) -> Path:
        """The expert's return of that number."""
        return self.returns / f"{expert}-r{number}.qscore"

    def office(self, *arguments: object) -> tuple[object, ...]:
        """The arguments with the secretariat's passphrase."""
        return (*arguments, "--passphrase-file", self.secret)

    def copied(self, folder: Path) -> Place:
        """The same state in another folder."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return Place(folder)

    # What happens at the expert's side and comes back ----------------------------------------------------------------

    def open(self, expert: str) -> Ran:
        return done("desk", "open", self.package(expert), self.desk(expert), "--passphrase-file", self.letter(expert))

    def at_desk(self, expert: str, verb: str, *arguments: object) -> Ran:
        """``qisp desk VERB`` in the expert's workspace, whatever it comes to."""
        return qisp("desk", verb, self.desk(expert), *arguments, "--passphrase-file", self.letter(expert))

    def score(self, expert: str, document: object) -> Ran:
        scores = write_json(self.folder / f"{expert}.scores.json", document)
        ran = self.at_desk(expert, "score", scores)
        assert ran.code == 0, ran
        return ran

    def sign(self, expert: str, *arguments: object, out: Path | None = None) -> Ran:
        ran = self.at_desk(expert, "sign", out or self.returns, *arguments)
        assert ran.code == 0, ran
        return ran

    def shown(self, expert: str) -> dict[str, dict[str, Any]]:
        """What ``desk show`` says of each application."""
        ran = self.at_desk(expert, "show", "--json")
        assert ran.code == 0, ran
        return {one["number"]: one for one in ran.json["applications"]}

    def collect(self, *files: object) -> Ran:
        return qisp(*self.office("collect", self.round, *(files or (self.returns,))), "--json")

    def results(self) -> dict[str, Any]:
        document: dict[str, Any] = done("results", self.round, "--json").json
        return document

    def result(self, number: str) -> dict[str, Any]:
        return next(one for one in self.results()["applications"] if one["number"] == number)

    @cached_property
    def assigned(self) -> dict[str, list[str]]:
        """What each expert scores, as ``qisp assign --json`` said."""
        import json

        report = json.loads((self.folder / "assigned.json").read_text("utf-8"))
        found: dict[str, list[str]] = {}
        for one in report["applications"]:
            for expert in one["experts"]:
                found.setdefault(expert, []).append(one["number"])
        return found

    def scores(self) -> dict[str, dict[str, dict[str, Any]]]:
        """The sample's scores: one expert steps back from one application, one total lies far below the others."""
        return sample_scores(default_rubric(), self.assigned)

    def recusal(self) -> tuple[str, str]:
        """Who steps back from what in ``scores``."""
        return next(
            (expert, number)
            for expert, sheets in self.scores().items()
            for number, sheet in sheets.items()
            if sheet["recuse"]
        )

    def visitors(self) -> list[str]:
        """The two who inspect ``VISITED``."""
        return sorted(expert for expert, numbers in self.assigned.items() if VISITED in numbers)[:2]


def prepare(folder: Path) -> Place:
    """A round up to the plan of its inspection; nothing is handed out."""
    place = Place(folder)
    folder.mkdir(parents=True)
    sample_round(len(APPLICATIONS), len(EXPERTS), folder / "input")
    place.secret.write_text(PASSPHRASE + "\n", encoding="utf-8")
    done(*place.office("round", "new", place.round, "--year", 2026, "--name", "2026年度评价"))
    sample = place.sample
    done("import", "applications", place.round, sample.applications_book, "--materials", sample.materials)
    done("import", "experts", place.round, sample.experts_book)
    done("screen", place.round, "--accepted-on", "2026-07-01")
    report = done("assign", place.round, "--per-application", READERS, "--json").json
    write_json(folder / "assigned.json", report)
    done("inspection", "plan", place.round, VISITED, ",".join(place.visitors()))
    return place


def issue(place: Place) -> Place:
    """Every expert's package and letter."""
    done(*place.office("issue", place.round, place.out, "--plain-letters"))
    return place


def work(place: Place) -> Place:
    """Everything scored, inspected, signed and handed in; nothing is collected."""
    scores = place.scores()
    inspection = write_json(place.folder / "inspection.json", sample_inspection(default_rubric()))
    for expert in EXPERTS:
        place.open(expert)
        place.score(expert, scores[expert])
        if expert in place.visitors():
            ran = place.at_desk(expert, "inspect", VISITED, inspection, "--photos", place.sample.photos)
            assert ran.code == 0, ran
        place.sign(expert)
    return place


def collect(place: Place) -> Place:
    """Everything that was handed in is merged."""
    ran = place.collect()
    assert ran.code == 0, ran
    return place


def copy_round(source: Place, target: Place) -> None:
    """The round file and the passphrase alone, where the materials do not matter."""
    shutil.copy(source.round, target.round)
    shutil.copy(source.secret, target.secret)
