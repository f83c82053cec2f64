"""What a leader's list held while the desk is locked or left: paths alone, for as long as the program runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject


class KeptList(NamedTuple):
    """Names of files, none of their content, nothing of whoever signs; each is read again before it is believed.

    ``written`` are the countersigned files by their sources. ``run`` are the papers of a run that had not ended, which
    wrote below ``run_folder``.
    """

    paths: tuple[Path, ...]
    left_out: frozenset[Path]
    taken: frozenset[Path]
    written: Mapping[Path, Path]
    folder: str
    run: tuple[Path, ...] = ()
    run_folder: Path = Path()

    @property
    def expected(self) -> dict[Path, Path]:
        """Where the countersigned file of each paper should lie, by its source."""
        return {**{path: self.run_folder / path.name for path in self.run}, **self.written}


class KeptLists(QObject):
    """The lists of the leaders whose desks were open in this run of the program, by package and leader."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._lists: dict[tuple[Path, str], KeptList] = {}

    @staticmethod
    def of(program: QObject) -> KeptLists:
        """Those that belong to ``program`` and end with it."""
        return program.findChild(KeptLists) or KeptLists(program)

    def keep(self, package: Path, leader: str, kept: KeptList) -> None:
        """Remember what the list of that leader holds."""
        self._lists[package, leader] = kept

    def held(self, package: Path, leader: str) -> KeptList | None:
        """What the list of that leader held last; None where there was none."""
        return self._lists.get((package, leader))
