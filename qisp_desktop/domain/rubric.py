"""What is scored: groups of criteria with maximum points and anchored levels, and the site-inspection checklist."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from qisp_desktop.base.codec import decimal_text, digest_of
from qisp_desktop.base.i18n import _, labelled, language

CODE = re.compile(r"[A-Z][A-Za-z0-9_]{0,15}")
MOST_DECIMALS = 4
"""Decimals of a step or another point value, at most."""
LARGEST_POINTS = 10_000
"""Points of a criterion, at most. With MOST_DECIMALS this keeps every sum within the 28 digits of exact decimals."""
MOST_CRITERIA = 500
"""Criteria of a rubric, at most."""
MOST_STEPS = 2000
"""Steps from 0 to the maximum of a criterion, at most: ``scales`` lists them."""
_FINEST = Decimal(1).scaleb(-MOST_DECIMALS)
_Report = Callable[[str, str], None]


def _name(zh: str, en: str) -> str:
    return zh if language() == "zh_CN" or not en else en


@dataclass(frozen=True)
class Level:
    """An anchored level (等级): points from ``lowest`` to ``highest``, both included, and what they stand for."""

    name: str
    name_en: str
    lowest: Decimal
    highest: Decimal
    sentence: str
    sentence_en: str

    @property
    def label(self) -> str:
        """The name in the current language."""
        return _name(self.name, self.name_en)

    @property
    def text(self) -> str:
        """The sentence in the current language."""
        return _name(self.sentence, self.sentence_en)


@dataclass(frozen=True)
class Criterion:
    """A scored item (评分项): 0 to ``maximum`` points in the rubric's step, resting on ``article`` of the measures."""

    code: str
    name: str
    name_en: str
    maximum: Decimal
    article: str
    levels: tuple[Level, ...]

    @property
    def label(self) -> str:
        """The name in the current language."""
        return _name(self.name, self.name_en)

    def level_of(self, points: Decimal) -> Level | None:
        """The level whose range holds ``points``."""
        return next(
            (level for level in self.levels if level.lowest <= points <= level.highest),
            None,
        )


@dataclass(frozen=True)
class CriterionGroup:
    """A group of criteria (一级指标)."""

    code: str
    name: str
    name_en: str
    criteria: tuple[Criterion, ...]

    @property
    def label(self) -> str:
        """The name in the current language."""
        return _name(self.name, self.name_en)

    @cached_property
    def maximum(self) -> Decimal:
        """The sum of the criteria's maximum points."""
        return sum((criterion.maximum for criterion in self.criteria), Decimal(0))


@dataclass(frozen=True)
class ChecklistItem:
    """A question of the site inspection (现场核查项)."""

    code: str
    text: str
    text_en: str
    article: str

    @property
    def label(self) -> str:
        """The question in the current language."""
        return _name(self.text, self.text_en)


@dataclass(frozen=True)
class Rubric:
    """A round's scoring standard (评分标准), frozen by its digest when the first package is issued.

    ``step`` is the smallest difference of points; a score under ``remark_below`` times the criterion's maximum needs a
    remark.
    """

    name: str
    version: str
    step: Decimal
    remark_below: Decimal
    groups: tuple[CriterionGroup, ...]
    checklist: tuple[ChecklistItem, ...]

    @cached_property
    def criteria(self) -> tuple[Criterion, ...]:
        """All criteria in the order of the groups."""
        return tuple(criterion for group in self.groups for criterion in group.criteria)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The criteria's codes in the order of the groups."""
        return tuple(criterion.code for criterion in self.criteria)

    @cached_property
    def by_code(self) -> dict[str, Criterion]:
        """The criteria by their codes."""
        return {criterion.code: criterion for criterion in self.criteria}

    @cached_property
    def scales(self) -> dict[str, dict[Decimal, bool]]:
        """For each criterion the points that can be given, from 0 to the maximum, and whether they need a remark."""
        return {criterion.code: self._scale(criterion) for criterion in self.criteria}

    def _scale(self, criterion: Criterion) -> dict[Decimal, bool]:
        steps = (self.step * n for n in range(int(criterion.maximum / self.step) + 1))
        return {points: self.remark_required(criterion, points) for points in steps}

    @cached_property
    def maximum(self) -> Decimal:
        """The highest possible total."""
        return sum((group.maximum for group in self.groups), Decimal(0))

    @cached_property
    def digest(self) -> str:
        """What the round freezes: SHA-256 of the canonical document."""
        return digest_of(self)

    @cached_property
    def decimals(self) -> int:
        """How many decimals a score or a total of this rubric can have."""
        return max(0, -int(self.step.normalize().as_tuple().exponent))

    def points_text(self, points: Decimal) -> str:
        """Points as papers and screens show them, with the step's number of decimals: ``86.0``."""
        return f"{points:.{self.decimals}f}"

    def on_step(self, points: Decimal) -> bool:
        """Whether ``points`` is a multiple of the step."""
        return points % self.step == 0

    def remark_required(self, criterion: Criterion, points: Decimal) -> bool:
        """Whether ``points`` for ``criterion`` must be explained by a remark."""
        return points < self.remark_below * criterion.maximum


@dataclass(frozen=True)
class RubricProblem:
    """A mistake in a rubric; ``path`` is the exact place, such as ``groups[1].criteria[3].levels[0].highest``.

    ``line`` and ``column`` (from 1) are where it stands in a file, 0 where there is none.
    """

    path: str
    message: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        text = labelled(self.path, self.message) if self.path else self.message
        if not self.line:
            return text
        return _("line {line}, column {column}: {message}").format(line=self.line, column=self.column, message=text)


def problems(rubric: Rubric) -> list[RubricProblem]:
    """Everything that makes ``rubric`` unfit for scoring; empty when it is fit."""
    found: list[RubricProblem] = []

    def report(path: str, message: str) -> None:
        found.append(RubricProblem(path, message))

    if not rubric.name.strip():
        report("name", _("is empty"))
    if not _is_measure(rubric.step) or rubric.step <= 0:
        report("step", _("must be greater than 0, with {most} decimals at most").format(most=MOST_DECIMALS))
        return found
    if not _is_measure(rubric.remark_below) or not 0 <= rubric.remark_below <= 1:
        report("remark_below", _("must lie between 0 and 1, with {most} decimals at most").format(most=MOST_DECIMALS))
    if not rubric.groups:
        report("groups", _("is empty"))
    if len(rubric.criteria) > MOST_CRITERIA:
        report("groups", _("has more than {most} criteria").format(most=MOST_CRITERIA))
    seen: set[str] = set()
    for g, group in enumerate(rubric.groups):
        _check_code(group.code, f"groups[{g}].code", seen, report)
        if not group.name.strip():
            report(f"groups[{g}].name", _("is empty"))
        if not group.criteria:
            report(f"groups[{g}].criteria", _("is empty"))
        for c, criterion in enumerate(group.criteria):
            place = f"groups[{g}].criteria[{c}]"
            _check_code(criterion.code, f"{place}.code", seen, report)
            _check_criterion(rubric, criterion, place, report)
    for i, item in enumerate(rubric.checklist):
        _check_code(item.code, f"checklist[{i}].code", seen, report)
        if not item.text.strip():
            report(f"checklist[{i}].text", _("is empty"))
    return found


def _is_measure(value: Decimal) -> bool:
    """Whether sums of such values are exact."""
    return value.is_finite() and abs(value) <= LARGEST_POINTS and value == value.quantize(_FINEST)


def _check_code(code: str, path: str, seen: set[str], report: _Report) -> None:
    if not CODE.fullmatch(code):
        report(
            path,
            _("{code!r} is not a capital letter followed by letters and digits").format(code=code),
        )
    elif code in seen:
        report(path, _("the code {code} is used twice").format(code=code))
    seen.add(code)


def _check_criterion(rubric: Rubric, criterion: Criterion, place: str, report: _Report) -> None:
    if not criterion.name.strip():
        report(f"{place}.name", _("is empty"))
    if not _is_measure(criterion.maximum) or criterion.maximum <= 0 or not rubric.on_step(criterion.maximum):
        report(
            f"{place}.maximum",
            _("must be a positive multiple of the step {step}, {largest} at most").format(
                step=decimal_text(rubric.step), largest=LARGEST_POINTS
            ),
        )
        return
    if criterion.maximum > MOST_STEPS * rubric.step:
        report(f"{place}.maximum", _("is more than {most} steps").format(most=MOST_STEPS))
        return
    if not criterion.levels:
        report(f"{place}.levels", _("is empty"))
    for n, level in enumerate(criterion.levels):
        for field, text in (("name", level.name), ("sentence", level.sentence)):
            if not text.strip():
                report(f"{place}.levels[{n}].{field}", _("is empty"))
    _check_ranges(rubric, criterion, place, report)


def _check_ranges(rubric: Rubric, criterion: Criterion, place: str, report: _Report) -> None:
    """Report the first level that breaks the way down; what follows it would only be blamed for its mistake."""
    expected = criterion.maximum
    for n, level in enumerate(criterion.levels):
        if expected < 0:
            report(f"{place}.levels[{n}]", _("stands after the level that ends at 0"))
            return
        if level.highest != expected:
            report(
                f"{place}.levels[{n}].highest",
                _("must be {expected}: levels go from the maximum down to 0 without gap or overlap").format(
                    expected=decimal_text(expected)
                ),
            )
            return
        if not 0 <= level.lowest <= level.highest or not rubric.on_step(level.lowest):
            report(
                f"{place}.levels[{n}].lowest",
                _("must be a multiple of the step between 0 and {highest}").format(highest=decimal_text(level.highest)),
            )
            return
        expected = level.lowest - rubric.step
    if criterion.levels and expected >= 0:
        report(f"{place}.levels[{len(criterion.levels) - 1}].lowest", _("must be 0: the last level ends at 0"))
