"""What a paper of the list is called, and what became of it."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qisp_desktop.services.printing import ListedPaper


class PaperState(Enum):
    """What became of a paper in this sitting."""

    OUT = "out"
    DOUBTFUL = "doubtful"
    FAILED = "failed"


def paper_key(paper: ListedPaper) -> str:
    """What a paper is called among those left out; the same for a copy and its original."""
    return f"{paper.kind}/{paper.name}"
