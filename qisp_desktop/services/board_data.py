"""What the board of a round's collecting is made of; ``board`` reads it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from qisp_desktop.domain.merging import Resolution
from qisp_desktop.domain.panel import Recusal


class BoardState(StrEnum):
    """Where one expert's sheet of one application stands."""

    NOT_ASSIGNED = "not_assigned"
    NOT_ISSUED = "not_issued"
    NOT_BACK = "not_back"
    NOT_IN_RETURN = "not_in_return"
    """The expert has handed something in, but not this sheet yet."""
    SIGNED = "signed"
    PAPER = "paper"
    PAPER_WAITING = "paper_waiting"
    """Entered from paper, to be compared or confirmed."""
    RECUSED = "recused"
    CONFLICT = "conflict"


BACK = frozenset({BoardState.SIGNED, BoardState.PAPER})
NOT_DUE = frozenset({BoardState.NOT_ASSIGNED, BoardState.RECUSED})


class BoardCell(NamedTuple):
    """One cell: its state, and the newest revision that is held (0 without any)."""

    state: BoardState
    revision: int


class Tally(NamedTuple):
    """How many sheets are back, and how many are due."""

    back: int
    due: int

    @property
    def missing(self) -> int:
        """How many are still to come."""
        return self.due - self.back


@dataclass(frozen=True)
class BoardExpert:
    """A column: an expert who reads something, and how often they have returned."""

    id: str
    name: str
    issued: bool
    returns: int
    tally: Tally


@dataclass(frozen=True)
class BoardRow:
    """A row: an application that somebody reads; ``cells`` in the order of the board's experts."""

    number: str
    platform: str
    cells: tuple[BoardCell, ...]
    tally: Tally


@dataclass(frozen=True)
class ContestedSheet:
    """The newest revision of a sheet that exists with several ``contents``; ``decided`` once a clerk chose one."""

    expert: str
    expert_name: str
    application: str
    revision: int
    contents: int
    decided: Resolution | None


@dataclass(frozen=True)
class SteppedBack:
    """An expert who was to read an application and stepped back: what that leaves.

    ``remaining`` experts can still give a sheet, ``quorum`` are needed; ``voided`` where a sheet was held already.
    """

    recusal: Recusal
    expert_name: str
    remaining: int
    quorum: int
    voided: bool

    @property
    def short(self) -> bool:
        """Whether the application can no longer reach a result."""
        return self.remaining < self.quorum


@dataclass(frozen=True)
class Board:
    """All of it."""

    experts: tuple[BoardExpert, ...]
    rows: tuple[BoardRow, ...]
    contested: tuple[ContestedSheet, ...]
    stepped_back: tuple[SteppedBack, ...]
    tally: Tally

    @property
    def undecided(self) -> tuple[ContestedSheet, ...]:
        """The conflicts that await a clerk."""
        return tuple(one for one in self.contested if one.decided is None)
