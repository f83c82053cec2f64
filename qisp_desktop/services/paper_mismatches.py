"""Papers that do not show what was signed: found when collecting compares them, and kept with the round in its trail.

The signed data count; that the paper beside them says something else must not be forgotten with the window in which it
was found. What was found stays true of that sheet for good: it is over when the expert signs a newer one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from qisp_desktop.store.change import Change
from qisp_desktop.store.round_store import RoundStore

ACTION = "paper mismatch"


class Mismatch(NamedTuple):
    """The paper of the sheet with ``digest`` differs, and in what (``why``, in the words of who compared it)."""

    expert: str
    application: str
    digest: str
    why: str

    @property
    def subject(self) -> str:
        """What the trail calls it."""
        return f"paper:{self.expert}/{self.application}"

    @property
    def detail(self) -> str:
        """What the trail keeps of it."""
        return f"{self.digest} {self.why}"


def known_mismatches(store: RoundStore) -> dict[str, str]:
    """Why the paper of a sheet differs, by the digest of the sheet."""
    noted = (event.detail.partition(" ") for event in store.audit_events_of(ACTION))
    return {digest: why for digest, _space, why in noted}


def new_ones(store: RoundStore, found: Iterable[Mismatch]) -> list[Mismatch]:
    """Those of ``found`` that are not kept yet, each once."""
    known = set(known_mismatches(store))
    fresh = {one.digest: one for one in found if one.digest not in known}
    return list(fresh.values())


def keep(change: Change, found: Iterable[Mismatch]) -> None:
    """Enter ``found`` into the trail."""
    for one in found:
        change.note("paper mismatch", one.subject, one.detail)
