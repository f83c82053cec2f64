"""Working days in China: weekends, public holidays and their shifted working days, and the office's own decisions."""

from __future__ import annotations

from datetime import date

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.base.texts import clean_text
from qisp_desktop.domain.calendar import DayKind, DayOverride, IsWorkingDay, with_overrides
from qisp_desktop.domain.round import EARLIEST_YEAR, LATEST_YEAR
from qisp_desktop.services.opened import RoundAt, writing
from qisp_desktop.services.public_calendar import is_working_day
from qisp_desktop.store.round_store import RoundStore


def working_days_of(store: RoundStore) -> IsWorkingDay:
    """Whether a day is worked in the office of the open round."""
    return with_overrides(store.all(DayOverride), is_working_day)


def override_day(round_at: RoundAt, day: date, kind: DayKind, *, reason: str) -> DayOverride:
    """Record that ``day`` is a working day, or off, in the office of the round, whatever the public calendar says.

    Of two decisions on a day the later one counts. Raises UserError without a reason or for a day beyond the measures.
    """
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise UserError(
            _("{day} is no day of this round.").format(day=day.isoformat()), "", _("Give a day such as 2026-10-10.")
        )
    sentence = clean_text(reason)
    if not sentence:
        raise UserError(_("A decision needs a reason."), "", _("Give the reason with --reason."))
    override = DayOverride(day, kind, sentence)
    with writing(round_at) as store, store.change("day") as change:
        change.put(override)
    return override


def forget_day(round_at: RoundAt, day: date) -> bool:
    """Let the public calendar decide on ``day`` again; whether there was a decision to take back."""
    with writing(round_at) as store, store.change("day") as change:
        return change.remove(DayOverride, day.isoformat())
