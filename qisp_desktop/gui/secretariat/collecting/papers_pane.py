"""Scores on paper: what was entered and what it waits for; entering, settling and confirming happen in place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.base.paths import safe_name
from qisp_desktop.domain.paper_state import PaperState
from qisp_desktop.gui import theme
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.secretariat.collecting.entry_pane import EntryPane
from qisp_desktop.gui.secretariat.collecting.paper_acts import PaperActs
from qisp_desktop.gui.secretariat.collecting.presenter import CollectingPresenter
from qisp_desktop.gui.secretariat.collecting.recusal_line import RecusalLine
from qisp_desktop.gui.secretariat.collecting.words import paper_state_text
from qisp_desktop.gui.secretariat.section import read_only_words
from qisp_desktop.gui.widgets.card import button, label
from qisp_desktop.gui.widgets.data_table import ALL, DataTable, Filter
from qisp_desktop.gui.widgets.empty_state import EmptyState
from qisp_desktop.gui.widgets.flow_layout import FlowLayout
from qisp_desktop.gui.widgets.rows_model import Column, RowsModel
from qisp_desktop.gui.widgets.status_dot import Dot
from qisp_desktop.services.board_data import BoardState

if TYPE_CHECKING:
    from qisp_desktop.services.board_data import Board

OPEN = "open"
NAME_WIDTH, COMBO_WIDTH = 130, 190


class PapersPane(QWidget):
    """The list of papers, or the one that is being worked on."""

    def __init__(self, shell: Shell, presenter: CollectingPresenter) -> None:
        super().__init__()
        self._shell = shell
        self._presenter = presenter
        self.acts = PaperActs(presenter)
        self.expert, self.application = QComboBox(), QComboBox()
        self.clerk = QLineEdit(presenter.clerk)
        self._make_buttons()
        self.recusal = RecusalLine()
        self.model: RowsModel[PaperState] = RowsModel(_columns())
        self.table: DataTable[PaperState] = DataTable(
            shell, self.model, "papers", _("Scores on paper"),
            filters=(Filter(ALL, _("All")), Filter(OPEN, _("To be finished"), lambda one: one.is_open)),
            empty=EmptyState(
                "screening", _("No scores on paper"),
                _("For an expert without the program: choose the expert and the application above, type your name and "
                  "enter the scores; a second clerk enters them again. Or give out a score form in Excel."),
            ),
        )  # fmt: skip
        self.entry = EntryPane(self.acts)
        self._pairs: dict[str, tuple[str, ...]] = {}
        self._lay_out()
        self._wire()

    def refresh(self) -> None:
        """Show what was read."""
        data = self._presenter.data
        if data is None:
            return
        self.table.set_rows(data.papers)
        self._fill_choices(data.board)
        self.enable()

    def enable(self) -> None:
        """What can be done now, with the paper that is chosen and in a round that can be changed."""
        writable = self._presenter.session.writable
        free = writable and not self._presenter.busy
        chosen = self.table.current()
        pair = bool(self.application.currentText())
        self.enter.setEnabled(free and pair and bool(self.clerk.text().strip()))
        self.step_back.setEnabled(free and pair)
        self.form.setEnabled(bool(self.expert.currentText()) and not self._presenter.busy)
        self.check.setEnabled(free and chosen is not None and _can_be_confirmed(chosen))
        self.take_back.setEnabled(free and chosen is not None and chosen.confirmation is not None)
        self.discard.setEnabled(free and chosen is not None and chosen.is_open)
        words = "" if writable else read_only_words()
        for part in (self.enter, self.step_back, self.check, self.take_back, self.discard):
            part.setToolTip(words)
        if writable and not self.clerk.text().strip():
            self.enter.setToolTip(_("Type your name first: the second entry must be somebody else's."))
        self.entry.enable(free)

    def _make_buttons(self) -> None:
        self.enter = button(_("Enter scores"), "primary")
        self.step_back = button(_("Stepped back on paper…"))
        self.form = button(_("Score form for Excel…"))
        self.check = button(_("Compare and confirm"), "primary")
        self.take_back = button(_("Take the confirmation back"))
        self.discard = button(_("Remove the entries"))
        self.clerk.setPlaceholderText(_("Your name"))
        self.clerk.setAccessibleName(_("Your name"))
        self.clerk.setFixedWidth(theme.current().px(NAME_WIDTH))
        for combo, name in ((self.expert, _("Expert")), (self.application, _("Application"))):
            combo.setAccessibleName(name)
            combo.setMinimumWidth(theme.current().px(COMBO_WIDTH))
            combo.setMaxVisibleItems(20)

    def _lay_out(self) -> None:
        begin = QWidget()
        flow = FlowLayout(begin)
        for part in (
            label(_("Expert"), "second"), self.expert, label(_("Application"), "second"), self.application, self.clerk,
            self.enter, self.step_back, self.form,
        ):  # fmt: skip
            flow.addWidget(part)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(label(_("The chosen paper:"), "second"))
        for part in (self.check, self.take_back, self.discard):
            below.addWidget(part)
        below.addStretch(1)
        listed = QWidget()
        column = QVBoxLayout(listed)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(begin)
        column.addWidget(self.recusal)
        column.addWidget(self.table, 1)
        column.addLayout(below)
        self.stack = QStackedWidget()
        self.stack.addWidget(listed)
        self.stack.addWidget(self.entry)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.stack)

    def _wire(self) -> None:
        self.expert.currentIndexChanged.connect(lambda _place: self._fill_applications())
        self.application.currentIndexChanged.connect(lambda _place: self.enable())
        self.clerk.textChanged.connect(self._named)
        self.clerk.returnPressed.connect(self._enter)
        self.enter.clicked.connect(self._enter)
        self.step_back.clicked.connect(self._ask_for_recusal)
        self.form.clicked.connect(self._give_form)
        self.check.clicked.connect(self._check)
        self.take_back.clicked.connect(self._take_back)
        self.discard.clicked.connect(self._discard)
        self.table.selected.connect(self._selected)
        self.table.opened.connect(lambda _row: self._check())
        self.recusal.recorded.connect(self._recuse)
        self.entry.left.connect(self.show_list)

    def show_list(self) -> None:
        """Back to the list."""
        self.stack.setCurrentIndex(0)

    def choose(self, expert: str, application: str) -> None:
        """Choose whose paper it is."""
        self.expert.setCurrentIndex(self.expert.findData(expert))
        self.application.setCurrentIndex(self.application.findData(application))

    def show_paper(self, application: str, expert: str = "") -> None:
        """Go to the paper about ``application`` (of ``expert``); where there is none yet, choose whose it would be."""
        self.show_list()
        self.table.show_filter(ALL)
        found = self.table.go_to(lambda one: one.application == application and expert in ("", one.expert))
        if not found and expert:
            self.table.view.clearSelection()
            self.choose(expert, application)
            (self.enter if self.clerk.text().strip() else self.clerk).setFocus()

    def _named(self, name: str) -> None:
        self._presenter.clerk = name
        self.enable()

    def _fill_choices(self, board: Board) -> None:
        none = {BoardState.NOT_ASSIGNED, BoardState.RECUSED}
        pairs = {
            expert.id: tuple(row.number for row in board.rows if row.cells[place].state not in none)
            for place, expert in enumerate(board.experts)
        }
        if pairs == self._pairs:
            return
        self._pairs = pairs
        held = self.expert.currentData()
        self.expert.blockSignals(True)
        self.expert.clear()
        for expert in board.experts:
            self.expert.addItem(f"{expert.id} {expert.name}", expert.id)
        self.expert.setCurrentIndex(max(0, self.expert.findData(held)))
        self.expert.blockSignals(False)
        self._fill_applications()

    def _fill_applications(self) -> None:
        held = self.application.currentData()
        self.application.blockSignals(True)
        self.application.clear()
        for number in self._pairs.get(self.expert.currentData(), ()):
            self.application.addItem(number, number)
        self.application.setCurrentIndex(max(0, self.application.findData(held)) if self.application.count() else -1)
        self.application.blockSignals(False)
        self.enable()

    # What can be done -----------------------------------------------------------------------------------------------

    def _enter(self) -> None:
        data, expert, application = self._presenter.data, self.expert.currentData(), self.application.currentData()
        if data is None or not self.enter.isEnabled():
            return
        known = (one for one in data.papers if (one.expert, one.application) == (expert, application))
        state = next(known, None) or _nothing_entered(data.board, expert, application)
        if not self.entry.begin_entry(data.rubric, state, self._presenter.clerk):
            names = [one.by for one in (state.first, state.second) if one is not None]
            self._presenter.say(
                "warn",
                _("This paper was entered twice already."),
                _("By {names}. Settle the differences and confirm it, or remove the entries.").format(
                    names=_(", ").join(names)
                ),
            )
            return
        self.stack.setCurrentWidget(self.entry)
        self.entry.grid.begin()

    def _check(self) -> None:
        data, state = self._presenter.data, self.table.current()
        if data is None or state is None or not self.check.isEnabled():
            return
        if not self._presenter.clerk.strip():
            self._presenter.say("warn", _("Type your name first: who confirms stands in the record."))
            self.clerk.setFocus()
            return
        self.entry.begin_check(data.rubric, state)
        self.stack.setCurrentWidget(self.entry)
        self.entry.grid.begin()

    def _take_back(self) -> None:
        state = self.table.current()
        if state is not None and state.confirmation is not None:
            self.acts.withdraw(state.confirmation)

    def _discard(self) -> None:
        state = self.table.current()
        if state is not None:
            self.acts.discard(state)

    def _selected(self) -> None:
        state = self.table.current()
        if state is not None:
            self.choose(state.expert, state.application)
        self.enable()

    def _ask_for_recusal(self) -> None:
        self.recusal.ask(self.expert.currentData(), self.application.currentData())

    def _recuse(self) -> None:
        line = self.recusal
        self.acts.recuse(line.expert, line.application, line.chosen_ground(), line.reason.text(), line.put_away)

    def _give_form(self) -> None:
        expert = self.expert.currentData()
        folder = self._shell.settings.export_folder or self._shell.settings.last_folder
        name = _("score form")
        proposed = Path(folder) / f"{safe_name(expert)}-{name}.xlsx"
        chosen, _kind = QFileDialog.getSaveFileName(
            self, _("Where to put the score form"), str(proposed), _("Workbooks (*.xlsx)")
        )
        if chosen:
            path = Path(chosen)
            self._shell.settings.export_folder = str(path.parent)
            self.acts.give_form(expert, path if path.suffix.lower() == ".xlsx" else path.with_name(f"{path.name}.xlsx"))


def _nothing_entered(board: Board, expert: str, application: str) -> PaperState:
    """A paper of which nothing is there yet, beside what is held of its sheet."""
    place = next(n for n, one in enumerate(board.experts) if one.id == expert)
    revision = next(row.cells[place].revision for row in board.rows if row.number == application)
    return PaperState(expert, application, None, None, None, None, revision)


def _can_be_confirmed(state: PaperState) -> bool:
    return state.form is not None or (state.first is not None and state.second is not None)


def _columns() -> tuple[Column, ...]:
    return (
        Column(_("State"), paper_state_text, dot=_dot, key=lambda one: (not one.is_open, one.application, one.expert)),
        Column(_("Expert"), lambda one: one.expert),
        Column(_("Application"), lambda one: one.application),
        Column(_("Entered by"), _entered_by),
        Column(_("Confirmed by"), lambda one: one.confirmation.by if one.confirmation else ""),
        Column(_("Reason"), lambda one: one.confirmation.reason if one.confirmation else ""),
    )


def _dot(state: PaperState) -> Dot:
    if not state.is_open:
        return Dot.SIGNED
    return Dot.CONFLICT if state.differences or (state.form and state.form.others) else Dot.STARTED


def _entered_by(state: PaperState) -> str:
    names = [one.by for one in (state.first, state.second, state.form) if one is not None]
    if not names and state.confirmation is not None:
        names = list(state.confirmation.entered_by)
    return _(", ").join(names)
