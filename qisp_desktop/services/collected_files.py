"""What the desk shows of collecting: each file with its verdict and what to do, and how the round stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from qisp_desktop.base.i18n import N_, _
from qisp_desktop.domain.merging import HARMLESS, Received
from qisp_desktop.domain.paper_state import PaperState
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.services.board_data import Board
from qisp_desktop.services.collect_report import FileVerdict, SheetVerdict
from qisp_desktop.services.named_files import files_among

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


class Keeping(StrEnum):
    """Whether what a file brought is in the round."""

    JUDGED = "judged"
    """It is judged; the files of the same call are still being read."""
    KEPT = "kept"
    NOT_KEPT = "not_kept"
    """The work was stopped or failed, so nothing of the call is in the round."""


@dataclass(frozen=True)
class CollectedFile:
    """A file that was collected since the desk is open; ``why_not`` where it is ``NOT_KEPT``."""

    file: FileVerdict
    call: int
    keeping: Keeping = Keeping.JUDGED
    why_not: str = ""

    @property
    def path(self) -> Path:
        """Where the file was."""
        return self.file.path

    @property
    def wants_attention(self) -> bool:
        """Whether a clerk has to look at it."""
        verdicts = {self.file.verdict, *(sheet.verdict for sheet in self.file.sheets)}
        return self.keeping is Keeping.NOT_KEPT or not verdicts <= HARMLESS

    @property
    def advice(self) -> str:
        """What to do next; empty where there is nothing."""
        if self.keeping is Keeping.NOT_KEPT:
            return _("Collect it again.")
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


def returns_and_forms(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Which of ``paths`` to collect as returns and which to read as score forms; folders may hold both."""
    folders = [path for path in paths if path.is_dir()]
    files = [path for path in paths if path not in folders]
    forms = [path for path in files if path.suffix.lower() == FORM_SUFFIX]
    returns = [path for path in files if path not in forms]
    return [*returns, *folders], [*forms, *(folder for folder in folders if files_among([folder], FORM_SUFFIX))]
