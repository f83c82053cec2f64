"""The middle of the desk: the declaration, or the materials, or why they are closed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout

from qisp_desktop.base.i18n import _
from qisp_desktop.domain.regulation import RecusalGround
from qisp_desktop.domain.score_sheet import Evidence
from qisp_desktop.gui.panel.desk.declaration import DeclarationPanel
from qisp_desktop.gui.panel.desk.presenter import DeskPresenter
from qisp_desktop.gui.panel.materials.pane import MaterialPane, Position
from qisp_desktop.gui.stylesheet import role
from qisp_desktop.gui.tasks import Tasks


class Reading(QStackedWidget):
    """Shows what the current application allows to be seen; materials only after a declaration and no recusal."""

    citation_wanted = Signal()
    moved = Signal()
    """Another page is shown."""
    answered = Signal()
    """The declaration, or what was asked instead of it, is over: the score column has the word."""
    asked = Signal()
    """The declaration on another application is asked for."""

    def __init__(self, presenter: DeskPresenter, tasks: Tasks) -> None:
        super().__init__()
        self._presenter = presenter
        self._shown = ""
        self.pane = MaterialPane(tasks, self)
        self.declaration = DeclarationPanel(presenter.expert)
        self._declaring = QFrame()
        self._declaring.setProperty(*role("card"))
        column = QVBoxLayout(self._declaring)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(self.declaration)
        self.addWidget(self.pane)
        self.addWidget(self._declaring)
        self.declaration.declared.connect(presenter.declare)
        self.declaration.recused.connect(presenter.recuse)
        self.declaration.begun.connect(self._note_recusal)
        self.declaration.left.connect(self._back_to_materials)
        self.pane.citation_requested.connect(self.citation_wanted)
        self.pane.position_changed.connect(self._page_turned)
        presenter.application_changed.connect(self.show_application)
        presenter.reloaded.connect(self._forget)
        self.show_application()
        if self._shown and presenter.place.reading:
            self.pane.restore(_position(presenter.place.reading))

    @property
    def asking(self) -> bool:
        """Whether the declaration (or a recusal) is being asked for."""
        return self.currentWidget() is self._declaring

    def show_application(self) -> None:
        """Show the current application's declaration, materials or why they are closed."""
        presenter, number, application = self._presenter, self._presenter.number, self._presenter.application
        if application is None:
            self._close(_("Nothing to read"), _("The package holds no application for you to score."))
        elif presenter.sheets.recused(number):
            self._close(_("Closed"), _("You stepped back from this application; its materials stay closed."))
        elif not presenter.sheets.declared(number):
            self._close("", "")
            self.setCurrentWidget(self._declaring)
            self.declaration.ask(application)
            self._resume_recusal()
            self.asked.emit()
        else:
            self.setCurrentWidget(self.pane)
            if self._shown != number:
                self._shown = number
                self.pane.show_application(application, presenter.reader(number))
                following = presenter.sheets.following(number)
                self.pane.expect([(one, presenter.reader(one.number)) for one in following])
            if number in presenter.begun.recusals and presenter.editable:
                self.setCurrentWidget(self._declaring)
                self.declaration.ask_for_recusal(application)
                self._resume_recusal()
            self.answered.emit()

    def ask_for_recusal(self) -> None:
        """Ask in place for the recusal from the current application."""
        application = self._presenter.application
        if application is not None:
            self.setCurrentWidget(self._declaring)
            self.declaration.ask_for_recusal(application)

    def show_evidence(self, evidence: Evidence) -> None:
        """Show the cited page."""
        if not self.asking and self._shown:
            self.pane.show_material(evidence.sha256, max(1, evidence.page))

    def citation(self) -> Evidence | None:
        """The page that is shown, to be cited; None where there is none."""
        return None if self.asking or not self._shown else self.pane.current_citation()

    def turn_page(self, by: int) -> None:
        """Scroll what is read by a window's height, while the keys stay with the scores."""
        if not self.asking:
            self.pane.turn_page(by)

    def choose_kind(self, place: int) -> None:
        """Show the material of the kind at ``place`` (from 0) of the seven; behind them, the record."""
        if not self.asking:
            self.pane.kinds.choose(place)

    def position(self) -> str:
        """What the pane needs to come back to this page; empty when no materials are open."""
        return _text(self.pane.position()) if self._shown and not self.asking else ""

    def _close(self, title: str, text: str) -> None:
        self._shown = ""
        self.pane.close_materials()
        self.pane.set_placeholder(title, text)
        self.setCurrentWidget(self.pane)

    def _note_recusal(self, ground: RecusalGround, reason: str) -> None:
        """What is being written stays with its application, through a change of language and the lock too."""
        if reason:
            self._presenter.begun.recusals[self._presenter.number] = ground, reason
        else:
            self._presenter.begun.recusals.pop(self._presenter.number, None)
        self._presenter.keep_begun()

    def _resume_recusal(self) -> None:
        begun = self._presenter.begun.recusals.get(self._presenter.number)
        if begun is not None:
            self.declaration.resume(*begun)

    def _back_to_materials(self) -> None:
        self.setCurrentWidget(self.pane)
        self.answered.emit()

    def _forget(self) -> None:
        self._shown = ""

    def _page_turned(self) -> None:
        if self._shown:
            self.moved.emit()


def _text(position: Position) -> str:
    """``position`` as it is kept among the desk's documents, which know no floats."""
    return f"{position.sha256} {position.page} {position.scroll:.4f}" if position.sha256 else ""


def _position(text: str) -> Position:
    """The position that ``text`` keeps; none where it is of another program."""
    try:
        sha256, page, scroll = text.split(" ")
        return Position(sha256, int(page), float(scroll))
    except ValueError:
        return Position()
