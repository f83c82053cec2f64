"""A round whose sheets are back, with the papers that the secretariat hands the panel's leader."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from qisp_desktop.domain.panel import Role
from qisp_desktop.services import assigning, collecting, importing, issuing, papers, rounds, screening
from qisp_desktop.services.desk_opening import open_package
from qisp_desktop.services.desk_scoring import score
from qisp_desktop.services.desk_signing import sign
from qisp_desktop.services.sample import ACCEPTED_ON, YEAR, sample_round
from tests.gui.desk_rounds import full_marks
from tests.gui.samples import NAME, OFFICE_PASSPHRASE, IssuedRound


@dataclass(frozen=True)
class PanelRound:
    """``leader`` and ``member`` are packages of the round, ``workspaces`` holds everybody's; in ``papers`` lie the
    report and the signed sheets of the leader's first application."""

    leader: IssuedRound
    member: IssuedRound
    workspaces: Path
    papers: Path

    @property
    def names(self) -> list[str]:
        """The papers' file names."""
        return sorted(path.name for path in self.papers.iterdir())

    @property
    def few(self) -> list[str]:
        """Three of them: two sheets and the report."""
        number = self.leader.numbers[0]
        return [*self.names[:2], f"{number}_report.pdf"]


def panel_round(folder: Path) -> PanelRound:
    """Make the round in ``folder``: two applications, scored by everybody who may."""
    sample = sample_round(2, 4, folder / "input")
    path = folder / "round.qround"
    rounds.new_round(path, year=YEAR, name=NAME, passphrase=OFFICE_PASSPHRASE)
    importing.import_applications(path, sample.applications_book, materials=sample.materials)
    importing.import_experts(path, sample.experts_book)
    screening.screen_round(path, accepted_on=ACCEPTED_ON)
    assigning.assign(path, per_application=3)
    packages: dict[Role, IssuedRound] = {}
    for one in issuing.issue_packages(path, folder / "out", passphrase=OFFICE_PASSPHRASE, plain_letters=True):
        secret = one.letter.with_suffix(".txt").read_text("utf-8").splitlines()[0]
        with open_package(one.package, folder / "desks" / one.expert, secret) as desk:
            numbers = tuple(desk.records.assigned)
            score(desk, {number: full_marks() for number in numbers})
            if numbers:
                sign(desk, folder / "returns")
            packages[desk.records.expert.role] = IssuedRound(path, one.package, secret, one.expert, numbers)
    collecting.collect(path, [folder / "returns"], passphrase=OFFICE_PASSPHRASE)
    kinds = [papers.PaperKind.SCORE_SHEET, papers.PaperKind.REPORT]
    papers.export_papers(path, folder / "papers", kinds=kinds, passphrase=OFFICE_PASSPHRASE)
    (folder / "leader").mkdir()
    for paper in (folder / "papers").rglob(f"{packages[Role.LEADER].numbers[0]}_*.pdf"):
        shutil.copy(paper, folder / "leader")
    return PanelRound(packages[Role.LEADER], packages[Role.MEMBER], folder / "desks", folder / "leader")
