"""Where a round stands: a glance as soon as it is open, then all that waits for the clerk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qisp_desktop.base.errors import UserError
from qisp_desktop.gui.secretariat.overview.glance import first_board, whole_board
from qisp_desktop.gui.secretariat.section import SectionPresenter
from qisp_desktop.gui.secretariat.session import RoundSession
from qisp_desktop.gui.tasks import Job

if TYPE_CHECKING:
    from qisp_desktop.services.overview_values import Board
    from qisp_desktop.store.round_store import RoundStore


class OverviewPresenter(SectionPresenter["Board"]):
    """Reads the board: first without what takes longer, which follows while the screen already shows the rest."""

    def __init__(self, session: RoundSession) -> None:
        super().__init__(session)
        self.loaded.connect(self._look_closer)

    def read(self, store: RoundStore, job: Job) -> Board:
        """A glance the first time; after a change at once everything, so that nothing flickers."""
        return first_board(store) if self.data is None else whole_board(store)

    def go_to(self, section: str, wish: str | tuple[str, ...] = "") -> None:
        """Show ``section``, and there first what ``wish`` names."""
        self.wanted.emit(section, wish or None)

    def _look_closer(self) -> None:
        if self.data is not None and self.data.waiting is None:
            self.session.read(self, lambda store, job: whole_board(store), self._looked, self._not_looked)

    def _looked(self, board: Board) -> None:
        # A change that came in between has had the board read anew already.
        if self.data is not None and self.data.waiting is None:
            self.data = board
            self.loaded.emit()

    def _not_looked(self, error: UserError) -> None:
        self.say_error(error)
