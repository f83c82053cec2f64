"""What stands between the expert and the application where the keyboard is, and what can be done about it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from qisp_desktop.base.errors import UserError, sentences
from qisp_desktop.base.i18n import _
from qisp_desktop.gui.secretariat.experts.presenter import ExpertsPresenter
from qisp_desktop.gui.secretariat.section import read_only_words
from qisp_desktop.gui.widgets.card import Card, button, label
from qisp_desktop.gui.widgets.flow_layout import FlowLayout


class CellCard(Card):
    """The current cell in words."""

    replace_wanted = Signal(str, str)
    """The expert who is to be replaced, and the application."""

    def __init__(self, presenter: ExpertsPresenter) -> None:
        super().__init__(_("Cell"))
        self._presenter = presenter
        self._pair = ("", "")
        self.title.setWordWrap(True)
        self.who, self.what = label("", "second", wrap=True), label("", "second", wrap=True)
        self.state, self.conflict = label("", wrap=True), label("", "warn", wrap=True)
        self.toggle = button("", "primary")
        self.exclude, self.replace = button(_("Exclude…")), button(_("Replace…"))
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(_("Why the office keeps the expert from it"))
        self.reason.setAccessibleName(_("Reason of the exclusion"))
        self.confirm, self.leave = button(_("Exclude"), "primary"), button(_("Cancel"))
        self.problem = label("", "bad", wrap=True)
        self._lay_out()
        self._wire()
        self.show_pair("", "")

    def show_pair(self, expert: str, number: str) -> None:
        """Show what holds between ``expert`` and ``number``; either may be empty."""
        if (expert, number) != self._pair:
            self._end_asking()
        self._pair = expert, number
        self.refresh()

    def refresh(self) -> None:
        """Show what holds now."""
        from qisp_desktop.services.panel_words import conflict_words, readers_words, state_words

        expert_id, number = pair = self._pair
        data = self._presenter.data
        board = None if data is None else data.board
        expert = None if board is None else board.experts.get(expert_id)
        row = None if board is None else board.row.get(number)
        whole = board is not None and expert is not None and row is not None
        self.title.setText(" × ".join(filter(None, (expert_id, number))) or _("Nothing is chosen"))
        self.who.setText("" if expert is None else f"{expert.name} · {expert.organisation}")
        readers = "" if board is None or row is None else readers_words(board, number)
        self.what.setText("" if row is None else f"{row.applicant}\n{readers}")
        self.state.setText(state_words(board, pair) if board is not None and whole else self._advice())
        conflict = conflict_words(board, pair) if board is not None and whole else ""
        self.conflict.setText(conflict)
        self._show_buttons(whole)
        for part in (self.who, self.what, self.conflict):
            part.setVisible(bool(part.text()))

    def _advice(self) -> str:
        data = self._presenter.data
        if data is not None and not data.board.experts:
            return _("Import the list of experts first.")
        return _("Choose a cell: Space gives the application to the expert or takes it away.")

    def _show_buttons(self, whole: bool) -> None:
        data, pair = self._presenter.data, self._pair
        assigned = whole and self._presenter.is_assigned(pair)
        excluded = whole and data is not None and pair in data.board.exclusions
        conflicted = whole and data is not None and pair in data.board.conflicts
        self.toggle.setText(_("Take away") if assigned else _("Assign"))
        self.exclude.setText(_("Readmit") if excluded else _("Exclude…"))
        asking = self.reason.isVisibleTo(self)
        for one in (self.toggle, self.exclude, self.replace):
            one.setVisible(whole and not asking)
            one.setEnabled(self._presenter.session.writable)
            one.setToolTip("" if self._presenter.session.writable else read_only_words())
        if conflicted and not assigned:
            self.toggle.setEnabled(False)
        self.replace.setVisible(assigned and not asking)

    def _lay_out(self) -> None:
        for part in (self.who, self.what, self.state, self.conflict):
            self.body.addWidget(part)
        row = FlowLayout()
        for one in (self.toggle, self.exclude, self.replace):
            row.addWidget(one)
        self.body.addLayout(row)
        self.asking = QWidget()
        asked = QHBoxLayout(self.asking)
        asked.setContentsMargins(0, 0, 0, 0)
        asked.addStretch(1)
        asked.addWidget(self.leave)
        asked.addWidget(self.confirm)
        parts: tuple[QWidget, ...] = (self.reason, self.problem, self.asking)
        for widget in parts:
            self.body.addWidget(widget)
            widget.hide()

    def _wire(self) -> None:
        self.toggle.clicked.connect(lambda: self._presenter.toggle(self._pair))
        self.exclude.clicked.connect(self._exclude)
        self.replace.clicked.connect(lambda: self.replace_wanted.emit(*self._pair))
        self.confirm.clicked.connect(self._excluded)
        self.reason.returnPressed.connect(self._excluded)
        self.leave.clicked.connect(self._end_asking)
        self.leave.clicked.connect(self.refresh)
        self._presenter.refused.connect(self._refused)

    def _exclude(self) -> None:
        data = self._presenter.data
        if data is not None and self._pair in data.board.exclusions:
            self._presenter.readmit(self._pair)
            return
        for part in (self.reason, self.asking):
            part.show()
        self.refresh()
        self.reason.setFocus()

    def _excluded(self) -> None:
        self.problem.hide()
        self._presenter.exclude(self._pair, self.reason.text())
        if self.reason.text().strip():
            self._end_asking()

    def _refused(self, error: UserError) -> None:
        if self.reason.isVisibleTo(self):
            self.problem.setText(sentences(error.what, error.why, error.do))
            self.problem.show()

    def _end_asking(self) -> None:
        self.reason.clear()
        for part in (self.reason, self.problem, self.asking):
            part.hide()
