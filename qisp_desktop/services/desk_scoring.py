"""Scores, remarks, recusals and inspections as documents, checked whole and taken all or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from qisp_desktop.base.codec import CodecError, decode
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _, labelled
from qisp_desktop.base.texts import clean_text
from qisp_desktop.domain.panel import Declaration, Recusal
from qisp_desktop.domain.regulation import RecusalGround
from qisp_desktop.domain.score_sheet import (
    LONGEST_REMARK,
    DraftSheet,
    Evidence,
    ItemScore,
    points_problem,
    reopened,
)
from qisp_desktop.domain.typed_points import parse_points
from qisp_desktop.services.desk import Desk
from qisp_desktop.services.desk_editing import settled_recusals

__all__ = ["Refused", "ScoringReport", "clean_text", "parse_points", "score"]

DEFAULT_REASON = "revised by the expert"
LONGEST_REASON = 2000


@dataclass(frozen=True)
class Refused:
    """Why an entry cannot be taken; ``place`` such as ``QISP-2026-001.scores.Q1``."""

    place: str
    message: str


@dataclass(frozen=True)
class ScoringReport:
    """What ``score`` changed."""

    changed: tuple[str, ...]
    recused: tuple[str, ...]


def score(desk: Desk, document: object) -> ScoringReport:
    """Take scores in the form of SCORES.json into the desk: all of them, or none when anything is wrong.

    An entry without recusal declares no interest. A signed sheet whose content changes is reopened as the next
    revision. Raises UserError naming every wrong place.
    """
    if not isinstance(document, dict):
        raise _refusal([Refused("", _("expected an object with application numbers"))])
    wrong: list[Refused] = []
    drafts: list[DraftSheet] = []
    recusals: list[Recusal] = []
    declared: list[str] = []
    for number, entry in document.items():
        before = len(wrong)
        recusal = _recusal(desk, number, entry, wrong)
        if recusal is not None:
            recusals.append(recusal)
        elif len(wrong) == before:
            draft = _draft(desk, number, entry, wrong)
            declared.append(number)
            if draft is not None:
                drafts.append(draft)
    if wrong:
        raise _refusal(wrong)
    now = datetime.now(UTC).replace(microsecond=0)
    with desk.store.change() as change:
        for recusal in recusals:
            change.put(recusal)
            if desk.draft(recusal.application) is not None:
                change.remove(DraftSheet, recusal.application)
        for number in declared:
            if desk.store.get(Declaration, number) is None:
                change.put(Declaration(number, now))
        for draft in drafts:
            change.put(draft)
    return ScoringReport(
        tuple(draft.application for draft in drafts), tuple(recusal.application for recusal in recusals)
    )


def _refusal(wrong: list[Refused]) -> UserError:
    shown = _("; ").join(labelled(one.place, one.message) if one.place else one.message for one in wrong[:20])
    if len(wrong) > 20:
        shown += _("; and {count} more").format(count=len(wrong) - 20)
    return UserError(_("The scores were not taken."), shown, _("Correct them and try again; nothing was changed."))


def _recusal(desk: Desk, number: str, entry: object, wrong: list[Refused]) -> Recusal | None:
    """The recusal that an entry declares; problems that concern the entry as a whole go to ``wrong``."""
    if number not in desk.records.assigned:
        wrong.append(Refused(number, _("not assigned to you")))
        return None
    if not isinstance(entry, dict):
        wrong.append(Refused(number, _("expected an object")))
        return None
    unknown = sorted(set(entry) - {"scores", "remarks", "evidence", "recuse", "reason"})
    if unknown:
        wrong.append(Refused(number, _("unknown key {key}").format(key=unknown[0])))
        return None
    recuse = entry.get("recuse")
    held = desk.store.get(Recusal, number)
    if recuse is None:
        if held is not None:
            wrong.append(Refused(number, _("you stepped back from it; that stands")))
        return None
    if entry.get("scores") or entry.get("remarks"):
        wrong.append(Refused(number, _("either scores or a recusal, not both")))
        return None
    if not isinstance(recuse, dict) or set(recuse) != {"ground", "reason"}:
        wrong.append(Refused(f"{number}.recuse", _("expected an object with ground and reason")))
        return None
    ground, reason = recuse["ground"], recuse["reason"]
    if ground not in [one.value for one in RecusalGround]:
        choices = ", ".join(one.value for one in RecusalGround)
        wrong.append(Refused(f"{number}.recuse.ground", _("expected one of {choices}").format(choices=choices)))
        return None
    if not isinstance(reason, str) or not reason.strip() or len(reason) > LONGEST_REASON:
        wrong.append(Refused(f"{number}.recuse.reason", _("a recusal needs a sentence of reason")))
        return None
    recusal = Recusal(desk.manifest.expert, number, RecusalGround(ground), clean_text(reason))
    if held not in (None, recusal) and number in settled_recusals(desk):
        wrong.append(Refused(f"{number}.recuse", _("you stepped back from it with other words; those stand")))
        return None
    return recusal


def _draft(desk: Desk, number: str, entry: Mapping[str, Any], wrong: list[Refused]) -> DraftSheet | None:
    """The draft after the entry; None when it changes nothing."""
    reason = entry.get("reason", DEFAULT_REASON)
    if not isinstance(reason, str) or not reason.strip() or len(reason) > LONGEST_REASON:
        wrong.append(Refused(f"{number}.reason", _("expected a sentence")))
        return None
    draft = desk.draft(number)
    signed = desk.signed_sheet(number)
    if draft is None:
        draft = reopened(signed, clean_text(reason)) if signed else desk.draft_or_new(number)
    elif signed and "reason" in entry:
        draft = replace(draft, reason=clean_text(reason))
    items = {item.criterion: item for item in draft.items}
    before = len(wrong)
    _take(entry, "scores", number, items, wrong, lambda code, value: _scored(desk, items[code], value))
    _take(entry, "remarks", number, items, wrong, lambda code, value: _remarked(items[code], value))
    _take(entry, "evidence", number, items, wrong, lambda code, value: _cited(desk, number, items[code], value))
    if len(wrong) > before:
        return None
    changed = tuple(items[item.criterion] for item in draft.items)
    if signed and changed == signed.items and desk.draft(number) is None:
        return None
    return replace(draft, items=changed)


def _take(
    entry: Mapping[str, Any],
    key: str,
    number: str,
    items: dict[str, ItemScore],
    wrong: list[Refused],
    apply: Any,
) -> None:
    values = entry.get(key, {})
    if not isinstance(values, dict):
        wrong.append(Refused(f"{number}.{key}", _("expected an object")))
        return
    for code, value in values.items():
        place = f"{number}.{key}.{code}"
        if code not in items:
            wrong.append(Refused(place, _("no such criterion")))
            continue
        try:
            items[code] = apply(code, value)
        except (ValueError, CodecError) as error:
            wrong.append(Refused(place, str(error)))


def _scored(desk: Desk, item: ItemScore, value: object) -> ItemScore:
    """``item`` with the points that ``value`` writes; raises ValueError."""
    if value is None:
        return replace(item, points=None)
    if not isinstance(value, str):
        raise ValueError(_('points are written as a string, such as "3.5"'))
    points = parse_points(value)
    if problem := points_problem(desk.rubric.by_code[item.criterion], desk.rubric, points):
        raise ValueError(problem)
    return replace(item, points=points)


def _remarked(item: ItemScore, value: object) -> ItemScore:
    if not isinstance(value, str):
        raise ValueError(_("a remark is text"))
    if len(value) > LONGEST_REMARK:
        raise ValueError(_("longer than {count} characters").format(count=LONGEST_REMARK))
    return replace(item, remark=clean_text(value))


def _cited(desk: Desk, number: str, item: ItemScore, value: object) -> ItemScore:
    if not isinstance(value, list):
        raise ValueError(_("expected a list of citations"))
    materials = {material.name: material for material in desk.application(number).materials}
    cited = []
    for one in value:
        if not isinstance(one, dict) or set(one) != {"material", "page"} or one["material"] not in materials:
            raise ValueError(_("a citation names a material of the application and a page"))
        material = materials[one["material"]]
        cited.append(decode(Evidence, {"sha256": material.sha256, "name": material.name, "page": one["page"]}))
        if not 1 <= cited[-1].page <= 100_000:
            raise ValueError(_("a page is a number from 1 on"))
    return replace(item, evidence=tuple(cited))
