"""Returns of every kind that merging has to put in order, made by real desks of the small round."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qisp_desktop.services.rubrics import default_rubric
from qisp_desktop.services.sample import sample_inspection
from tests.e2e.command import write_json
from tests.e2e.small_round import EXPERTS, VISITED, Place


@dataclass(frozen=True)
class Returned:
    """A round whose packages are out, and the files that came back; nothing is collected.

    ``first`` and ``rival`` are the same revision with other content, ``third`` is one more; ``second`` is the next
    revision of ``first``; ``before`` was handed in by an expert who later stepped back (``after``, and in other words
    ``otherwise``); ``visit`` and ``other_visit`` are two contents of one inspection; the rest are plain.
    """

    place: Place
    files: Mapping[str, Path]
    rivals: str
    """Who made ``first``, ``rival``, ``third`` and ``second``."""
    contested: str
    """The application that those differ about."""
    stepped_back: str
    left: str
    """The application that ``stepped_back`` left."""

    def file(self, name: str) -> Path:
        return self.files[name]


def make_returns(place: Place) -> Returned:
    """Work at the desks of ``place``, whose packages are issued."""
    scores = place.scores()
    recused, _number = place.recusal()
    visitor = place.visitors()[0]
    rivals, stepped_back, *plain = [expert for expert in EXPERTS if expert not in (recused, visitor)]
    contested, left = place.assigned[rivals][0], place.assigned[stepped_back][-1]
    files = {
        **_make_rivals(place, rivals, contested, scores[rivals]),
        **_step_back(place, stepped_back, left, scores[stepped_back]),
        **_visit_twice(place, visitor, scores[visitor]),
    }
    for expert in (recused, *plain):
        place.open(expert)
        place.score(expert, scores[expert])
        place.sign(expert)
        files[expert] = place.signed(expert)
    return Returned(place, files, rivals, contested, stepped_back, left)


def _make_rivals(place: Place, expert: str, number: str, scores: dict[str, Any]) -> dict[str, Path]:
    """The workspace is copied before signing, so that one revision is signed with three contents."""
    place.open(expert)
    place.score(expert, scores)
    copies = {name: _copied_desk(place, expert, name) for name in ("rival", "third")}
    place.sign(expert)
    place.score(expert, {number: {"scores": {"Q1": "1", "Q2": "1"}, "remarks": {"Q1": "复核", "Q2": "复核"}}})
    place.sign(expert)
    files = {"first": place.signed(expert), "second": place.signed(expert, 2)}
    for points, (name, copy) in enumerate(copies.items()):
        copy.score(expert, {number: {"scores": {"Q1": str(points)}, "remarks": {"Q1": name}}})
        copy.sign(expert)
        files[name] = copy.signed(expert)
    return files


def _step_back(place: Place, expert: str, number: str, scores: dict[str, Any]) -> dict[str, Path]:
    place.open(expert)
    place.score(expert, scores)
    place.sign(expert)
    copy = _copied_desk(place, expert, "otherwise")
    for desk, reason in ((place, "曾任该单位顾问。"), (copy, "去年为其提供咨询。")):
        desk.score(expert, {number: {"recuse": {"ground": "adviser", "reason": reason}}})
        desk.sign(expert)
    return {"before": place.signed(expert), "after": place.signed(expert, 2), "otherwise": copy.signed(expert, 2)}


def _visit_twice(place: Place, expert: str, scores: dict[str, Any]) -> dict[str, Path]:
    place.open(expert)
    place.score(expert, scores)
    copy = _copied_desk(place, expert, "other_visit")
    for desk, overall in ((place, "pass"), (copy, "fail")):
        document = write_json(desk.folder / "visit.json", sample_inspection(default_rubric()) | {"overall": overall})
        ran = desk.at_desk(expert, "inspect", VISITED, document, "--photos", place.sample.photos)
        assert ran.code == 0, ran
        desk.sign(expert)
    return {"visit": place.signed(expert), "other_visit": copy.signed(expert)}


def _copied_desk(place: Place, expert: str, name: str) -> Place:
    """The expert's workspace and letter in a place of their own, as a laptop's copy would be."""
    copy = Place(place.folder / name)
    shutil.copytree(place.desk(expert), copy.desk(expert))
    copy.letter(expert).parent.mkdir(parents=True)
    shutil.copy(place.letter(expert), copy.letter(expert))
    return copy
