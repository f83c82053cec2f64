"""What is drawn of a page, how large and in which parts; both processes reckon with it, so it knows no widget."""

from __future__ import annotations

from typing import NamedTuple

PIXELS_PER_POINT = 96 / 72
"""At 100 %."""
MARGIN = 12
"""Pixels around the strip of pages."""
TILE = 2048
"""Pixels of a tile's side: a page at reading size is one."""
MOST_PIXELS = 32_000_000
"""Of a page that is drawn (A4 at 500 % has 22 million); what is larger on the screen is enlarged from this."""
FIT_WIDTH, FIT_PAGE, FIXED = "width", "page", "fixed"


class Tile(NamedTuple):
    """A part of a drawn page: ``size`` is that of the whole turned page in pixels, ``clip`` the part of it."""

    page: int
    size: tuple[int, int]
    rotation: int
    clip: tuple[int, int, int, int]


class FirstLook(NamedTuple):
    """How the first page will be looked at: which (from 0), the window's size in pixels, how it is fitted, the zoom
    where it is not (1 is 100 %), and how many pixels of the screen a pixel of the window has."""

    page: int
    width: int
    height: int
    fit: str
    zoom: float
    ratio: float


def tiles_of(page: int, width: float, height: float, rotation: int = 0) -> list[Tile]:
    """The tiles of a page that is ``width`` × ``height`` pixels on the screen, row by row."""
    shrink = min(1.0, (MOST_PIXELS / max(1.0, width * height)) ** 0.5)
    size = max(1, int(width * shrink)), max(1, int(height * shrink))
    return [
        Tile(page, size, rotation, (x, y, min(TILE, size[0] - x), min(TILE, size[1] - y)))
        for y in range(0, size[1], TILE)
        for x in range(0, size[0], TILE)
    ]


def fitted_zoom(fit: str, paper: tuple[float, float], window: tuple[int, int]) -> float:
    """The zoom at which a page of ``paper`` points fits the width of the window, or all of it."""
    across = (window[0] - 2 * MARGIN) / (paper[0] * PIXELS_PER_POINT)
    down = (window[1] - 2 * MARGIN) / (paper[1] * PIXELS_PER_POINT)
    return max(0.02, across if fit == FIT_WIDTH else min(across, down))


def drawn_size(paper: tuple[float, float], zoom: float) -> tuple[int, int]:
    """The whole pixels of the window that a page of ``paper`` points takes at ``zoom``."""
    width, height = (max(1, round(length * zoom * PIXELS_PER_POINT)) for length in paper)
    return width, height


def first_tile(look: FirstLook, paper: tuple[float, float]) -> Tile:
    """The first tile that a reader who looks so will need."""
    zoom = look.zoom if look.fit == FIXED else fitted_zoom(look.fit, paper, (look.width, look.height))
    width, height = drawn_size(paper, zoom)
    return tiles_of(look.page, width * look.ratio, height * look.ratio)[0]
