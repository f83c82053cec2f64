"""What the desk shows of the applications: a row for each, and all about one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from qisp_desktop.base.errors import UserError, sentences
from qisp_desktop.domain import screening
from qisp_desktop.domain.application import Application, Material
from qisp_desktop.domain.desk_records import Mending, SupplementNotice
from qisp_desktop.domain.regulation import MaterialKind
from qisp_desktop.domain.screening import Screening, ScreeningDecision, ScreeningStatus
from qisp_desktop.services.application_fields import Field, fields, refuse_issued, resting_on, shown_time
from qisp_desktop.services.held_applications import held_applications
from qisp_desktop.services.material_giving import GIVEN, material_words
from qisp_desktop.store.audit import AuditEvent
from qisp_desktop.store.round_store import RoundStore


class IntakeRow(NamedTuple):
    """An application as the table shows it; ``status`` is None before the formal check."""

    number: str
    platform: str
    applicant: str
    uscc: str
    body_kind: str
    categories: str
    category_count: int
    started_on: date
    staff: int
    district: str
    contact: str
    phone: str
    projects: int
    materials: int
    missing: tuple[MaterialKind, ...]
    status: ScreeningStatus | None
    mended: int


@dataclass(frozen=True)
class Intake:
    """The applications of the round, whose ``office`` has its own way of naming columns."""

    rows: tuple[IntakeRow, ...]
    office: str


class MaterialLine(NamedTuple):
    """A material, and when and by whom it was added as far as the trail tells."""

    material: Material
    added: str


@dataclass(frozen=True)
class IntakeDetail:
    """All about one application. ``fixed`` says why its record cannot be corrected, ``kept`` why it cannot be removed;
    empty where it can."""

    application: Application
    fields: tuple[Field, ...]
    screening: Screening | None
    materials: tuple[MaterialLine, ...]
    mended: tuple[Mending, ...]
    notice: SupplementNotice | None
    fixed: str
    kept: str


def intake(store: RoundStore) -> Intake:
    """The applications as they are now."""
    value = store.round()
    decided = {one.application: one for one in store.all(ScreeningDecision)}
    mended: dict[str, int] = {}
    for (number,) in store.listing(Mending, "number"):
        mended[str(number)] = mended.get(str(number), 0) + 1
    rows = []
    for number, application in held_applications(store).items():
        status = None
        if value.accepted_on is not None:
            decision = decided.get(number)
            status = (
                decision.status if decision else screening.screen(application, value.accepted_on, value.year).status
            )
        rows.append(_row(application, status, mended.get(number, 0)))
    return Intake(tuple(rows), value.office)


def intake_detail(store: RoundStore, number: str) -> IntakeDetail | None:
    """All about the application; None when the round has none of this number."""
    application = store.get(Application, number)
    if application is None:
        return None
    value = store.round()
    checked = None
    if value.accepted_on is not None:
        decision = store.get(ScreeningDecision, number)
        checked = screening.screen(application, value.accepted_on, value.year, decision)
    events = store.audit_events_about(f"application:{number}")
    fixed = ""
    try:
        refuse_issued(store, number)
    except UserError as error:
        fixed = sentences(error.why, error.do)
    return IntakeDetail(
        application,
        fields(application),
        checked,
        tuple(MaterialLine(one, _added(one, events)) for one in application.materials),
        tuple(store.all(Mending, number=number)),
        store.get(SupplementNotice, number),
        fixed,
        ", ".join(resting_on(store, number)),
    )


def _row(application: Application, status: ScreeningStatus | None, mended: int) -> IntakeRow:
    return IntakeRow(
        number=application.number,
        platform=application.platform,
        applicant=application.applicant,
        uscc=application.uscc,
        body_kind=application.body_kind.label,
        categories="、".join(one.label for one in application.categories),
        category_count=len(application.categories),
        started_on=application.started_on,
        staff=application.staff,
        district=application.district,
        contact=application.contact,
        phone=application.phone,
        projects=len(application.projects),
        materials=len(application.material_kinds),
        missing=application.missing_materials,
        status=status,
        mended=mended,
    )


def _added(material: Material, events: list[AuditEvent]) -> str:
    """When and by whom: the event that names the file, else the one that brought the application."""
    words = material_words(material)
    named = [event for event in events if event.action == GIVEN and event.detail == words]
    first = [event for event in events if event.after and not event.before]
    found = (named or first)[-1:]
    return " · ".join(f"{shown_time(event.time)} {event.actor}" for event in found)
