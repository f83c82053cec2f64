"""From sheets to a result: exact, rounded once, and the same on every machine.

Sums are decimals, which are exact within the bounds that ``rubric.problems`` sets; means are fractions of them, rounded
once, at the end. The numbered rules are those of the design:

1. a sheet's total is the sum of its item scores;
2. an application's valid sheets are the newest accepted ones of each assigned, not recused expert;
3. fewer valid sheets than the quorum, or a sheet in conflict: no result;
4. the final score is the plain or the trimmed mean of the totals, groups and criteria are plain means of all sheets;
5. ranks go by the final score, ties by the groups in the policy's order;
6. the recommendation names every reason against and every missing input;
7. a total that deviates from the mean of the others asks for an explanation.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from qisp_desktop.base.codec import decimal_text
from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.domain.inspection import Overall
from qisp_desktop.domain.policy import Aggregate, Policy
from qisp_desktop.domain.regulation import Term
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.domain.score_sheet import ScoreSheet
from qisp_desktop.domain.screening import ScreeningStatus

ZERO = Decimal(0)


class ResultStatus(Term):
    """Whether an application has a result, and if not, why not."""

    OK = "ok", "有效", "ok"
    QUORUM_NOT_MET = "quorum_not_met", "有效评分表不足", "too few valid sheets"
    NOT_SCREENED = "not_screened", "形式审查未完成", "not screened"
    SCREENED_OUT = "screened_out", "形式审查未通过", "screened out"
    CONFLICT = "conflict", "版本冲突待裁定", "conflict to decide"


class Recommendation(Term):
    """What the panel's result recommends (推荐意见)."""

    RECOMMENDED = "recommended", "推荐", "recommended"
    NOT_RECOMMENDED = "not_recommended", "不推荐", "not recommended"
    UNDECIDED = "undecided", "待定", "undecided"


@dataclass(frozen=True)
class Entry:
    """All that the result of one application rests on.

    ``sheets`` are the valid ones, one for each expert; ``conflict`` whether a sheet awaits a clerk's decision;
    ``inspections_due`` whether a planned inspection has not come back; ``inspections_rival`` whether it came back, as
    nobody's record but one in two versions, of which neither counts.
    """

    number: str
    applicant: str
    screening: ScreeningStatus | None
    sheets: tuple[ScoreSheet, ...]
    conflict: bool
    inspections: tuple[Overall, ...]
    inspections_due: bool
    inspections_rival: bool = False


@dataclass(frozen=True)
class Sums:
    """An entry, which needs its sheets no more, with each expert's total and the rounded means of groups and criteria
    (rule 4): the same under any policy."""

    entry: Entry
    totals: Mapping[str, Decimal]
    groups: Mapping[str, Decimal]
    criteria: Mapping[str, Decimal]


@dataclass(frozen=True)
class Deviation:
    """A total that differs from the mean of the other valid totals by more than the policy allows (rule 7)."""

    expert: str
    total: Decimal
    others_mean: Decimal
    difference: Decimal


@dataclass(frozen=True)
class Result:
    """The result of one application; points are rounded half up to 2 decimals, totals are exact."""

    number: str
    applicant: str
    valid_sheets: int
    sheet_totals: Mapping[str, Decimal]
    dropped: tuple[str, ...]
    final: Decimal | None
    groups: Mapping[str, Decimal]
    criteria: Mapping[str, Decimal]
    rank: int | None
    grade: str | None
    status: ResultStatus
    recommendation: Recommendation
    reasons: tuple[str, ...]
    deviations: tuple[Deviation, ...]


def round_half_up(value: Fraction) -> Decimal:
    """``value`` to 2 decimals, halves upwards (towards plus infinity; points are never negative)."""
    return _rounded(value.numerator, value.denominator)


def mean(values: Collection[Decimal]) -> Decimal:
    """The exact mean of at least one value, rounded once (half up) to 2 decimals."""
    return _mean_of(sum(values, ZERO), len(values))


@lru_cache(maxsize=16_384)
def _mean_of(total: Decimal, count: int) -> Decimal:
    # Points come in steps, so a round's thousands of means are a few hundred different ones.
    numerator, denominator = total.as_integer_ratio()
    return _rounded(numerator, denominator * count)


def _rounded(numerator: int, denominator: int) -> Decimal:
    """Half up to hundredths in whole numbers: floor(100 x + 1/2)."""
    return Decimal((200 * numerator + denominator) // (2 * denominator)).scaleb(-2)


def dropped_experts(totals: Mapping[str, Decimal], policy: Policy) -> tuple[str, ...]:
    """Whose totals the trimmed mean drops (rule 4): one highest and one lowest; among equals the smallest id."""
    if policy.aggregate is not Aggregate.TRIMMED or len(totals) < policy.trim_min:
        return ()
    top = max(totals.values())
    highest = min(expert for expert, total in totals.items() if total == top)
    others = {expert: total for expert, total in totals.items() if expert != highest}
    bottom = min(others.values())
    lowest = min(expert for expert, total in others.items() if total == bottom)
    return tuple(sorted((highest, lowest)))


def deviations(totals: Mapping[str, Decimal], limit: Decimal) -> tuple[Deviation, ...]:
    """The totals that ask for an explanation (rule 7); compared exactly, shown rounded."""
    if len(totals) < 2:
        return ()
    everything = sum(totals.values(), ZERO)
    count, others = len(totals), len(totals) - 1
    found = []
    for expert, total in sorted(totals.items()):
        # |total - rest / others| > limit, without dividing
        if abs(total * count - everything) > limit * others:
            rest = everything - total
            others_mean = Fraction(rest) / others
            difference = round_half_up(abs(Fraction(total) - others_mean))
            sign = 1 if total * others >= rest else -1
            found.append(Deviation(expert, total, round_half_up(others_mean), sign * difference))
    return tuple(found)


def results(entries: Iterable[Entry], rubric: Rubric, policy: Policy) -> list[Result]:
    """The results of a round in the order of application numbers (rules 1 to 7)."""
    return results_under(policy, added_up(entries, rubric))


def added_up(entries: Iterable[Entry], rubric: Rubric) -> list[Sums]:
    """What no policy changes, in the order of application numbers: done once for any number of policies."""
    return [_sums(entry, rubric) for entry in sorted(entries, key=lambda entry: entry.number)]


def results_under(policy: Policy, sums: Iterable[Sums]) -> list[Result]:
    """The results of what was ``added_up``, under ``policy``."""
    unranked = [_result(one, policy) for one in sums]
    ranks = _ranks(unranked, policy)
    return [replace(result, rank=ranks[result.number]) if result.number in ranks else result for result in unranked]


def ranking(unordered: Iterable[Result]) -> list[Result]:
    """The ranked results by rank, then those without a rank, each by number."""
    return sorted(
        unordered,
        key=lambda result: (result.rank is None, result.rank or 0, result.number),
    )


def _sums(entry: Entry, rubric: Rubric) -> Sums:
    sheets = sorted(entry.sheets, key=lambda sheet: sheet.expert)
    return Sums(replace(entry, sheets=()), {sheet.expert: sheet.total for sheet in sheets}, *_means(sheets, rubric))


def _result(sums: Sums, policy: Policy) -> Result:
    entry, totals = sums.entry, sums.totals
    status = _status(entry, len(totals), policy)
    dropped: tuple[str, ...] = ()
    final = None
    if status is ResultStatus.OK:
        dropped = dropped_experts(totals, policy)
        final = mean([total for expert, total in totals.items() if expert not in dropped])
    recommendation, reasons = _recommendation(entry, len(totals), status, final, policy)
    return Result(
        entry.number,
        entry.applicant,
        len(totals),
        totals,
        dropped,
        final,
        sums.groups,
        sums.criteria,
        None,
        None if final is None else policy.grade_of(final),
        status,
        recommendation,
        reasons,
        deviations(totals, policy.deviation),
    )


def _status(entry: Entry, sheets: int, policy: Policy) -> ResultStatus:
    if entry.screening is ScreeningStatus.REFUSED:
        return ResultStatus.SCREENED_OUT
    if entry.screening is not ScreeningStatus.ACCEPTED:
        return ResultStatus.NOT_SCREENED
    if entry.conflict:
        return ResultStatus.CONFLICT
    if sheets < policy.quorum:
        return ResultStatus.QUORUM_NOT_MET
    return ResultStatus.OK


def _means(sheets: list[ScoreSheet], rubric: Rubric) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """Group and criterion means over all valid sheets (rule 4)."""
    if not sheets:
        return {}, {}
    count = len(sheets)
    sums = [sum(column, ZERO) for column in zip(*(sheet.points for sheet in sheets), strict=True)]
    by_code = dict(zip(rubric.codes, sums, strict=True))
    criteria = {code: _mean_of(total, count) for code, total in by_code.items()}
    groups = {
        group.code: _mean_of(sum([by_code[c.code] for c in group.criteria], ZERO), count) for group in rubric.groups
    }
    return groups, criteria


def _recommendation(
    entry: Entry, sheets: int, status: ResultStatus, final: Decimal | None, policy: Policy
) -> tuple[Recommendation, tuple[str, ...]]:
    """Rule 6: every reason against is named; without a reason against, a missing input leaves it undecided."""
    against: list[str] = []
    missing: list[str] = []
    if status is ResultStatus.SCREENED_OUT:
        against.append(_("the formal check refused it"))
    if status is ResultStatus.NOT_SCREENED:
        missing.append(_("the formal check has not accepted it yet"))
    if status is ResultStatus.CONFLICT:
        missing.append(_("a sheet exists in two versions and awaits a decision"))
    if status is ResultStatus.QUORUM_NOT_MET:
        text = ngettext("{count} valid sheet, {quorum} needed", "{count} valid sheets, {quorum} needed", sheets)
        missing.append(text.format(count=sheets, quorum=policy.quorum))
    if final is not None and final < policy.pass_score:
        against.append(
            _("final score {final} is below the pass score {pass_score}").format(
                final=final, pass_score=decimal_text(policy.pass_score)
            )
        )
    if Overall.FAIL in entry.inspections:
        against.append(_("the site inspection failed"))
    if entry.inspections_rival:
        missing.append(_("a site inspection came back in two versions, of which neither counts"))
    elif entry.inspections_due:
        missing.append(_("a planned site inspection has not come back"))
    if against:
        return Recommendation.NOT_RECOMMENDED, tuple(against + missing)
    if missing:
        return Recommendation.UNDECIDED, tuple(missing)
    return Recommendation.RECOMMENDED, ()


def _ranks(unranked: list[Result], policy: Policy) -> dict[str, int]:
    """Rule 5: by final score, then by the groups in the policy's order; what is still equal shares a rank."""
    keyed = sorted(
        (
            (-result.final, *(-result.groups[group] for group in policy.tie_break)),
            result.number,
        )
        for result in unranked
        if result.final is not None
    )
    ranks: dict[str, int] = {}
    for position, (key, number) in enumerate(keyed, start=1):
        tied = position > 1 and keyed[position - 2][0] == key
        ranks[number] = ranks[keyed[position - 2][1]] if tied else position
    return ranks
