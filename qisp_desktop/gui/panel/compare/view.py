"""The comparison: a grid of one's own scores, applications against criteria, and the distribution of the totals."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from qisp_desktop.base.i18n import _
from qisp_desktop.domain.rubric import Criterion
from qisp_desktop.gui import theme
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.panel.compare.distribution import Distribution
from qisp_desktop.gui.panel.compare.figures import ComparedRow, compared_rows, mean_of
from qisp_desktop.gui.panel.desk.presenter import DeskPresenter
from qisp_desktop.gui.panel.desk.shortcuts import Shortcuts
from qisp_desktop.gui.panel.desk.statuses import DOTS
from qisp_desktop.gui.widgets.card import Card, button
from qisp_desktop.gui.widgets.elided_label import ElidedLabel
from qisp_desktop.gui.widgets.empty_state import EmptyState
from qisp_desktop.gui.widgets.rows_model import Column, Index, RowsModel
from qisp_desktop.gui.widgets.table_view import TableView

FIRST_SCORES = 4
"""Columns before the criteria: number, platform, total, what stands out."""
TOTAL = 2
SCORE_WIDTH, PLATFORM_WIDTH = 54, 220
PALEST, STRONGEST = 20, 120
"""Opacity of the accent behind no points and behind full points, of 255."""


class CompareView(QWidget):
    """The view of the expert's own scores; ``back`` leads to scoring."""

    def __init__(self, shell: Shell, presenter: DeskPresenter, back: Callable[[], None]) -> None:
        super().__init__()
        self._presenter = presenter
        self._back = back
        self.model: RowsModel[ComparedRow] = RowsModel(self._columns())
        self.table = TableView(self.model)
        self.table.setAccessibleName(_("Your scores"))
        self.table.horizontalHeader().setStretchLastSection(False)
        delegate = HeatDelegate(presenter, self.model, self.table)
        for column in (TOTAL, *range(FIRST_SCORES, len(self.model.columns))):
            self.table.setItemDelegateForColumn(column, delegate)
        self.distribution = Distribution(presenter.rubric.maximum)
        self.figures = ElidedLabel("", "second")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._distribution_card())
        column.addWidget(self._table_card(), 1)
        self.refresh()
        self.table.remember_in(shell.settings, f"desk-compare-{len(presenter.rubric.codes)}")
        if shell.settings.bytes_of(f"table/desk-compare-{len(presenter.rubric.codes)}").isEmpty():
            self._first_widths()
        self.table.doubleClicked.connect(self._go)
        self.table.opened.connect(lambda row: self._go_to(row, ""))
        self.table.selectionModel().currentChanged.connect(self._show_chosen)
        presenter.entry_changed.connect(self._entry_changed)
        self._shortcuts = Shortcuts(self, {"undo": presenter.undo, "redo": presenter.redo})

    def _entry_changed(self, _number: str, _code: str) -> None:
        self.refresh()

    def refresh(self) -> None:
        """Show the scores as they are now."""
        rows = compared_rows(self._presenter.sheets)
        self.model.set_rows(rows)
        self._totals = [row.total for row in rows if row.total is not None]
        self._stack.setCurrentIndex(0 if any(row.item.total is not None for row in rows) else 1)
        self.figures.setText(self._figures())
        self.distribution.show_totals(self._totals, None)
        self.distribution.setVisible(bool(self._totals))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Hand the keys on; as a focus proxy, Tab would come here first and leave out the way back."""
        self.table.setFocus(event.reason())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leads back."""
        if event.key() == Qt.Key.Key_Escape:
            self._back()
        else:
            super().keyPressEvent(event)

    def _distribution_card(self) -> Card:
        card = Card(_("Your totals"))
        back = button(_("Back to scoring"))
        back.setToolTip(_("Back to scoring (Esc)"))
        back.clicked.connect(lambda: self._back())
        card.corner.addWidget(self.figures)
        card.corner.addSpacing(16)
        card.corner.addWidget(back)
        card.body.addWidget(self.distribution)
        return card

    def _table_card(self) -> Card:
        card = Card(_("Your scores, criterion by criterion"))
        hint = _("Double-click a score to go there. The stronger the colour, the more of the points.")
        card.corner.addWidget(ElidedLabel(hint, "second"))
        empty = EmptyState("empty", _("Nothing scored yet"), _("Your scores stand side by side here."))
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(empty)
        card.body.addWidget(self._stack, 1)
        return card

    def _columns(self) -> list[Column]:
        points_text = self._presenter.sheets.points_text
        return [
            Column(_("Number"), lambda row: row.item.number, dot=lambda row: DOTS[row.item.status]),
            Column(_("Platform"), lambda row: row.item.platform),
            Column(_("Total"), lambda row: points_text(row.item.total), key=lambda row: row.item.total, number=True),
            Column(_("What stands out"), _notes_text, key=lambda row: _notes_text(row) or None),
            *(self._score_column(place, one) for place, one in enumerate(self._presenter.rubric.criteria)),
        ]

    def _score_column(self, place: int, criterion: Criterion) -> Column:
        points_text = self._presenter.sheets.points_text
        hint = f"{criterion.label} / {points_text(criterion.maximum)}"

        def text(row: ComparedRow) -> str:
            points = row.points[place]
            return "" if points is None else points_text(points)

        return Column(criterion.code, text, key=lambda row: row.points[place], number=True, hint=lambda _row: hint)

    def _first_widths(self) -> None:
        look = theme.current()
        self.table.setColumnWidth(1, min(look.px(PLATFORM_WIDTH), self.table.columnWidth(1)))
        for place in range(FIRST_SCORES, len(self.model.columns)):
            self.table.setColumnWidth(place, look.px(SCORE_WIDTH))

    def _figures(self) -> str:
        mean = mean_of(self._totals)
        if mean is None:
            return _("No application is scored in full yet.")
        points_text = self._presenter.rubric.points_text
        text = _("{count} scored in full · mean {mean} · lowest {lowest} · highest {highest}")
        lowest, highest = points_text(min(self._totals)), points_text(max(self._totals))
        return text.format(count=len(self._totals), mean=mean, lowest=lowest, highest=highest)

    def _show_chosen(self, index: QModelIndex) -> None:
        total = self.model.row(index).total if index.isValid() else None
        self.distribution.show_totals(self._totals, total)

    def _go(self, index: QModelIndex) -> None:
        place = index.column() - FIRST_SCORES
        codes = self._presenter.rubric.codes
        self._go_to(self.model.row(index), codes[place] if 0 <= place < len(codes) else "")

    def _go_to(self, row: ComparedRow, code: str) -> None:
        self._presenter.select(row.item.number)
        if code:
            self._presenter.select_criterion(code)
        self._back()


class HeatDelegate(QStyledItemDelegate):
    """Paints a score on a ground that is the stronger, the larger its share of the criterion's points."""

    def __init__(self, presenter: DeskPresenter, model: RowsModel[ComparedRow], parent: QWidget) -> None:
        super().__init__(parent)
        self._criteria = presenter.rubric.criteria
        self._model = model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The cell with its ground and its number, and lines above and below where its row is selected."""
        rect = option.rect  # type: ignore[attr-defined]  # missing in the stubs
        state = option.state  # type: ignore[attr-defined]
        look = theme.current()
        painter.save()
        ground = self._ground(self._model.row(index), index.column())
        if ground is not None:
            painter.fillRect(rect.adjusted(1, 1, -1, -1), ground)
        painter.setPen(look.colour("text"))
        painter.setFont(look.font(bold=index.column() == TOTAL))
        aligned = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(rect.adjusted(0, 0, -look.px(8), 0), aligned, str(index.data() or "·"))
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(look.colour("accent"))
            painter.drawLine(rect.topLeft(), rect.topRight())
            painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.restore()

    def _ground(self, row: ComparedRow, column: int) -> QColor | None:
        if column == TOTAL:
            return theme.current().colour("warn_soft") if row.notes else None
        place = column - FIRST_SCORES
        points = row.points[place]
        return None if points is None else heat(points, self._criteria[place].maximum)


def _notes_text(row: ComparedRow) -> str:
    return " · ".join(row.notes)


def heat(points: Decimal, maximum: Decimal) -> QColor:
    """The ground behind ``points`` of ``maximum``; text on it keeps its contrast in both themes."""
    colour = theme.current().colour("accent")
    colour.setAlpha(PALEST + int((STRONGEST - PALEST) * points / maximum))
    return colour
