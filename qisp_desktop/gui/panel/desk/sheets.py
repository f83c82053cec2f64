"""What is entered on the desk and where each application stands, held in memory while the desk is open."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from qisp_desktop.domain.application import Application
from qisp_desktop.domain.inspection import SiteInspection
from qisp_desktop.domain.score_sheet import DraftSheet, ItemScore, ScoreSheet, empty_draft
from qisp_desktop.services.desk import DeskItem, DeskStatus
from qisp_desktop.services.desk_editing import DeskContents, Entry, Place, item_of

UNFINISHED = (DeskStatus.NEW, DeskStatus.DRAFT)
_NOTHING = Entry()


class Sheets:
    """The applications to score with what is entered for each; ``put`` replaces one of them."""

    def __init__(self, contents: DeskContents) -> None:
        self._contents = contents
        self.rubric = contents.rubric
        self._place = {code: place for place, code in enumerate(contents.rubric.codes)}
        self._empty = empty_draft("", contents.rubric).items
        self._entries = dict(contents.entries)
        self._items = {item.number: item for item in contents.items}
        self._declared = set(contents.declared)

    @property
    def items(self) -> tuple[DeskItem, ...]:
        """The applications as they stand, in the order of their numbers."""
        return tuple(self._items.values())

    @property
    def numbers(self) -> tuple[str, ...]:
        """The applications' numbers in their order."""
        return tuple(self._items)

    def item(self, number: str) -> DeskItem:
        """How an application stands."""
        return self._items[number]

    def application(self, number: str) -> Application | None:
        """Its record; None where the package no longer holds it (an earlier recusal)."""
        return self._contents.applications.get(number)

    def entry(self, number: str) -> Entry:
        """What is entered for an application and not signed."""
        return self._entries.get(number, _NOTHING)

    def scores(self, number: str) -> tuple[ItemScore, ...]:
        """The scores to show, one for each criterion: the draft's, else the signed sheet's, else empty ones."""
        draft, signed = self.entry(number).draft, self._contents.signed.get(number)
        if draft is not None:
            return draft.items
        return signed.items if signed is not None else self._empty

    def score(self, number: str, code: str) -> ItemScore:
        """The score for one criterion."""
        return self.scores(number)[self._place[code]]

    def place_of(self, code: str) -> int:
        """Where a criterion stands in the rubric, from 0."""
        return self._place[code]

    def valid(self, place: Place) -> Place:
        """``place``, or the first application where it names another package's application or criterion."""
        known = place.application in self._items and place.criterion in self._place
        return place if known else self.beginning(next(iter(self._items), ""), place)

    def beginning(self, number: str, before: Place) -> Place:
        """The place at the first criterion of an application that asks for something; ``before`` is where one was."""
        code = (self.first_open(number) if number else "") or self.rubric.codes[0]
        return Place(number, code, begun=before.begun)

    def declared(self, number: str) -> bool:
        """Whether the expert has declared no interest in it."""
        return number in self._declared

    def recused(self, number: str) -> bool:
        """Whether the expert has stepped back from it."""
        return self.entry(number).recusal is not None

    def following(self, number: str) -> tuple[Application, ...]:
        """Those that will probably be read after an application, the likeliest first, of those that are open to be
        read: the next unfinished one, the next and the one before."""
        numbers = self.numbers
        here = numbers.index(number)
        near = (self.next_unfinished(number), *numbers[here + 1 : here + 2], *numbers[max(0, here - 1) : here])
        readable = (
            one for one in dict.fromkeys(near) if one != number and self.declared(one) and not self.recused(one)
        )
        return tuple(found for one in readable if (found := self.application(one)) is not None)

    @property
    def visitable(self) -> tuple[str, ...]:
        """The applications that can be visited, those that the expert is to visit first."""
        return tuple(sorted(self._contents.applications, key=lambda number: (number not in self.planned, number)))

    @property
    def planned(self) -> frozenset[str]:
        """The applications that the expert is to visit."""
        return self._contents.planned

    def visited(self, number: str) -> SiteInspection | None:
        """The newest finished record of a visit."""
        return self._contents.visited.get(number)

    def settled(self, number: str) -> bool:
        """Whether the expert's recusal was handed in, so that it can no longer be taken back."""
        return number in self._contents.settled

    def signed(self, number: str) -> bool:
        """Whether what is shown is a signed sheet, which can only be reopened."""
        return number in self._contents.signed and self.entry(number).draft is None

    def signed_sheet(self, number: str) -> ScoreSheet | None:
        """The newest signed sheet of an application."""
        return self._contents.signed.get(number)

    def editable(self, number: str) -> bool:
        """Whether scores can be entered: declared, not recused, not signed."""
        return self.declared(number) and not self.recused(number) and not self.signed(number)

    @property
    def done(self) -> int:
        """Applications that ask nothing more of the expert."""
        return sum(item.status not in UNFINISHED for item in self._items.values())

    def remark_missing(self, score: ItemScore) -> bool:
        """Whether ``score`` needs a remark that is not there."""
        criterion = self.rubric.by_code[score.criterion]
        required = score.points is not None and self.rubric.remark_required(criterion, score.points)
        return required and not score.remark.strip()

    def first_open(self, number: str) -> str:
        """The first criterion without a score or without a remark that it needs; empty when there is none."""
        open_ones = (s.criterion for s in self.scores(number) if s.points is None or self.remark_missing(s))
        return next(open_ones, "")

    def next_unfinished(self, number: str) -> str:
        """The next application after ``number``, round the end, that is not complete; empty when there is none."""
        numbers = self.numbers
        start = numbers.index(number) + 1 if number in self._items else 0
        following = (*numbers[start:], *numbers[:start])
        return next((one for one in following if self._items[one].status in UNFINISHED), "")

    def points_text(self, points: Decimal | None) -> str:
        """Points in the rubric's decimals; a dash for None."""
        return "—" if points is None else self.rubric.points_text(points)

    def with_score(self, number: str, score: ItemScore) -> Entry:
        """The application's entry with ``score`` for its criterion; nothing is changed yet."""
        entry = self.entry(number)
        draft = entry.draft or empty_draft(number, self.rubric)
        place = self._place[score.criterion]
        changed: DraftSheet = replace(draft, items=(*draft.items[:place], score, *draft.items[place + 1 :]))
        # A first draft from which everything was taken away is as if nothing had ever been typed.
        return replace(entry, draft=changed if changed.started or changed.previous else None)

    def put(self, number: str, entry: Entry) -> None:
        """Make ``entry`` what is entered for an application, which may be one that is only visited."""
        self._entries[number] = entry
        if number in self._items:
            self._items[number] = item_of(self._contents, number, entry)

    def note_declared(self, number: str) -> None:
        """The expert has declared no interest in it."""
        self._declared.add(number)
