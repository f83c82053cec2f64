"""Returns of the issued round for tests of collecting: signed at real desks, twice over, with a late recusal."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from qisp_desktop.services.desk_opening import open_package
from qisp_desktop.services.desk_scoring import score
from qisp_desktop.services.desk_signing import sign
from qisp_desktop.services.rubrics import default_rubric
from tests.gui.samples import IssuedRound


@dataclass(frozen=True)
class Returned:
    """What one expert handed in: ``first``; ``rival``, the same revision with another score for ``contested``;
    ``later``, in which the expert has stepped back from ``left``."""

    issued: IssuedRound
    first: Path
    rival: Path
    later: Path
    contested: str
    left: str


def make_returns(issued: IssuedRound, folder: Path) -> Returned:
    """Work at the desk of the round's expert."""
    contested, left = issued.numbers[0], issued.numbers[-1]
    full = {c.code: str(c.maximum) for c in default_rubric().criteria}
    document = {number: {"scores": full, "remarks": {}, "recuse": None} for number in issued.numbers}
    desk_folder, other = folder / "a.qwork", folder / "b.qwork"
    with open_package(issued.package, desk_folder, issued.passphrase) as desk:
        score(desk, document)
    shutil.copytree(desk_folder, other)
    with open_package(issued.package, desk_folder, issued.passphrase) as desk:
        first = sign(desk, folder / "first").package
        score(desk, {left: {"recuse": {"ground": "adviser", "reason": "曾任该单位顾问。"}}})
        later = sign(desk, folder / "later").package
    with open_package(issued.package, other, issued.passphrase) as desk:
        score(desk, {contested: {"scores": {"Q1": "2", "C1": "5"}, "remarks": {"Q1": "证明不足", "C1": "覆盖不足"}}})
        rival = sign(desk, folder / "rival").package
    return Returned(issued, first, rival, later, contested, left)
