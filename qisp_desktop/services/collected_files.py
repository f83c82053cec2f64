"""What the desk shows of collecting: each file with its verdict and what to do, and how the round stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from qisp_desktop.base.i18n import N_, _, ngettext
from qisp_desktop.domain.merging import HARMLESS, Received
from qisp_desktop.domain.paper_state import PaperState
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.services.board_data import Board
from qisp_desktop.services.collect_report import FileVerdict, Note, SheetVerdict, not_looked_at

if TYPE_CHECKING:
    from qisp_desktop.services.opened import RoundAt

FORM_SUFFIX = ".xlsx"
ADVICE = {
    Received.ACCEPTED: "",
    Received.UNCHANGED: N_("Nothing to do: all of it was collected before."),
    Received.SUPERSEDED: N_("Nothing to do: something newer is held already."),
    Received.CONFLICT: N_(
        "Compare the contents under Conflicts and decide with a reason, or ask the expert to sign anew."
    ),
    Received.WRONG_ROUND: N_("Collect it into the round that it belongs to."),
    Received.UNKNOWN_EXPERT: N_("Check whether the expert belongs to this round's panel."),
    Received.NOT_ASSIGNED: N_(
        "Check the assignment. If the expert was to read it, assign it by hand, issue again and ask for a new return."
    ),
    Received.RECUSED: N_("Nothing counts of it. See under Experts and assignment whether a replacement is needed."),
    Received.BAD_SIGNATURE: N_(
        "Do not use it. Ask the expert to open the newest package, to sign again and to hand in the new file."
    ),
    Received.DAMAGED: N_(
        "Copy the file anew from the expert's computer or stick, or correct what is named, and collect it again."
    ),
    Received.NOT_FOR_US: N_("It was made for another office or another round. Ask the expert for the right file."),
    Received.PAPER_MISMATCH: N_(
        "The signed data count. Ask the expert why the paper shows something else, and have it signed again."
    ),
    Received.NEWER_FORMAT: N_("Install the newer version of this program, then collect it again."),
}
"""What a clerk does next, by verdict (to be translated)."""
FOREIGN_ADVICE = N_(
    "Collect the .qscore file that the expert handed in with it. What is only on hand-signed paper is entered under "
    "Scores on paper; scans are filed under Printing."
)
PASSED_OVER_ADVICE = N_("If a return or a score form is among them, collect that file by itself.")
SUFFIXES = (".qscore", FORM_SUFFIX)
PAPER_SUFFIX = ".pdf"


class Keeping(StrEnum):
    """Whether what a file brought is in the round."""

    JUDGED = "judged"
    """It is judged; the files of the same call are still being read."""
    KEPT = "kept"
    NOT_KEPT = "not_kept"
    """The work was stopped or failed, so nothing of the call is in the round."""
    PASSED_OVER = "passed_over"
    """It stands for the files of a folder that are neither returns nor score forms by their names."""


@dataclass(frozen=True)
class CollectedFile:
    """A file that was collected since the desk is open; ``why_not`` where it is ``NOT_KEPT``, or what was passed over.

    ``settled`` are the applications whose conflict was decided since.
    """

    file: FileVerdict
    call: int
    keeping: Keeping = Keeping.JUDGED
    why_not: str = ""
    settled: frozenset[str] = frozenset()

    @property
    def path(self) -> Path:
        """Where the file was."""
        return self.file.path

    @property
    def wants_attention(self) -> bool:
        """Whether a clerk has to look at it: no longer once its conflicts are decided."""
        if self.keeping is Keeping.NOT_KEPT:
            return True
        parts: tuple[SheetVerdict | Note, ...] = (*self.file.sheets, *self.file.notes)
        awaiting = {one.verdict for one in parts if not self._is_settled(one)}
        # The verdict on the whole is that of its worst part, or says something that no part does.
        of_a_part = any(one.verdict is self.file.verdict for one in parts)
        return not awaiting <= HARMLESS or not (of_a_part or self.file.verdict in HARMLESS)

    @property
    def is_decided(self) -> bool:
        """Whether it brought a conflict, and a clerk decided all of it."""
        return bool(self.settled) and self.file.verdict is Received.CONFLICT and not self.wants_attention

    def with_decisions(self, undecided: Collection[tuple[str, str]]) -> CollectedFile:
        """The same file when ``undecided`` are the conflicts (expert, application) that still await a clerk."""
        settled = frozenset(
            sheet.application
            for sheet in self.file.sheets
            if sheet.verdict is Received.CONFLICT and (self.file.expert, sheet.application) not in undecided
        )
        return self if settled == self.settled else replace(self, settled=settled)

    def _is_settled(self, part: SheetVerdict | Note) -> bool:
        return isinstance(part, SheetVerdict) and part.verdict is Received.CONFLICT and part.application in self.settled

    @property
    def advice(self) -> str:
        """What to do next; empty where there is nothing."""
        if self.keeping is Keeping.NOT_KEPT:
            return _("Collect it again.")
        if self.keeping is Keeping.PASSED_OVER:
            return _(PASSED_OVER_ADVICE)
        if self.file.foreign:
            return _(FOREIGN_ADVICE)
        if self.is_decided:
            return _("Nothing to do: the conflict is decided.")
        return _(ADVICE[self.file.verdict]) if ADVICE[self.file.verdict] else ""

    @property
    def sheets(self) -> tuple[SheetVerdict, ...]:
        """What its sheets are."""
        return self.file.sheets


@dataclass(frozen=True)
class CollectingData:
    """What the section shows of the round."""

    board: Board
    papers: tuple[PaperState, ...]
    rubric: Rubric


def collecting_data(round_at: RoundAt) -> CollectingData:
    """How the collecting of the round stands."""
    # A window takes the rest of this module in while it is made, and the database only in its worker.
    from qisp_desktop.services.board import collecting_board
    from qisp_desktop.services.opened import reading
    from qisp_desktop.services.paper_scores import paper_states

    with reading(round_at) as store:
        return CollectingData(collecting_board(store), tuple(paper_states(store)), store.rubric())


def returns_and_forms(files: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Which of ``files`` to collect as returns and which to read as score forms."""
    forms = [path for path in files if path.suffix.lower() == FORM_SUFFIX]
    return [path for path in files if path.suffix.lower() != FORM_SUFFIX], forms


def passed_over(paths: Sequence[Path], others: Iterable[Path], call: int) -> list[CollectedFile]:
    """For each folder among ``paths`` in which some of ``others`` lie, which are neither returns nor score forms: that
    they were passed over.

    Papers as PDF lie beside the returns that hold them, so they are only counted; others are named, and ask for a look.
    """
    below: dict[Path, list[Path]] = {path: [] for path in paths}
    for path in dict.fromkeys(others):
        for folder in path.parents:
            if folder in below:
                below[folder].append(path)
    found = []
    for folder, files in below.items():
        if not files:
            continue
        named = [path.relative_to(folder).as_posix() for path in files if path.suffix.lower() != PAPER_SUFFIX]
        verdict = Received.DAMAGED if named else Received.UNCHANGED
        words = _passed_over_words(named, len(files) - len(named))
        found.append(
            CollectedFile(FileVerdict(folder, verdict, None, (), words, foreign=True), call, Keeping.PASSED_OVER, words)
        )
    return found


def _passed_over_words(named: Sequence[str], papers: int) -> str:
    parts = []
    if named:
        parts.append(not_looked_at(named))
    if papers:
        text = ngettext("{count} paper as PDF lies there too.", "{count} papers as PDF lie there too.", papers)
        parts.append(text.format(count=papers))
    return "\n".join(parts)
