"""One expert's scores for one application: the draft being written and the sheet that is signed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from qisp_desktop.base.codec import Remembered, decimal_text
from qisp_desktop.base.i18n import _
from qisp_desktop.domain.rubric import Criterion, Rubric

LONGEST_REMARK = 100_000
"""Characters of a remark, at most."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A citation: a page (from 1) of a material, or a photo (page 0), by the file's SHA-256 and shown name."""

    sha256: str
    name: str
    page: int


@dataclass(frozen=True, slots=True)
class ItemScore:
    """The points for one criterion (单项得分), None while not scored, with remark and cited evidence."""

    criterion: str
    points: Decimal | None
    remark: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class DraftSheet:
    """What an expert has typed so far; items in the rubric's order, one for each criterion.

    ``revision`` is the one that signing will give, ``previous`` the digest of the signed sheet before (empty for the
    first), ``reason`` why a signed sheet was reopened.
    """

    application: str
    revision: int
    previous: str
    reason: str
    items: tuple[ItemScore, ...]

    @cached_property
    def total(self) -> Decimal:
        """The sum of what is scored so far."""
        return sum((item.points for item in self.items if item.points is not None), Decimal(0))

    @property
    def started(self) -> bool:
        """Whether anything was scored or remarked."""
        return any(item.points is not None or item.remark or item.evidence for item in self.items)


@dataclass(frozen=True)
class ScoreSheet(Remembered):
    """A complete sheet (评分表) as it is signed: identity (round, expert, application), revision, scores, total.

    ``previous`` is the digest of the revision before, empty for revision 1; ``template`` the version of the paper's
    layout; ``issue`` the issue under which it was signed.
    """

    round: str
    expert: str
    application: str
    revision: int
    previous: str
    reason: str
    issue: str
    rubric: str
    template: int
    items: tuple[ItemScore, ...]
    total: Decimal

    @property
    def identity(self) -> tuple[str, str]:
        """Expert and application."""
        return self.expert, self.application

    @cached_property
    def points(self) -> tuple[Decimal, ...]:
        """The points of the items in their order; a sheet that counts has some for each."""
        return tuple([item.points or Decimal(0) for item in self.items])


def empty_draft(application: str, rubric: Rubric) -> DraftSheet:
    """A draft with nothing scored."""
    return DraftSheet(
        application,
        1,
        "",
        "",
        tuple(ItemScore(c.code, None, "", ()) for c in rubric.criteria),
    )


def reopened(sheet: ScoreSheet, reason: str) -> DraftSheet:
    """The draft of the next revision of a signed sheet."""
    return DraftSheet(sheet.application, sheet.revision + 1, sheet.digest, reason, sheet.items)


def points_problem(criterion: Criterion, rubric: Rubric, points: Decimal) -> str:
    """Why ``points`` cannot stand for ``criterion``, with the range; empty when they can."""
    if not points.is_finite() or points < 0 or points > criterion.maximum:
        return _("{code}: {points} is outside 0 to {maximum}").format(
            code=criterion.code,
            points=str(points)[:20],
            maximum=decimal_text(criterion.maximum),
        )
    if not rubric.on_step(points):
        return _("{code}: {points} is not a multiple of {step}").format(
            code=criterion.code, points=str(points)[:20], step=decimal_text(rubric.step)
        )
    return ""


def remark_missing(criterion: Criterion, rubric: Rubric) -> str:
    """That ``criterion`` needs a remark, with the bound under which it does."""
    bound = decimal_text(rubric.remark_below * criterion.maximum)
    return _("{code}: a score under {bound} needs a remark").format(code=criterion.code, bound=bound)


def missing_items(items: tuple[ItemScore, ...], rubric: Rubric) -> list[str]:
    """What keeps a sheet from being complete: criteria without score or without a required remark, in order."""
    missing = []
    for criterion, item in zip(rubric.criteria, items, strict=True):
        if item.points is None:
            missing.append(_("{code}: no score").format(code=criterion.code))
        elif rubric.remark_required(criterion, item.points) and not item.remark.strip():
            missing.append(remark_missing(criterion, rubric))
    return missing


def sheet_problem(sheet: ScoreSheet, rubric: Rubric) -> str:
    """Why a received sheet does not fit the round's rubric; empty when it fits and is complete."""
    if sheet.rubric != rubric.digest:
        return _("it was scored with another rubric")
    if sheet.revision < 1 or (sheet.revision == 1) != (sheet.previous == ""):
        return _("its revision does not fit what it says of the one before")
    if tuple([item.criterion for item in sheet.items]) != rubric.codes:
        return _("its criteria are not those of the rubric")
    total = Decimal(0)
    for item in sheet.items:
        points, scale = item.points, rubric.scales[item.criterion]
        if points is None:
            return _("{code}: no score").format(code=item.criterion)
        needs_remark = scale.get(points)
        if needs_remark is None:
            return points_problem(rubric.by_code[item.criterion], rubric, points)
        if needs_remark and not item.remark.strip():
            return remark_missing(rubric.by_code[item.criterion], rubric)
        if item.evidence and any(evidence.page < 0 for evidence in item.evidence):
            return _("{code}: a citation names no page").format(code=item.criterion)
        if len(item.remark) > LONGEST_REMARK:
            return _("{code}: the remark is too long").format(code=item.criterion)
        total += points
    if total != sheet.total:
        return _("its total {total} is not the sum of its scores {sum}").format(total=sheet.total, sum=total)
    return ""
