"""Working days in China: weekends, public holidays and their shifted working days, and the office's own decisions."""

from __future__ import annotations

from datetime import date
from functools import cache

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.base.texts import clean_text
from qisp_desktop.domain.calendar import DayKind, DayOverride, IsWorkingDay, with_overrides
from qisp_desktop.domain.round import EARLIEST_YEAR, LATEST_YEAR
from qisp_desktop.services.opened import RoundAt, writing
from qisp_desktop.store.round_store import RoundStore


@cache
def is_working_day(day: date) -> bool:
    """Whether ``day`` is worked; by weekday alone for years whose holidays the library does not know yet."""
    import chinese_calendar

    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


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
