"""A panel package of many applications for one expert, made by the services as an office would."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qisp_desktop.services import assigning, importing, issuing, rounds, screening
from qisp_desktop.services.sample import ACCEPTED_ON, YEAR, sample_round

PASSPHRASE = "only for the benchmark"
UNREADY = 2
"""Applications of the sample that screening does not accept."""


@dataclass(frozen=True)
class BigPackage:
    """The package and what opens it."""

    path: Path
    passphrase: str


def big_package(folder: Path, applications: int) -> BigPackage:
    """A package with that many applications to score, in ``folder``."""
    sample = sample_round(applications + UNREADY, 1, folder / "input")
    path = folder / "round.qround"
    rounds.new_round(path, year=YEAR, name="2026年度评价", passphrase=PASSPHRASE)
    importing.import_applications(path, sample.applications_book, materials=sample.materials)
    importing.import_experts(path, sample.experts_book)
    screening.screen_round(path, accepted_on=ACCEPTED_ON)
    assigning.assign(path, per_application=1)
    (issued,) = issuing.issue_packages(path, folder / "out", passphrase=PASSPHRASE, plain_letters=True)
    letter = issued.letter.with_suffix(".txt").read_text("utf-8")
    return BigPackage(issued.package, letter.splitlines()[0])
