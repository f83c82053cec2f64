"""Making very many long-lived objects at once."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keep the cyclic garbage collector from going again and again over objects that are all still in use.

    Reading thousands of score sheets makes hundreds of thousands of objects without cycles; the collector would add a
    third to the time and free nothing. Plain reference counting goes on as always.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
