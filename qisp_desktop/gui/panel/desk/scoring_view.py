"""Reading and scoring side by side: the list, the materials and the sheet of the current application."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from qisp_desktop.domain.score_sheet import Evidence
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.panel.desk.application_list import ApplicationList
from qisp_desktop.gui.panel.desk.columns import LIST, MATERIALS, SCORES, Columns, Parts
from qisp_desktop.gui.panel.desk.presenter import DeskPresenter
from qisp_desktop.gui.panel.desk.reading import Reading
from qisp_desktop.gui.panel.desk.score_column import POINTS, REMARK, ScoreColumn
from qisp_desktop.gui.panel.desk.shortcuts import Shortcuts

MOST_LEVELS = 4
"""Levels that have a key of their own."""
KINDS_AND_RECORD = 8
"""What can be read, each with a key of its own."""


class ScoringView(QWidget):
    """The three columns, and the keys that work across them."""

    def __init__(self, shell: Shell, presenter: DeskPresenter) -> None:
        super().__init__()
        self._presenter = presenter
        self._begun = presenter.number
        """The application whose materials or declaration were brought into view."""
        self.applications = ApplicationList(presenter)
        self.reading = Reading(presenter, shell.tasks)
        self.scores = ScoreColumn(presenter)
        self.columns = Columns(Parts(self.applications, self.reading, self.scores), shell.settings)
        self.columns.chosen.connect(self._focus_column)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.columns)
        self.reading.citation_wanted.connect(self.cite)
        self.reading.moved.connect(self.remember)
        # Queued: the fields are shown first, and what is hidden cannot have the focus.
        self.reading.asked.connect(self._focus_shown)
        self.reading.answered.connect(self._focus_shown, Qt.ConnectionType.QueuedConnection)
        self.scores.caret_moved.connect(self.remember)
        self.scores.citation_wanted.connect(self.cite)
        self.scores.evidence_wanted.connect(self.follow)
        self.scores.recusal_wanted.connect(self._ask_for_recusal)
        self.applications.left.connect(self._leave_list)
        self._keys()
        QTimer.singleShot(0, self, self.come_back)

    def cite(self) -> None:
        """Cite the page that is shown for the current criterion."""
        evidence = self.reading.citation()
        if evidence is not None and self._presenter.editable:
            self._presenter.cite(self._presenter.criterion, evidence)

    def follow(self, evidence: Evidence) -> None:
        """Show what is cited: a page of a material here, a photo in the record of the visit."""
        application = self._presenter.application
        materials = application.materials if application is not None else ()
        if evidence.page or any(one.sha256 == evidence.sha256 for one in materials):
            self.columns.show_part(MATERIALS)
            self.reading.show_evidence(evidence)
        else:
            self._presenter.follow_to_photo(evidence)

    def remember(self) -> None:
        """Keep where the person is: page, field and caret."""
        field, caret = self.scores.caret()
        place = self._presenter.place
        if not field:
            field, caret = place.field, place.caret
        reading = self.reading.position()
        self._presenter.remember(replace(place, field=field, caret=caret, reading=reading))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A digit that nobody else wants is the beginning of a score; the arrow keys go between criteria, the page keys
        between pages."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and self._presenter.editable and not self.reading.asking:
            points = self.scores.cards[self._presenter.criterion].points
            if event.text().isdecimal() and not points.hasFocus():
                self._focus_field()
                points.insert(event.text())
                points.textEdited.emit(points.text())
                return
            if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                self._presenter.step(-1 if event.key() == Qt.Key.Key_Up else 1)
                self._focus_field()
                return
        if plain and event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.reading.turn_page(-1 if event.key() == Qt.Key.Key_PageUp else 1)
            return
        super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep the place when the page goes away."""
        super().hideEvent(event)
        self.remember()

    def _keys(self) -> None:
        acts: dict[str, Callable[[], None]] = {
            "cite": self.cite,
            "remark": lambda: self._focus_field(REMARK, len(self.scores.detail.remark.toPlainText())),
            "finish": self._finish,
            "previous": lambda: self._go(-1),
            "next": lambda: self._go(1),
            "undo": self._undo,
            "redo": self._redo,
            "search": self._search,
            "columns": self._next_column,
        }
        acts |= {f"level_{place + 1}": partial(self._pick_level, place) for place in range(MOST_LEVELS)}
        acts |= {f"kind_{place + 1}": partial(self.reading.choose_kind, place) for place in range(KINDS_AND_RECORD)}
        shortcuts = Shortcuts(self, acts)
        fields: list[QWidget] = [card.points for card in self.scores.cards.values()]
        shortcuts.guard([*fields, self.scores.detail.remark, self.applications.search])

    def come_back(self) -> None:
        """Put the caret where it was."""
        place = self._presenter.place
        if self._presenter.editable and not self.reading.asking and self.columns.shows(SCORES):
            self.scores.focus_field(place.field, place.caret)
        else:
            self._focus_sheet()

    def _focus_shown(self) -> None:
        if self.applications.browsing:
            return
        if self._presenter.number != self._begun:
            self._begun = self._presenter.number
            self.columns.show_part(MATERIALS)
        self._focus_sheet()

    def _leave_list(self) -> None:
        self.columns.show_part(MATERIALS)
        self._focus_sheet()

    def _focus_sheet(self) -> None:
        if not self.isVisible():
            return  # another view of the desk has the keys
        if self.reading.asking:
            self.columns.show_part(MATERIALS)
            self.reading.declaration.focus_answer()
        elif not self.columns.shows(SCORES):
            self._focus_column(MATERIALS)
        elif self.scores.state.is_closed:
            self._focus_column(LIST)  # else the keys would be on the way home
        else:
            self.scores.focus_field()

    def _focus_field(self, field: str = POINTS, caret: int = 0) -> None:
        self.columns.show_part(SCORES)
        self.scores.focus_field(field, caret)

    def _ask_for_recusal(self) -> None:
        self.columns.show_part(MATERIALS)
        self.reading.ask_for_recusal()

    def _finish(self) -> None:
        self.columns.show_part(SCORES)  # where what is missing is asked for
        self._presenter.finish()
        self._focus_after_move()

    def _go(self, by: int) -> None:
        self._presenter.step_application(by)
        self._focus_after_move()

    def _focus_after_move(self) -> None:
        # `asked` has already put the caret where something is missing.
        if not self.scores.detail.remark.hasFocus():
            self._focus_sheet()

    def _pick_level(self, place: int) -> None:
        self.columns.show_part(SCORES)
        self._presenter.pick_level(self._presenter.criterion, place)

    def _undo(self) -> None:
        self._presenter.undo()
        self._focus_changed()

    def _redo(self) -> None:
        self._presenter.redo()
        self._focus_changed()

    def _focus_changed(self) -> None:
        self.columns.show_part(SCORES)
        if not self.scores.detail.remark.hasFocus():
            self._focus_sheet()

    def _next_column(self) -> None:
        """From the list to the materials, from there to the scores, and round again."""
        parts: dict[str, QWidget] = {LIST: self.applications, MATERIALS: self.reading, SCORES: self.scores}
        focus = QApplication.focusWidget()
        here = next((place for place, part in enumerate(parts.values()) if focus and part.isAncestorOf(focus)), 1)
        key = list(parts)[(here + 1) % len(parts)]
        self.columns.show_part(key)
        self._focus_column(key)

    def _focus_column(self, key: str) -> None:
        if key == LIST:
            self.applications.list.browsed = True
            self.applications.list.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif key == MATERIALS and not self.reading.asking:
            self.reading.pane.stack.currentWidget().setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self._focus_sheet()

    def _search(self) -> None:
        self.columns.show_part(LIST)
        self.applications.search.setFocus()
        self.applications.search.selectAll()
