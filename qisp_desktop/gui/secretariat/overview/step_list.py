"""The steps of the round as bars: how far each is, and the way to where it is worked on."""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from qisp_desktop.base.i18n import _, labelled
from qisp_desktop.gui import theme
from qisp_desktop.gui.widgets.rows_model import Index
from qisp_desktop.services.overview_values import UNKNOWN, BoardStep

STEP_ROLE = Qt.ItemDataRole.UserRole + 20
ROW, BAR, PAD, GAP = 36, 10, 10, 12
SLACK = 4
"""Pixels for what rounding takes away."""
DONE_MARK = "✓ "


def numbers_text(step: BoardStep) -> str:
    """How far the step is, in figures; an ellipsis for what is not counted yet."""
    if step.done == UNKNOWN:
        return _("… of {total}").format(total=step.total)
    if step.section == "applications":
        return str(step.done)
    return _("{done} of {total}").format(done=step.done, total=step.total)


class StepModel(QAbstractListModel):
    """The steps for the list."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.steps: tuple[BoardStep, ...] = ()

    def set_steps(self, steps: tuple[BoardStep, ...]) -> None:
        """Show ``steps``; the row that is current stays so."""
        if len(steps) != len(self.steps):
            self.beginResetModel()
            self.steps = steps
            self.endResetModel()
        elif steps != self.steps:
            self.steps = steps
            self.dataChanged.emit(self.index(0), self.index(len(steps) - 1))

    def rowCount(self, parent: Index | None = None) -> int:
        """How many steps there are."""
        return 0 if parent is not None and parent.isValid() else len(self.steps)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """A step, its name, and what a screen reader says."""
        step = self.steps[index.row()]
        if role == STEP_ROLE:
            return step
        if role == Qt.ItemDataRole.DisplayRole:
            return step.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return labelled(step.name, numbers_text(step))
        return None


class StepDelegate(QStyledItemDelegate):
    """Paints the name, a bar and the figures in one line; names and figures have columns as wide as the widest."""

    name_width = 0
    numbers_width = 0

    def measure(self, steps: tuple[BoardStep, ...]) -> None:
        """Make the columns as wide as ``steps`` need."""
        plain = QFontMetrics(theme.current().font())
        bold = QFontMetrics(theme.current().font(bold=True))
        self.name_width = max((plain.horizontalAdvance(step.name) for step in steps), default=0) + SLACK
        texts = [DONE_MARK + numbers_text(step) for step in steps]
        self.numbers_width = max((bold.horizontalAdvance(text) for text in texts), default=0) + SLACK

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """One line."""
        return QSize(self.name_width + self.numbers_width + 160, theme.current().px(ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The row in the theme's colours."""
        look, step = theme.current(), index.data(STEP_ROLE)
        rect: QRect = option.rect  # type: ignore[attr-defined]  # missing in the stubs
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        if focused or state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(look.colour("accent_soft" if focused else "hover"))
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 6, 6)
        inner = rect.adjusted(look.px(PAD), 0, -look.px(PAD), 0)
        name_width, numbers_width = self.name_width, self.numbers_width
        bar = inner.adjusted(name_width + GAP, 0, -numbers_width - GAP, 0)
        self._paint_bar(painter, bar, step)
        painter.setFont(look.font())
        painter.setPen(look.colour("text"))
        centre = Qt.AlignmentFlag.AlignVCenter
        name = QFontMetrics(look.font()).elidedText(step.name, Qt.TextElideMode.ElideRight, name_width)
        painter.drawText(QRect(inner.left(), inner.top(), name_width, inner.height()), int(centre), name)
        painter.setFont(look.font(bold=step.complete))
        painter.setPen(look.colour("good_text" if step.complete else "second"))
        place = QRect(inner.right() - numbers_width, inner.top(), numbers_width, inner.height())
        mark = DONE_MARK if step.complete else ""
        painter.drawText(place, int(centre | Qt.AlignmentFlag.AlignRight), mark + numbers_text(step))
        painter.restore()

    @staticmethod
    def _paint_bar(painter: QPainter, room: QRect, step: BoardStep) -> None:
        look = theme.current()
        height = look.px(BAR)
        bar = QRect(room.left(), room.center().y() - height // 2 + 1, room.width(), height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("line"))
        painter.drawRoundedRect(bar, height / 2, height / 2)
        if step.done > 0 and step.total > 0:
            bar.setWidth(max(height, bar.width() * min(step.done, step.total) // step.total))
            painter.setBrush(look.colour("good" if step.complete else "accent"))
            painter.drawRoundedRect(bar, height / 2, height / 2)


class StepList(QListView):
    """The steps; a click or Enter goes to the section of one."""

    wanted = Signal(str)
    """The section's key."""

    def __init__(self) -> None:
        super().__init__()
        self.steps = StepModel(self)
        self.setModel(self.steps)
        self._delegate = StepDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setMouseTracking(True)
        self.setAccessibleName(_("Where the round stands"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        for policy in (self.setHorizontalScrollBarPolicy, self.setVerticalScrollBarPolicy):
            policy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.clicked.connect(self._go)
        self.activated.connect(self._go)

    def show_steps(self, steps: tuple[BoardStep, ...]) -> None:
        """Show ``steps``, all of them without scrolling."""
        self._delegate.measure(steps)
        self.steps.set_steps(steps)
        self.setFixedHeight(theme.current().px(ROW) * len(steps) + 4)

    def _go(self, index: Index) -> None:
        if index.isValid():
            self.wanted.emit(self.steps.steps[index.row()].section)
