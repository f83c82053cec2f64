"""What the overview shows, as values: importing them loads no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from qisp_desktop.domain.round import Freeze, Round

UNKNOWN = -1
"""A number that a glance does not tell."""


@dataclass(frozen=True)
class BoardStep:
    """A step of the round: ``done`` of ``total``; ``section`` is where it is worked on. Numbers may be UNKNOWN."""

    section: str
    name: str
    done: int
    total: int

    @property
    def complete(self) -> bool:
        """Whether nothing of this step is left, as far as can be told now."""
        return self.done == self.total > 0


@dataclass(frozen=True)
class Clock:
    """A statutory period: ``day`` of ``days`` on ``today``, its last day ``ends``; ``running`` until it is over or met.

    Before its first day ``ends`` is None and ``day`` 0.
    """

    name: str
    article: str
    day: int
    days: int
    ends: date | None
    running: bool
    late: bool
    note: str


@dataclass(frozen=True)
class Waiting:
    """Something that waits for a clerk: what, which (a few of it), where it is done, and what to show there first."""

    section: str
    what: str
    which: str
    urgent: bool
    wish: str | tuple[str, ...] = ""


@dataclass(frozen=True)
class Counts:
    """What the round holds of each kind."""

    applications: int
    experts: int
    assignments: int
    issued: int
    sheets: int


@dataclass(frozen=True)
class Board:
    """Where the round stands; ``waiting`` is None in a glance."""

    round: Round
    rubric_name: str
    counts: Counts
    steps: tuple[BoardStep, ...]
    clocks: tuple[Clock, ...]
    waiting: tuple[Waiting, ...] | None
    frozen: Freeze | None
    warning: str


@dataclass(frozen=True)
class Figures:
    """The numbers of the steps; what a glance does not know is UNKNOWN."""

    applications: int
    screened: int
    accepted: int
    assigned: int
    experts: int
    issued: int
    due: int
    returned: int
    decided: int
