"""The matrix of the formal check: an application a row, seven materials and seven conditions its columns."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QFontMetrics

from qisp_desktop.base.i18n import _
from qisp_desktop.domain.regulation import Condition, MaterialKind
from qisp_desktop.domain.screening import ScreeningStatus
from qisp_desktop.gui import theme
from qisp_desktop.gui.widgets.matrix import MatrixView
from qisp_desktop.gui.widgets.matrix_model import Mark, MarkColumn, MatrixModel
from qisp_desktop.gui.widgets.rows_model import Column

if TYPE_CHECKING:
    from qisp_desktop.services.screening_board import ScreeningRow

DECISION, MATERIAL, CONDITION = "decision", "m", "c"
MARK_WIDTH, DECISION_ROOM = 34, 20
_MEANINGS = {
    ScreeningStatus.ACCEPTED: "good",
    ScreeningStatus.TO_SUPPLEMENT: "warn",
    ScreeningStatus.REFUSED: "bad",
    ScreeningStatus.TO_DECIDE: "accent",
}
_SYMBOLS: dict[bool | None, tuple[str, str]] = {True: ("✓", "good"), False: ("✗", "bad"), None: ("?", "warn")}


def screening_model() -> MatrixModel[ScreeningRow]:
    """The matrix without rows."""
    heads = [
        Column(_("Number"), lambda row: row.number),
        Column(_("Applicant"), lambda row: row.applicant, hint=lambda row: f"{row.applicant}\n{row.platform}"),
    ]
    marks = [
        MarkColumn(
            DECISION, _("Result"), decision_mark, _("Computed, or decided by hand (a corner marks it)"),
            width=_decision_width(),
        ),
        *(
            MarkColumn(f"{MATERIAL}{kind.value}", _("Mat.\n{number}").format(number=kind.value), _material_mark(kind),
                       _("Material {number}: {name} (Art. 15)").format(number=kind.value, name=kind.label),
                       width=MARK_WIDTH)
            for kind in MaterialKind
        ),
        *(
            MarkColumn(f"{CONDITION}{one.value}", _("Con.\n{number}").format(number=one.value), _condition_mark(one),
                       _("Condition {number}: {name} (Art. 13)").format(number=one.value, name=one.label),
                       width=MARK_WIDTH)
            for one in Condition
        ),
    ]  # fmt: skip
    return MatrixModel(heads, marks)


def _decision_width() -> int:
    """Pixels at 100 % for the longest result in the language of the person."""
    look = theme.current()
    metrics = QFontMetrics(look.font(bold=True))
    widest = max(metrics.horizontalAdvance(status.label) for status in ScreeningStatus)
    return widest * 100 // look.scale + DECISION_ROOM


def decision_mark(row: ScreeningRow) -> Mark:
    """What the formal check comes to; a corner where a clerk decided."""
    checked = row.checked
    words = row.status.label
    if row.overdue:
        words = _("{status}, overdue").format(status=words)
    hint = checked.reason
    if checked.decided_by:
        hint = _("Decided by {who}: {reason}\nComputed: {status}").format(
            who=checked.decided_by, reason=checked.reason, status=checked.computed.label
        )
    if row.notice is not None:
        hint = f"{hint}\n" + _("Supplement wanted by {day}").format(day=row.notice.reply_by.isoformat())
    text = f"! {row.status.label}" if row.overdue else row.status.label
    meaning = "bad" if row.overdue else _MEANINGS[row.status]
    return Mark(text, meaning, hint.strip(), words, ground=True, flag=bool(checked.decided_by))


def _material_mark(kind: MaterialKind) -> Callable[[ScreeningRow], Mark]:
    def mark(row: ScreeningRow) -> Mark:
        files = row.files.get(kind)
        if files:
            return Mark("✓", "good", "\n".join(files), _("there"))
        awaited = row.notice is not None and kind in row.awaited
        hint = _("missing")
        if awaited and row.notice is not None:
            hint = _("missing, asked for by {day}").format(day=row.notice.reply_by.isoformat())
        return Mark("✗", "bad", f"{kind.value}. {kind.label}: {hint}", hint, ground=True)

    return mark


def _condition_mark(condition: Condition) -> Callable[[ScreeningRow], Mark]:
    words = {True: _("met"), False: _("not met"), None: _("not decided by the record")}

    def mark(row: ScreeningRow) -> Mark:
        found = row.condition(condition.value)
        text, meaning = _SYMBOLS[found.met]
        return Mark(text, meaning, found.why, words[found.met], ground=found.met is not True)

    return mark


class ScreeningMatrix(MatrixView):
    """The matrix; files can be dropped on a material's cell: ``dropped`` sends row, kind and paths."""

    dropped = Signal(object, str, object)

    def __init__(self, model: MatrixModel[ScreeningRow]) -> None:
        super().__init__(model, stretching=True)
        self.setAcceptDrops(True)
        self.viewport().setAcceptDrops(True)
        self.takes_files = True

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files, while they can be taken in."""
        if self.takes_files and any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Anywhere on a row; the cell under the pointer is shown."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid():
            self.setCurrentIndex(index)
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        """Give the files to the application: as the kind under the pointer, else as their names tell."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid():
            event.acceptProposedAction()
            paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
            key = self.matrix.key_at(index.column())
            kind = key.removeprefix(MATERIAL) if key.startswith(MATERIAL) else ""
            self.dropped.emit(self.matrix.row(index), kind, paths)
