"""What every benchmark uses: a row of the table and ways to take a time that the next run confirms.

A benchmark compares our work with a floor, bare libraries doing the least that the same result needs, in the same
process and minute. So the ratio says something on any machine, and a slow machine is no excuse.

To add one, write ``bench_NAME.py`` beside this file with ``def run() -> list[Row]``; ``make bench`` finds it.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Work = Callable[[], Any]


@dataclass(frozen=True)
class Row:
    """One line of the table: ``work`` may take ``at_most`` times what ``against`` takes."""

    work: str
    against: str
    ours_seconds: float
    floor_seconds: float
    at_most: float
    unit: str = "s"  # "MB" where memory is compared

    @property
    def ratio(self) -> float:
        """Ours over the floor."""
        return self.ours_seconds / self.floor_seconds

    @property
    def passed(self) -> bool:
        """Whether the ratio is within the limit."""
        return self.ratio <= self.at_most


def seconds(work: Work) -> float:
    """The wall-clock time of one call, with the garbage of what came before out of the way."""
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def best_of(times: int, work: Work, before: Work | None = None) -> float:
    """The shortest of ``times`` calls; ``before`` runs ahead of each and is not counted."""
    shortest = float("inf")
    for _ in range(times):
        if before is not None:
            before()
        shortest = min(shortest, seconds(work))
    return shortest


def best_of_both(times: int, ours: Work, floor: Work) -> tuple[float, float]:
    """The shortest of each, taken in turn, so that a busy moment of the machine falls on both."""
    ours_best = floor_best = float("inf")
    for _ in range(times):
        ours_best = min(ours_best, seconds(ours))
        floor_best = min(floor_best, seconds(floor))
    return ours_best, floor_best
