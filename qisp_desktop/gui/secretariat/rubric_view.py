"""A scoring standard as it will be scored: groups, criteria with their maxima, and the levels of each."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QHeaderView, QTreeView, QVBoxLayout, QWidget

from qisp_desktop.base.codec import decimal_text
from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.domain.rubric import Criterion, CriterionGroup, Level, Rubric
from qisp_desktop.gui import theme
from qisp_desktop.gui.widgets.card import label

NAME, POINTS, ARTICLE = range(3)
POINTS_WIDTH, ARTICLE_WIDTH = 96, 120
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
INDENT = "   "
"""Keeps the articles off the points before them."""


class RubricView(QWidget):
    """A line about the standard, and below it the tree: groups are open, the levels of a criterion on demand."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.about = label("", "second", wrap=True)
        self.tree = QTreeView()
        self.tree.setAccessibleName(_("Scoring standard"))
        self.tree.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        self.tree.setUniformRowHeights(True)
        self.tree.setAlternatingRowColors(False)
        self.model = QStandardItemModel(self)
        self.tree.setModel(self.model)
        column.addWidget(self.about)
        column.addWidget(self.tree, 1)

    def show_rubric(self, rubric: Rubric) -> None:
        """Show ``rubric``."""
        self.about.setText(about_text(rubric))
        self.model.clear()
        self.model.setHorizontalHeaderLabels([_("Criterion"), _("Maximum"), INDENT + _("Article")])
        self.model.horizontalHeaderItem(POINTS).setTextAlignment(RIGHT)
        for group in rubric.groups:
            self.model.appendRow(_group_row(group, rubric))
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        for place, width in ((POINTS, POINTS_WIDTH), (ARTICLE, ARTICLE_WIDTH)):
            header.setSectionResizeMode(place, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(place, theme.current().px(width))
        for row in range(self.model.rowCount()):
            self.tree.expand(self.model.index(row, 0))


def about_text(rubric: Rubric) -> str:
    """The standard in one line: its name, what it adds up to, how finely it is scored."""
    criteria = ngettext("{count} criterion", "{count} criteria", len(rubric.criteria)).format(
        count=len(rubric.criteria)
    )
    return _(
        "{name}, version {version}: {criteria}, {points} points in steps of {step}; a remark is needed under {share} %"
    ).format(
        name=rubric.name,
        version=rubric.version,
        criteria=criteria,
        points=decimal_text(rubric.maximum),
        step=decimal_text(rubric.step),
        share=decimal_text(rubric.remark_below * 100),
    )


def _group_row(group: CriterionGroup, rubric: Rubric) -> list[QStandardItem]:
    row = _row(f"{group.code}  {group.label}", decimal_text(group.maximum), "", bold=True)
    for criterion in group.criteria:
        row[0].appendRow(_criterion_row(criterion, rubric))
    return row


def _criterion_row(criterion: Criterion, rubric: Rubric) -> list[QStandardItem]:
    row = _row(f"{criterion.code}  {criterion.label}", decimal_text(criterion.maximum), criterion.article)
    for level in criterion.levels:
        row[0].appendRow(_level_row(level, rubric))
    return row


def _level_row(level: Level, rubric: Rubric) -> list[QStandardItem]:
    span = f"{rubric.points_text(level.lowest)}–{rubric.points_text(level.highest)}"
    row = _row(f"{level.label}  {level.text}", span, "")
    row[0].setToolTip(level.text)
    return row


def _row(name: str, points: str, article: str, *, bold: bool = False) -> list[QStandardItem]:
    items = [QStandardItem(name), QStandardItem(points), QStandardItem(INDENT + article)]
    items[POINTS].setTextAlignment(RIGHT)
    if bold:
        for item in items:
            item.setFont(theme.current().font(bold=True))
    return items
