"""From the round's records to its results: which sheets count, and the documented JSON form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from qisp_desktop.base import canonical
from qisp_desktop.base.bulk import collector_paused
from qisp_desktop.base.codec import decimal_text, digest_of, encode
from qisp_desktop.base.digests import sha256
from qisp_desktop.base.i18n import using
from qisp_desktop.domain.aggregation import Entry, Result, Sums, added_up, results_under
from qisp_desktop.domain.application import Application
from qisp_desktop.domain.desk_records import PaperConfirmation
from qisp_desktop.domain.inspection import InspectionPlan, SiteInspection
from qisp_desktop.domain.merging import Resolution, Standing, standings
from qisp_desktop.domain.panel import Assignment, Recusal
from qisp_desktop.domain.paper_scores import counting
from qisp_desktop.domain.policy import Policy
from qisp_desktop.domain.round import Freeze, Round
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.domain.score_sheet import ScoreSheet
from qisp_desktop.domain.screening import Screening
from qisp_desktop.services.opened import RoundAt, reading
from qisp_desktop.services.screening import reworded, screenings
from qisp_desktop.store.round_store import RoundStore


@dataclass(frozen=True)
class RoundData:
    """All that results rest on, read once."""

    round: Round
    rubric: Rubric
    applications: tuple[Application, ...]
    screenings: tuple[Screening, ...]
    assignments: tuple[Assignment, ...]
    recusals: tuple[Recusal, ...]
    sheets: tuple[ScoreSheet, ...]
    resolutions: tuple[Resolution, ...]
    plans: tuple[InspectionPlan, ...]
    inspections: tuple[SiteInspection, ...]
    freeze: Freeze | None

    def inputs_digest(self) -> str:
        """SHA-256 over the digests of everything that the results are computed from."""
        return digest_of_inputs(
            self.rubric.digest,
            self.screenings,
            [(one.expert, one.application) for one in self.assignments],
            self.recusals,
            (sheet.digest for sheet in self.sheets),
            self.resolutions,
            self.plans,
            (inspection.digest for inspection in self.inspections),
        )


def digest_of_inputs(
    rubric: str,
    screenings: Iterable[Screening],
    assignments: Sequence[tuple[str, str]],
    recusals: Iterable[Recusal],
    sheets: Iterable[str],
    resolutions: Iterable[Resolution],
    plans: Iterable[InspectionPlan],
    inspections: Iterable[str],
) -> str:
    """``RoundData.inputs_digest`` for who has not read the sheets: ``rubric``, ``sheets`` and ``inspections`` are
    digests; all others are in the order of their keys."""
    parts: dict[str, object] = {
        "rubric": rubric,
        # Not the computed reasons, which are in a language.
        "screenings": [
            [one.number, one.status.value, one.decided_by, one.reason if one.decided_by else ""] for one in screenings
        ],
        "assignments": [list(pair) for pair in assignments],
        "recusals": [encode(one) for one in recusals],
        "sheets": sorted(sheets),
        "resolutions": [encode(one) for one in resolutions],
        "plans": [encode(one) for one in plans],
        "inspections": sorted(inspections),
    }
    return sha256(canonical.dumps(parts))


class ResultDigests(NamedTuple):
    """By what results are known again: SHA-256 of the policy, of all inputs, of the result itself."""

    policy: str
    inputs: str
    result: str


@dataclass(frozen=True)
class RoundResults:
    """The results of a round under ``policy``; ``valid`` are the sheets that count."""

    data: RoundData
    policy: Policy
    valid: tuple[ScoreSheet, ...]
    sums: tuple[Sums, ...]
    results: tuple[Result, ...]

    def under(self, policy: Policy) -> tuple[Result, ...]:
        """What the results would be under ``policy``: a "what if" that changes nothing."""
        return tuple(results_under(policy, self.sums))

    def digests(self) -> ResultDigests:
        """Of these results; takes milliseconds for each thousand sheets."""
        return ResultDigests(digest_of(self.policy), self.data.inputs_digest(), result_digest(self.results))

    @property
    def changed_since_freeze(self) -> bool:
        """Whether the round was frozen and gives another result now."""
        freeze = self.data.freeze
        return freeze is not None and freeze.result != result_digest(self.results)

    def to_json(self) -> dict[str, Any]:
        """The documented JSON form; decimals are strings."""
        freeze = self.data.freeze
        document: dict[str, Any] = {
            "round": self.data.round.id,
            "policy": encode(self.policy),
            "applications": [result_json(result, self.data.rubric) for result in self.results],
        }
        if freeze is not None:
            document["frozen"] = {
                "at": encode(freeze)["at"],
                "by": freeze.by,
                "reason": freeze.reason,
                "result": freeze.result,
                "changed_since": self.changed_since_freeze,
            }
        return document


def read_round(store: RoundStore) -> RoundData:
    """Everything that the results of an open round rest on, in one state, whoever writes it meanwhile."""
    with store.snapshot():
        return _read_round(store)


def _read_round(store: RoundStore) -> RoundData:
    value = store.round()
    freezes = store.all(Freeze)
    return RoundData(
        value,
        store.rubric(),
        tuple(store.all(Application)),
        tuple(screenings(store, value)),
        tuple(store.all(Assignment)),
        tuple(store.all(Recusal)),
        counting(store.all(ScoreSheet), store.all(PaperConfirmation)),
        tuple(store.all(Resolution)),
        tuple(store.all(InspectionPlan)),
        tuple(store.all(SiteInspection)),
        freezes[-1] if freezes else None,
    )


def read_round_in(store: RoundStore, language: str) -> RoundData:
    """``read_round`` with its computed reasons in ``language``; what is wrong with the file is said in the person's."""
    data = read_round(store)
    with using(language):
        return replace(data, screenings=reworded(data.screenings, data.applications, data.round))


def compute(data: RoundData, policy: Policy | None = None) -> RoundResults:
    """The results under the round's policy, or under ``policy`` for a "what if" that changes nothing."""
    with collector_paused():
        return _computed(data, policy or data.round.policy)


def _computed(data: RoundData, rule: Policy) -> RoundResults:
    counted = _counted(data)
    by_application: dict[str, list[Standing[ScoreSheet]]] = {}
    for (_expert, number), held in counted.items():
        by_application.setdefault(number, []).append(held)
    visits, rival = _visits(data)
    statuses = {one.number: one.status for one in data.screenings}
    entries = [
        Entry(
            application.number,
            application.applicant,
            statuses.get(application.number),
            tuple(held.record for held in by_application.get(application.number, ()) if held.record),
            any(held.in_conflict for held in by_application.get(application.number, ())),
            tuple(visit.overall for visit in visits.get(application.number, ())),
            _inspections_due(data, application.number, visits.get(application.number, ())),
            application.number in rival,
        )
        for application in data.applications
    ]
    valid = tuple(held.record for _identity, held in sorted(counted.items()) if held.record)
    sums = tuple(added_up(entries, data.rubric))
    return RoundResults(data, rule, valid, sums, tuple(results_under(rule, sums)))


def round_results(round_at: RoundAt) -> RoundResults:
    """The results of the round in ``round_at``."""
    with reading(round_at) as store, collector_paused():
        return compute(read_round(store))


def result_json(result: Result, rubric: Rubric) -> dict[str, Any]:
    """One application's result in the documented JSON form."""
    return {
        "number": result.number,
        "applicant": result.applicant,
        "valid_sheets": result.valid_sheets,
        "sheet_totals": {expert: rubric.points_text(total) for expert, total in result.sheet_totals.items()},
        "dropped": list(result.dropped),
        "final": None if result.final is None else f"{result.final:.2f}",
        "groups": {group: f"{points:.2f}" for group, points in result.groups.items()},
        "criteria": {code: f"{points:.2f}" for code, points in result.criteria.items()},
        "rank": result.rank,
        "grade": result.grade,
        "status": result.status.value,
        "recommendation": result.recommendation.value,
        "reasons": list(result.reasons),
        "deviations": [
            {
                "expert": deviation.expert,
                "total": rubric.points_text(deviation.total),
                "others_mean": f"{deviation.others_mean:.2f}",
                "difference": f"{deviation.difference:.2f}",
            }
            for deviation in result.deviations
        ],
    }


def result_digest(found: Sequence[Result]) -> str:
    """SHA-256 of the numbers of a result: finals, ranks, totals, what was dropped; not of words in a language."""
    return sha256(
        canonical.dumps(
            [
                {
                    "number": result.number,
                    "totals": {expert: decimal_text(total) for expert, total in result.sheet_totals.items()},
                    "dropped": list(result.dropped),
                    "final": None if result.final is None else decimal_text(result.final),
                    "rank": result.rank,
                    "status": result.status.value,
                    "recommendation": result.recommendation.value,
                }
                for result in found
            ]
        )
    )


def valid_inspections(data: RoundData) -> tuple[SiteInspection, ...]:
    """The newest record of each visit by an expert who scores or inspects and did not step back; of two contents of one
    revision neither."""
    return tuple(one.record for _identity, one in sorted(_inspected(data).items()) if one.record)


def _inspected(data: RoundData) -> dict[tuple[str, str], Standing[SiteInspection]]:
    """The standing of the record of every expert who scores or inspects and did not step back."""
    party = {(expert, plan.application) for plan in data.plans for expert in plan.experts}
    counting = (_assigned(data) | party) - _recused(data)
    return standings(inspection for inspection in data.inspections if inspection.identity in counting)


def _counted(data: RoundData) -> dict[tuple[str, str], Standing[ScoreSheet]]:
    """The standing of every assigned, not recused expert's sheet."""
    counting = _assigned(data) - _recused(data)
    return standings((s for s in data.sheets if s.identity in counting), data.resolutions)


def _assigned(data: RoundData) -> set[tuple[str, str]]:
    return {(one.expert, one.application) for one in data.assignments}


def _recused(data: RoundData) -> set[tuple[str, str]]:
    return {(one.expert, one.application) for one in data.recusals}


def _visits(data: RoundData) -> tuple[dict[str, list[SiteInspection]], set[str]]:
    """The records that count by application, and the applications of which there are only rival ones."""
    visits: dict[str, list[SiteInspection]] = {}
    rival: set[str] = set()
    for (_expert, number), one in sorted(_inspected(data).items()):
        if one.record is None:
            rival.add(number)
        else:
            visits.setdefault(number, []).append(one.record)
    return visits, rival - visits.keys()


def _inspections_due(data: RoundData, number: str, visits: Sequence[SiteInspection]) -> bool:
    """Whether a visit was planned and nobody's record of it has come; one record speaks for the whole party."""
    return any(plan.application == number and plan.experts for plan in data.plans) and not visits
