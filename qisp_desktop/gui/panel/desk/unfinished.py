"""What the desk keeps while its page is made anew, though nothing of it is entered: no change, and nothing to undo."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from qisp_desktop.base.texts import clean_text
from qisp_desktop.domain.regulation import RecusalGround
from qisp_desktop.services.desk import DeskStatus
from qisp_desktop.services.desk_editing import BegunAct


class Begun(NamedTuple):
    """What was begun and not entered yet: the language may change in the middle, and the desk lock itself."""

    recusals: dict[str, tuple[RecusalGround, str]]
    """Ground and sentence, by the application's number."""
    revisions: dict[str, str]
    """The reason for reopening a signed sheet, by the application's number."""

    @staticmethod
    def of(acts: Iterable[BegunAct]) -> Begun:
        """What ``acts`` keep."""
        begun = Begun({}, {})
        for act in acts:
            if act.ground is not None:
                begun.recusals[act.application] = act.ground, act.reason
            else:
                begun.revisions[act.application] = act.reason
        return begun

    @property
    def acts(self) -> tuple[BegunAct, ...]:
        """The same, to be kept; what no paper could print is left out."""
        recusals = (BegunAct(number, ground, clean_text(text)) for number, (ground, text) in self.recusals.items())
        revisions = (BegunAct(number, None, clean_text(text)) for number, text in self.revisions.items())
        return tuple(act for act in (*recusals, *revisions) if act.reason)


class Listing(NamedTuple):
    """How the list of applications is searched, filtered (None: all) and sorted."""

    query: str = ""
    status: DeskStatus | None = None
    order: int = 0
