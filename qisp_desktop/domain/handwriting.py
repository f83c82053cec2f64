"""A signature drawn by hand (手写签名), as lines that stay sharp at any size."""

from __future__ import annotations

from dataclasses import dataclass

BOX = 1000
"""Handwriting is measured in a box of this width and height; x to the right, y upwards."""
MOST_POINTS = 20_000
"""Points of a signature, at most; a minute of steady drawing gives about 6,000."""


@dataclass(frozen=True)
class Handwriting:
    """The strokes of a signature; a stroke is ``(x0, y0, x1, y1, …)`` in whole units of a box of 1000 × 1000.

    A stroke of one point is a dot. Raises ValueError for anything that is not such a drawing.
    """

    strokes: tuple[tuple[int, ...], ...]

    def __post_init__(self) -> None:
        if not self.strokes or sum(map(len, self.strokes)) > 2 * MOST_POINTS:
            raise ValueError("a signature has at least one stroke and not more points than a hand draws")
        for stroke in self.strokes:
            if len(stroke) < 2 or len(stroke) % 2:
                raise ValueError("a stroke is a list of pairs")
            if not all(0 <= value <= BOX for value in stroke):
                raise ValueError("a stroke leaves its box")
