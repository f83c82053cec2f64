"""Points as they are typed: what may still become a score, and what never can."""

from __future__ import annotations

import re
from decimal import ROUND_CEILING, Decimal

from qisp_desktop.base.codec import decimal_text
from qisp_desktop.base.i18n import _
from qisp_desktop.base.width import halfwidth
from qisp_desktop.domain.rubric import Criterion, Rubric
from qisp_desktop.domain.typed_points import parse_points

_BEGUN = re.compile(r"[0-9]{0,6}(\.[0-9]{0,4})?", re.ASCII)


def as_digits(text: str) -> str:
    """``text`` with full-width digits, full-width points and the Chinese full stop as plain ones, without blanks."""
    return "".join(halfwidth(text).replace("。", ".").split())


def value_of(text: str, criterion: Criterion, rubric: Rubric) -> Decimal | None:
    """The score that ``text`` writes; None when it writes none that could stand."""
    try:
        points = parse_points(text)
    except ValueError:
        return None
    return points if points <= criterion.maximum and rubric.on_step(points) else None


def may_become_score(text: str, criterion: Criterion, rubric: Rubric) -> bool:
    """Whether ``text`` is the beginning of a score: nothing, ``3.`` before ``3.5``, ``1`` before ``10``."""
    if not _BEGUN.fullmatch(text):
        return False
    whole, point, fraction = text.partition(".")
    value = Decimal(f"{whole or '0'}.{fraction or '0'}")
    width = Decimal(1).scaleb(-len(fraction))
    if _score_within(value, width, criterion, rubric):
        return True
    longest = len(str(int(criterion.maximum))) - len(whole)
    if point or not int(whole or "0"):
        return False
    return any(_score_within(value.scaleb(n), width.scaleb(n), criterion, rubric) for n in range(1, longest + 1))


def range_text(criterion: Criterion, rubric: Rubric) -> str:
    """What can be scored, in words."""
    return _("0 to {maximum}, in steps of {step}").format(
        maximum=decimal_text(criterion.maximum), step=decimal_text(rubric.step)
    )


def _score_within(lowest: Decimal, width: Decimal, criterion: Criterion, rubric: Rubric) -> bool:
    """Whether a score lies in ``lowest`` (included) to ``lowest + width`` (not included)."""
    score = (lowest / rubric.step).to_integral_value(ROUND_CEILING) * rubric.step
    return score < lowest + width and score <= criterion.maximum
