"""One paper being worked on: entered, or its entries settled and confirmed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit

from qisp_desktop.base.errors import sentences
from qisp_desktop.base.i18n import _, labelled, ngettext
from qisp_desktop.domain.desk_records import EntrySource
from qisp_desktop.domain.paper_state import PaperState, form_contents
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.domain.score_sheet import ItemScore, empty_draft
from qisp_desktop.gui.secretariat.collecting.entry_grid import EntryModel, EntryView, Reference
from qisp_desktop.gui.secretariat.collecting.paper_acts import PaperActs
from qisp_desktop.gui.widgets.card import Card, button, label

ENTER, SETTLE, FORM = "enter", "settle", "form"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class EntryPane(Card):
    """A grid, what it is for, and one button that does it; Escape leaves it."""

    left = Signal()
    """The person is done with the paper, or leaves it."""

    def __init__(self, acts: PaperActs) -> None:
        super().__init__()
        self._acts = acts
        self._state: PaperState | None = None
        self._mode = ENTER
        self._free = True
        self.heading, self.hint = label("", "heading"), label("", "second", wrap=True)
        self.model = EntryModel()
        self.grid = EntryView(self.model)
        self.total, self.trouble = label("", "heading"), label("", "bad", wrap=True)
        self.content = QComboBox()
        self.content.setAccessibleName(_("Which content the paper says"))
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(_("Why it counts, such as: compared with the hand-signed original"))
        self.reason.setAccessibleName(_("Why it counts"))
        self.keep, self.leave = button("", "primary"), button(_("Back without keeping"))
        self._lay_out()
        self._wire()

    def begin_entry(self, rubric: Rubric, state: PaperState, clerk: str) -> bool:
        """Enter a paper as ``clerk``; False when two others have done so already.

        Only what this clerk typed before is shown: the second must not see the first's scores.
        """
        source = state.role_of(clerk)
        if source is None:
            return False
        own = state.first if source is EntrySource.FIRST else state.second
        items = own.items if own else empty_draft(state.application, rubric).items
        if source is EntrySource.FIRST:
            hint = _("First entry. Type what the paper says; a second clerk types it again without seeing this.")
        else:
            hint = _("Second entry. Type what the paper says; what the first clerk typed is not shown.")
        self._begin(ENTER, state, hint, _("Keep the entry"))
        self.model.show(rubric, items)
        self._changed()
        return True

    def begin_check(self, rubric: Rubric, state: PaperState) -> None:
        """Settle and confirm what was entered, or what the score form says."""
        if state.form is not None:
            self._check_form(rubric, state)
        elif state.first is not None and state.second is not None:
            self._check_entries(rubric, state)

    def enable(self, free: bool) -> None:
        """Nothing can be kept while something else is being done (``free`` False) or what is needed is missing."""
        self._free = free
        reason = self._mode == ENTER or bool(self.reason.text().strip())
        chosen = self._mode != FORM or self.content.currentIndex() >= 0
        self.keep.setEnabled(free and not self.model.incomplete and reason and chosen)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves, Ctrl+Enter keeps."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._keep()
        else:
            super().keyPressEvent(event)

    def _check_entries(self, rubric: Rubric, state: PaperState) -> None:
        first, second = state.first, state.second
        if first is None or second is None:
            return
        differing = frozenset(one.criterion for one in state.differences)
        count = len(differing)
        hint = _("Both entries are the same. Compare them with the hand-signed paper, then confirm.")
        if count:
            text = ngettext(
                "The entries differ in {count} criterion: type what the hand-signed paper says there.",
                "The entries differ in {count} criteria: type what the hand-signed paper says there.",
                count,
            )
            hint = text.format(count=count)
        items = [ItemScore(one.criterion, None, "", ()) if one.criterion in differing else one for one in first.items]
        self._begin(SETTLE, state, hint, _("Confirm"))
        references = (Reference(first.by, first.items), Reference(second.by, second.items))
        self.model.show(rubric, items, references, differing)
        self._changed()

    def _check_form(self, rubric: Rubric, state: PaperState) -> None:
        form = state.form
        if form is None:
            return
        contents = form_contents(form)
        hint = _("Compare the form with the hand-signed paper, then confirm.")
        if len(contents) > 1:
            hint = _("The form came back with several contents: choose the one that the hand-signed paper says.")
        self._begin(FORM, state, hint, _("Confirm"))
        self.content.clear()
        for letter, content in zip(LETTERS, contents, strict=False):
            self.content.addItem(_("Content {letter}").format(letter=letter), content.file)
        self.content.setVisible(len(contents) > 1)
        self.content.setCurrentIndex(-1 if len(contents) > 1 else 0)
        references = [
            Reference(_("Content {letter}").format(letter=letter), content.items)
            for letter, content in zip(LETTERS, contents, strict=False)
        ]
        self.model.show(rubric, form.items, references if len(references) > 1 else (), frozenset())
        self._changed()

    def _begin(self, mode: str, state: PaperState, hint: str, keep: str) -> None:
        self._mode, self._state = mode, state
        self.heading.setText(f"{state.expert} × {state.application}")
        if state.newest:
            held = _("Revision {revision} is held; confirmed, this takes its place.")
            hint = sentences(hint, held.format(revision=state.newest))
        self.hint.setText(hint)
        self.keep.setText(keep)
        self.reason.clear()
        self.reason.setVisible(mode != ENTER)
        self.content.hide()
        self.trouble.setText("")

    def _lay_out(self) -> None:
        self.body.addWidget(self.heading)
        self.body.addWidget(self.hint)
        self.body.addWidget(self.grid, 1)
        self.body.addWidget(self.trouble)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.total)
        row.addStretch(1)
        row.addWidget(self.content)
        row.addWidget(self.reason, 4)
        row.addWidget(self.leave)
        row.addWidget(self.keep)
        self.body.addLayout(row)

    def _wire(self) -> None:
        self.model.edited.connect(self._changed)
        self.grid.refused.connect(self.trouble.setText)
        self.reason.textChanged.connect(lambda _text: self.enable(self._free))
        self.reason.returnPressed.connect(self._keep)
        self.content.currentIndexChanged.connect(lambda _place: self._changed())
        self.leave.clicked.connect(self.left)
        self.keep.clicked.connect(self._keep)

    def _changed(self) -> None:
        rubric, missing = self.model.rubric, self.model.incomplete
        if rubric is None:
            return
        points = [item.points for item in self.model.items if item.points is not None]
        total = rubric.points_text(sum(points, start=rubric.step * 0))
        text = labelled(_("Total"), f"{total} / {rubric.points_text(rubric.maximum)}")
        if missing:
            left = ngettext("{count} line is not complete", "{count} lines are not complete", missing)
            text += " · " + left.format(count=missing)
        self.total.setText(text if self._mode != FORM or self.content.count() < 2 else "")
        self.enable(self._free)

    def _keep(self) -> None:
        state = self._state
        if state is None or not self.keep.isEnabled():
            return
        if self._mode == ENTER:
            self._acts.enter(state, self.model.items, self.left.emit)
        elif self._mode == SETTLE:
            differing = {one.criterion for one in state.differences}
            settled = {item.criterion: item for item in self.model.items if item.criterion in differing}
            self._acts.confirm_typed(state, settled, self.reason.text(), self.left.emit)
        else:
            self._acts.confirm_form(state, str(self.content.currentData() or ""), self.reason.text(), self.left.emit)
