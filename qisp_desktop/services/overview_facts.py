"""What all that can wait for a clerk is found in, read once."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from qisp_desktop.domain.desk_records import PaperConfirmation, PaperEntry, SupplementNotice
from qisp_desktop.domain.inspection import InspectionPlan, SiteInspection
from qisp_desktop.domain.issuing import Explanation, Issue
from qisp_desktop.domain.merging import Resolution, Standing, standings
from qisp_desktop.domain.panel import Assignment, Expert, Recusal
from qisp_desktop.domain.round import Freeze, Round
from qisp_desktop.domain.score_sheet import ScoreSheet
from qisp_desktop.domain.screening import Screening, ScreeningStatus
from qisp_desktop.services.overview_board import pairs
from qisp_desktop.services.paper_mismatches import known_mismatches
from qisp_desktop.services.results import digest_of_inputs
from qisp_desktop.services.screening import screenings
from qisp_desktop.store.round_store import RoundStore

Pair = tuple[str, str]


class HeldSheet(NamedTuple):
    """A score sheet as far as the store's columns tell, without its document."""

    expert: str
    application: str
    revision: int
    digest: str
    total: Decimal

    @property
    def identity(self) -> Pair:
        """Whose sheet it is, for which application."""
        return self.expert, self.application


@dataclass(frozen=True)
class Facts:
    """What all that can wait is found in, read once."""

    round: Round
    today: date
    screenings: tuple[Screening, ...]
    experts: tuple[str, ...]
    assigned: frozenset[Pair]
    recused: frozenset[Pair]
    sheets: tuple[HeldSheet, ...]
    resolutions: tuple[Resolution, ...]
    explained: frozenset[Pair]
    issues: tuple[Issue, ...]
    notices: dict[str, SupplementNotice]
    entered: frozenset[Pair]
    confirmed: frozenset[Pair]
    planned: dict[str, tuple[str, ...]]
    inspected: frozenset[str]
    frozen: Freeze | None
    changed_since: bool
    differing: frozenset[str] = frozenset()
    """Digests of the sheets whose paper shows something else."""

    @cached_property
    def accepted(self) -> frozenset[str]:
        """Applications that passed the formal check."""
        return frozenset(one.number for one in self.screenings if one.status is ScreeningStatus.ACCEPTED)

    @cached_property
    def due(self) -> frozenset[Pair]:
        """Who has to score what: assigned, not recused, accepted."""
        return frozenset(pair for pair in self.assigned - self.recused if pair[1] in self.accepted)

    @cached_property
    def held(self) -> dict[Pair, Standing[HeldSheet]]:
        """What is held of each sheet that is due."""
        return standings((sheet for sheet in self.sheets if sheet.identity in self.due), self.resolutions)

    @cached_property
    def totals(self) -> dict[str, dict[str, Decimal]]:
        """The valid totals of each application by expert."""
        found: dict[str, dict[str, Decimal]] = {}
        for (expert, number), standing in self.held.items():
            if standing.record is not None:
                found.setdefault(number, {})[expert] = standing.record.total
        return found

    @cached_property
    def conflicts(self) -> list[Pair]:
        """Sheets that exist in two versions."""
        return sorted(pair for pair, standing in self.held.items() if standing.in_conflict)

    @cached_property
    def decided(self) -> set[str]:
        """Applications that have a final score (rules 2 and 3)."""
        disputed = {number for _expert, number in self.conflicts}
        quorum = self.round.policy.quorum
        return {number for number, totals in self.totals.items() if len(totals) >= quorum and number not in disputed}


def read_facts(store: RoundStore, today: date) -> Facts:
    """Everything that ``board`` looks at."""
    # Of a file that somebody else writes a snapshot is a copy of it all: what changes meanwhile is read anew anyway.
    with store.snapshot() if store.several_writers else nullcontext():
        return _read_facts(store, today)


def _read_facts(store: RoundStore, today: date) -> Facts:
    value, checked = store.round(), tuple(screenings(store, store.round()))
    columns = store.listing(ScoreSheet, "expert", "application", "revision", "digest", "total")
    sheets = tuple(HeldSheet(str(e), str(n), int(r), str(d), Decimal(t)) for e, n, r, d, t in columns)
    assigned = pairs(store.distinct(Assignment, "expert", "application"))
    recusals, plans = store.all(Recusal), store.all(InspectionPlan)
    resolutions, inspected = store.all(Resolution), store.listing(SiteInspection, "application", "digest")
    freezes = store.all(Freeze)
    frozen = freezes[-1] if freezes else None
    changed_since = frozen is not None and frozen.inputs != digest_of_inputs(
        value.rubric,
        checked,
        sorted(assigned),
        recusals,
        (sheet.digest for sheet in sheets),
        resolutions,
        plans,
        (str(digest) for _number, digest in inspected),
    )
    newest = {issue.expert: issue for issue in store.all(Issue)}  # in the order of their numbers
    return Facts(
        value,
        today,
        checked,
        tuple(str(expert) for (expert,) in store.listing(Expert, "id")),
        frozenset(assigned),
        frozenset((one.expert, one.application) for one in recusals),
        sheets,
        tuple(resolutions),
        frozenset(pairs(store.listing(Explanation, "expert", "application"))),
        tuple(newest.values()),
        {notice.application: notice for notice in store.all(SupplementNotice)},
        frozenset(pairs(store.listing(PaperEntry, "expert", "application"))),
        frozenset(pairs(store.listing(PaperConfirmation, "expert", "application"))),
        {plan.application: plan.experts for plan in plans},
        frozenset(str(number) for number, _digest in inspected),
        frozen,
        changed_since,
        frozenset(known_mismatches(store)),
    )
