"""The board: experts × applications, who is missing at a glance, and what is held of the cell the clerk is at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from qisp_desktop.base.errors import sentences
from qisp_desktop.base.i18n import _, labelled, ngettext
from qisp_desktop.gui import theme
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.secretariat.collecting.presenter import CollectingPresenter
from qisp_desktop.gui.secretariat.collecting.words import STATES, mark_of, paper_state_text
from qisp_desktop.gui.secretariat.expert_heading import expert_heading
from qisp_desktop.gui.widgets.card import Card, button, label
from qisp_desktop.gui.widgets.data_table import ALL, DataTable, Filter
from qisp_desktop.gui.widgets.empty_state import EmptyState
from qisp_desktop.gui.widgets.flow_layout import FlowLayout
from qisp_desktop.gui.widgets.matrix import MatrixView
from qisp_desktop.gui.widgets.matrix_model import Mark, MarkColumn, MatrixModel
from qisp_desktop.gui.widgets.rows_model import Column
from qisp_desktop.gui.widgets.status_dot import StatusDot
from qisp_desktop.services.board_data import BACK, NOT_DUE, Board, BoardExpert, BoardRow, BoardState

if TYPE_CHECKING:
    from qisp_desktop.services.compared_sheets import HeldOf

SIDE_WIDTH = 300
EXPERT_WIDTHS = (54, 76)
"""Nine of them stand beside the heads at 1366 pixels."""
HEAD_WIDTHS = (126, 118, 76)
NARROW, NARROW_SIDE, NARROW_HEADS = 980, 210, (126, 90, 72)
"""Below so many pixels at 100 % the cards at the side and the heads are narrower, and there is no legend."""
KEY = "collecting-board"
MOST_NAMED = 12
"""Experts that the line of who is missing names; of more it says how many."""
MISSING, CONTESTED, SHORT = "missing", "contested", "short"


class BoardPane(QWidget):
    """The view of the board."""

    def __init__(self, shell: Shell, presenter: CollectingPresenter) -> None:
        super().__init__()
        self._presenter = presenter
        self._outdated = True
        self._fitted = not shell.settings.bytes_of(f"table/{KEY}").isEmpty()
        self.model: MatrixModel[BoardRow] = MatrixModel(_heads(), ())
        self.matrix = MatrixView(self.model, sharing=EXPERT_WIDTHS)
        self.table: DataTable[BoardRow] = DataTable(
            shell, self.model, KEY, _("Board of returns"),
            filters=(
                Filter(ALL, _("All")),
                Filter(MISSING, _("Missing"), lambda row: row.tally.missing > 0),
                Filter(CONTESTED, _("Conflicts"), lambda row: _has(row, BoardState.CONFLICT)),
                Filter(SHORT, _("Stepped back"), lambda row: _has(row, BoardState.RECUSED)),
            ),
            empty=EmptyState(
                "collect", _("Nobody is assigned yet"), _("Assign experts and hand packages out first."),
                _("Experts and assignment"), lambda: presenter.wanted.emit("experts", None),
            ),
            view=self.matrix,
        )  # fmt: skip
        self.who = label("", wrap=True)
        self.cell = CellCard()
        self.gone = SteppedBackCard(presenter)
        self._columns: tuple[BoardExpert, ...] = ()
        self._lay_out()
        self.matrix.cell_changed.connect(self._moved)
        presenter.cell_read.connect(self.cell.show_held)

    def showEvent(self, event: QShowEvent) -> None:
        """Now the room is known, and what was read while nobody looked is shown."""
        super().showEvent(event)
        if self._outdated:
            self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room it goes to the board; what the marks mean is still said of each cell."""
        super().resizeEvent(event)
        narrow = self.width() < theme.current().px(NARROW)
        self.legend.setHidden(narrow)
        for part in (self.cell, self.gone):
            part.setFixedWidth(theme.current().px(NARROW_SIDE if narrow else SIDE_WIDTH))

    def refresh(self) -> None:
        """Show the board that was read."""
        data = self._presenter.data
        self._outdated = not self.isVisible()
        if data is None or self._outdated:
            return
        board = data.board
        if board.experts != self._columns:
            self._set_columns(board.experts)
        self.table.set_rows(board.rows)
        self._fit()
        self.who.setText(_who_is_missing(board))
        self.gone.show_recusals(board)
        cell = self.matrix.current_cell()
        if cell is not None and cell[1]:
            self._moved(*cell)
        else:
            self.cell.show_held(None)

    def show_wish(self, wish: str) -> None:
        """Go to an application's row, or to what is missing of an expert."""
        expert = wish if any(one.id == wish for one in self._columns) else ""
        self.table.show_filter(MISSING if expert else ALL)
        if not expert:
            self.matrix.go_to_cell(lambda row: row.number == wish)
        else:
            place = next(n for n, one in enumerate(self._columns) if one.id == expert)
            self.matrix.go_to_cell(lambda row: row.cells[place].state not in BACK | NOT_DUE, expert)

    def _set_columns(self, experts: tuple[BoardExpert, ...]) -> None:
        """Other headings; of the same panel they keep the widths and the order that the person gave them."""
        same = [one.id for one in experts] == [one.id for one in self._columns]
        header, cell = self.matrix.horizontalHeader(), self.matrix.current_cell()
        state = header.saveState()
        self._columns = experts
        self.model.set_columns(_heads(), [_mark_column(place, one) for place, one in enumerate(experts)])
        if same:
            header.restoreState(state)
            self.matrix.place_heads()
            if cell is not None:
                self.matrix.go_to_cell(lambda row: row.number == cell[0].number, cell[1])

    def _fit(self) -> None:
        """Leave the room to the experts."""
        if not self._fitted and self._columns:
            self._fitted = True
            narrow = self.width() < theme.current().px(NARROW)
            for place, width in enumerate(NARROW_HEADS if narrow else HEAD_WIDTHS):
                self.matrix.setColumnWidth(place, theme.current().px(width))

    def _moved(self, row: BoardRow, expert: str) -> None:
        if expert:
            self._presenter.ask_cell(expert, row.number)

    def _lay_out(self) -> None:
        self.legend = QWidget()
        flow = FlowLayout(self.legend, gap=16)
        for state in STATES:
            if state is not BoardState.NOT_ASSIGNED:
                flow.addWidget(_legend_entry(state))
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.who)
        left.addWidget(self.table, 1)
        left.addWidget(self.legend)
        side = QVBoxLayout()
        side.setSpacing(12)
        for part, stretch in ((self.cell, 0), (self.gone, 1)):
            side.addWidget(part, stretch)
        side.addStretch()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addLayout(left, 1)
        row.addLayout(side)


class CellCard(Card):
    """What is held of one expert and application."""

    def __init__(self) -> None:
        super().__init__(_("What is held"))
        self.who = label(_("Choose a cell of the board."), "second", wrap=True)
        self.text = label("", wrap=True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.hint = label("", "second", wrap=True)
        for part in (self.who, self.text, self.hint):
            self.body.addWidget(part)

    def show_held(self, held: HeldOf | None) -> None:
        """Show it; None asks to choose a cell."""
        if held is None:
            self.who.setText(_("Choose a cell of the board."))
            self.text.setText("")
            self.hint.setText("")
            return
        self.who.setText("\n".join((f"{held.expert} × {held.application}", held.platform)))
        self.text.setText("\n".join(_held_lines(held)) or _("Nothing has come back."))
        self.hint.setText(_("Enter or a double click leads to what can be done with it."))


class SteppedBackCard(Card):
    """Who stepped back from what, and what that leaves: worst first."""

    def __init__(self, presenter: CollectingPresenter) -> None:
        super().__init__(_("Stepped back"))
        self._presenter = presenter
        self.go = button(_("Find a replacement"), "link")
        self.go.clicked.connect(lambda: presenter.wanted.emit("experts", self._first))
        self.text = label("", wrap=True)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(self.text)
        area.setMinimumHeight(theme.current().px(96))
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.body.addWidget(area, 1)
        self.body.addWidget(self.go, 0, Qt.AlignmentFlag.AlignLeft)
        self._first: str | None = None

    def show_recusals(self, board: Board) -> None:
        """Show them; the card is hidden while there is none."""
        self.setVisible(bool(board.stepped_back))
        lines = []
        for one in board.stepped_back:
            pair = f"{one.recusal.expert} {one.expert_name} × {one.recusal.application}"
            lines.append(labelled(pair, one.recusal.ground.label))
            left = ngettext(
                "{remaining} sheet can still come, {quorum} needed",
                "{remaining} sheets can still come, {quorum} needed",
                one.remaining,
            )
            if one.short:
                left = ngettext(
                    "⚠ only {remaining} sheet can still come, {quorum} needed: no result without a replacement",
                    "⚠ only {remaining} sheets can still come, {quorum} needed: no result without a replacement",
                    one.remaining,
                )
            lines.append("    " + left.format(remaining=one.remaining, quorum=one.quorum))
            if one.voided:
                lines.append("    " + _("the sheet that was held does not count any more"))
        self.text.setText("\n".join(lines))
        self._first = board.stepped_back[0].recusal.application if board.stepped_back else None


def _heads() -> tuple[Column, ...]:
    return (
        Column(_("Application"), lambda row: row.number),
        Column(_("Platform"), lambda row: row.platform),
        Column(
            _("Returned"),
            lambda row: _("{done} of {total}").format(done=row.tally.back, total=row.tally.due),
            key=lambda row: (row.tally.back - row.tally.due, row.number),
        ),
    )


def _mark_column(place: int, expert: BoardExpert) -> MarkColumn:
    def mark(row: BoardRow) -> Mark:
        return mark_of(row.cells[place])

    tally = f"{expert.tally.back}/{expert.tally.due}"
    hint = ngettext(
        "{expert} {name}: sheets back: {back} of {due}; {returns} return",
        "{expert} {name}: sheets back: {back} of {due}; {returns} returns",
        expert.returns,
    ).format(expert=expert.id, name=expert.name, back=expert.tally.back, due=expert.tally.due, returns=expert.returns)
    heading = expert_heading(expert.id, expert.name, tally)
    return MarkColumn(expert.id, heading, mark, hint, lambda row: row.cells[place].state, EXPERT_WIDTHS[0])


def _who_is_missing(board: Board) -> str:
    whole = _("Sheets back: {back} of {due}.").format(back=board.tally.back, due=board.tally.due)
    missing = [one for one in board.experts if one.tally.missing]
    if not missing:
        return whole
    missing.sort(key=lambda one: (-one.tally.missing, one.id))
    named = [f"{one.id} {one.name} ({one.tally.missing})" for one in missing[:MOST_NAMED]]
    if len(missing) > MOST_NAMED:
        named.append(_("{count} more").format(count=len(missing) - MOST_NAMED))
    return sentences(whole, _("Missing: {experts}").format(experts=_(", ").join(named)))


def _held_lines(held: HeldOf) -> list[str]:
    lines = []
    if held.recusal is not None:
        lines.append(labelled(_("Stepped back"), f"{held.recusal.ground.label} – {held.recusal.reason}"))
    for sheet in held.sheets:
        counts = "✓ " if sheet.counts else "✗ "
        text = _("revision {revision}, total {total}").format(revision=sheet.revision, total=sheet.total)
        lines.append(counts + text)
        lines.append("    " + sheet.origin)
        if sheet.files:
            lines.append("    " + _(", ").join(sheet.files))
        if sheet.reason:
            lines.append("    " + sheet.reason)
        if sheet.mismatch:
            lines.append("    ⚠ " + _("its paper shows something else: {why}").format(why=sheet.mismatch))
    if held.paper.is_open:
        lines.append(labelled(_("Scores on paper"), paper_state_text(held.paper)))
    return lines


def _legend_entry(state: BoardState) -> QWidget:
    look = STATES[state]
    entry = QWidget()
    row = QHBoxLayout(entry)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(4)
    if look.dot is not None:
        row.addWidget(StatusDot(look.dot, ""))
    else:
        row.addWidget(label(_(look.text), look.meaning))
    row.addWidget(label(_(look.words), "second"))
    return entry


def _has(row: BoardRow, state: BoardState) -> bool:
    return any(cell.state is state for cell in row.cells)
