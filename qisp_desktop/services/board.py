"""The board of a round's collecting: expert × application, what is back, what is missing, what needs a decision.

It is read from listings: of thousands of sheets only their keys.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from qisp_desktop.domain.application import Application
from qisp_desktop.domain.desk_records import PaperConfirmation, PaperEntry
from qisp_desktop.domain.issuing import Issue, Return
from qisp_desktop.domain.merging import Resolution
from qisp_desktop.domain.panel import Assignment, Expert, Recusal
from qisp_desktop.domain.score_sheet import ScoreSheet
from qisp_desktop.services.board_data import (
    BACK,
    NOT_DUE,
    Board,
    BoardCell,
    BoardExpert,
    BoardRow,
    BoardState,
    ContestedSheet,
    SteppedBack,
    Tally,
)
from qisp_desktop.services.opened import RoundAt, reading
from qisp_desktop.store.round_store import RoundStore

Identity = tuple[str, str]
"""Expert and application."""


@dataclass(frozen=True)
class _Read:
    """What the listings say."""

    assigned: frozenset[Identity]
    recused: frozenset[Identity]
    sheets: Mapping[Identity, Mapping[str, int]]
    confirmed: frozenset[str]
    entered: frozenset[Identity]
    resolutions: Mapping[tuple[str, str, int], Resolution]
    issued: frozenset[str]
    returns: Mapping[str, int]

    def rivals(self, identity: Identity) -> tuple[int, tuple[str, ...]]:
        """The newest revision and its contents."""
        held = self.sheets.get(identity, {})
        newest = max(held.values(), default=0)
        return newest, tuple(digest for digest, revision in held.items() if revision == newest)

    def decided(self, identity: Identity) -> Resolution | None:
        """The decision that covers all contents of the newest revision."""
        newest, rivals = self.rivals(identity)
        found = self.resolutions.get((*identity, newest))
        return found if found is not None and set(rivals) <= set(found.among) else None

    def cell(self, identity: Identity) -> BoardCell:
        """The cell of an identity."""
        newest, rivals = self.rivals(identity)
        return BoardCell(self._state(identity, rivals), newest)

    def _state(self, identity: Identity, rivals: tuple[str, ...]) -> BoardState:
        if identity not in self.assigned:
            return BoardState.NOT_ASSIGNED
        if identity in self.recused:
            return BoardState.RECUSED
        if len(rivals) > 1 and (decision := self.decided(identity)) is None:
            return BoardState.CONFLICT
        if rivals:
            counts = decision.digest if len(rivals) > 1 and decision else rivals[0]
            return BoardState.PAPER if counts in self.confirmed else BoardState.SIGNED
        if identity in self.entered:
            return BoardState.PAPER_WAITING
        if self.returns.get(identity[0]):
            return BoardState.NOT_IN_RETURN
        return BoardState.NOT_BACK if identity[0] in self.issued else BoardState.NOT_ISSUED


def collecting_board(round_at: RoundAt) -> Board:
    """The board of the round."""
    with reading(round_at) as store:
        read = _listings(store)
        names = {expert.id: expert.name for expert in store.all(Expert)}
        platforms = {one.number: one.platform for one in store.all(Application)}
        quorum = store.round().policy.quorum
        recusals = store.all(Recusal)
    columns = sorted({expert for expert, _number in read.assigned})
    numbers = sorted({number for _expert, number in read.assigned})
    cells = {number: tuple(read.cell((expert, number)) for expert in columns) for number in numbers}
    rows = tuple(
        BoardRow(number, platforms.get(number, ""), cells[number], _tally(cells[number])) for number in numbers
    )
    experts = tuple(
        BoardExpert(
            expert,
            names.get(expert, ""),
            expert in read.issued,
            read.returns.get(expert, 0),
            _tally(tuple(cells[number][place] for number in numbers)),
        )
        for place, expert in enumerate(columns)
    )
    whole = Tally(sum(row.tally.back for row in rows), sum(row.tally.due for row in rows))
    return Board(experts, rows, _contested(read, names), _stepped_back(read, recusals, names, quorum), whole)


def _listings(store: RoundStore) -> _Read:
    sheets: dict[Identity, dict[str, int]] = {}
    for expert, number, revision, digest in store.listing(ScoreSheet, "expert", "application", "revision", "digest"):
        sheets.setdefault((str(expert), str(number)), {})[str(digest)] = int(revision)
    used = {digest for one in store.all(PaperConfirmation) for digest in one.entries}
    return _Read(
        frozenset((str(e), str(n)) for e, n in store.listing(Assignment, "expert", "application")),
        frozenset((str(e), str(n)) for e, n in store.listing(Recusal, "expert", "application")),
        sheets,
        frozenset(str(digest) for (digest,) in store.listing(PaperConfirmation, "sheet")),
        frozenset(
            (str(e), str(n))
            for e, n, digest in store.listing(PaperEntry, "expert", "application", "digest")
            if digest not in used
        ),
        {(one.expert, one.application, one.revision): one for one in store.all(Resolution)},
        frozenset(str(expert) for (expert,) in store.listing(Issue, "expert")),
        Counter(str(expert) for (expert,) in store.listing(Return, "expert")),
    )


def _tally(cells: tuple[BoardCell, ...]) -> Tally:
    due = [cell for cell in cells if cell.state not in NOT_DUE]
    return Tally(sum(cell.state in BACK for cell in due), len(due))


def _contested(read: _Read, names: Mapping[str, str]) -> tuple[ContestedSheet, ...]:
    found = []
    for identity in sorted(read.sheets, key=lambda one: (one[1], one[0])):
        newest, rivals = read.rivals(identity)
        if len(rivals) > 1 and identity in read.assigned - read.recused:
            expert, number = identity
            decided = read.decided(identity)
            found.append(ContestedSheet(expert, names.get(expert, ""), number, newest, len(rivals), decided))
    # What awaits a decision stands first.
    return tuple(sorted(found, key=lambda one: one.decided is not None))


def _stepped_back(
    read: _Read, recusals: list[Recusal], names: Mapping[str, str], quorum: int
) -> tuple[SteppedBack, ...]:
    able = Counter(number for _expert, number in read.assigned - read.recused)
    found = [
        SteppedBack(
            one,
            names.get(one.expert, ""),
            able[one.application],
            quorum,
            (one.expert, one.application) in read.sheets,
        )
        for one in recusals
        if (one.expert, one.application) in read.assigned
    ]
    return tuple(sorted(found, key=lambda one: (not one.short, one.recusal.application, one.recusal.expert)))
