"""Making very many long-lived objects at once."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

PIECE = 200
_pauses: list[object] = []


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keep the cyclic garbage collector from going again and again over objects that are all still in use.

    Reading thousands of score sheets makes hundreds of thousands of objects without cycles; the collector would add a
    third to the time and free nothing. Plain reference counting goes on as always.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    pause = object()
    _pauses.append(pause)
    try:
        yield
    finally:
        _pauses.remove(pause)
        if was_enabled:
            gc.enable()


def collector_is_paused() -> bool:
    """Whether any thread wants the collector to wait; for who runs it by hand."""
    return bool(_pauses)


def let_go(values: list[Any] | dict[Any, Any]) -> None:
    """Empty ``values``, which nobody else holds, piece by piece.

    Taking hundreds of thousands of objects apart at once would stop all other threads meanwhile.
    """
    if isinstance(values, dict):
        while values:
            values.popitem()
        return
    while values:
        del values[-PIECE:]
