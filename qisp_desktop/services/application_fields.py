"""The fields of an application's record: their headings, how a person reads them, and how they are corrected."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from qisp_desktop.base.codec import decimal_text
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.domain.application import Application, ServedEnterprises
from qisp_desktop.domain.desk_records import Mending
from qisp_desktop.domain.issuing import Issue
from qisp_desktop.domain.panel import Assignment
from qisp_desktop.services.actors import current_actor
from qisp_desktop.services.opened import RoundAt, writing
from qisp_desktop.services.reasons import required_reason
from qisp_desktop.services.steps import Step, take
from qisp_desktop.services.unknown import known_application
from qisp_desktop.store.round_store import RoundStore

SERVED = "served"
_TEXTS: dict[str, Callable[[Application], str]] = {
    "platform": lambda a: a.platform,
    "summary": lambda a: a.summary,
    "applicant": lambda a: a.applicant,
    "uscc": lambda a: a.uscc,
    "body_kind": lambda a: a.body_kind.zh,
    "started_on": lambda a: a.started_on.isoformat(),
    "legal_representative": lambda a: a.legal_representative,
    "address": lambda a: a.address,
    "district": lambda a: a.district,
    "contact": lambda a: a.contact,
    "phone": lambda a: a.phone,
    "staff": lambda a: str(a.staff),
    "categories": lambda a: "、".join(one.zh for one in a.categories),
    "key_areas": lambda a: "、".join(one.zh for one in a.key_areas),
    "audit_opinion": lambda a: a.audit_opinion,
    "dishonest": lambda a: {None: "", True: "是", False: "否"}[a.dishonest],
    "premises": lambda a: "" if a.premises is None else decimal_text(a.premises),
}


class Field(NamedTuple):
    """A field of a record: its key, its heading, and what stands there."""

    key: str
    heading: str
    text: str


def fields(application: Application) -> tuple[Field, ...]:
    """The record of ``application`` without number, projects and materials, in the workbook's order."""
    from qisp_desktop.spreadsheets.applications import APPLICATION_COLUMNS

    found = [Field(c.key, c.heading, _TEXTS[c.key](application)) for c in APPLICATION_COLUMNS if c.key in _TEXTS]
    found += [Field(f"{SERVED}{s.year}", f"{s.year}年服务企业数", str(s.count)) for s in application.served]
    return tuple(found)


def correct(round_at: RoundAt, number: str, key: str, text: str, *, reason: str) -> Mending:
    """Correct a field of an application that the round holds; what stood there is kept, and who corrected it, and why.

    ``text`` is read like a cell of a workbook. Raises UserError for a text that does not fit, without a reason, and
    once experts have the application in their packages.
    """
    from qisp_desktop.spreadsheets.record_fields import read_field

    sentence = required_reason(reason)
    with writing(round_at) as store:
        application = known_application(store, number)
        refuse_issued(store, number)
        field = next(one for one in fields(application) if one.key == key)
        value, problem = read_field(key, text)
        if problem:
            raise UserError(
                _("{field} cannot be {value}.").format(field=field.heading, value=text), problem, _("Correct it.")
            )
        corrected = _with(application, key, value)
        after = next(one.text for one in fields(corrected) if one.key == key)
        row = len(store.listing(Mending, "row", book="", sheet=number)) + 1
        mending = Mending("", number, row, field.heading, number, field.text, after, current_actor(), sentence)
        if after == field.text:
            return mending
        with store.change("correct application") as change:
            change.put(corrected)
            change.put(mending)
    return mending


def remove(round_at: RoundAt, number: str, *, reason: str) -> Application:
    """Take an application out of the round, on which nothing rests yet; gives what was removed, to be put back.

    Raises UserError where experts are assigned to it or a decision was made about it, and without a reason.
    """
    sentence = required_reason(reason)
    with writing(round_at) as store:
        application = known_application(store, number)
        if on_it := resting_on(store, number):
            raise UserError(
                _("{number} cannot be removed.").format(number=number),
                _("What rests on it: {what}.").format(what=_(", ").join(on_it)),
                _("Refuse it in the formal check instead."),
            )
        with store.change("remove application") as change:
            change.remove(Application, number)
            change.note("remove application", f"application:{number}", sentence)
    return application


def put_back(round_at: RoundAt, application: Application) -> None:
    """Undo ``remove``; UserError when the round holds an application with that number again."""
    take(round_at, Step("put back application", (), (application,)))


def resting_on(store: RoundStore, number: str) -> list[str]:
    """What in the round speaks of an application already, in words."""
    from qisp_desktop.domain.desk_records import Exclusion, PaperEntry, Replacement, SupplementNotice
    from qisp_desktop.domain.inspection import InspectionPlan, SiteInspection
    from qisp_desktop.domain.panel import Recusal
    from qisp_desktop.domain.score_sheet import ScoreSheet
    from qisp_desktop.domain.screening import ScreeningDecision

    kinds = (
        (Assignment, _("assigned experts")),
        (Recusal, _("recusals")),
        (Exclusion, _("an exclusion by the office")),
        (Replacement, _("a replacement of an expert")),
        (ScoreSheet, _("score sheets")),
        (PaperEntry, _("entered papers")),
        (InspectionPlan, _("a planned inspection")),
        (SiteInspection, _("a site inspection")),
        (ScreeningDecision, _("a decision of the formal check")),
        (SupplementNotice, _("a letter of supplement")),
    )
    return [words for cls, words in kinds if store.listing(cls, "application", application=number)]


def refuse_issued(store: RoundStore, number: str) -> None:
    """Raise UserError when a package with the application is in an expert's hands."""
    assigned = {expert for (expert,) in store.listing(Assignment, "expert", application=number)}
    issued = {expert for (expert,) in store.listing(Issue, "expert")}
    if holders := sorted(str(expert) for expert in assigned & issued):
        raise UserError(
            _("{number} can no longer be corrected.").format(number=number),
            _("Its record is in packages already: {experts}.").format(experts=_(", ").join(holders)),
            _("What the experts read must stay what they score; write the correction into the round's papers."),
        )


def _with(application: Application, key: str, value: Any) -> Application:
    if not key.startswith(SERVED):
        return replace(application, **{key: value})
    year = int(key[len(SERVED) :])
    served = tuple(ServedEnterprises(s.year, value if s.year == year else s.count) for s in application.served)
    return replace(application, served=served)


def shown_time(at: datetime) -> str:
    """A moment in the office's own time."""
    return at.astimezone().strftime("%Y-%m-%d %H:%M")
