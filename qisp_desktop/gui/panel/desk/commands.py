"""What the expert changes, as values that can be undone: one change, and the history of them across the whole desk."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qisp_desktop.services.desk_editing import Entry

PAUSE_S = 1.5
"""Keystrokes that follow each other faster are one change."""
LONGEST_HISTORY = 2000
"""Changes that can be undone, at most."""


@dataclass(frozen=True)
class Change:
    """One act: what was entered for an application before and after it.

    ``criterion`` is where it happened (may be empty), ``text`` what undo says of it. Changes of the same ``series``
    that follow each other quickly (the keystrokes of one remark) are one; an empty series stands alone. ``at`` is in
    seconds of a monotonic clock.
    """

    number: str
    criterion: str
    before: Entry
    after: Entry
    text: str
    series: str
    at: float


class History:
    """The changes that can be undone and done again, the newest last."""

    def __init__(self) -> None:
        self._done: list[Change] = []
        self._undone: list[Change] = []

    def add(self, change: Change) -> None:
        """Take ``change`` in, joined to the one before where both belong to one series; nothing is redone after."""
        last = self._done[-1] if self._done and not self._undone else None
        self._undone.clear()
        if last is not None and _one_series(last, change):
            self._done[-1] = replace(change, before=last.before)
            return
        self._done.append(change)
        del self._done[:-LONGEST_HISTORY]

    def undo(self) -> Change | None:
        """The newest change, now undone; None when there is none."""
        if not self._done:
            return None
        self._undone.append(self._done.pop())
        return self._undone[-1]

    def redo(self) -> Change | None:
        """The change that was undone last, now done again; None when there is none."""
        if not self._undone:
            return None
        self._done.append(self._undone.pop())
        return self._done[-1]

    def clear(self) -> None:
        """Forget everything: what was signed cannot be undone."""
        self._done.clear()
        self._undone.clear()


def now() -> float:
    """The time of a change."""
    return time.monotonic()


def _one_series(before: Change, after: Change) -> bool:
    same = (before.series, before.number) == (after.series, after.number)
    return bool(after.series) and same and after.at - before.at <= PAUSE_S
