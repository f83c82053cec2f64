"""The formal check (形式审查): seven materials of Art. 15, seven conditions of Art. 13, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from qisp_desktop.base.codec import decimal_text
from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.domain.application import Application
from qisp_desktop.domain.calendar import years_after
from qisp_desktop.domain.regulation import (
    CATEGORIES_REQUIRED,
    CLEAN_OPINION,
    OPERATING_YEARS,
    PROJECT_YEARS,
    SERVING_STAFF,
    BodyKind,
    Condition,
    MaterialKind,
    Term,
)


class ScreeningStatus(Term):
    """What the formal check comes to."""

    ACCEPTED = "accepted", "受理", "accepted"
    TO_SUPPLEMENT = "to_supplement", "待补正", "to supplement"
    REFUSED = "refused", "不予受理", "refused"
    TO_DECIDE = "to_decide", "待认定", "to decide"


DECIDABLE = (
    ScreeningStatus.ACCEPTED,
    ScreeningStatus.TO_SUPPLEMENT,
    ScreeningStatus.REFUSED,
)
"""What a clerk can decide by hand."""


@dataclass(frozen=True)
class ConditionResult:
    """Whether a condition is met (None: the record does not decide it), and why, with the numbers."""

    condition: Condition
    met: bool | None
    why: str


@dataclass(frozen=True)
class Screening:
    """The formal check of one application as it stands: computed by the program or decided by a clerk."""

    number: str
    status: ScreeningStatus
    computed: ScreeningStatus
    missing: tuple[MaterialKind, ...]
    conditions: tuple[ConditionResult, ...]
    decided_by: str
    reason: str


@dataclass(frozen=True)
class ScreeningDecision:
    """A clerk's decision that stands in place of the computed one; the reason is never empty."""

    application: str
    status: ScreeningStatus
    decided_by: str
    reason: str


def check_conditions(application: Application, accepted_on: date, year: int) -> tuple[ConditionResult, ...]:
    """The seven conditions of Art. 13, judged on ``accepted_on`` for the round of ``year``."""
    return tuple(
        ConditionResult(condition, *judge)
        for condition, judge in zip(
            Condition,
            (
                _operation(application, accepted_on),
                _rules(application),
                _integrity(application),
                _premises(application),
                _staff(application),
                _categories(application),
                _track_record(application, year),
            ),
            strict=True,
        )
    )


def screen(
    application: Application,
    accepted_on: date,
    year: int,
    decision: ScreeningDecision | None = None,
) -> Screening:
    """The formal check of ``application`` (Art. 13, 14 (2), 15).

    A condition that is surely not met refuses even where a material is missing too: a supplement could not mend it.
    """
    conditions = check_conditions(application, accepted_on, year)
    missing = application.missing_materials
    if any(result.met is False for result in conditions):
        computed = ScreeningStatus.REFUSED
    elif missing:
        computed = ScreeningStatus.TO_SUPPLEMENT
    elif any(result.met is None for result in conditions):
        computed = ScreeningStatus.TO_DECIDE
    else:
        computed = ScreeningStatus.ACCEPTED
    return Screening(
        application.number,
        decision.status if decision else computed,
        computed,
        missing,
        conditions,
        decision.decided_by if decision else "",
        decision.reason if decision else _("; ").join(_causes(missing, conditions)),
    )


def _causes(missing: tuple[MaterialKind, ...], conditions: tuple[ConditionResult, ...]) -> list[str]:
    causes = [_("missing: {material}").format(material=f"{kind}. {kind.label}") for kind in missing]
    cause = _("({condition}) {why}")
    for met in (False, None):
        causes += [cause.format(condition=r.condition, why=r.why) for r in conditions if r.met is met]
    return causes


def _operation(application: Application, accepted_on: date) -> tuple[bool, str]:
    if application.body_kind is BodyKind.INELIGIBLE:
        return False, _("the kind of body is not one that may apply")
    long_enough = years_after(application.started_on, OPERATING_YEARS) <= accepted_on
    text = (
        _("operating since {start}, two years or more on {day}")
        if long_enough
        else _("operating since {start}, less than two years on {day}")
    )
    return long_enough, text.format(start=application.started_on.isoformat(), day=accepted_on.isoformat())


def _rules(application: Application) -> tuple[bool | None, str]:
    if application.audit_opinion == CLEAN_OPINION:
        return True, _("audit opinion: {opinion}").format(opinion=application.audit_opinion)
    if not application.audit_opinion:
        return None, _("the record gives no audit opinion")
    return None, _("audit opinion: {opinion}; a clerk decides").format(opinion=application.audit_opinion)


def _integrity(application: Application) -> tuple[bool | None, str]:
    if application.dishonest is None:
        return None, _("the record does not say whether the body is listed as seriously dishonest")
    if application.dishonest:
        return False, _("listed as a seriously dishonest entity")
    return True, _("not listed as a seriously dishonest entity")


def _premises(application: Application) -> tuple[bool | None, str]:
    if application.premises is None:
        return None, _("the record gives no area of the premises")
    text = _("premises of {area} m²").format(area=decimal_text(application.premises))
    return application.premises > 0, text


def _staff(application: Application) -> tuple[bool, str]:
    text = ngettext(
        "{count} person serves enterprises, {least} needed",
        "{count} persons serve enterprises, {least} needed",
        application.staff,
    ).format(count=application.staff, least=SERVING_STAFF)
    return application.staff >= SERVING_STAFF, text


def _categories(application: Application) -> tuple[bool, str]:
    count = len(set(application.categories))
    text = ngettext(
        "{count} service category, {least} needed",
        "{count} service categories, {least} needed",
        count,
    ).format(count=count, least=CATEGORIES_REQUIRED)
    return count >= CATEGORIES_REQUIRED, text


def _track_record(application: Application, year: int) -> tuple[bool | None, str]:
    judgements = (_growth(application, year), _recognition(application, year))
    why = _("; ").join(text for _met, text in judgements)
    if any(met is False for met, _text in judgements):
        return False, why
    return (None if any(met is None for met, _text in judgements) else True), why


def _growth(application: Application, year: int) -> tuple[bool | None, str]:
    counts = {served.year: served.count for served in application.served}
    before, last = counts.get(year - 2), counts.get(year - 1)
    if before is None or last is None:
        return None, _("the record gives no numbers of enterprises served in {first} and {second}").format(
            first=year - 2, second=year - 1
        )
    text = (
        _("enterprises served: {before} in {first}, {last} in {second}")
        if last > before
        else _("enterprises served: {before} in {first}, {last} in {second}, no growth")
    )
    return last > before, text.format(before=before, first=year - 2, last=last, second=year - 1)


def _recognition(application: Application, year: int) -> tuple[bool | None, str]:
    if not application.projects:
        return None, _("the record lists no projects")
    recognised = sum(
        year - PROJECT_YEARS <= project.year < year and bool(project.recognition.strip())
        for project in application.projects
    )
    text = ngettext(
        "{count} recognised project in the last three years",
        "{count} recognised projects in the last three years",
        recognised,
    )
    return recognised > 0, text.format(count=recognised)
