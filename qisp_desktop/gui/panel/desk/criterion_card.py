"""One criterion in the score column: a line with its points, and, where the expert is, all that belongs to it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from qisp_desktop.base.codec import decimal_text
from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.domain.application import Application
from qisp_desktop.domain.rubric import Criterion, Rubric
from qisp_desktop.domain.score_sheet import ItemScore, remark_missing
from qisp_desktop.gui.panel.desk.citations import Citations
from qisp_desktop.gui.panel.desk.levels import LevelChoice
from qisp_desktop.gui.panel.desk.points_edit import PointsEdit, PointsSlider
from qisp_desktop.gui.panel.desk.remark_edit import RemarkEdit
from qisp_desktop.gui.stylesheet import role
from qisp_desktop.gui.widgets.card import label
from qisp_desktop.gui.widgets.elided_label import ElidedLabel

LONGEST_SUMMARY = 200
"""Characters of a remark of which the beginning is shown on a card that is not opened."""


def show_line(line: QLabel, text: str) -> None:
    """Say ``text`` on ``line``, which is hidden where there is nothing to say."""
    if line.text() != text:
        line.setText(text)
    if line.isHidden() == bool(text):
        line.setVisible(bool(text))


class CriterionDetail(QWidget):
    """Slider, levels, remark and evidence; there is one, and it moves into the card of the current criterion."""

    def __init__(self, rubric: Rubric) -> None:
        super().__init__()
        self._rubric = rubric
        self._shown = ("", False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.slider = PointsSlider()
        self.levels = LevelChoice()
        self.remark = RemarkEdit()
        self.wrong = label("", "warn", wrap=True)
        self.citations = Citations()
        for part in (self.slider, self.levels, self.remark, self.wrong, self.citations):
            column.addWidget(part)
        # Its room is kept: while points are typed, what stands below must not jump at every digit.
        kept = self.wrong.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self.wrong.setSizePolicy(kept)
        self.wrong.hide()

    @property
    def stops(self) -> list[QWidget]:
        """Where the Tab key stops, in the order in which they stand."""
        return [*self.levels.chips, self.remark, *self.citations.stops]

    def show_score(
        self, criterion: Criterion, score: ItemScore, picked: str, application: Application | None, *, editable: bool
    ) -> None:
        """Show ``score`` for ``criterion``; ``picked`` is the name of the level that was picked."""
        self.slider.show_points(score.points, criterion, self._rubric)
        self.levels.show_level(criterion, score.points, picked, editable=editable)
        if self._shown != (criterion.code, editable):  # not at every key: each of these makes Qt look at much else
            self._shown = criterion.code, editable
            self.slider.setEnabled(editable)
            self.remark.setAccessibleName(_("Remark on {name}").format(name=criterion.label))
            bound = decimal_text(self._rubric.remark_below * criterion.maximum)
            self.remark.setPlaceholderText(_("Remark (required under {bound})").format(bound=bound))
            self.remark.setReadOnly(not editable)
            self.wrong.setText(remark_missing(criterion, self._rubric))
        self.remark.show_remark(score.remark)
        self.citations.show_evidence(score.evidence, application, editable=editable)

    def ask_for_remark(self, criterion: Criterion, missing: bool) -> None:
        """Ask, in place, for the remark that the score needs, or stop asking."""
        if bool(self.remark.property("wrong")) != missing:
            self.remark.setProperty("wrong", missing)
            self.remark.style().unpolish(self.remark)
            self.remark.style().polish(self.remark)
        if self.wrong.isHidden() == missing:
            self.wrong.setVisible(missing)


class CriterionCard(QFrame):
    """The card of one criterion; ``chosen`` is sent when the person turns to it."""

    chosen = Signal(str)

    def __init__(self, criterion: Criterion, rubric: Rubric) -> None:
        super().__init__()
        self.criterion = criterion
        self._rubric = rubric
        self._current = False
        self.setProperty(*role("criterion"))
        self.setProperty("current", False)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 8, 12, 8)
        self._column.setSpacing(6)
        self._column.addLayout(self._head())
        self.summary = ElidedLabel("", "second")
        self.problem = label("", "warn", wrap=True)
        self._column.addWidget(self.summary)
        self._column.addWidget(self.problem)
        self.summary.hide()
        self.problem.hide()
        self.points.entered.connect(lambda: self.chosen.emit(criterion.code))
        self.points.refused.connect(self.say)
        self.points.scored.connect(lambda _points: self.say(""))
        self.points.editingFinished.connect(lambda: self.say(""))

    def show_score(self, score: ItemScore, *, editable: bool, missing: str) -> None:
        """Show ``score``; ``missing`` says what finishing still asks for here (empty: nothing)."""
        self.points.show_points(score.points)
        if self.points.isReadOnly() == editable:
            self.points.setReadOnly(not editable)
        self._missing = missing
        self._score = score
        self._show_lines()

    def set_detail(self, detail: CriterionDetail | None) -> None:
        """Take the detail in, or (None) give it away."""
        self._current = detail is not None
        if detail is not None:
            self._column.addWidget(detail)
            detail.show()
        self.setProperty("current", self._current)
        self.style().unpolish(self)
        self.style().polish(self)
        self._show_lines()

    def say(self, text: str) -> None:
        """Say, below the points, why something typed was refused; an empty text takes it away."""
        if text != self._refusal:
            self._refusal = text
            self._show_lines()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click anywhere on the card turns to it."""
        super().mousePressEvent(event)
        self.chosen.emit(self.criterion.code)
        self.points.setFocus(Qt.FocusReason.MouseFocusReason)

    _missing = ""
    _refusal = ""
    _score: ItemScore | None = None

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.code = label(self.criterion.code, "second")
        self.code.setMinimumWidth(self.code.fontMetrics().horizontalAdvance("Q0"))
        self.name: QLabel = label(self.criterion.label, wrap=True)
        self.name.setToolTip(_("Article {article} of the measures").format(article=self.criterion.article))
        font = self.name.font()
        font.setBold(True)
        self.name.setFont(font)
        self.points = PointsEdit(self.criterion, self._rubric)
        self.maximum = label(f"/ {self._rubric.points_text(self.criterion.maximum)}", "second")
        widest = f"/ {self._rubric.points_text(max(one.maximum for one in self._rubric.criteria))}"
        self.maximum.setFixedWidth(self.maximum.fontMetrics().horizontalAdvance(widest) + 2)  # the fields stand in line
        row.addWidget(self.code)
        row.addWidget(self.name, 1)
        row.addWidget(self.points)
        row.addWidget(self.maximum)
        return row

    def _show_lines(self) -> None:
        problem = self._refusal or ("" if self._current and self._score_given else self._missing)
        show_line(self.problem, problem)
        show_line(self.summary, "" if self._current else self._summary_text())

    @property
    def _score_given(self) -> bool:
        return self._score is not None and self._score.points is not None

    def _summary_text(self) -> str:
        """Remark and citations in one line, for a card that is not opened."""
        if self._score is None:
            return ""
        count = len(self._score.evidence)
        cited = ngettext("{count} citation", "{count} citations", count).format(count=count) if count else ""
        first_line = self._score.remark[:LONGEST_SUMMARY].partition("\n")[0]
        return " · ".join(part for part in (cited, first_line) if part)
