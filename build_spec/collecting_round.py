"""The demonstration's round while it is being collected: something is missing, in conflict, on paper, stepped back."""

from __future__ import annotations

import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from qisp_desktop.domain.issuing import Return
from qisp_desktop.domain.regulation import RecusalGround
from qisp_desktop.domain.score_sheet import ItemScore, ScoreSheet
from qisp_desktop.services.paper_scores import confirm_typed, enter, recuse_on_paper
from qisp_desktop.store.round_store import RoundStore

MISSING, ON_PAPER = "E003", "E005"
"""Who has returned nothing, and whose scores come on paper."""


def half_collected(round: Path, folder: Path) -> Path:
    """A copy of the demonstration's ``round`` in ``folder``, in the middle of collecting."""
    copy = folder / round.name
    shutil.copyfile(round, copy)
    shutil.copytree(round.with_name(f"{round.name}.files"), copy.with_name(f"{copy.name}.files"))
    with RoundStore.open(copy, actor="li@office-3", write=True) as store:
        _forget(store, MISSING)
        papers = _forget(store, ON_PAPER)
        _make_rival(store)
        _enter_papers(store, papers)
        _step_back(store)
    return copy


def damaged_return(folder: Path) -> Path:
    """A file that broke while it was copied."""
    path = folder / "E003-r1.qscore"
    path.write_bytes(b"PK\x03\x04 the rest of it is on another stick")
    return path


def _forget(store: RoundStore, expert: str) -> list[ScoreSheet]:
    """Take out what the expert returned; the sheets that it held."""
    sheets = store.all(ScoreSheet, expert=expert)
    with store.change("demonstration") as change:
        for sheet in sheets:
            change.remove(ScoreSheet, sheet.digest)
        for received in store.all(Return, expert=expert):
            change.remove(Return, received.manifest)
    return sheets


def _make_rival(store: RoundStore) -> None:
    sheet = min(store.all(ScoreSheet), key=lambda one: (one.application, one.expert))
    items = list(sheet.items)
    for place, points in ((1, Decimal(2)), (6, Decimal("5.5"))):
        items[place] = replace(items[place], points=points, remark="复核后认为制度执行记录不全，酌情扣分。")
    total = sum((item.points for item in items if item.points is not None), Decimal(0))
    with store.change("demonstration") as change:
        change.put(replace(sheet, items=tuple(items), total=total))


def _enter_papers(store: RoundStore, sheets: list[ScoreSheet]) -> None:
    def entered(sheet: ScoreSheet, clerk: str, slip: bool = False) -> None:
        items = [replace(item, evidence=()) for item in sheet.items]
        if slip:
            items[4] = ItemScore(items[4].criterion, Decimal(1), "设备校准证书过期", ())
        enter(store, sheet.expert, sheet.application, items, clerk=clerk)

    confirmed, differing, once = sheets[:3]
    for clerk in ("李敏", "王涛"):
        entered(confirmed, clerk)
    confirm_typed(store, confirmed.expert, confirmed.application, clerk="李敏", reason="与手签原件核对一致")
    entered(differing, "李敏")
    entered(differing, "王涛", slip=True)
    entered(once, "李敏")


def _step_back(store: RoundStore) -> None:
    number = max(sheet.application for sheet in store.all(ScoreSheet))
    readers = [expert for (expert,) in store.listing(ScoreSheet, "expert", application=number)]
    for expert in readers[-2:]:
        recuse_on_paper(store, str(expert), number, ground=RecusalGround.ADVISER, reason="书面申明：曾任该单位顾问。")
