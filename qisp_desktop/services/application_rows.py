"""What lists of applications show beside other things: number, applicant, where the formal check stands.

Kept per open round and read again only when an application or a decision has changed: a desk asks for them after every
click, and 2,000 of them take half a second to read and to check.
"""

from __future__ import annotations

from typing import NamedTuple
from weakref import WeakKeyDictionary

from qisp_desktop.domain.application import Application
from qisp_desktop.domain.screening import ScreeningDecision, ScreeningStatus
from qisp_desktop.services.screening import screenings
from qisp_desktop.store.round_store import RoundStore


class ApplicationRow(NamedTuple):
    """An application as lists name it; ``status`` is None before the formal check."""

    number: str
    applicant: str
    platform: str
    uscc: str
    status: ScreeningStatus | None

    @property
    def accepted(self) -> bool:
        """Whether the formal check accepted it: only then it is assigned, issued and inspected."""
        return self.status is ScreeningStatus.ACCEPTED


class _Known(NamedTuple):
    key: object
    rows: tuple[ApplicationRow, ...]


_known: WeakKeyDictionary[RoundStore, _Known] = WeakKeyDictionary()


def application_rows(store: RoundStore) -> tuple[ApplicationRow, ...]:
    """The applications of the round in the order of their numbers."""
    value = store.round()
    key = (
        value.accepted_on,
        value.year,
        store.listing(Application, "number", "digest"),
        store.listing(ScreeningDecision, "application", "digest"),
    )
    held = _known.get(store)
    if held is None or held.key != key:
        statuses = {one.number: one.status for one in screenings(store, value)}
        rows = tuple(
            ApplicationRow(one.number, one.applicant, one.platform, one.uscc, statuses.get(one.number))
            for one in store.all(Application)
        )
        held = _known[store] = _Known(key, rows)
    return held.rows
