"""The problems of a workbook as a list: where, what stands there, what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, Qt, Signal
from PySide6.QtWidgets import QListView

from qisp_desktop.base.i18n import _
from qisp_desktop.gui.widgets.rows_model import DOT_ROLE, Index
from qisp_desktop.gui.widgets.status_dot import Dot
from qisp_desktop.gui.widgets.two_line_delegate import SECOND_ROLE, TwoLineDelegate

if TYPE_CHECKING:
    from qisp_desktop.services.import_drafts import Checked
    from qisp_desktop.spreadsheets.problems import Problem


class _ProblemModel(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.problems: list[Problem] = []

    def show(self, problems: list[Problem]) -> None:
        if problems != self.problems:
            self.beginResetModel()
            self.problems = problems
            self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  as Qt has it
        return 0 if parent.isValid() else len(self.problems)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        problem = self.problems[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return _place_words(problem)
        if role == SECOND_ROLE:
            return problem.message
        if role == DOT_ROLE:
            return Dot.CONFLICT if problem.level == "error" else Dot.NEW
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{_place_words(problem)}\n{problem.message}"
        return None


class ProblemList(QListView):
    """Errors first, then notes; ``picked`` sends the cell (CellAt) of the one that was chosen."""

    picked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.problems = _ProblemModel()
        self.problems.setParent(self)
        self.setModel(self.problems)
        self.setItemDelegate(TwoLineDelegate(self, cut=Qt.TextElideMode.ElideRight))
        self.setAccessibleName(_("Problems"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.clicked.connect(self._pick)
        self.activated.connect(self._pick)

    def set_problems(self, checked: Checked) -> None:
        """Show all that is wrong, then what is worth knowing."""
        self.problems.show(sorted(checked.problems, key=lambda problem: problem.level != "error"))

    def _pick(self, index: QModelIndex) -> None:
        from qisp_desktop.spreadsheets.corrections import CellAt

        problem = self.problems.problems[index.row()]
        if problem.row is not None:
            self.picked.emit(CellAt(problem.sheet, problem.row, problem.index or 0))


def _place_words(problem: Problem) -> str:
    row = "" if problem.row is None else _("Row {row}").format(row=problem.row)
    return " · ".join(part for part in (row, problem.column, problem.value) if part) or problem.sheet
