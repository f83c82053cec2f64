"""Where pages stand: laws that hold at any zoom and rotation."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF, QSizeF

from qisp_desktop.gui.panel.materials.drawing import MARGIN, MOST_PIXELS, TILE, tiles_of
from qisp_desktop.gui.panel.materials.page_layout import SPACING, PageLayout

lengths = st.floats(20, 3000)
layouts = st.builds(
    PageLayout,
    st.lists(st.builds(QSizeF, lengths, lengths), min_size=1, max_size=12),
    st.floats(0.1, 5),
    st.sampled_from((0, 90, 180, 270)),
    st.integers(100, 3000),
)
fractions = st.floats(0, 1)


@given(layouts)
def test_pages_follow_each_other_with_equal_gaps_and_stay_inside(layout: PageLayout) -> None:
    boxes = [layout.rectangle(page) for page in range(len(layout))]

    assert boxes[0].top() == MARGIN
    assert all(below.top() - above.bottom() == SPACING for above, below in pairwise(boxes))
    assert boxes[-1].bottom() + MARGIN == layout.height
    assert all(box.left() >= MARGIN and box.right() <= layout.width - MARGIN + 1 for box in boxes)


@given(layouts, st.data())
def test_the_page_at_a_height_is_the_one_that_stands_there(layout: PageLayout, data: st.DataObject) -> None:
    page = data.draw(st.integers(0, len(layout) - 1))
    box = layout.rectangle(page)

    assert layout.page_at(box.top()) == page
    assert layout.page_at(box.bottom() - 1) == page
    assert page in layout.pages_between(box.top(), box.bottom())


@given(layouts, fractions, st.data())
def test_a_place_is_found_again(layout: PageLayout, fraction: float, data: st.DataObject) -> None:
    page = data.draw(st.integers(0, len(layout) - 1))

    found_page, found = layout.place_at(layout.y_of(page, fraction))

    assert found_page == page
    assert abs(found - fraction) * layout.rectangle(page).height() <= 1


@given(layouts, fractions, fractions, st.data())
def test_a_point_on_the_screen_is_the_same_point_of_the_page_when_it_is_turned(
    layout: PageLayout, across: float, down: float, data: st.DataObject
) -> None:
    page = data.draw(st.integers(0, len(layout) - 1))
    box = layout.rectangle(page)
    point = QPointF(box.x() + across * box.width(), box.y() + down * box.height())

    back = layout.to_view(page, QRectF(layout.to_page(page, point), QSizeF(0, 0))).topLeft()

    assert (back - point).manhattanLength() < 0.01


@given(st.floats(1, 60_000), st.floats(1, 60_000))
def test_tiles_cover_a_page_without_gap_or_overlap_and_within_bounds(width: float, height: float) -> None:
    tiles = tiles_of(0, width, height, 0)
    size = tiles[0].size

    assert sum(tile.clip[2] * tile.clip[3] for tile in tiles) == size[0] * size[1] <= MOST_PIXELS
    assert all(0 < tile.clip[2] <= TILE and 0 < tile.clip[3] <= TILE for tile in tiles)
    assert len({tile.clip[:2] for tile in tiles}) == len(tiles)


def test_no_pages_are_no_trouble() -> None:
    layout = PageLayout([], 1.0, 0, 500)

    assert (layout.page_at(100), layout.place_at(100), layout.height) == (0, (0, 0.0), 0)
    assert list(layout.pages_between(0, 100)) == []
