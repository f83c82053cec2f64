"""What a leader's list holds while the desk is locked or left: paths alone, for as long as the program runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject

from qisp_desktop.base.errors import UserError


class Run(NamedTuple):
    """A run that came to its end: into which folder, how many were signed, were there already, and were not signed."""

    folder: Path
    signed: int
    there: int
    failed: int


@dataclass
class KeptList:
    """Names of files, none of their content, nothing of whoever signs; each is read again before it is believed.

    The list works with it, so that at any time it is what the next desk of this leader begins with.
    """

    paths: tuple[Path, ...] = ()
    """The papers in the list."""
    given: tuple[Path, ...] = ()
    """Files and folders that are being examined."""
    waiting: list[Path] = field(default_factory=list)
    """Those that are examined after them."""
    left_out: set[Path] = field(default_factory=set)
    taken: set[Path] = field(default_factory=set)
    """Older revisions that the person wants signed all the same."""
    written: dict[Path, Path] = field(default_factory=dict)
    """The countersigned files by their sources; until a source was read again, what is known of it."""
    folder: str = ""
    """Where countersigned papers go, as it was typed."""
    news: Run | UserError | None = None
    """What the last run came to, until somebody has seen it."""


class KeptLists(QObject):
    """The lists of the leaders whose desks were open in this run of the program, by package and leader."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._lists: dict[tuple[Path, str], KeptList] = {}

    @staticmethod
    def of(program: QObject) -> KeptLists:
        """Those that belong to ``program`` and end with it."""
        return program.findChild(KeptLists) or KeptLists(program)

    def list_of(self, package: Path, leader: str) -> KeptList:
        """The list of that leader; an empty one where there was none."""
        return self._lists.setdefault((package, leader), KeptList())
