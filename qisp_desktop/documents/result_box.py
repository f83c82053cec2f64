"""A large number in a box of its own, beside the facts of a paper."""

from __future__ import annotations

from reportlab.lib.colors import HexColor
from reportlab.platypus import Flowable

from qisp_desktop.documents.house_style import FRAME, GRID, LABEL, SOFT, TOTAL
from qisp_desktop.documents.text import Text, draw_lines, height_of, set_lines


class ResultBox(Flowable):
    """``label`` above ``figure`` above ``note``, in the middle of a box of ``height`` points."""

    def __init__(self, label: str, figure: str, note: str, height: float) -> None:
        super().__init__()
        self._texts = (
            Text(label, LABEL.aligned("centre")),
            Text(figure, TOTAL),
            Text(note, LABEL.aligned("centre")),
        )
        self.height = height

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Width and height in points, as platypus asks for them."""
        self.width = width
        return self.width, self.height

    def draw(self) -> None:
        """Draw it on the canvas that platypus has set."""
        canvas = self.canv
        canvas.setFillColor(HexColor(SOFT))
        canvas.setStrokeColor(HexColor(FRAME))
        canvas.setLineWidth(GRID.frame_width)
        canvas.rect(0, 0, self.width, self.height, stroke=1, fill=1)
        lines = set_lines(self._texts, self.width - 8)
        spare = self.height - height_of(lines)
        draw_lines(canvas, lines, 4, self.height - spare / 2, self.width - 8)
