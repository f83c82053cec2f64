"""Where a round stands, in numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qisp_desktop.gui.secretariat.section import SectionPresenter
from qisp_desktop.gui.tasks import Job

if TYPE_CHECKING:
    from qisp_desktop.services.rounds import RoundOverview
    from qisp_desktop.store.round_store import RoundStore


class OverviewPresenter(SectionPresenter["RoundOverview"]):
    """Reads the numbers of the round."""

    def read(self, store: RoundStore, job: Job) -> RoundOverview:
        """The numbers."""
        from qisp_desktop.services.rounds import overview

        return overview(store)
