"""A paper's scores as a document, for the command line: ``{"scores": {"Q1": "3.5", …}, "remarks": {"Q1": "…"}}``."""

from __future__ import annotations

from decimal import Decimal

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.domain.score_sheet import ItemScore
from qisp_desktop.domain.typed_points import parse_points
from qisp_desktop.services.opened import RoundAt, reading


def items_from(document: object, rubric: Rubric, *, whole: bool = True) -> tuple[ItemScore, ...]:
    """The items that ``document`` says, in the rubric's order; only those named unless ``whole``.

    Raises UserError for what is no such document; whether the scores are complete is for the service to say.
    """
    if not isinstance(document, dict) or not set(document) <= {"scores", "remarks"}:
        raise _refused(_("expected an object with scores and remarks"))
    scores, remarks = document.get("scores", {}), document.get("remarks", {})
    if not isinstance(scores, dict) or not isinstance(remarks, dict):
        raise _refused(_("expected an object with scores and remarks"))
    if unknown := sorted({*map(str, scores), *map(str, remarks)} - set(rubric.codes)):
        raise _refused(_("not in the scoring standard: {codes}").format(codes=_(", ").join(unknown[:10])))
    return tuple(
        ItemScore(code, _points(code, scores.get(code)), _remark(code, remarks.get(code, "")), ())
        for code in rubric.codes
        if whole or code in scores
    )


def rubric_of(round_at: RoundAt) -> Rubric:
    """The round's scoring standard."""
    with reading(round_at) as store:
        return store.rubric()


def _points(code: str, value: object) -> Decimal | None:
    if value is None:
        return None
    try:
        if not isinstance(value, str):
            raise ValueError(code)
        return parse_points(value)
    except ValueError as error:
        raise _refused(_('{code}: a number as text is expected, such as "3.5"').format(code=code)) from error


def _remark(code: str, value: object) -> str:
    if not isinstance(value, str):
        raise _refused(_("{code}: the remark must be a text").format(code=code))
    return value


def _refused(why: str) -> UserError:
    return UserError(_("The scores cannot be read."), why, _("Correct the file and try again."))
