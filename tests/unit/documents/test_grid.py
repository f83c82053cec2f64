"""Tables go on from page to page without losing, repeating or stranding a line."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from qisp_desktop.documents.grid import Cell, Grid, GridStyle, Row
from qisp_desktop.documents.text import Text, TextStyle
from tests.unit.documents.samples import split

STYLE = GridStyle(line="#000000", frame="#000000")
TYPE = TextStyle(9, 13, "#000000")
PAGE = 640.0
WIDTHS = (60.0, 200.0, 200.0)

heights = st.integers(min_value=1, max_value=160)
tables = st.lists(st.tuples(heights, heights), min_size=1, max_size=8)


def make_grid(rows: list[tuple[int, int]]) -> Grid:
    """A table whose cells have these numbers of lines, each line saying where it belongs."""
    head = [Row((Cell((Text("head", TYPE),), span=3),))]
    body = [
        Row(
            (
                Cell((Text(f"r{number}", TYPE),), repeated=True),
                Cell((Text("\n".join(f"a{number}.{n}" for n in range(first)), TYPE),)),
                Cell((Text("\n".join(f"b{number}.{n}" for n in range(second)), TYPE),), joined=True),
            )
        )
        for number, (first, second) in enumerate(rows)
    ]
    return Grid(WIDTHS, head, body, STYLE)


def paginate(grid: Grid, room: float) -> list[Grid]:
    """The parts of ``grid`` on pages, the first of which has only ``room`` left."""
    pages: list[Grid] = []
    while grid.height > room:
        parts = split(grid, 460, room)
        # A page with room for more than the head takes something, or the table would never end.
        assert parts or room < PAGE
        if parts:
            pages.append(parts[0])
            assert parts[0].height <= room
            grid = parts[1]
        room = PAGE
    return [*pages, grid]


def lines_of(page: Grid, column: int) -> list[str]:
    """What stands in a column of the body."""
    return [line.text for row in page._body for line in row.cells[column].lines]


@settings(max_examples=150)
@given(tables, st.floats(min_value=0, max_value=PAGE))
def test_every_line_is_printed_once_and_in_order(rows: list[tuple[int, int]], room: float) -> None:
    pages = paginate(make_grid(rows), room)
    for column, letter in ((1, "a"), (2, "b")):
        found = [line for page in pages for line in lines_of(page, column)]
        assert found == [f"{letter}{row}.{n}" for row, counts in enumerate(rows) for n in range(counts[column - 1])]


@settings(max_examples=150)
@given(tables, st.floats(min_value=0, max_value=PAGE))
def test_every_page_has_the_head_and_says_whose_row_goes_on(rows: list[tuple[int, int]], room: float) -> None:
    for page in paginate(make_grid(rows), room):
        assert page._head[0].cells[0].lines[0].text == "head"
        assert page._body
        for row in page._body:
            (name,) = {line.text for line in row.cells[0].lines}
            assert {line.text.split(".")[0][1:] for cell in row.cells[1:] for line in cell.lines} == {name[1:]}


def test_a_sum_does_not_stand_alone_on_the_next_page() -> None:
    rows = [Row((Cell((Text(f"{n}", TYPE),), span=3),)) for n in range(10)]
    grid = Grid(WIDTHS, (), rows, STYLE, tail=1)
    kept, moved = split(grid, 460, grid.height - 1)
    assert (len(kept._body), len(moved._body)) == (8, 2)
