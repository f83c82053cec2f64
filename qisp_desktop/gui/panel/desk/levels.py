"""The anchored levels of a criterion: pick one, and read the sentence that it stands for."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from qisp_desktop.base.codec import decimal_text
from qisp_desktop.base.i18n import _
from qisp_desktop.domain.rubric import Criterion, Level
from qisp_desktop.gui import theme
from qisp_desktop.gui.stylesheet import role
from qisp_desktop.gui.widgets.card import label
from qisp_desktop.gui.widgets.flow_layout import FlowLayout

PADDING = 10
"""Pixels at 100 % beside a chip's text, as the style sheet has them."""


def range_of(level: Level) -> str:
    """The points of a level: ``3.5–4``, or one number where it has one only."""
    lowest, highest = decimal_text(level.lowest), decimal_text(level.highest)
    return lowest if lowest == highest else f"{lowest}–{highest}"


class LevelChip(QPushButton):
    """A level to be picked. Up and down lead on, as everywhere on the desk; Qt would go to another chip."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setAutoDefault(False)
        self.setProperty(*role("chip"))
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the arrow keys that go between criteria to the desk."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.ignore()
        else:
            super().keyPressEvent(event)


class LevelChoice(QWidget):
    """A button for each level; below them the sentence of the one that holds, and a word when the score is outside."""

    picked = Signal(int)
    """The place of the level, from 0."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self._row = FlowLayout(gap=6)
        column.addLayout(self._row)
        self.sentence: QLabel = label("", "second", wrap=True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.doubt: QLabel = label("", "warn", wrap=True)
        column.addWidget(self.sentence)
        column.addWidget(self.doubt)
        self.chips: list[LevelChip] = []
        self._criterion: Criterion | None = None

    def show_level(self, criterion: Criterion, points: Decimal | None, picked: str, *, editable: bool) -> None:
        """Show which level ``points`` reach, and which was ``picked`` (its name; empty when none was)."""
        if criterion is not self._criterion:
            self._make_chips(criterion)
        reached = criterion.level_of(points) if points is not None else None
        wanted = next((level for level in criterion.levels if level.name == picked), None)
        doubtful = wanted is not None and points is not None and wanted is not reached
        for chip, level in zip(self.chips, criterion.levels, strict=True):
            chip.setChecked(level is (reached or wanted))
            chip.setEnabled(editable)
            _mark(chip, doubtful and level is wanted)
        shown = wanted or reached
        self.sentence.setText(shown.text if shown else _("Pick a level, or type the points."))
        if self.doubt.isHidden() == doubtful:
            self.doubt.setVisible(doubtful)
        if doubtful and wanted is not None:
            text = _("The score is outside the level picked: {level} is {range}.")
            self.doubt.setText(text.format(level=wanted.label, range=range_of(wanted)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep room for the longest sentence."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._keep_room()

    def _keep_room(self) -> None:
        """Make room for the longest sentence: while points are typed, what stands below must not jump."""
        if self._criterion is None:
            return
        across, metrics = QRect(0, 0, max(1, self.width()), 1 << 16), self.sentence.fontMetrics()
        heights = [
            metrics.boundingRect(across, Qt.TextFlag.TextWordWrap.value, level.text).height()
            for level in self._criterion.levels
        ]
        self.sentence.setMinimumHeight(max(heights, default=0))

    def _make_chips(self, criterion: Criterion) -> None:
        self._criterion = criterion
        for chip in self.chips:
            self._row.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.chips = []
        for place, level in enumerate(criterion.levels):
            chip = LevelChip(f"{level.label}  {range_of(level)}")
            chip.setMinimumWidth(_widest(chip))
            key = f" (Alt+{place + 1})" if place < 9 else ""
            chip.setToolTip(f"{level.text}{key}")
            chip.setAccessibleDescription(level.text)
            chip.clicked.connect(lambda _on, place=place: self.picked.emit(place))
            self.chips.append(chip)
            self._row.addWidget(chip)
        self._keep_room()


def _widest(chip: QPushButton) -> int:
    """How wide a chip is when it is picked, which makes its text bold."""
    font = chip.font()
    font.setBold(True)
    return QFontMetrics(font).horizontalAdvance(chip.text()) + 2 * theme.current().px(PADDING) + 4


def _mark(chip: QPushButton, doubtful: bool) -> None:
    if bool(chip.property("doubtful")) != doubtful:
        chip.setProperty("doubtful", doubtful)
        chip.style().unpolish(chip)
        chip.style().polish(chip)
