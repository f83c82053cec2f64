"""The rule of a round in words, and what it makes of a few totals: so that who sets it sees what it does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from qisp_desktop.base.codec import decimal_text
from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.base.width import halfwidth
from qisp_desktop.domain.aggregation import deviations, dropped_experts, mean
from qisp_desktop.domain.calendar import DayCount
from qisp_desktop.domain.policy import LOWEST_GRADE, Aggregate, Policy
from qisp_desktop.domain.rubric import Rubric

EXAMPLE_TOTALS = (92, 88, 85, 80, 61)
"""Of 100 points; for a rubric with another maximum they are scaled."""
MOST_TOTALS = 15
_SEPARATORS = re.compile(r"[\s,;、，；]+")


@dataclass(frozen=True)
class ExampleTotal:
    """One expert's total in the example: whether it is dropped, and whether it deviates from the others."""

    points: Decimal
    dropped: bool
    deviates: bool


@dataclass(frozen=True)
class PolicyExample:
    """What a policy makes of some totals: ``final`` and ``grade`` are None below the quorum or the pass score."""

    totals: tuple[ExampleTotal, ...]
    final: Decimal | None
    grade: str | None
    passes: bool
    outcome: str


@dataclass(frozen=True)
class EffectCounts:
    """How many results another rule would give another final score, rank, grade or recommendation.

    ``applications`` are those that have a result under either rule, ``changed`` the numbers of those with any of these.
    """

    applications: int
    finals: int
    ranks: int
    grades: int
    recommendations: int
    changed: tuple[str, ...]


def policy_sentences(policy: Policy, rubric: Rubric) -> tuple[str, ...]:
    """The rule in words, a sentence for each part, in the order in which a result comes about."""
    return (
        _mean_words(policy),
        ngettext(
            "With fewer than {count} valid score sheet there is no result.",
            "With fewer than {count} valid score sheets there is no result.",
            policy.quorum,
        ).format(count=policy.quorum),
        _grade_words(policy),
        _tie_words(policy, rubric),
        _("A total that differs by more than {points} points from the mean of the others needs an explanation.").format(
            points=decimal_text(policy.deviation)
        ),
        _day_words(policy),
    )


def example_totals(rubric: Rubric) -> tuple[Decimal, ...]:
    """Totals to show a policy with, on the step of ``rubric``."""
    steps = (Decimal(points) * rubric.maximum / 100 // rubric.step for points in EXAMPLE_TOTALS)
    return tuple(step * rubric.step for step in steps)


def totals_in(text: str, rubric: Rubric) -> tuple[Decimal, ...] | None:
    """The totals in ``text`` as a person types them; None unless all are points of ``rubric``, 1 to 15 of them."""
    parts = [part for part in _SEPARATORS.split(halfwidth(text)) if part]
    try:
        totals = tuple(Decimal(part) for part in parts)
    except InvalidOperation:
        return None
    if not 0 < len(totals) <= MOST_TOTALS or not all(t.is_finite() and 0 <= t <= rubric.maximum for t in totals):
        return None
    return totals if all(rubric.on_step(total) for total in totals) else None


def policy_example(policy: Policy, totals: Sequence[Decimal]) -> PolicyExample:
    """What ``policy`` makes of ``totals``, by the same arithmetic as the results."""
    by_expert = {f"{place:03}": total for place, total in enumerate(totals)}
    enough = len(by_expert) >= policy.quorum
    dropped = dropped_experts(by_expert, policy) if enough else ()
    flagged = {one.expert for one in deviations(by_expert, policy.deviation)}
    shown = tuple(ExampleTotal(total, key in dropped, key in flagged) for key, total in by_expert.items())
    if not enough:
        text = ngettext("{count} valid sheet, {quorum} needed", "{count} valid sheets, {quorum} needed", len(shown))
        return PolicyExample(shown, None, None, False, text.format(count=len(shown), quorum=policy.quorum))
    final = mean([one.points for one in shown if not one.dropped])
    grade = policy.grade_of(final)
    if grade is None:
        outcome = _("final score {final}: below the pass score, not recommended").format(final=final)
    else:
        outcome = _("final score {final}: grade {grade}, recommended").format(final=final, grade=grade)
    return PolicyExample(shown, final, grade, grade is not None, outcome)


def _mean_words(policy: Policy) -> str:
    if policy.aggregate is Aggregate.MEAN:
        return _("The final score is the mean of all valid totals.")
    return _(
        "With {count} valid score sheets or more, one highest and one lowest total are dropped and the others "
        "averaged; with fewer, all are averaged."
    ).format(count=policy.trim_min)


def _grade_words(policy: Policy) -> str:
    bounds = sorted(policy.grades.items(), key=lambda entry: -entry[1])
    named = [
        _("{grade} from {points} points").format(grade=grade, points=decimal_text(bound))
        for grade, bound in bounds
        if grade != LOWEST_GRADE
    ]
    named.append(_("{grade} from {points} points").format(grade=LOWEST_GRADE, points=decimal_text(policy.pass_score)))
    return _("Recommended is who has {points} points or more; grades: {grades}.").format(
        points=decimal_text(policy.pass_score), grades=_(", ").join(named)
    )


def _tie_words(policy: Policy, rubric: Rubric) -> str:
    names = {group.code: group.label for group in rubric.groups}
    if not policy.tie_break:
        return _("Equal final scores share a rank.")
    order = _(", then ").join(names.get(code, code) for code in policy.tie_break)
    return _("Of equal final scores the better in {order} comes first; what is still equal shares a rank.").format(
        order=order
    )


def _day_words(policy: Policy) -> str:
    if policy.days is DayCount.WORKING:
        return _("The periods of Art. 14 count working days.")
    return _("The periods of Art. 14 count calendar days.")
