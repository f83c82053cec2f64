"""The papers of a leader: what each is and what became of it, and which of them the next run signs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from qisp_desktop.gui.panel.countersigning.kept import KeptList
from qisp_desktop.services.leader_papers import Done, LeaderPaper, Outcome, Standing, settled


class Looked(NamedTuple):
    """What a file is, and the countersigned copy of it that lies where an earlier run put it (None: there is none)."""

    paper: LeaderPaper
    copy: Outcome | None = None


class PaperList:
    """Papers in the order in which they came; what is to outlast the desk stands in ``kept`` as soon as it is known."""

    def __init__(self, kept: KeptList) -> None:
        self._kept = kept
        self._held = {path: LeaderPaper(path, "", "unknown", Standing.UNREAD) for path in kept.paths}
        self.papers = tuple(self._held.values())
        """With what each is to the others."""
        self.outcomes: dict[Path, Outcome] = {}
        """What became of papers that were signed, or were to be."""

    # What they are --------------------------------------------------------------------------------------------------

    def put(self, found: Iterable[Looked | Outcome]) -> None:
        """Take over what was found out: a file that is in the list already is replaced in its place."""
        for one in found:
            if isinstance(one, Outcome):
                self._note(one)
                continue
            paper = one.paper
            self._held[paper.path] = paper
            self.outcomes.pop(paper.path, None)
            if paper.digest:  # else nobody knows; it is held against its copy when it can be read
                self._kept.written.pop(paper.path, None)
            if one.copy is not None:
                self._note(one.copy)
        self._settle()

    def remove(self, gone: set[Path]) -> None:
        """Forget the papers at these paths."""
        for path in gone:
            self._held.pop(path, None)
            self.outcomes.pop(path, None)
            self._kept.written.pop(path, None)
        self._settle()

    def file_of(self, paper: LeaderPaper) -> Path:
        """The file to look at: the signed one, where there is one."""
        outcome = self.outcomes.get(paper.path)
        return paper.path if outcome is None or outcome.written is None else outcome.written

    def count(self, papers: Sequence[LeaderPaper], *done: Done) -> int:
        """Of how many of ``papers`` one of ``done`` became."""
        outcomes = (self.outcomes.get(paper.path) for paper in papers)
        return sum(outcome is not None and outcome.done in done for outcome in outcomes)

    # Which are chosen -----------------------------------------------------------------------------------------------

    def can_be_chosen(self, paper: LeaderPaper) -> bool:
        """Whether it can be signed, and has not been."""
        outcome = self.outcomes.get(paper.path)
        return paper.signable and (outcome is None or outcome.done is Done.FAILED)

    def is_chosen(self, paper: LeaderPaper) -> bool:
        """Whether the next run signs it: what is ready, unless it was left out."""
        if not self.can_be_chosen(paper):
            return False
        kept = self._kept
        return paper.path not in kept.left_out if paper.standing is Standing.READY else paper.path in kept.taken

    @property
    def chosen(self) -> list[LeaderPaper]:
        """The papers that the next run signs."""
        return [paper for paper in self.papers if self.is_chosen(paper)]

    def choose(self, paths: set[Path]) -> None:
        """Sign exactly those at ``paths`` of the papers that can be signed."""
        offered = {paper.path for paper in self.papers if self.can_be_chosen(paper)}
        kept = self._kept
        kept.left_out = (kept.left_out - offered) | (offered - paths)
        kept.taken = (kept.taken - offered) | (offered & paths)

    # ----------------------------------------------------------------------------------------------------------------

    def _note(self, outcome: Outcome) -> None:
        self.outcomes[outcome.source] = outcome
        if outcome.written is not None:
            self._kept.written[outcome.source] = outcome.written

    def _settle(self) -> None:
        before = {paper.path: paper for paper in self.papers}
        # What stands as it did stays the same object, by which tables keep their selection.
        self.papers = tuple(_same(before.get(paper.path), paper) for paper in settled(list(self._held.values())))
        self._kept.paths = tuple(self._held)


def _same(before: LeaderPaper | None, now: LeaderPaper) -> LeaderPaper:
    return before if before is not None and before == now else now
