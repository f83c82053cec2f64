"""The printing desk without its window: the papers of a round, the choice among them, each made when it is needed.

A round of thousands of pages is never laid out at once: the list is made of plans, a paper is rendered when somebody
looks at it, counts its pages or prints it, and forgotten soon after.
"""

from __future__ import annotations

import re
import unicodedata
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from threading import Lock

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import N_, _
from qisp_desktop.base.work import Work
from qisp_desktop.documents.binding import page_count
from qisp_desktop.documents.watermark import COPY, DRAFT, watermarked
from qisp_desktop.domain.application import Application
from qisp_desktop.domain.panel import Expert
from qisp_desktop.domain.round import Round
from qisp_desktop.services.office import Office, unlock
from qisp_desktop.services.opened import RoundAt, reading
from qisp_desktop.services.paper_batches import PlannedPaper, make_all
from qisp_desktop.services.paper_plans import plan_papers
from qisp_desktop.services.papers import MOST_NAMED, PaperKind, copies_only

CACHED_BYTES = 16 << 20
"""Finished papers that are kept for who leafs back and forth."""
MOST_RANGES = 100
_SIGNED_KINDS = (PaperKind.SCORE_SHEET, PaperKind.INSPECTION)
"""What is whole only out of the returns: without the passphrase it is rendered from the signed data, as a copy."""


class Order(StrEnum):
    """What lies together in the printer's tray."""

    KIND = "kind"
    APPLICATION = "application"
    EXPERT = "expert"


@dataclass(frozen=True)
class ListedPaper:
    """A paper in the list; ``mark`` is the word across its print (empty: none)."""

    kind: PaperKind
    application: str
    expert: str
    name: str
    applicant: str
    expert_name: str
    mark: str


@dataclass(frozen=True)
class FinishedPaper:
    """A paper as it is printed, or why it cannot be."""

    paper: ListedPaper
    pdf: bytes
    pages: int
    problem: UserError | None


@dataclass(frozen=True)
class PageRanges:
    """Which pages of each paper are wanted, as first and last counted from 1; empty for all."""

    ranges: tuple[tuple[int, int], ...] = ()

    def of(self, count: int) -> list[int]:
        """The wanted pages of a paper with ``count`` pages, counted from 1, each once and in order."""
        if not self.ranges:
            return list(range(1, count + 1))
        return [page for page in range(1, count + 1) if any(first <= page <= last for first, last in self.ranges)]


ALL_PAGES = PageRanges()


def page_ranges(text: str) -> PageRanges:
    """What ``1-3, 5`` (also full-width, with 、 or ，) means; empty text is all pages. Raises UserError."""
    plain = unicodedata.normalize("NFKC", text).replace("、", ",").replace("–", "-").replace("—", "-")
    parts = [part.strip() for part in plain.split(",")]
    if not any(parts):
        return ALL_PAGES
    ranges = [_range(part, text) for part in parts[: MOST_RANGES + 1]]
    if len(ranges) > MOST_RANGES:
        raise _no_ranges(text)
    return PageRanges(tuple(ranges))


def _range(part: str, text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{1,5})(?:\s*-\s*(\d{1,5}))?", part, re.ASCII)
    if match is None:
        raise _no_ranges(text)
    first = int(match[1])
    last = int(match[2] or first)
    if not 1 <= first <= last:
        raise _no_ranges(text)
    return first, last


def _no_ranges(text: str) -> UserError:
    return UserError(_("“{text}” names no pages.").format(text=text[:40]), "", _("Write them as 1-3, 5."))


def chosen(
    papers: Iterable[ListedPaper], kinds: Iterable[PaperKind], applications: Iterable[str], experts: Iterable[str]
) -> list[ListedPaper]:
    """The papers of ``kinds``, as far as they belong to one of ``applications`` and one of ``experts``.

    A paper of no application (a round report) or no expert is not asked for one.
    """
    wanted, numbers, panel = frozenset(kinds), frozenset(applications), frozenset(experts)
    return [
        one
        for one in papers
        if one.kind in wanted
        and (not one.application or one.application in numbers)
        and (not one.expert or one.expert in panel)
    ]


def ordered(papers: Iterable[ListedPaper], order: Order) -> list[ListedPaper]:
    """``papers`` as they are to lie in the tray; what belongs to no application or expert comes first."""
    kinds = {kind: place for place, kind in enumerate(PaperKind)}
    match order:
        case Order.KIND:
            return sorted(papers, key=lambda one: (kinds[one.kind], one.application, one.expert))
        case Order.APPLICATION:
            return sorted(papers, key=lambda one: (one.application, kinds[one.kind], one.expert))
        case Order.EXPERT:
            return sorted(papers, key=lambda one: (one.expert, kinds[one.kind], one.application))


@dataclass
class LetterDay:
    """The day that letters of supplement name; may change until they are made."""

    day: date | None = None


class PaperStock:
    """The papers of one round: a list that costs nothing, and each paper when it is asked for. Any thread may ask."""

    def __init__(
        self,
        round: Round,
        plans: Mapping[ListedPaper, PlannedPaper],
        *,
        office: Office | None,
        letter_day: LetterDay | None = None,
    ) -> None:
        self.round = round
        self.office = office
        """The secretariat's keys: with them signed originals are at hand, and papers can be sealed."""
        self._letter_day = letter_day or LetterDay()
        self.papers = tuple(plans)
        self._plans = plans
        self._lacking = {paper: plan.lacking for paper, plan in plans.items() if plan.lacking is not None}
        self._pages: dict[ListedPaper, int] = {}
        self._cache: OrderedDict[ListedPaper, FinishedPaper] = OrderedDict()
        self._lock = Lock()

    @property
    def originals(self) -> bool:
        """Whether signed originals are at hand; else they are rendered from the signed data and marked."""
        return self.office is not None

    @property
    def reply_by(self) -> date | None:
        """The day by which supplements are wanted, for letters of which the round has no notice; None leaves it to be
        written by hand."""
        return self._letter_day.day

    @reply_by.setter
    def reply_by(self, day: date | None) -> None:
        self._letter_day.day = day

    def pages(self, paper: ListedPaper) -> int | None:
        """How many pages ``paper`` has, once it was made; 0 for one that cannot be made, None when not known yet."""
        return self._pages.get(paper)

    def plan(self, paper: ListedPaper) -> PlannedPaper:
        """How ``paper`` is made, without any mark: what is saved as a file that can be checked."""
        return self._plans[paper]

    def lacking(self, paper: ListedPaper) -> UserError | None:
        """Why ``paper`` is a copy although the round once had the original; None for any other paper."""
        return self._lacking.get(paper)

    @property
    def copies(self) -> int:
        """How many papers are copies although the round once had their originals."""
        return len(self._lacking)

    def copies_among(self, papers: Iterable[ListedPaper], most_named: int = MOST_NAMED) -> UserError | None:
        """Which of ``papers`` are copies for want of their originals, why, and what to do; None without any."""
        return copies_only([(paper.name, self.lacking(paper)) for paper in papers], most_named)

    def finished(self, paper: ListedPaper) -> FinishedPaper:
        """``paper`` as it is printed, with its mark."""
        with self._lock:
            if (held := self._cache.get(paper)) is not None:
                self._cache.move_to_end(paper)
                return held
        (made,) = self.finish_all((paper,), workers=1)
        self._keep(made)
        return made

    def finish_all(self, papers: Sequence[ListedPaper], workers: int | None = None) -> Iterator[FinishedPaper]:
        """``papers`` as they are printed, one after the other; on all cores where that is worth it."""
        plans = [self._plans[paper] for paper in papers]
        for paper, made in zip(papers, make_all(plans, workers), strict=True):
            yield self._finish(paper, made.pdf, made.problem)

    def count_pages(self, papers: Sequence[ListedPaper], work: Work) -> Iterator[tuple[ListedPaper, int]]:
        """Learn how many pages each paper has, with progress; ends with Cancelled when ``work`` is stopped."""
        unknown = [paper for paper in papers if paper not in self._pages]
        work.report(_("Counting pages"), 0, len(unknown))
        plans = [self._plans[paper] for paper in unknown]
        for done, (paper, made) in enumerate(zip(unknown, make_all(plans), strict=True), 1):
            self._pages[paper] = 0 if made.problem else page_count(made.pdf)
            yield paper, self._pages[paper]
            work.report(_("Counting pages"), done, len(unknown))

    def _finish(self, paper: ListedPaper, pdf: bytes, problem: UserError | None) -> FinishedPaper:
        if problem is not None:
            self._pages[paper] = 0
            return FinishedPaper(paper, b"", 0, problem)
        count = self._pages[paper] = page_count(pdf)
        return FinishedPaper(paper, watermarked(pdf, paper.mark) if paper.mark else pdf, count, None)

    def _keep(self, made: FinishedPaper) -> None:
        if made.paper.kind is PaperKind.LETTER:
            return  # another day may be wanted by now
        with self._lock:
            self._cache[made.paper] = made
            while len(self._cache) > 1 and sum(len(one.pdf) for one in self._cache.values()) > CACHED_BYTES:
                self._cache.popitem(last=False)


def open_stock(round_at: RoundAt, *, passphrase: str | None = None, work: Work | None = None) -> PaperStock:
    """The papers of the round at ``round_at``, none of them laid out yet; the round is only read.

    With the secretariat's ``passphrase`` score sheets are the signed originals and inspection records show their
    photos, as far as their returns can be opened. Raises UserError when the round cannot be read or the passphrase is
    wrong.
    """
    with reading(round_at) as store:
        office = unlock(store, passphrase) if passphrase is not None else None
        letter_day = LetterDay()
        planned = plan_papers(store, office, tuple(PaperKind), reply_by=lambda: letter_day.day, work=work)
        applicants = {one.number: one.applicant for one in store.all(Application)}
        names = {one.id: one.name for one in store.all(Expert)}
        plans = {
            ListedPaper(
                one.kind,
                one.application,
                one.expert,
                one.name,
                applicants.get(one.application, ""),
                names.get(one.expert, ""),
                _mark(one, originals=office is not None),
            ): one
            for one in planned
        }
        return PaperStock(store.round(), plans, office=office, letter_day=letter_day)


def _mark(paper: PlannedPaper, *, originals: bool) -> str:
    """The word across the print. Lists, letters and summaries are signed by hand, if at all, and carry none; nor does
    the report of a frozen result, whose print is what the leader signs and the office stamps."""
    if paper.draft:
        return DRAFT
    if paper.kind is PaperKind.SCORE_SHEET:
        return COPY if paper.original is None else ""
    if paper.kind in _SIGNED_KINDS:
        return "" if originals and paper.lacking is None else COPY
    return ""


_KIND_NAMES = {
    PaperKind.SCORE_SHEET: N_("Score sheets"),
    PaperKind.SUMMARY: N_("Experts' summaries"),
    PaperKind.INSPECTION: N_("Inspection records"),
    PaperKind.REPORT: N_("Evaluation reports"),
    PaperKind.ROUND_REPORT: N_("Round report"),
    PaperKind.DEVIATIONS: N_("Deviation list"),
    PaperKind.ASSIGNMENTS: N_("Assignment list"),
    PaperKind.SIGN_IN: N_("Sign-in sheet"),
    PaperKind.LETTER: N_("Supplement letters"),
}


def kind_name(kind: PaperKind) -> str:
    """What the papers of ``kind`` are called, in the language that holds."""
    return _(_KIND_NAMES[kind])
