"""The matrix expert × application: who reads what, what keeps whom from it, and dragging from one to the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.domain.panel import AssignedBy, ConflictGround
from qisp_desktop.gui.secretariat.expert_heading import expert_heading
from qisp_desktop.gui.secretariat.experts.presenter import ExpertsPresenter
from qisp_desktop.gui.widgets.matrix import MatrixView
from qisp_desktop.gui.widgets.matrix_model import Mark, MarkColumn, MatrixModel
from qisp_desktop.gui.widgets.rows_model import Column
from qisp_desktop.gui.widgets.status_dot import Dot

if TYPE_CHECKING:
    from qisp_desktop.domain.panel import Expert
    from qisp_desktop.services.application_rows import ApplicationRow

NOTHING = Mark()
COLUMN_WIDTHS = (50, 76)
"""A column holds a ground of three characters, and nine of them stand beside the heads at 1366 pixels."""


def ground_mark(ground: ConflictGround) -> str:
    """A conflict's ground, short enough for a cell."""
    return {
        ConflictGround.SAME_USCC: _("code"),
        ConflictGround.SAME_ORGANISATION: _("org."),
        ConflictGround.DECLARED: _("rec."),
        ConflictGround.EXCLUDED: _("excl."),
    }[ground]


class AssignmentModel(MatrixModel["ApplicationRow"]):
    """Applications under the panel; headings say how much each expert reads."""

    def __init__(self, presenter: ExpertsPresenter) -> None:
        self._presenter = presenter
        super().__init__(self._head_columns(), ())

    def show_panel(self) -> bool:
        """Have a column for each expert on the panel; whether the columns are others than before."""
        data = self._presenter.data
        experts = () if data is None else tuple(data.board.experts.values())
        if tuple(column.key for column in self.marks) == tuple(expert.id for expert in experts):
            return False
        self.set_columns(self._head_columns(), [self._column(expert) for expert in experts])
        return True

    def show_marks(self) -> None:
        """All cells and headings may look different now."""
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, len(self.columns) - 1))
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The expert's number and load; who it is, for who stops there with the mouse."""
        key, data = self.key_at(section), self._presenter.data
        if orientation is Qt.Orientation.Horizontal and key and data is not None and key in data.board.experts:
            if role == Qt.ItemDataRole.DisplayRole:
                return expert_heading(key, data.board.experts[key].name, str(data.board.loads[key]))
            if role == Qt.ItemDataRole.ToolTipRole:
                return self._about(data.board.experts[key])
        return super().headerData(section, orientation, role)

    def _about(self, expert: Expert) -> str:
        data = self._presenter.data
        load = 0 if data is None else data.board.loads[expert.id]
        about = ngettext(
            "{name}, {organisation}\nreads {load} application",
            "{name}, {organisation}\nreads {load} applications",
            load,
        ).format(name=expert.name, organisation=expert.organisation, load=load)
        if data is not None and expert.id in data.board.withdrawn:
            about += "\n" + _("has left the panel")
        return about

    def _head_columns(self) -> list[Column]:
        return [
            Column(_("Number"), lambda row: str(row.number)),
            Column(_("Applicant"), lambda row: str(row.applicant)),
            Column(
                _("Readers"), self._readers, key=lambda row: self._possible(row)[1], number=True,
                dot=self._readers_dot, hint=self._readers_hint,
            ),
        ]  # fmt: skip

    def _column(self, expert: Expert) -> MarkColumn:
        return MarkColumn(
            expert.id,
            expert.id,
            lambda row: self._mark(expert.id, row.number),
            order=lambda row: not self._presenter.is_assigned((expert.id, row.number)),
            width=COLUMN_WIDTHS[0],
        )

    def _mark(self, expert: str, number: str) -> Mark:
        data, pair = self._presenter.data, (expert, number)
        if data is None:
            return NOTHING
        board = data.board
        ground, assigned = board.conflicts.get(pair), self._presenter.is_assigned(pair)
        if not assigned:
            return NOTHING if ground is None else Mark(ground_mark(ground), "second", ground.label, ground.label)
        by = board.assigned.get(pair, AssignedBy.HAND)
        by_hand = by is AssignedBy.HAND
        if ground is not None:
            words = _("assigned, but {ground}").format(ground=ground.label)
            return Mark(ground_mark(ground), "bad", words, words, ground=True, flag=by_hand)
        if pair in board.signed:
            words = _("assigned, the signed score sheet is here")
            return Mark("", "good", words, words, ground=True, flag=by_hand, dot=Dot.SIGNED)
        return Mark("✓", "accent", by.label, by.label, ground=True, flag=by_hand)

    def _possible(self, row: ApplicationRow) -> tuple[int, int]:
        """Readers and possible valid sheets, counting what is still being written."""
        data = self._presenter.data
        if data is None:
            return 0, 0
        readers = [expert for expert in data.board.experts if self._presenter.is_assigned((expert, row.number))]
        return len(readers), sum((expert, row.number) not in data.board.recusals for expert in readers)

    def _readers(self, row: ApplicationRow) -> str:
        readers, possible = self._possible(row)
        return str(readers) if readers == possible else f"{possible} / {readers}"

    def _readers_dot(self, row: ApplicationRow) -> Dot | None:
        data = self._presenter.data
        if data is None:
            return None
        readers, possible = self._possible(row)
        return Dot.CONFLICT if readers and possible < data.board.quorum else Dot.NEW if not readers else None

    def _readers_hint(self, row: ApplicationRow) -> str:
        from qisp_desktop.services.panel_words import readers_words

        data = self._presenter.data
        return "" if data is None else readers_words(data.board, row.number)


class AssignmentMatrix(MatrixView):
    """Space or a double click gives or takes; an assignment can be dragged along its row to another expert, or moved
    with Ctrl+Left and Ctrl+Right to the next who could read it."""

    moved = Signal(str, str, str)
    """Application, the expert it is taken from, the expert it goes to."""

    def __init__(self, model: AssignmentModel, presenter: ExpertsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(model, parent, sharing=COLUMN_WIDTHS)
        self._presenter = presenter
        self._pressed: QModelIndex | None = None
        self._press_point = QPoint()
        self._dragging = False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where a drag could begin."""
        index = self.indexAt(event.position().toPoint())
        key = self.matrix.key_at(index.column()) if index.isValid() else ""
        left = event.button() == Qt.MouseButton.LeftButton and not event.modifiers()
        held = left and bool(key) and self._presenter.is_assigned((key, self.matrix.row(index).number))
        self._pressed, self._press_point = index if held else None, event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the assignment along its row."""
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            super().mouseMoveEvent(event)
            return
        here = event.position().toPoint()
        if not self._dragging and (here - self._press_point).manhattanLength() < QApplication.startDragDistance():
            return
        self._dragging = True
        target = self._target(here)
        self.viewport().setCursor(Qt.CursorShape.DragMoveCursor if target else Qt.CursorShape.ForbiddenCursor)
        if target is not None:
            self.setCurrentIndex(target)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Drop it on the expert under the mouse."""
        source, dragging = self._pressed, self._dragging
        self._end_drag()
        if not dragging or source is None:
            super().mouseReleaseEvent(event)
            return
        target = self._target(event.position().toPoint(), source)
        if target is not None and target.column() != source.column():
            keys = self.matrix.key_at(source.column()), self.matrix.key_at(target.column())
            self.moved.emit(self.matrix.row(source).number, *keys)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves a drag; Ctrl with an arrow moves the assignment."""
        ways = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() == Qt.Key.Key_Escape and self._dragging:
            self._end_drag()
        elif event.key() in ways and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._move_by(ways[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def _move_by(self, step: int) -> None:
        """Move the current assignment to the next expert in that direction who could read the application."""
        here, data = self.currentIndex(), self._presenter.data
        source = self.matrix.key_at(here.column()) if here.isValid() else ""
        number = self.matrix.row(here).number if here.isValid() else ""
        if data is None or not source or not self._presenter.is_assigned((source, number)):
            return
        column = here.column() + step
        while key := self.matrix.key_at(column):
            if (key, number) not in data.board.conflicts and not self._presenter.is_assigned((key, number)):
                self.moved.emit(number, source, key)
                self.setCurrentIndex(self.matrix.index(here.row(), column))
                return
            column += step

    def _target(self, at: QPoint, source: QModelIndex | None = None) -> QModelIndex | None:
        """The cell of another expert in the row of the drag, whatever row the mouse strays to."""
        source = source or self._pressed
        column = self.columnAt(at.x())
        if source is None or not self.matrix.key_at(column):
            return None
        return self.matrix.index(source.row(), column)

    def _end_drag(self) -> None:
        self._pressed, self._dragging = None, False
        self.viewport().unsetCursor()
