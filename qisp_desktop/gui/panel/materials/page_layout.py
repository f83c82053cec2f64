"""Where pages stand below each other on the screen: geometry without a widget.

View coordinates are pixels from the upper left corner of the whole strip of pages; page coordinates are points of the
page as it is written, before it is turned. Pages count from 0.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

from PySide6.QtCore import QPointF, QRectF, QSizeF

from qisp_desktop.gui.panel.materials.drawing import MARGIN, PIXELS_PER_POINT, drawn_size

SPACING = 12
"""Pixels between two pages."""


class PageLayout:
    """The strip of pages at one zoom (1 is 100 %) and rotation (0, 90, 180 or 270 degrees clockwise)."""

    def __init__(self, sizes: list[QSizeF], zoom: float, rotation: int, viewport_width: int) -> None:
        self.zoom = zoom
        self.rotation = rotation
        self.scale = zoom * PIXELS_PER_POINT
        turned = [size.transposed() for size in sizes] if rotation % 180 else sizes
        drawn: dict[int, tuple[int, int]] = {}  # most pages share one size, and asking Qt for it takes time
        for size in turned:
            if id(size) not in drawn:
                drawn[id(size)] = drawn_size((size.width(), size.height()), zoom)
        pixels = [drawn[id(size)] for size in turned]
        heights = [height for _width, height in pixels]
        self._widths = [width for width, _height in pixels]
        self._heights = heights
        self._tops = list(accumulate((height + SPACING for height in heights), initial=MARGIN))
        self.width = max(viewport_width, max(self._widths, default=0) + 2 * MARGIN)
        self.height = self._tops[-1] - SPACING + MARGIN if heights else 0

    def __len__(self) -> int:
        return len(self._heights)

    def rectangle(self, page: int) -> QRectF:
        """Where ``page`` stands."""
        width = self._widths[page]
        return QRectF((self.width - width) // 2, self._tops[page], width, self._heights[page])

    def page_at(self, y: float) -> int:
        """The page at height ``y``: the one above when it is between two, the nearest when outside; 0 if none."""
        return min(max(0, bisect_right(self._tops, y) - 1), max(0, len(self) - 1))

    def pages_between(self, top: float, bottom: float) -> range:
        """The pages of which something stands between two heights."""
        return range(self.page_at(top), self.page_at(bottom) + 1) if len(self) else range(0)

    def y_of(self, page: int, fraction: float) -> int:
        """The height of the place ``fraction`` (0 to 1) down ``page``."""
        return round(self._tops[page] + fraction * self._heights[page])

    def place_at(self, y: float) -> tuple[int, float]:
        """The page at height ``y`` and how far down it (0 to 1) that is; the reverse of ``y_of``."""
        if not len(self):
            return 0, 0.0
        page = self.page_at(y)
        return page, min(1.0, max(0.0, (y - self._tops[page]) / self._heights[page]))

    def to_page(self, page: int, point: QPointF) -> QPointF:
        """A point of the view in the coordinates of ``page``, moved onto the page where it is beside it."""
        box = self.rectangle(page)
        x = min(max(0.0, point.x() - box.x()), box.width()) / self.scale
        y = min(max(0.0, point.y() - box.y()), box.height()) / self.scale
        width, height = box.width() / self.scale, box.height() / self.scale
        return {
            0: QPointF(x, y),
            90: QPointF(y, width - x),
            180: QPointF(width - x, height - y),
            270: QPointF(height - y, x),
        }[self.rotation]

    def to_view(self, page: int, box: QRectF) -> QRectF:
        """A rectangle of ``page`` in the view."""
        paper = self.rectangle(page)
        width, height = paper.width() / self.scale, paper.height() / self.scale
        turned = {
            0: box,
            90: QRectF(width - box.bottom(), box.x(), box.height(), box.width()),
            180: QRectF(width - box.right(), height - box.bottom(), box.width(), box.height()),
            270: QRectF(box.y(), height - box.right(), box.height(), box.width()),
        }[self.rotation]
        corner = paper.topLeft() + turned.topLeft() * self.scale
        return QRectF(corner, turned.size() * self.scale)
