"""Collect and export in process, against a naive script that reads nine workbooks and writes a summary."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pandas as pd
from big_round import PASSPHRASE, BigRound, make_round, sheets_of
from harness import Row, seconds

from qisp_desktop.base.bulk import collector_paused
from qisp_desktop.services.collecting import collect_open
from qisp_desktop.services.exporting import export_open
from qisp_desktop.services.office import unlock
from qisp_desktop.store.round_store import RoundStore

APPLICATIONS, EXPERTS, TIMES = 300, 9, 3


def run() -> list[Row]:
    """The row of the issue: start-up, imports and unlocking are not counted on either side."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        big = make_round(folder, applications=APPLICATIONS, experts=EXPERTS)
        books = _workbooks(folder, big)
        ours = min(_ours(folder, big) for _ in range(TIMES))
        floor = min(seconds(lambda: _naive(books, folder / "naive.xlsx")) for _ in range(TIMES))
    work = f"collect and export workbook, {EXPERTS} × {APPLICATIONS} × 16"
    return [Row(work, "naive pandas + openpyxl over 9 workbooks", ours, floor, 0.5)]


def _ours(folder: Path, big: BigRound) -> float:
    copy = folder / "copy.qround"
    shutil.copyfile(big.path, copy)
    with RoundStore.open(copy, actor="bench", write=True) as store:
        office = unlock(store, PASSPHRASE)

        def work() -> None:
            collect_open(store, office, big.returns)
            with collector_paused():  # as export_workbook does
                export_open(store, folder / "summary.xlsx")

        return seconds(work)


def _workbooks(folder: Path, big: BigRound) -> list[Path]:
    """What experts return today: a row an application, a column for each score and each remark."""
    numbers = [f"QISP-2026-{n:04d}" for n in range(1, APPLICATIONS + 1)]
    paths = []
    for n in range(1, EXPERTS + 1):
        rows = [
            {"申报编号": sheet.application}
            | {item.criterion: float(item.points or 0) for item in sheet.items}
            | {f"{item.criterion} 评语": item.remark for item in sheet.items}
            for sheet in sheets_of("bench", f"E{n:03d}-1", f"E{n:03d}", numbers, big.rubric)
        ]
        paths.append(folder / f"E{n:03d}.xlsx")
        pd.DataFrame(rows).to_excel(paths[-1], index=False, engine="openpyxl")
    return paths


def _naive(books: list[Path], out: Path) -> None:
    frames = [pd.read_excel(book, engine="openpyxl").assign(expert=book.stem) for book in books]
    everything = pd.concat(frames)
    codes = [name for name in everything.columns if name not in ("申报编号", "expert") and "评语" not in name]
    everything["total"] = everything[codes].sum(axis=1)
    totals = everything.pivot_table(index="申报编号", columns="expert", values="total")
    final = (totals.sum(axis=1) - totals.max(axis=1) - totals.min(axis=1)) / (totals.count(axis=1) - 2)
    ranking = pd.DataFrame({"final": final.round(2)}).sort_values("final", ascending=False)
    ranking["rank"] = ranking["final"].rank(ascending=False, method="min")
    with pd.ExcelWriter(out, engine="openpyxl") as writer:
        ranking.to_excel(writer, sheet_name="排名")
        totals.to_excel(writer, sheet_name="专家评分")
        everything.groupby("申报编号")[codes].mean().to_excel(writer, sheet_name="分项得分")
        everything.to_excel(writer, sheet_name="评分明细", index=False)
