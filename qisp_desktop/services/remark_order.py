"""The order in which an evaluation report prints the remarks of experts who must not be recognised.

Drawn by HMAC-SHA256 from a random key that only the round file holds: the same at each export, different for each
application and criterion, and of no use to anybody who has only the papers.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field

from qisp_desktop.services.actors import current_actor
from qisp_desktop.store.round_store import RoundStore

SECRET = "remark-order"
_BYTES = 32


@dataclass(frozen=True)
class RemarkOrder:
    """The round's order; ``key`` must not leave the round file."""

    key: bytes = field(repr=False)

    def sorted(self, application: str, criterion: str, experts: Iterable[str]) -> list[str]:
        """``experts`` in the order in which their remarks on ``criterion`` of ``application`` stand."""
        return sorted(experts, key=lambda expert: self._place(application, criterion, expert))

    def _place(self, *parts: str) -> bytes:
        # Codes hold no line feed, so that no two triples are one text.
        return hmac.new(self.key, "\n".join(parts).encode("utf-8"), hashlib.sha256).digest()


def new_key() -> bytes:
    """A fresh key, for a new round."""
    return secrets.token_bytes(_BYTES)


def known_remark_order(store: RoundStore) -> RemarkOrder | None:
    """The order of the round as far as it has one; changes nothing."""
    key = store.secret(SECRET)
    return None if key is None else RemarkOrder(key)


def remark_order(store: RoundStore) -> RemarkOrder:
    """The order of the round in ``store``.

    A round made by an older version of the program has none: it gets its key now, for which its file is opened for
    writing (UserError when somebody else is writing it).
    """
    key = store.secret(SECRET)
    if key is None and store.writable:
        key = _make(store)
    elif key is None:
        with RoundStore.open(store.place, actor=current_actor(), write=True) as writing:
            key = _make(writing)
    return RemarkOrder(key)


def _make(store: RoundStore) -> bytes:
    with store.change("keys") as change:
        # On a server another clerk may have made it since it was looked for.
        held = store.secret(SECRET)
        if held is not None:
            return held
        key = new_key()
        change.put_secret(SECRET, key)
        return key
