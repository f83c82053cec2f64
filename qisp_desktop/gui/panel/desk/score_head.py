"""The head of the score column: the total in large figures, and a subtotal of each group that leads to it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.domain.score_sheet import ItemScore
from qisp_desktop.gui.widgets.card import button, label

MOST_IN_A_ROW = 4
GAP = 4


class ScoreHead(QWidget):
    """Total and subtotals of the sheet that is shown."""

    group_chosen = Signal(str)
    """The code of the group that was clicked."""

    def __init__(self, rubric: Rubric) -> None:
        super().__init__()
        self._rubric = rubric
        self.total = label("", "number")
        self.maximum = label(f"/ {rubric.points_text(rubric.maximum)}", "second")
        self.progress = label("", "second")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(4)
        row = QHBoxLayout()
        row.setSpacing(6)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(label(_("Score sheet"), "heading"))
        texts.addWidget(self.progress)
        row.addLayout(texts, 1)
        row.addWidget(self.total)
        row.addWidget(self.maximum, 0, Qt.AlignmentFlag.AlignVCenter)
        column.addLayout(row)
        self._groups: dict[str, QPushButton] = {}
        self._grid = QGridLayout()
        self._grid.setSpacing(GAP)
        for group in rubric.groups:
            link = button("", "chip")
            link.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            link.setToolTip(_("Go to {group}").format(group=group.label))
            link.clicked.connect(lambda _on, code=group.code: self.group_chosen.emit(code))
            self._groups[group.code] = link
        column.addLayout(self._grid)
        self._in_a_row = 0
        self._arrange(MOST_IN_A_ROW)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many subtotals in a row as can be read."""
        super().resizeEvent(event)
        widest = max((link.sizeHint().width() for link in self._groups.values()), default=1)
        fitting = (self.width() + GAP) // (widest + GAP)
        self._arrange(MOST_IN_A_ROW if fitting >= MOST_IN_A_ROW else MOST_IN_A_ROW // 2)

    def _arrange(self, in_a_row: int) -> None:
        if in_a_row == self._in_a_row:
            return
        self._in_a_row = in_a_row
        for place, link in enumerate(self._groups.values()):
            self._grid.addWidget(link, place // in_a_row, place % in_a_row)

    def show_numbers(self, shown: bool) -> None:
        """Show the figures, or only the heading where there is no sheet to speak of."""
        for part in (self.total, self.maximum, self.progress, *self._groups.values()):
            part.setVisible(shown)

    def show_total(self, scores: Sequence[ItemScore]) -> None:
        """Show the sum of ``scores`` and how many there are."""
        points = [score.points for score in scores if score.points is not None]
        self.total.setText(self._rubric.points_text(sum(points, Decimal(0))) if points else "—")
        self.progress.setText(_("{done} of {total} scored").format(done=len(points), total=len(scores)))

    def show_subtotal(self, code: str, subtotal: Decimal) -> None:
        """Show the subtotal of a group."""
        group = next(one for one in self._rubric.groups if one.code == code)
        self._groups[code].setText(f"{code} {self._rubric.points_text(subtotal)}")
        text = f"{self._rubric.points_text(subtotal)} / {self._rubric.points_text(group.maximum)}"
        self._groups[code].setAccessibleName(f"{group.label} {text}")
        self._groups[code].setToolTip(_("Go to {group}").format(group=f"{group.label} ({text})"))
