"""The round that a service works on: a place opened for this one act, or a store that its caller holds open.

The command line gives places. A window holds its round open for as long as the clerk works, and gives the store.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeAlias

from qisp_desktop.services.actors import current_actor
from qisp_desktop.store.places import RoundPlace
from qisp_desktop.store.round_store import RoundStore

RoundAt: TypeAlias = RoundPlace | RoundStore


@contextmanager
def reading(round_at: RoundAt) -> Iterator[RoundStore]:
    """The round for reading, in one state throughout, whoever writes it meanwhile; a given store stays open.

    UserError when a place cannot be opened.
    """
    with _opened(round_at, write=False) as store, store.snapshot():
        yield store


@contextmanager
def writing(round_at: RoundAt) -> Iterator[RoundStore]:
    """The round for writing; a given store stays open. UserError when it cannot be written."""
    with _opened(round_at, write=True) as store:
        yield store


@contextmanager
def _opened(round_at: RoundAt, *, write: bool) -> Iterator[RoundStore]:
    if isinstance(round_at, RoundStore):
        yield round_at
        return
    with RoundStore.open(round_at, actor=current_actor(), write=write) as store:
        yield store


def place_of(round_at: RoundAt) -> RoundPlace:
    """Where the round lies."""
    return round_at.place if isinstance(round_at, RoundStore) else round_at
