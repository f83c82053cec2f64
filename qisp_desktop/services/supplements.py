"""Asking an applicant for what is missing (补正, Art. 14 (2)): by when, the letter, and what came since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from qisp_desktop.base import atomic
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _, using
from qisp_desktop.base.texts import clean_text
from qisp_desktop.domain import screening
from qisp_desktop.domain.application import Application
from qisp_desktop.domain.calendar import IsWorkingDay, deadline
from qisp_desktop.domain.desk_records import SupplementNotice
from qisp_desktop.domain.regulation import MaterialKind
from qisp_desktop.domain.round import Round
from qisp_desktop.domain.screening import Screening, ScreeningDecision, ScreeningStatus
from qisp_desktop.services.actors import current_actor
from qisp_desktop.services.opened import RoundAt, reading, writing
from qisp_desktop.services.unknown import known_application
from qisp_desktop.store.round_store import RoundStore

SUPPLEMENT_DAYS = 10
"""Days for a supplement unless the clerk says otherwise. The measures name none; they must fit into the 30 days."""
LONGEST_DAYS = 366


def default_reply_by(value: Round, today: date, is_working: IsWorkingDay) -> date:
    """The last day for a supplement asked for ``today``: counted as the round counts days, and a working day."""
    day = deadline(today, SUPPLEMENT_DAYS, value.policy.days, is_working)
    while not is_working(day):
        day += timedelta(days=1)
    return day


def ask_for_supplements(
    round_at: RoundAt, numbers: Sequence[str], reply_by: date, *, today: date | None = None
) -> tuple[SupplementNotice, ...]:
    """Record that the applicants are asked for what is missing or open now, by ``reply_by``; one change for all.

    Asking again puts the new day in the place of the earlier one. Raises UserError for an application that has nothing
    to supplement, and for a day that has passed or lies beyond a year.
    """
    now = today or date.today()  # noqa: DTZ011  the office's own calendar day
    if not now < reply_by <= now + timedelta(days=LONGEST_DAYS):
        raise UserError(
            _("{day} cannot be the last day of a supplement.").format(day=reply_by.isoformat()),
            _("It must lie in the future, within a year."),
            _("Choose another day."),
        )
    actor, at = current_actor(), datetime.now(UTC).replace(microsecond=0)
    with writing(round_at) as store:
        checked = [_checked(store, number) for number in numbers]
        for application, found in checked:
            if found.status is not ScreeningStatus.TO_SUPPLEMENT:
                raise UserError(
                    _("{number} has nothing to supplement.").format(number=application.number),
                    _("Its formal check says: {status}.").format(status=found.status.label),
                    _("Decide “to supplement” first, with a reason."),
                )
        notices = tuple(
            SupplementNotice(application.number, tuple(kind.value for kind in found.missing), reply_by, at, actor)
            for application, found in checked
        )
        with store.change("supplement") as change:
            change.put_all(notices)
    return notices


def still_missing(notice: SupplementNotice, application: Application) -> tuple[MaterialKind, ...]:
    """What the letter asked for and is not there yet."""
    return tuple(kind for kind in application.missing_materials if kind.value in notice.missing)


def supplement_pdf(round_at: RoundAt, number: str) -> bytes:
    """The letter as PDF, in the language of the round's papers. UserError when the round has no such application."""
    from qisp_desktop.documents.paper import PaperHead
    from qisp_desktop.documents.supplement_letter import render_supplement_letter
    from qisp_desktop.services.paper_data import letter_to

    with reading(round_at) as store:
        value = store.round()
        with using(value.language):
            application, found = _checked(store, number)
            notice = store.get(SupplementNotice, number)
            head = PaperHead(value.office, value.id, value.name, value.year)
            letter = letter_to(head, application, found, notice.reply_by if notice else None)
            return render_supplement_letter(letter)


def save_letters(round_at: RoundAt, numbers: Sequence[str], folder: Path) -> tuple[Path, ...]:
    """Write the letters into ``folder``, each whole or not at all. UserError where the folder cannot be written."""
    written = []
    for number in numbers:
        path = folder / f"{number}_supplement.pdf"
        atomic.write_bytes(path, supplement_pdf(round_at, number))
        written.append(path)
    return tuple(written)


def _checked(store: RoundStore, number: str) -> tuple[Application, Screening]:
    application, value = known_application(store, clean_text(number)), store.round()
    if value.accepted_on is None:
        raise UserError(_("The round has not been screened."), "", _("Run the formal check first."))
    decision = store.get(ScreeningDecision, application.number)
    return application, screening.screen(application, value.accepted_on, value.year, decision)
