"""What a log may say of an exception: never the values that its message may carry."""

from __future__ import annotations

import traceback


def without_values(error: BaseException) -> str:
    """The traceback of ``error`` and of what led to it: types, places and source lines, but no messages."""
    parts = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        lines = "".join(traceback.format_tb(current.__traceback__, limit=-30))
        parts.append(f"{type(current).__module__}.{type(current).__qualname__}\n{lines}")
        current = current.__cause__ or current.__context__
    return "caused by ".join(parts)
