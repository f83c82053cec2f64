"""A leader and the papers of a panel, made without a round."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from pathlib import Path

import pikepdf

from qisp_desktop.documents.evaluation_report import render_evaluation_report
from qisp_desktop.documents.report_record import EvaluationReport
from qisp_desktop.documents.score_sheet import render_score_sheet
from qisp_desktop.documents.signing import sign_field
from qisp_desktop.domain.papers import SheetRecord
from qisp_desktop.services.leader_checking import Leadership
from tests.unit.documents.paper_samples import make_report
from tests.unit.documents.samples import GROUPS, Keys, make_keys, make_record

RUBRIC = "c" * 64


@dataclass(frozen=True)
class Panel:
    """Who signs, and what the leader knows."""

    keys: Keys
    lead: Leadership

    def sheet(self, record: SheetRecord | None = None) -> bytes:
        """A sheet with the expert's signature."""
        unsigned = render_score_sheet(record or make_record())
        return sign_field(unsigned, "Expert", self.keys.expert, name="欧阳䶮")

    def led(self, pdf: bytes) -> bytes:
        """``pdf`` with the leader's signature."""
        return sign_field(pdf, "PanelLeader", self.keys.leader, name="王组长")

    def sealed(self, pdf: bytes) -> bytes:
        """``pdf`` with the secretariat's signature."""
        return sign_field(pdf, "Secretariat", self.keys.office, name="秘书处")


def make_panel() -> Panel:
    """A panel led by E001."""
    keys = make_keys()
    lead = Leadership(
        "round-a",
        "E001",
        "王组长",
        keys.leader.certificate,
        keys.authority.certificate,
        RUBRIC,
        GROUPS,
        frozenset(),
    )
    return Panel(keys, lead)


def report(record: EvaluationReport | None = None) -> bytes:
    """An evaluation report that nobody has signed."""
    return render_evaluation_report(record or make_report())


def of_round(record: SheetRecord, round_id: str) -> SheetRecord:
    """The same sheet of another round."""
    return replace(record, sheet=replace(record.sheet, round=round_id))


def encrypted(pdf: bytes, password: str) -> bytes:
    """``pdf`` encrypted; an empty ``password`` lets everybody read it."""
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as paper:
        paper.save(output, encryption=pikepdf.Encryption(owner="owner", user=password))
    return output.getvalue()


def written(folder: Path, **papers: bytes) -> list[Path]:
    """The papers as files, each under its keyword."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, pdf in papers.items():
        path = folder / f"{name}.pdf"
        path.write_bytes(pdf)
        paths.append(path)
    return paths
