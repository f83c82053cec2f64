"""Results of 300 applications × 9 experts, against the same numbers by pandas from loaded frames."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
from big_round import made_round_data
from harness import Row, best_of_both

from qisp_desktop.services.results import RoundData, compute

APPLICATIONS, EXPERTS, TIMES = 300, 9, 5


def run() -> list[Row]:
    """The row of the issue; both sides must agree on every final score."""
    data = made_round_data(applications=APPLICATIONS, experts=EXPERTS)
    frame = _frame(data)
    ours = {result.number: result.final for result in compute(data).results}
    theirs = _pandas(frame)
    if any(abs(float(final or 0) - theirs[number]) > 0.005001 for number, final in ours.items()):
        raise RuntimeError("the two ways disagree")
    ours_seconds, floor = best_of_both(TIMES, lambda: compute(data), lambda: _pandas(frame))
    return [
        Row(f"results of {APPLICATIONS} applications × {EXPERTS} experts", "pandas from frames", ours_seconds, floor, 1)
    ]


def _frame(data: RoundData) -> pd.DataFrame:
    groups = {criterion.code: group.code for group in data.rubric.groups for criterion in group.criteria}
    return pd.DataFrame(
        [
            (sheet.application, sheet.expert, item.criterion, groups[item.criterion], float(item.points or Decimal(0)))
            for sheet in data.sheets
            for item in sheet.items
        ],
        columns=["application", "expert", "criterion", "group", "points"],
    )


def _pandas(frame: pd.DataFrame) -> dict[str, float]:
    """Totals, trimmed means, group and criterion means, ranks with ties by group, deviations, recommendations."""
    totals = frame.groupby(["application", "expert"])["points"].sum().unstack()
    trimmed = (totals.sum(axis=1) - totals.max(axis=1) - totals.min(axis=1)) / (totals.count(axis=1) - 2)
    final = (trimmed * 100 + 0.5).astype(int) / 100
    sheets = frame.groupby(["application", "expert", "group"])["points"].sum()
    groups = sheets.groupby(["application", "group"]).mean().unstack().round(2)
    frame.groupby(["application", "criterion"])["points"].mean().unstack().round(2)
    ranked = groups.assign(final=final).sort_values(["final", "P", "C", "Q", "R"], ascending=False)
    ranked["rank"] = ranked[["final", "P", "C", "Q", "R"]].apply(tuple, axis=1).rank(method="min", ascending=False)
    others = totals.rsub(totals.sum(axis=1), axis=0) / (totals.count(axis=1) - 1).iloc[0]
    deviating = (totals - others).abs() > 15
    deviating.stack().loc[lambda flagged: flagged]
    ranked["recommended"] = ranked["final"] >= 75
    ranked["grade"] = pd.cut(ranked["final"], [-1, 75, 80, 90, 101], labels=["", "C", "B", "A"], right=False)
    return dict(final.to_dict())
