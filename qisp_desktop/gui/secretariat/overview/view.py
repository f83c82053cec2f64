"""Where a round stands: bars for its steps, the statutory clocks, and what waits, each a way to its section."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.gui import theme
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.secretariat.overview.clock_card import ClockPanel
from qisp_desktop.gui.secretariat.overview.presenter import OverviewPresenter
from qisp_desktop.gui.secretariat.overview.step_list import StepList
from qisp_desktop.gui.secretariat.overview.waiting_list import WaitingList
from qisp_desktop.gui.secretariat.section import AnyPresenter, SectionView
from qisp_desktop.gui.widgets.card import Card, label
from qisp_desktop.gui.widgets.empty_state import EmptyState
from qisp_desktop.gui.widgets.scrolled import scrolled

if TYPE_CHECKING:
    from qisp_desktop.services.overview_values import Board, Clock

CLOCKS, WAITING_HEIGHT = 2, 110


class OverviewView(SectionView):
    """The view of ``OverviewPresenter``."""

    def __init__(self, shell: Shell, presenter: AnyPresenter) -> None:
        super().__init__(shell, presenter, _("Overview"))
        if not isinstance(presenter, OverviewPresenter):
            raise TypeError("the overview shows its own presenter")
        self.presenter = presenter
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        upper = QHBoxLayout()
        upper.setSpacing(12)
        upper.addWidget(self._steps(), 3)
        upper.addWidget(self._clocks(), 2)
        column.addLayout(upper)
        column.addWidget(self._waiting(), 1)
        self.body.addWidget(scrolled(content), 1)
        self._warned = False

    def refresh(self) -> None:
        """Show the board."""
        board: Board | None = self.presenter.data
        if board is None:
            return
        self.about.setText(_about(board))
        self.frozen.setVisible(board.frozen is not None)
        self.steps.show_steps(board.steps)
        self._show_clocks(board.clocks)
        if board.waiting is not None:
            self.waiting.rows.set_rows(board.waiting)
            self.stack.setCurrentWidget(self.waiting if board.waiting else self.nothing)
        if board.warning and not self._warned:
            self._warned = True
            self.banner.say("warn", board.warning)

    def _steps(self) -> Card:
        card = Card(_("Where the round stands"))
        self.frozen = label(_("The result is frozen"), "good")
        card.corner.addWidget(self.frozen)
        self.about = label("", "second", wrap=True)
        card.body.addWidget(self.about)
        self.steps = StepList()
        self.steps.wanted.connect(lambda key: self.presenter.go_to(key))
        card.body.addWidget(self.steps)
        card.body.addStretch(1)
        return card

    def _clocks(self) -> Card:
        card = Card(_("Statutory periods"))
        self.count_of_days = label("", "second")
        card.corner.addWidget(self.count_of_days)
        self.clocks = [ClockPanel() for _place in range(CLOCKS)]
        for panel in self.clocks:
            card.body.addWidget(panel)
        card.body.addStretch(1)
        return card

    def _waiting(self) -> Card:
        card = Card(_("What waits for you"))
        self.waiting = WaitingList()
        self.waiting.wanted.connect(self.presenter.go_to)
        self.nothing = EmptyState("good", _("Nothing waits"), _("What needs a decision will be listed here."))
        self.looking = label(_("Looking through the round…"), "second")
        self.stack = QStackedWidget()
        self.stack.setMinimumHeight(theme.current().px(WAITING_HEIGHT))
        for part in (self.looking, self.waiting, self.nothing):
            self.stack.addWidget(part)
        card.body.addWidget(self.stack, 1)
        return card

    def _show_clocks(self, clocks: tuple[Clock, ...]) -> None:
        for panel, clock in zip(self.clocks, clocks, strict=True):
            panel.show_clock(clock)
        board = self.presenter.data
        if board is not None:
            self.count_of_days.setText(board.round.policy.days.label)


def _about(board: Board) -> str:
    return _("{year} · {office} · scoring standard: {rubric}").format(
        year=board.round.year, office=board.round.office, rubric=board.rubric_name
    )
