"""The formal check at the desk: acceptance and its clock, the matrix, the cell explained."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout

from qisp_desktop.base.i18n import _
from qisp_desktop.domain.regulation import MaterialKind
from qisp_desktop.domain.screening import ScreeningStatus
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.secretariat.screening.day_field import DayField
from qisp_desktop.gui.secretariat.screening.matrix import DECISION, ScreeningMatrix, screening_model
from qisp_desktop.gui.secretariat.screening.presenter import ScreeningPresenter
from qisp_desktop.gui.secretariat.screening.side import ScreeningSide
from qisp_desktop.gui.secretariat.section import AnyPresenter, SectionView, read_only_words
from qisp_desktop.gui.stylesheet import role
from qisp_desktop.gui.widgets.card import button, label
from qisp_desktop.gui.widgets.data_table import ALL, DataTable, Filter
from qisp_desktop.gui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from qisp_desktop.services.screening_board import ScreeningBoard, ScreeningRow

OVERDUE = "overdue"
FIRST_WIDTHS = (124, 112)
"""So narrow that most verdicts are seen beside the explanation on a screen of 1366 pixels."""


class ScreeningView(SectionView):
    """The view of ``ScreeningPresenter``."""

    def __init__(self, shell: Shell, presenter: AnyPresenter) -> None:
        super().__init__(shell, presenter, _("Formal check"))
        self.presenter = cast(ScreeningPresenter, presenter)
        self.model = screening_model()
        self.matrix = ScreeningMatrix(self.model)
        empty = EmptyState(
            "screening",
            _("No applications yet"),
            _("Import applications first; they are checked here for the seven materials and the seven conditions."),
            _("To the applications"),
            lambda: self.presenter.wanted.emit("applications", None),
        )
        self.table: DataTable[ScreeningRow] = DataTable(
            shell, self.model, "screening", _("Formal check"), filters=_filters(), empty=empty, view=self.matrix
        )
        self.table.first_widths = FIRST_WIDTHS
        self.side = ScreeningSide(shell, self.presenter)
        self.side.hide()
        self.clock = label("", "second", wrap=True)
        self.day = DayField(_("Day of acceptance"))
        self.accept = button(_("Accept on this day"), "primary")
        self._lay_out()
        self._wire()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room between the matrix and the explanation."""
        super().resizeEvent(event)
        self.side.fit(self.width())

    def is_spare(self) -> bool:
        """Not while a day or a decision was chosen and is not recorded yet."""
        return super().is_spare() and not self.day.is_chosen and not self.side.is_begun

    def refresh(self) -> None:
        """Show the matrix and the clock."""
        data = self.presenter.data
        if data is None:
            return
        at = self.matrix.current_cell()
        self.table.set_rows(data.rows)
        self._show_clock(data)
        if at is not None and not self.matrix.go_to_cell(lambda row: row.number == at[0].number, at[1]):
            self.side.hide()
        self._show_cell()
        self._enable()

    def take_wish(self) -> None:
        """Go to the application that another section names."""
        wish = self.presenter.wish
        if self.presenter.data is not None and wish is not None:
            self.presenter.wish = None
            self.table.show_filter(ALL)
            self.matrix.go_to_cell(lambda row: row.number == wish, DECISION)

    def show_busy(self, what: str) -> None:
        """Nothing can be decided while something is being done."""
        super().show_busy(what)
        self._enable()

    def _lay_out(self) -> None:
        self.corner.addWidget(label(_("Day of acceptance"), "second"))
        self.corner.addWidget(self.day)
        self.corner.addWidget(self.accept)
        self.body.addWidget(self.clock)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.table, 1)
        row.addWidget(self.side)
        self.body.addLayout(row, 1)

    def _wire(self) -> None:
        presenter = self.presenter
        self.accept.clicked.connect(self._accept)
        self.day.dateChanged.connect(lambda _day: self._enable())
        self.matrix.cell_changed.connect(lambda _row, _key: self._show_cell())
        self.table.selected.connect(self._show_cell)
        self.matrix.cell_opened.connect(lambda _row, _key: self.side.decide_now())
        self.matrix.dropped.connect(self._dropped)
        self.side.print_wanted.connect(self._open_printing)
        self.table.exported.connect(self._table_written)
        self.table.export_failed.connect(presenter.say_error)
        presenter.letters_written.connect(_open)

    def _show_clock(self, data: ScreeningBoard) -> None:
        if data.accepted_on is None:
            words = _(
                "Not accepted yet: the verdicts are those of today. The day of acceptance starts the {days} days of "
                "the evaluation (Art. 14)."
            ).format(days=data.days)
        else:
            words = _("Accepted on {day}. The evaluation must end by {end} (Art. 14): day {used} of {days}.").format(
                day=data.accepted_on.isoformat(), end=data.ends.isoformat(), used=data.day, days=data.days
            )
        self.clock.setText(words)
        self.clock.setProperty(*role("bad" if data.late else "second"))
        self.clock.style().unpolish(self.clock)
        self.clock.style().polish(self.clock)
        self.day.show_day(data.accepted_on or data.today)
        self.accept.setText(_("Accept on this day") if data.accepted_on is None else _("Change the day"))

    def _show_cell(self) -> None:
        cell = self.matrix.current_cell()
        if cell is not None:
            numbers = tuple(row.number for row in self.table.selection()) or (cell[0].number,)
            self.side.show_cell(cell[0], cell[1], numbers)

    def _accept(self) -> None:
        self.presenter.accept(self.day.day)

    def _dropped(self, row: ScreeningRow, kind: str, paths: list[Path]) -> None:
        self.presenter.give(row.number, paths, MaterialKind(kind) if kind else None)

    def _enable(self) -> None:
        presenter, data = self.presenter, self.presenter.data
        writable = presenter.session.writable
        may = writable and not presenter.busy and data is not None and bool(data.rows)
        self.day.setEnabled(may)
        self.accept.setEnabled(may and data is not None and self.day.day != data.accepted_on)
        self.accept.setToolTip("" if writable else read_only_words())
        self.matrix.takes_files = may
        self.side.enable()

    def _open_printing(self) -> None:
        from qisp_desktop.gui.printing.page import printing_screen
        from qisp_desktop.gui.printing.work import FirstChoice
        from qisp_desktop.services.papers import PaperKind

        first = FirstChoice(frozenset({PaperKind.LETTER}), frozenset(self.side.numbers))
        self.shell.go.show(printing_screen(self.shell, self.presenter.session.place, first=first, section="screening"))

    def _table_written(self, path: Path) -> None:
        self.presenter.say(
            "good", _("The table is written: {path}").format(path=path), "", _("Open the folder"),
            lambda: _open(path.parent),
        )  # fmt: skip


def _open(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _filters() -> list[Filter]:
    status = ScreeningStatus
    return [
        Filter(ALL, _("All")),
        Filter("decide", status.TO_DECIDE.label, lambda row: row.status is status.TO_DECIDE),
        Filter("supplement", status.TO_SUPPLEMENT.label, lambda row: row.status is status.TO_SUPPLEMENT),
        Filter(OVERDUE, _("Overdue"), lambda row: row.overdue),
        Filter("refused", status.REFUSED.label, lambda row: row.status is status.REFUSED),
        Filter("accepted", status.ACCEPTED.label, lambda row: row.status is status.ACCEPTED),
    ]
