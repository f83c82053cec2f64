"""The applications of an open round, decoded once: a desk asks for them after every click, and 2,000 take a while.

Kept per open round; only what changed since is read again.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from weakref import WeakKeyDictionary

from qisp_desktop.base.bulk import collector_paused
from qisp_desktop.domain.application import Application
from qisp_desktop.store.round_store import RoundStore

FEW = 50
"""Up to so many changed records are read one by one."""

_held: WeakKeyDictionary[RoundStore, dict[str, tuple[str, Application]]] = WeakKeyDictionary()


def held_applications(store: RoundStore) -> Mapping[str, Application]:
    """All applications by number, in the order of their numbers."""
    held = _held.setdefault(store, {})
    now = {str(number): str(digest) for number, digest in store.listing(Application, "number", "digest")}
    stale = [number for number, digest in now.items() if held.get(number, ("", None))[0] != digest]
    if len(stale) > FEW:
        with collector_paused():
            read = store.all(Application)
    else:
        found = (store.get(Application, number) for number in stale)
        read = [application for application in found if application is not None]
    fresh = {application.number: application for application in read}
    for number in now:
        if number in fresh:
            held[number] = (now[number], fresh[number])
    return MappingProxyType({number: held[number][1] for number in now if number in held})
