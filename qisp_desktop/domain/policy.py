"""How sheets become a result: the round's policy, with its defaults and its bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from qisp_desktop.base.codec import CodecError, decimal_text, decode, encode
from qisp_desktop.base.i18n import _
from qisp_desktop.domain.calendar import DayCount
from qisp_desktop.domain.regulation import Term
from qisp_desktop.domain.rubric import Rubric

LOWEST_GRADE = "C"
"""The grade from the pass score on."""


class Aggregate(Term):
    """How the final score is made of sheet totals."""

    TRIMMED = "trimmed", "去掉一个最高分和一个最低分后的平均分", "trimmed mean"
    MEAN = "mean", "平均分", "mean"


@dataclass(frozen=True)
class Policy:
    """The rule of a round.

    ``quorum`` valid sheets are needed for a result; ``trimmed`` drops one highest and one lowest total from
    ``trim_min`` sheets on; ``pass_score``, ``deviation`` and the bounds of ``grades`` are points; ``tie_break`` is an
    order of group codes; ``days`` says which days the clocks of Art. 14 count.
    """

    aggregate: Aggregate = Aggregate.TRIMMED
    trim_min: int = 5
    quorum: int = 3
    pass_score: Decimal = Decimal(75)
    deviation: Decimal = Decimal(15)
    tie_break: tuple[str, ...] = ("P", "C", "Q", "R")
    grades: Mapping[str, Decimal] = field(default_factory=lambda: {"A": Decimal(90), "B": Decimal(80)})
    days: DayCount = DayCount.CALENDAR

    def grade_of(self, final: Decimal) -> str | None:
        """The grade (Art. 16) of a final score; ``C`` from the pass score on, None below it."""
        if final < self.pass_score:
            return None
        for grade, bound in sorted(self.grades.items(), key=lambda entry: -entry[1]):
            if final >= bound:
                return grade
        return LOWEST_GRADE


def policy_from(document: object, rubric: Rubric) -> Policy:
    """A policy from the JSON form with every key optional; what is absent has its default.

    The default order of ties is P, C, Q, R as far as ``rubric`` has these groups, then its other groups. Raises
    CodecError for an unknown key, a value of the wrong kind, or one out of bounds.
    """
    if not isinstance(document, dict):
        raise CodecError(_("a policy is a JSON object"))
    codes = tuple(group.code for group in rubric.groups)
    usual = tuple(code for code in Policy.tie_break if code in codes)
    default: dict[str, Any] = encode(Policy(tie_break=usual + tuple(code for code in codes if code not in usual)))
    unknown = sorted(set(document) - set(default))
    if unknown:
        raise CodecError(
            _("unknown key {key!r}; known are {known}").format(key=unknown[0][:40], known=", ".join(default))
        )
    policy = decode(Policy, default | document)
    if problem := policy_problem(policy, rubric):
        raise CodecError(problem)
    return policy


def policy_problem(policy: Policy, rubric: Rubric) -> str:
    """Why ``policy`` cannot be carried out with ``rubric``; empty when it can."""
    codes = {group.code for group in rubric.groups}
    if policy.quorum < 1:
        return _("quorum: must be at least 1")
    if policy.trim_min < 3:
        return _("trim_min: must be at least 3, so that a sheet is left")
    if not 0 <= policy.pass_score <= rubric.maximum:
        return _("pass_score: must lie between 0 and {maximum}").format(maximum=decimal_text(rubric.maximum))
    if policy.deviation <= 0:
        return _("deviation: must be greater than 0")
    if not set(policy.tie_break) <= codes or len(set(policy.tie_break)) != len(policy.tie_break):
        return _("tie_break: must name groups of the rubric ({groups}), each once").format(
            groups=", ".join(sorted(codes))
        )
    if any(not grade.strip() for grade in policy.grades):
        return _("grades: a grade has no name")
    bounds = list(policy.grades.values())
    if any(not policy.pass_score <= bound <= rubric.maximum for bound in bounds) or len(set(bounds)) != len(bounds):
        return _("grades: bounds must differ and lie between the pass score and {maximum}").format(
            maximum=decimal_text(rubric.maximum)
        )
    if policy.grades.get(LOWEST_GRADE, policy.pass_score) != policy.pass_score:
        return _("grades: {grade} is the grade from the pass score on").format(grade=LOWEST_GRADE)
    return ""
