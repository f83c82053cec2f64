"""A round with scored sheets in its file, without packages and returns: what papers are gathered from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from qisp_desktop.domain.application import Application
from qisp_desktop.domain.inspection import InspectionPlan, Photo, SiteInspection
from qisp_desktop.domain.panel import AssignedBy, Assignment, Expert, Recusal, Role
from qisp_desktop.domain.regulation import MaterialKind, RecusalGround
from qisp_desktop.domain.score_sheet import ItemScore, ScoreSheet
from qisp_desktop.services import rounds
from qisp_desktop.services.screening import screen_round
from qisp_desktop.store.round_store import RoundStore
from tests.unit.domain import values

PASSPHRASE = "right and long"
EXPERTS = ("E001", "E002", "E003", "E004", "E005")
NUMBERS = ("A-1", "A-2", "A-3")
UNSCORED, WAITING = "A-4", "A-5"
"""Accepted without a sheet; to supplement its audit report."""
VISITED = NUMBERS[0]


def make_round(folder: Path, numbers: tuple[str, ...] = NUMBERS) -> Path:
    """The file of a round in which every expert scored ``numbers``; the last one stepped back from the first."""
    path = folder / "round.qround"
    rounds.new_round(path, year=values.YEAR, name="2026年度评价", passphrase=PASSPHRASE)
    with RoundStore.open(path, actor="clerk", write=True) as store:
        rubric, round_id = store.rubric(), store.round().id
        with store.change("import") as change:
            change.put_all(_application(number) for number in (*numbers, UNSCORED))
            change.put(_application(WAITING, without=MaterialKind.AUDIT_REPORT))
            change.put_all(_expert(expert) for expert in EXPERTS)
        with store.change("assign") as change:
            change.put_all(
                Assignment(expert, number, AssignedBy.AUTO) for expert in EXPERTS for number in (*numbers, UNSCORED)
            )
            change.put(InspectionPlan(VISITED, EXPERTS[:2]))
        with store.change("collect") as change:
            change.put_all(
                _sheet(round_id, store, expert, number)
                for place, expert in enumerate(EXPERTS)
                for number in numbers
                if place < len(EXPERTS) - 1 or number != numbers[0]
            )
            change.put(Recusal(EXPERTS[-1], numbers[0], RecusalGround.ADVISER, "曾任顾问"))
            change.put(_inspection(round_id, values.inspection(rubric)))
    screen_round(path, accepted_on=values.ACCEPTED_ON)
    return path


def remark_of(expert: str, number: str, criterion: str) -> str:
    """What the expert wrote: it says so itself, which a real one must not."""
    return f"{expert}评{number}之{criterion}"


def _application(number: str, without: MaterialKind | None = None) -> Application:
    made = values.application(number=number, platform=f"第{number}号服务平台", applicant=f"第{number}号建设主体")
    return replace(made, materials=tuple(one for one in made.materials if one.kind is not without))


def _expert(expert: str) -> Expert:
    role = Role.LEADER if expert == EXPERTS[0] else Role.MEMBER
    return replace(values.expert(expert), name=f"专家{expert[-1]}", role=role)


def _sheet(round_id: str, store: RoundStore, expert: str, number: str) -> ScoreSheet:
    rubric = store.rubric()
    # The first expert is strict with the first application: a deviation.
    strict = (expert, number) == (EXPERTS[0], NUMBERS[0])
    points = [c.levels[-1].lowest if strict else c.maximum for c in rubric.criteria]
    made = values.sheet(rubric, points, expert, number)
    items = tuple(
        ItemScore(item.criterion, item.points, remark_of(expert, number, item.criterion), ()) for item in made.items
    )
    return replace(made, round=round_id, items=items)


def _inspection(round_id: str, made: SiteInspection) -> SiteInspection:
    photos = (Photo("IMG_0001.jpg", "a" * 64, 1000, "2026:07:03 10:00:00", "受理窗口"),)
    return replace(made, round=round_id, application=VISITED, date=date(2026, 7, 3), photos=photos)
